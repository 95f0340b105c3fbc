"""Finding houses: the conditions of the houses page, as they stand in its address."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Exists, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Substr
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.thai_text import clean, to_arabic_digits

from .addresses import read_address
from .district_places import DistrictPlaces
from .house_codes import NotAHouseCode, clean_house_code, show_house_code
from .house_numbers import UnreadableHouseNumber, parse
from .lanes import BY_NUMBER, WALK, Order
from .models import HouseRegistration, RowDecision, RowMatch
from .models.registrations import HouseRegistrationQuerySet
from .place_names import Meaning, Places, Understood
from .row_reasons import Outcome
from .search_box import (
    CitizenNumber,
    HouseCode,
    Kind,
    Name,
    Numbers,
    Parity,
    Reading,
    TooLong,
    readings,
    readings_of_lane,
)

UNTAGGED, TAGGED, OUTSIDE = "untagged", "tagged", "outside"
NO_COMMUNITY = "none"
NOBODY = "nobody"


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


# --- what was typed ---


@dataclasses.dataclass(frozen=True)
class Asked:
    """A text of the search box and what it means in the district."""

    text: str
    understood: Understood


@dataclasses.dataclass(frozen=True)
class Condition:
    """A condition in force, in words: its parameter, its label, its value, and the parameter's value without it."""

    name: str
    label: str
    value: str
    rest: str = ""


@dataclasses.dataclass(frozen=True)
class Puzzle:
    """A text that was not understood: which words of it, and names that are spelt like them."""

    unknown: str
    alike: Sequence[str]


def houses_meant(understood: Understood) -> Q:
    """The houses that are meant by what was typed."""
    meant = Q()
    if understood.code:
        meant &= Q(house_code=understood.code.code)
    if understood.numbers:
        meant &= _numbered(understood.numbers)
    if (lanes := understood.lanes) is not None:
        meant &= Q(_IsOneOf("lane_order", _Parts(Value(_BETWEEN_LANES.join(sorted(lanes))), Value(_BETWEEN_LANES))))
    if (communities := understood.ids(Kind.COMMUNITY)) is not None:
        meant &= Q(community__in=sorted(communities))
    if (subdistricts := understood.ids(Kind.SUBDISTRICT)) is not None:
        meant &= Q(subdistrict__in=sorted(subdistricts))
    return meant


_BETWEEN_LANES = "\x1f"  # in no name: what comes in is cleaned of control characters


