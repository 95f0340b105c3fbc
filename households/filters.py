"""Finding houses: the conditions of the houses page, as they stand in its address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.thai_text import clean, to_arabic_digits

from .addresses import read_address
from .house_codes import NotAHouseCode, clean_house_code
from .house_numbers import UnreadableHouseNumber, parse
from .models import HouseRegistration
from .models.registrations import HouseRegistrationQuerySet

if TYPE_CHECKING:
    from communities.models import Community, Subdistrict

UNTAGGED, TAGGED = "untagged", "tagged"
NO_COMMUNITY = "none"


def number_or_code(text: str) -> Q:
    """The houses of a house number in any writing, of a house code, or ("41/") of all numbers that begin so.

    Raises ValidationError `not_a_house` for a text that is none of these.
    """
    typed = to_arabic_digits(clean(text))
    if typed.endswith("/"):
        return Q(number_key__startswith=f"{_number_key(typed[:-1])}/")
    try:
        return Q(house_code=clean_house_code(typed))
    except NotAHouseCode as problem:
        if problem.reason == "citizen_number":
            raise ValidationError(
                gettext("That is a citizen number, not a house code."), code="citizen_number"
            ) from problem
    return Q(number_key=_number_key(typed))


def _number_key(text: str) -> str:
    try:
        return parse(text).key
    except UnreadableHouseNumber as problem:
        raise ValidationError(
            gettext("Type a house number such as 12/3 or a house code of 11 digits."), code="not_a_house"
        ) from problem


def in_lane(text: str) -> Q:
    """The houses of a soi, trok or road, however written; a bare "5" is soi 5 of every road.

    Raises ValidationError `unclear_lane` for a ditto mark or a text that names no lane.
    """
    address = read_address(soi=text)
    if address.unclear or not (address.soi or address.trok or address.road):
        raise ValidationError(gettext("Type the name of a soi, trok or road."), code="unclear_lane")
    if address.trok:
        return Q(trok_key=address.trok)
    if address.road and not address.soi:
        return Q(road_key=address.road)
    if address.soi_is_bare:
        return Q(soi_key__endswith=f" {address.soi}")
    return _named_lane(address.soi)


def _named_lane(name: str) -> Q:
    """The lane itself; a name without a number is also that road and every soi of it."""
    exactly = Q(soi_key=name) | Q(trok_key=name) | Q(road_key=name)
    return exactly if name[-1].isdigit() else exactly | Q(soi_key__startswith=f"{name} ")


class _ReadAs(forms.CharField):
    """A text that must be readable as what it looks for."""

    def __init__(self, *, read: Any, **field: Any) -> None:
        super().__init__(**field)
        self.read = read

    def clean(self, value: str) -> str:
        text = super().clean(value)
        if text:
            self.read(text)
        return text


class ReadFilter(django_filters.CharFilter):
    """Filters by what `read` makes of the text: a Q, or a ValidationError shown at the field."""

    field_class = _ReadAs

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(self.extra["read"](value)) if value else qs


class HouseFilter(django_filters.FilterSet):
    """The conditions under which houses are listed, ticked together and tagged together."""

    q = ReadFilter(read=number_or_code, label=_("House number or house code"))
    soi = ReadFilter(read=in_lane, label=_("Soi, trok or road"))
    community = django_filters.ChoiceFilter(
        label=_("Community"), method="of_community", empty_label=_("every community")
    )
    subdistrict = django_filters.ChoiceFilter(
        label=_("Sub-district"), field_name="subdistrict__code", empty_label=_("every sub-district")
    )
    state = django_filters.ChoiceFilter(
        label=_("Community code"),
        method="of_tag_state",
        choices=[(UNTAGGED, _("untagged")), (TAGGED, _("tagged"))],
        empty_label=_("tagged or not"),
    )
    register = django_filters.ChoiceFilter(
        label=_("Register"),
        field_name="state",
        choices=HouseRegistration.State.choices,
        empty_label=_("every state"),
    )

    class Meta:
        model = HouseRegistration
        fields: list[str] = []

    def __init__(
        self,
        data: Any = None,
        queryset: QuerySet | None = None,
        *,
        communities: Iterable[Community],
        subdistricts: Iterable[Subdistrict],
    ) -> None:
        self._communities = {community.label_code: community for community in communities if community.label_code}
        super().__init__(data, queryset)
        names = [(code, f"{code} {community.name_th}") for code, community in self._communities.items()]
        self.filters["community"].extra["choices"] = [(NO_COMMUNITY, _("no community")), *names]
        self.filters["subdistrict"].extra["choices"] = [(one.code, one.name_th) for one in subdistricts]

    def of_community(self, houses: QuerySet, _name: str, code: str) -> QuerySet:
        """The houses of the community that has or had the code, or of none."""
        if code == NO_COMMUNITY:
            return houses.filter(community__isnull=True)
        return houses.filter(community=self._communities[code])

    def of_tag_state(self, houses: QuerySet, _name: str, state: str) -> QuerySet:
        """The houses that carry a community's code, or those that carry none."""
        return houses.filter(community__isnull=state == UNTAGGED)

    @property
    def found(self) -> HouseRegistrationQuerySet:
        """The houses under all conditions; none at all while one of them cannot be read."""
        return self.qs if self.is_valid() else self.queryset.none()

    def conditions(self) -> list[dict[str, str]]:
        """The conditions in force: name of the parameter, label, and the value in words."""
        if not self.is_valid():
            return []
        return [
            {"name": name, "label": str(self.form.fields[name].label), "value": self._in_words(name, value)}
            for name, value in self.form.cleaned_data.items()
            if value
        ]

    def _in_words(self, name: str, value: str) -> str:
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        return str(choices.get(value, value))
