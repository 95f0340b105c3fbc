"""Tagging several houses at once, each with the community that was suggested for it and looked at."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from communities.models import Community, Person

from .tag_ledger import Tagged, locked_houses
from .tagging import tag


@transaction.atomic
def tag_as_suggested(
    houses: Mapping[Community, Mapping[int, int | None]], *, by: Person
) -> list[tuple[Community, Tagged]]:
    """Tags the houses (ids, with the community that the page showed of each) community by community, all or none.

    Each community's houses are a batch of their own, to be undone by itself. Raises what `tagging.tag` raises.
    """
    # All at once and in order, before any community's are locked again: two officers wait, neither for ever.
    locked_houses(pk for shown in houses.values() for pk in shown)
    return [
        (community, tag(shown, community=community, by=by, expected=len(shown), shown=shown))
        for community, shown in houses.items()
    ]
