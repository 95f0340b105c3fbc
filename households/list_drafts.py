"""Files between two pages: sent, but not yet kept, because a person has to say which column or whose list is which.

The file waits in the cache of the database under a token that cannot be guessed, for whoever sent it and for an hour:
it may hold names and telephones that the office does not store, and a file that nobody finishes must vanish by
itself. What comes back from the browser is the token alone, never a path. The pages take a file that is gone for one
that was never there, and ask for it again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from django.core.cache import cache

from communities.models import Person

from .reading.list_sheets import Layout
from .sent_files import Sent

_SECONDS = 60 * 60
_TOKEN_BYTES = 24


@dataclass(frozen=True)
class Draft:
    """A file that was sent and what was said of it so far; ids of the community and the corrected list, if chosen.

    `names_columns`: the person wants to say which column is which, whatever is recognised; then `sheet` is the one
    sheet to read, once that is said.
    """

    sent: Sent
    district: int
    community: int | None = None
    corrects: int | None = None
    said: dict[int, Layout] = field(default_factory=dict)
    names_columns: bool = False
    sheet: str = ""

    @property
    def waits_for_columns(self) -> bool:
        """Whether the person still has to say what was asked to be let say."""
        return self.names_columns and not self.said

    def with_sheet(self, place: int, name: str, layout: Layout) -> Draft:
        """The draft in which a person has chosen the sheet at that place and named its columns."""
        return replace(self, said={place: layout}, sheet=name)

    def with_layout(self, place: int, layout: Layout) -> Draft:
        """The draft in which a person has named the columns of the sheet at that place."""
        return replace(self, said=self.said | {place: layout})


def put(draft: Draft, *, of: Person, token: str = "") -> str:
    """Keeps a draft for the person, anew or in place of an older one, and returns its token."""
    token = token or secrets.token_urlsafe(_TOKEN_BYTES)
    cache.set(_key(token), (of.pk, draft), _SECONDS)
    return token


def get(token: str, *, of: Person) -> Draft | None:
    """The person's draft; None where it is gone, or somebody else's."""
    owner, draft = cache.get(_key(token), (None, None))
    return draft if owner == of.pk else None


def drop(token: str) -> None:
    """Forgets a draft."""
    cache.delete(_key(token))


def _key(token: str) -> str:
    return f"list-draft:{token}"
