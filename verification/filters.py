"""By what the list of cases is narrowed down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Community
from communities.thai_text import to_arabic_digits
from households.house_numbers import UnreadableHouseNumber, parse

from .models import Case
from .workflow import ENDED, Kind, State

WAITING, OVER = "waiting", "over"
_GROUPS = [(WAITING, _("all that wait")), (OVER, _("all that have ended"))]


class CaseFilter(django_filters.FilterSet):
    """?state= (a state, "waiting", "over"; none is "waiting"), ?kind=, ?community= (id), ?event= (id), ?number=."""

    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("case", "State"), choices=[*_GROUPS, *State.choices], method="in_state", empty_label=None
    )
    kind = django_filters.ChoiceFilter(label=_("What is the matter"), choices=Kind.choices, empty_label=_("everything"))
    community = django_filters.ChoiceFilter(
        label=_("Community"), field_name="community_id", choices=[], empty_label=_("every community")
    )
    event = django_filters.NumberFilter(field_name="occurrence_id", label=_("event of many houses"))
    number = django_filters.CharFilter(label=_("Case or house number"), method="with_number")

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Case], communities: Iterable[Community]) -> None:
        data = data.copy()
        # Somebody who looks for one case looks for it wherever it stands.
        if not data.get("state") and not data.get("number") and not data.get("event"):
            data["state"] = WAITING
        super().__init__(data, queryset=queryset)
        self.filters["community"].extra["choices"] = [
            (community.pk, community.name_th or "") for community in communities
        ]

    def in_words(self) -> list[tuple[str, str]]:
        """The conditions in force, each by its label and what was chosen or typed."""
        asked = [(name, str(value)) for name, value in self.form.data.items() if name in self.form.fields and value]
        return [
            (str(field.label), str(dict(getattr(field, "choices", ())).get(value, value)))
            for name, value in asked
            for field in [self.form.fields[name]]
        ]

    def in_state(self, rows: QuerySet[Case], _name: str, state: str) -> QuerySet[Case]:
        """Cases in the state or group of states."""
        if state == WAITING:
            return rows.exclude(state__in=ENDED)
        if state == OVER:
            return rows.filter(state__in=ENDED)
        return rows.filter(state=state)

    def with_number(self, rows: QuerySet[Case], _name: str, typed: str) -> QuerySet[Case]:
        """The case of that number (12/2558), or cases about houses of that number."""
        typed = to_arabic_digits(typed).strip()
        found = _about_house(typed) | Q(house_no=typed)
        number, _slash, year = typed.partition("/")
        if number.isdecimal() and len(number) < 7:
            of_case = Q(number=int(number))
            found |= of_case & Q(year_be=int(year)) if year.isdecimal() and len(year) == 4 else of_case
        return rows.filter(found)


def _about_house(typed: str) -> Q:
    try:
        return Q(house__number_key=parse(typed).key)
    except UnreadableHouseNumber:
        return Q(pk=None)