class _IsOneOf(Func):
    """Whether a column is one of an array's values."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    arity = 2
    output_field = BooleanField()


class _Parts(Func):
    """The parts of a text; the many lanes of a road are one value to Django, its driver and PostgreSQL's planner.

    Told by a SELECT, they are not looked at one by one while it plans, which took longer than to find the houses.
    """

    function = "string_to_array"
    template = "(SELECT %(function)s(%(expressions)s))::text[]"
    arity = 2
    output_field = ArrayField(TextField())


_LAST_DIGITS = {Parity.ODD: "13579", Parity.EVEN: "02468"}


def _numbered(numbers: Numbers) -> Q:
    meant = Q(number_order__gte=numbers.first, number_order__lt=numbers.end)
    if numbers.parity:
        # Of the number's order, which has five digits a part, one digit tells odd from even.
        digits = Value(list(_LAST_DIGITS[numbers.parity]), ArrayField(TextField()))
        meant &= Q(_IsOneOf(Substr("number_order", numbers.telling, 1), digits))
    return meant


class _AskedField(forms.CharField):
    """A text that must have a meaning in the district; cleaned to an `Asked`, None for no text."""

    def __init__(self, *, understand: Callable[[str], Asked], **field: Any) -> None:
        super().__init__(**field)
        self.understand = understand

    def clean(self, value: str) -> Asked | None:
        text = super().clean(value)
        return self.understand(text) if text else None


class AskedFilter(django_filters.CharFilter):
    """Filters by what a text means."""

    field_class = _AskedField

    def filter(self, qs: QuerySet, value: Asked | None) -> QuerySet:
        return qs.filter(houses_meant(value.understood)) if value else qs


# --- the filter ---


_EVERY = {
    "community": _("every community"),
    "subdistrict": _("every sub-district"),
    "state": _("tagged or not"),
    "officer": _("every officer"),
    "outcome": _("named in a list or not"),
    "register": _("every state"),
}
_NOT_TO_CHOOSE = _("there is no “%(value)s” to choose. Choose again, or leave it open.")
# The conditions that are chosen from a list, in the order of the page.
CHOSEN = tuple(_EVERY)
_CHOICES: dict[str, Sequence[tuple[str, Any]]] = {
    "state": [(UNTAGGED, _("untagged")), (TAGGED, _("tagged")), (OUTSIDE, _("in no community"))],
    "outcome": Outcome.choices,
    "register": HouseRegistration.State.choices,
}


def _choice(label: Any, name: str, **more: Any) -> django_filters.ChoiceFilter:
    # As functions, the choices are read where one is chosen only: most pages are asked for without.
    refusal = {"invalid_choice": format_lazy("{}: {}", label, _NOT_TO_CHOOSE)}
    return django_filters.ChoiceFilter(
        label=label, empty_label=None, choices=lambda: _CHOICES[name], error_messages=refusal, **more
    )


class HouseFilter(django_filters.FilterSet):
    """The conditions under which houses are listed, ticked together and tagged together."""

    q = AskedFilter(label=_("House number, soi or road, community, house code"))
    soi = AskedFilter(label=_("Soi, trok or road"))
    community = _choice(_("Community"), "community", method="of_community")
    subdistrict = _choice(_("Sub-district"), "subdistrict", method="of_subdistrict")
    state = _choice(_("Community code"), "state", method="of_tag_state")
    officer = _choice(_("Officer"), "officer", method="of_officer")
    outcome = _choice(_("Row in a list"), "outcome", method="of_outcome")
    register = _choice(_("Register"), "register", field_name="state")

    class Meta:
        model = HouseRegistration
        fields: list[str] = []

    def __init__(self, data: Any = None, queryset: QuerySet | None = None, *, places: DistrictPlaces) -> None:
        self._places = places
        self.puzzle: Puzzle | None = None
        super().__init__(data, queryset)
        self.filters["q"].extra["understand"] = self._box_means
        self.filters["soi"].extra["understand"] = self._lane_means
        for name in CHOSEN:
            if not self.data.get(name):
                # Most pages are asked for with one condition or two, and a field costs as much as reading it.
                del self.filters[name]
            elif name not in _CHOICES:
                self.filters[name].extra["choices"] = self._reader_of(name)

    def _reader_of(self, name: str) -> Callable[[], Sequence[tuple[str, str]]]:
        # A plain function: Django copies the choices of every form, and with a method all that belongs to it.
        return lambda: self.choices_of(name)

    def label_of(self, name: str) -> str:
        """What a condition is called, in force or not."""
        return str(self.base_filters[name].label)

    def choices_of(self, name: str) -> tuple[tuple[str, str], ...]:
        """What can be chosen for a condition: values and labels, the first for no condition."""
        every = ("", str(_EVERY[name]))
        if name == "community":
            outside = (OUTSIDE, gettext("in no community, as an officer said"))
            return (every, (NO_COMMUNITY, gettext("no community")), outside, *self._places.communities_to_choose)
        if name == "subdistrict":
            return (every, *self._places.subdistricts_to_choose)
        if name == "officer":
            return (every, *self._places.officers_to_choose, (NOBODY, gettext("communities without an officer")))
        return (every, *((value, str(label)) for value, label in _CHOICES[name]))

    # --- reading the box ---

    def _box_means(self, text: str) -> Asked:
        return self._understand(text, self._box_readings)

    def _lane_means(self, text: str) -> Asked:
        return self._understand(text, self._lane_readings)

    def _understand(self, text: str, read: Sequence[Reading]) -> Asked:
        understood = self._named_places.understand(read)
        if understood is None:
            raise self._not_understood(text, read)
        return Asked(text, understood)

    @cached_property
    def _box_readings(self) -> list[Reading]:
        return _read(readings, self.data.get("q", ""))

    @cached_property
    def _lane_readings(self) -> list[Reading]:
        return _read(readings_of_lane, self.data.get("soi", ""))

    @cached_property
    def _named_places(self) -> Places:
        """The places that both texts may mean, asked for once."""
        return self._places.named_in([*_readable(self, "_box_readings"), *_readable(self, "_lane_readings")])

    def _not_understood(self, text: str, read: Sequence[Reading]) -> ValidationError:
        unknown = _unknown_in(read, self._named_places)
        if not unknown:
            return ValidationError(
                gettext(
                    "“%(text)s” is no house number, no house code and no name of the district. "
                    "Type 12/3, 41/, 1-99 odd, เทอดไท 5, or a community."
                ),
                code="not_understood",
                params={"text": text},
            )
        alike = self._places.all()
        self.puzzle = Puzzle(unknown[0].typed, [name for each in unknown for name in alike.alike(each)])
        return ValidationError(
            gettext("No soi, trok, road or community of the district is called “%(name)s”."),
            code="unknown_name",
            params={"name": ", ".join(each.typed for each in unknown)},
        )

    # --- the other conditions ---

    def of_community(self, houses: QuerySet, _name: str, code: str) -> QuerySet:
        """The houses of the community that has or had the code, of none, or of none as an officer said."""
        if code in (NO_COMMUNITY, OUTSIDE):
            return self.of_tag_state(houses, "state", UNTAGGED if code == NO_COMMUNITY else OUTSIDE)
        return houses.filter(
            community__in=[pk for pk, one in self._places.communities.items() if one.label_code == code]
        )

    def of_subdistrict(self, houses: QuerySet, _name: str, code: str) -> QuerySet:
        """The houses of the sub-district."""
        return houses.filter(subdistrict__in=[pk for pk, one in self._places.subdistricts.items() if one.code == code])

    def of_tag_state(self, houses: QuerySet, _name: str, state: str) -> QuerySet:
        """The houses that carry a community's code, those that carry none, or those said to be in no community."""
        if state == TAGGED:
            return houses.filter(community__isnull=False)
        untagged = houses.filter(community__isnull=True)
        return untagged.filter(outside="") if state == UNTAGGED else untagged.exclude(outside="")

    def of_officer(self, houses: QuerySet, _name: str, officer: str) -> QuerySet:
        """The houses of the communities on which the officer works today."""
        at_work = {pk: str(self._places.officers.get(pk, (NOBODY,))[0]) for pk in self._places.communities}
        return houses.filter(community__in=[pk for pk, who in at_work.items() if who == officer])

    def of_outcome(self, houses: QuerySet, _name: str, outcome: str) -> QuerySet:
        """The houses that a list's row of this outcome was decided for, or, while undecided, most likely means."""
        rows = {"record__house_list__district": self._places.district, "record__outcome": outcome}
        decided = RowDecision.objects.filter(**rows, outcome=outcome, house__isnull=False)
        settled = RowDecision.objects.filter(record=OuterRef("record"), house__isnull=False)
        likeliest = RowMatch.objects.filter(~Exists(settled), **rows, rank=1)
        return houses.filter(pk__in=decided.values("house").union(likeliest.values("house")))

    # --- what was found ---

    @property
    def found(self) -> HouseRegistrationQuerySet:
        """The houses under all conditions; none at all while one of them cannot be read."""
        return self.qs if self.is_valid() else self.queryset.none()

    @property
    def order(self) -> Order:
        """Along the lanes; a number sought in no lane is found in the order of numbers."""
        asked = [value.understood for value in self._asked()]
        numbered = any(one.numbers and one.numbers.first for one in asked)
        return BY_NUMBER if numbered and all(one.lanes is None for one in asked) else WALK

    def _asked(self) -> list[Asked]:
        if not self.is_valid():
            return []
        return [value for value in self.form.cleaned_data.values() if isinstance(value, Asked)]

    def conditions(self) -> list[Condition]:
        """The conditions in force, in words."""
        if not self.is_valid():
            return []
        return [
            condition
            for name, value in self.form.cleaned_data.items()
            if value
            for condition in (self._parts(name, value) if isinstance(value, Asked) else [self._chosen(name, value)])
        ]

    def _chosen(self, name: str, value: str) -> Condition:
        return Condition(name, self.label_of(name), dict(self.choices_of(name)).get(value, value))

    def _parts(self, name: str, asked: Asked) -> list[Condition]:
        """Each part of a typed text as a condition of its own, with the text that is left without it."""
        understood = asked.understood
        parts = [part for part in (understood.code, understood.numbers, *understood.names) if part]
        typed = [part.name.typed if isinstance(part, Meaning) else part.typed for part in parts]
        return [
            Condition(name, *self._in_words(part), rest=" ".join(typed[:place] + typed[place + 1 :]))
            for place, part in enumerate(parts)
        ]

    def _in_words(self, part: HouseCode | Numbers | Meaning) -> tuple[str, str]:
        if isinstance(part, HouseCode):
            return gettext("House code"), show_house_code(part.code)
        if isinstance(part, Numbers):
            return gettext("House number"), numbers_in_words(part)
        if part.kind == Kind.LANE:
            return gettext("Soi, trok or road"), _with_count(part.name.key, len(part.lanes))
        if part.kind == Kind.SUBDISTRICT:
            return gettext("Sub-district"), _names(
                part, {pk: one.name_th for pk, one in self._places.subdistricts.items()}
            )
        communities = {pk: f"{one.label_code or ''} {one.name_th}" for pk, one in self._places.communities.items()}
        return gettext("Community"), _names(part, communities)

    def other_meanings(self) -> list[tuple[Name, Kind]]:
        """Names in the box that may be meant for another kind of place, with that kind."""
        asked = self.form.cleaned_data.get("q") if self.is_valid() else None
        return [(each.name, kind) for each in asked.understood.names for kind in each.also] if asked else []


