"""Who saw, printed or exported which list of houses: looked for and read page by page (product.md A2, S3)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .forms import BuddhistDateField
from .models import Community, District, ListAccess, Person
from .selects import LongSelect

ACCESSES_A_PAGE = 50
_NOT_IN_THE_LIST = {"invalid_choice": _("Choose one from the list.")}


class AccessSearch(forms.Form):
    """By whom, what was done, of which community, between which days; what is left empty is no condition.

    `people` and `communities` are those of the district that the page shows.
    """

    fields: dict[str, Any]

    person = forms.ChoiceField(label=_("Who"), required=False, widget=LongSelect, error_messages=_NOT_IN_THE_LIST)
    deed = forms.ChoiceField(
        label=_("Deed"),
        required=False,
        choices=[("", _("every deed")), *ListAccess.Deed.choices],
        error_messages=_NOT_IN_THE_LIST,
    )
    community = forms.ChoiceField(
        label=_("Community"), required=False, widget=LongSelect, error_messages=_NOT_IN_THE_LIST
    )
    since = BuddhistDateField(label=_("From (first day)"), required=False)
    until = BuddhistDateField(label=_("To (last day)"), required=False)

    def __init__(self, data: Any = None, *, people: Iterable[Person], communities: Iterable[Community]) -> None:
        super().__init__(data)
        names = [(str(one.pk), f"{one.label_code or ''} {one.name_th}".strip()) for one in communities]
        theirs = [(str(one.pk), f"{one} ({one.username})") for one in people]
        self.fields["person"].choices = [("", gettext("everybody")), *theirs]
        self.fields["community"].choices = [("", gettext("every community")), *names]

    def clean(self) -> dict[str, Any]:
        """Says it where the last day lies before the first."""
        asked = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day is before the first."), code="days_reversed"))
        return asked

    def conditions(self) -> Sequence[tuple[str, str]]:
        """What is asked for in words, as (label, value); for a printed page, which has no form."""
        return [(str(field.label), _in_words(field)) for field in self if field.value()]

    def narrow(self, accesses: QuerySet[ListAccess]) -> QuerySet[ListAccess]:
        """Those that are looked for; none while a condition cannot be read, lest others pass for them."""
        if not self.is_valid():
            return accesses.none()
        asked = self.cleaned_data
        wanted: Mapping[str, Any] = {
            "person": asked["person"],
            "deed": asked["deed"],
            "community": asked["community"],
            "happened_at__date__gte": asked["since"],
            "happened_at__date__lte": asked["until"],
        }
        return accesses.filter(**{path: value for path, value in wanted.items() if value})


def _in_words(field: forms.BoundField) -> str:
    """The chosen option's label; what was typed, of a field without options."""
    value = str(field.value())
    return str(dict(getattr(field.field, "choices", ())).get(value, value))


@dataclasses.dataclass(frozen=True)
class AccessPage:
    """A page of accesses with their communities, the newest first; the next one begins before the id `next`."""

    lines: Sequence[tuple[ListAccess, Community | None]]
    next: int | None


def page_of_accesses(found: QuerySet[ListAccess], *, before: int | None) -> AccessPage:
    """The accesses that came `before` the one of that id, or the newest; two queries whatever their number."""
    older = found if before is None else found.filter(pk__lt=before)
    rows = list(older.select_related("person").order_by("-pk")[: ACCESSES_A_PAGE + 1])
    shown = rows[:ACCESSES_A_PAGE]
    named = Community.objects.as_at(timezone.localdate()).in_bulk(
        {row.community_id for row in shown if row.community_id}
    )
    lines = [(row, named.get(row.community_id or 0)) for row in shown]
    return AccessPage(lines, shown[-1].pk if len(rows) > ACCESSES_A_PAGE else None)


def people_of_accesses(district: District) -> QuerySet[Person]:
    """Whoever saw, printed or exported a list of the district, by name."""
    theirs = ListAccess.objects.filter(district=district, person=OuterRef("pk"))
    return Person.objects.filter(Exists(theirs)).order_by("full_name", "username")