def numbers_in_words(numbers: Numbers) -> str:
    """The numbers as a person would say them: "12 with its sub-numbers", "1–99 odd"."""
    if not numbers.first:
        shown = gettext("all numbers")
    elif numbers.is_family:
        shown = gettext("%(number)s with its sub-numbers") % {"number": numbers.shown}
    else:
        shown = numbers.shown
    sides = {Parity.ALL: "", Parity.ODD: gettext("odd"), Parity.EVEN: gettext("even")}
    return f"{shown} {sides[numbers.parity]}".strip()


def _with_count(name: str, number: int) -> str:
    if number == 1:
        return name
    return gettext("%(name)s (%(number)s lanes)") % {"name": name, "number": number}


def _names(meaning: Meaning, names: dict[int, str]) -> str:
    if len(meaning.ids) == 1:
        return names[min(meaning.ids)].strip()
    return gettext("%(name)s (%(number)s of that name)") % {"name": meaning.name.key, "number": len(meaning.ids)}


def _read(read: Callable[[str], list[Reading]], text: str) -> list[Reading]:
    """The readings of a text. Raises ValidationError `citizen_number`, `too_long`."""
    try:
        return read(text)
    except CitizenNumber as problem:
        raise ValidationError(
            gettext("That is a citizen number, not a house code."), code="citizen_number"
        ) from problem
    except TooLong as problem:
        raise ValidationError(gettext("That is more than a search can read."), code="too_long") from problem


def _readable(houses: HouseFilter, name: str) -> list[Reading]:
    """Those readings; none where the text is refused, which its own field says."""
    try:
        return getattr(houses, name)
    except ValidationError:
        return []


def _unknown_in(read: Sequence[Reading], places: Places) -> list[Name]:
    """The names of the likeliest reading that no place bears."""
    names = [part for part in read[0] if isinstance(part, Name)] if read else []
    return [name for name in names if places.meaning(name) is None]
