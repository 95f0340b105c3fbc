"""Recording announced communities: their codes, names, types and expected houses, each true from a day on."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.announced_list import Announced, read_announced, without_the_word
from communities.models import (
    Community,
    CommunityCode,
    CommunityName,
    CommunityType,
    CommunityTyping,
    District,
    ExpectedHouses,
    Person,
    Subdistrict,
)
from communities.reference_data import TYPES_BY_RULE
from communities.subdistricts import known_or_added
from communities.tables import Table, quoted
from communities.thai_calendar import buddhist_year, short_date

# The dated rows that a list states, and which of them count.
FactKind = type[Any]
FACTS: dict[FactKind, dict[str, str]] = {
    CommunityCode: {},
    CommunityName: {"kind": CommunityName.Kind.OFFICIAL},
    CommunityTyping: {},
    ExpectedHouses: {},
}
# The city's rules that define the types, by their Buddhist year (domain.md 5).
RULE_YEARS = tuple(sorted(TYPES_BY_RULE))


@dataclass(frozen=True)
class RecordResult:
    """Communities by what the list did to them."""

    new: int
    changed: int
    unchanged: int


def record_announced(
    *,
    sheets: Sequence[tuple[str, Sequence[Sequence[object]]]],
    file_name: str,
    by: Person,
    in_force_from: datetime.date | None = None,
    letter: str = "",
) -> RecordResult:
    """Record the communities of a list (sheets as name and rows) with what is true of them from a day (today).

    What differs from the day before closes the older dated row and begins a new one; a row that began that very day is
    corrected. Raises ValidationError with one sentence (file, row, column), nothing stored: what `read_announced`
    refuses, an unknown district or type, a code of another community, a day in the future or before a later change.
    """
    day = in_force_from or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError(
            _("The date %(day)s lies in the future."), code="future_date", params={"day": short_date(day)}
        )
    table, announced = read_announced(sheets, file_name=file_name)
    with transaction.atomic():
        subdistricts = _subdistricts(table, announced)
        types = _types(table, announced, day)
        known = _Known(announced, subdistricts, day)
        return _record(table, announced, subdistricts, types, known, _Changes(day, by, letter))


def _record(
    table: Table,
    announced: Sequence[Announced],
    subdistricts: Mapping[str, Subdistrict],
    types: Mapping[str, CommunityType],
    known: _Known,
    changes: _Changes,
) -> RecordResult:
    new, moved, changed = [], [], 0
    for one in announced:
        subdistrict = subdistricts[one.subdistrict_code]
        community = _community_of(table, one, subdistrict, known)
        if community is None:
            community = Community(district_id=subdistrict.district_id, subdistrict=subdistrict)
            new.append(community)
        is_moved = community.subdistrict_id != subdistrict.pk
        if is_moved:
            community.subdistrict = subdistrict
            moved.append(community)
        try:
            is_different = _state_facts(one, community, types.get(one.type_name), known, changes)
        except _LaterFact as later:
            sentence = _("%(place)s: a newer change of this community is recorded from %(day)s on.")
            raise _refusal(table, one, "code", sentence, "later_fact", day=short_date(later.day)) from later
        changed += community.pk is not None and (is_moved or is_different)
    Community.objects.bulk_create(new)
    Community.objects.bulk_update(moved, ["subdistrict"])
    changes.write()
    return RecordResult(len(new), changed, len(announced) - len(new) - changed)


def _state_facts(
    one: Announced, community: Community, kind: CommunityType | None, known: _Known, changes: _Changes
) -> bool:
    """Make all that a row states true of its community; an empty cell states nothing. Returns whether it is news."""
    stated: list[tuple[FactKind, str, object]] = [
        (CommunityCode, "code", one.code),
        (CommunityName, "name_th", one.name),
        (CommunityTyping, "community_type", kind),
        (ExpectedHouses, "houses", one.expected),
    ]
    news = [changes.state(known, community, *fact) for fact in stated if fact[2] is not None]
    return any(news)


# --- what the list refers to ---


def _subdistricts(table: Table, announced: Sequence[Announced]) -> dict[str, Subdistrict]:
    """The sub-districts by code, new ones added. The districts' rows are the lock against a second list at once."""
    codes = {one.subdistrict_code[:4] for one in announced}
    districts = {
        district.code: district
        for district in District.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("code")
    }
    found: dict[str, Subdistrict] = {}
    for one in announced:
        if one.subdistrict_code[:4] not in districts:
            sentence = _("%(place)s: there is no district for the sub-district code %(text)s.")
            raise _refusal(table, one, "subdistrict_code", sentence, "unknown_district", text=one.subdistrict_code)
    for code, district in districts.items():
        names = {one.subdistrict_code: one.subdistrict_name for one in announced if one.subdistrict_code[:4] == code}
        found |= known_or_added(district, names, place=table.place(column="subdistrict"))
    return found


def _types(table: Table, announced: Sequence[Announced], day: datetime.date) -> dict[str, CommunityType]:
    """The types by the names that the list uses: of the rule of that day, else of the newest rule that has the name."""
    rules: dict[str, dict[int, CommunityType]] = defaultdict(dict)
    for kind in CommunityType.objects.all():
        rules[kind.name_th][kind.rule_year_be] = kind
    in_force = max(year for year in RULE_YEARS if year <= max(buddhist_year(day), RULE_YEARS[0]))
    found = {}
    for one in announced:
        if not one.type_name:
            continue
        of_name = rules.get(one.type_name) or rules.get(without_the_word(one.type_name))
        if not of_name:
            sentence = _("%(place)s: “%(text)s” is no type of community; known are %(known)s.")
            raise _refusal(
                table, one, "type", sentence, "unknown_type", text=quoted(one.type_name), known=", ".join(sorted(rules))
            )
        found[one.type_name] = of_name.get(in_force) or of_name[max(of_name)]
    return found


class _Known:
    """What the register knows of the communities in a list: fetched once, whatever the list's length."""

    def __init__(
        self, announced: Sequence[Announced], subdistricts: Mapping[str, Subdistrict], day: datetime.date
    ) -> None:
        self.day = day
        self.codes: dict[str, list[CommunityCode]] = defaultdict(list)
        for row in CommunityCode.objects.filter(code__in=[one.code for one in announced]):
            self.codes[row.code].append(row)
        self.communities = {
            community.pk: community
            for community in Community.objects.filter(
                Q(subdistrict__in=list(subdistricts.values())) | Q(codes__code__in=list(self.codes))
            ).distinct()
        }
        self._rows: dict[FactKind, dict[int, list[Any]]] = {}
        for kind in FACTS:
            rows = self._rows[kind] = defaultdict(list)
            for row in _with_related(kind).filter(community__in=list(self.communities), **FACTS[kind]):
                rows[row.community_id].append(row)
        self.by_name = {
            (self.communities[pk].subdistrict_id, without_the_word(name.name_th)): self.communities[pk]
            for pk in self.communities
            if (name := self.in_force(CommunityName, pk))
        }

    def rows(self, kind: FactKind, community_id: int | None) -> list[Any]:
        """All dated rows of a kind that a community has."""
        return self._rows[kind].get(community_id or 0, [])

    def in_force(self, kind: FactKind, community_id: int | None) -> Any:
        """The row of a kind that is in force on the day."""
        return next((row for row in self.rows(kind, community_id) if _holds(row, self.day)), None)


def _community_of(table: Table, one: Announced, subdistrict: Subdistrict, known: _Known) -> Community | None:
    """The community that a row means, None for a new one; a code or name of another community is refused."""
    by_code = next((row for row in known.codes[one.code] if _holds(row, known.day)), None)
    namesake = known.by_name.get((subdistrict.pk, one.name))
    if by_code is None and known.codes[one.code]:
        other = known.codes[one.code][0]
        sentence = _("%(place)s: the code %(text)s is that of a community from %(since)s, and not free on that day.")
        since = short_date(other.in_force_from)
        raise _refusal(table, one, "code", sentence, "code_of_another", text=one.code, since=since)
    if by_code is None:
        code_of_namesake = namesake and known.in_force(CommunityCode, namesake.pk)
        if code_of_namesake:
            sentence = _("%(place)s: the community %(text)s has the code %(has)s already.")
            raise _refusal(table, one, "name", sentence, "name_of_another", text=one.name, has=code_of_namesake.code)
        return namesake
    community = known.communities[by_code.community_id]
    if (namesake and namesake != community) or community.district_id != subdistrict.district_id:
        sentence = _("%(place)s: the code %(text)s belongs to another community.")
        raise _refusal(table, one, "code", sentence, "code_of_another", text=one.code)
    return community


# --- what changes ---


class _LaterFact(Exception):
    """Something is recorded already from a day after the one that is being recorded."""

    def __init__(self, day: datetime.date) -> None:
        super().__init__(day)
        self.day = day


class _Changes:
    """Dated rows to be corrected, closed and begun, written together at the end."""

    def __init__(self, day: datetime.date, by: Person, letter: str) -> None:
        self.day = day
        self._origin = {"in_force_from": day, "recorded_by": by, "letter": letter}
        self._updated: dict[tuple[FactKind, str], list[Any]] = defaultdict(list)
        self._begun: dict[FactKind, list[Any]] = defaultdict(list)

    def state(self, known: _Known, community: Community, kind: FactKind, column: str, value: object) -> bool:
        """Make a fact true from the day on; returns whether anything differs. Raises `_LaterFact`."""
        row = known.in_force(kind, community.pk)
        if row and _same(getattr(row, column), value):
            return False
        later = [other.in_force_from for other in known.rows(kind, community.pk) if other.in_force_from > self.day]
        if later:
            raise _LaterFact(min(later))
        if row and row.in_force_from == self.day:
            setattr(row, column, value)
            self._updated[kind, column].append(row)
            return True
        if row:
            row.in_force_until = self.day
            self._updated[kind, "in_force_until"].append(row)
        self._begun[kind].append(kind(community=community, **{column: value}, **self._origin))
        return True

    def write(self) -> None:
        """Write the rows: the old ones are closed before the new ones begin."""
        for (kind, column), rows in self._updated.items():
            kind.objects.bulk_update(rows, [column])
        for kind, rows in self._begun.items():
            kind.objects.bulk_create(rows)


def _with_related(kind: FactKind) -> QuerySet[Any]:
    return kind.objects.select_related("community_type") if kind is CommunityTyping else kind.objects.all()


def _same(known: object, stated: object) -> bool:
    """Whether a list states what is known; a type of the same name under a newer rule is no news of the list's."""
    if isinstance(known, CommunityType) and isinstance(stated, CommunityType):
        return known.name_th == stated.name_th
    return (without_the_word(known) if isinstance(known, str) else known) == stated


def _holds(row: Any, day: datetime.date) -> bool:
    return row.in_force_from <= day and (row.in_force_until is None or row.in_force_until > day)


def _refusal(table: Table, one: Announced, column: str, sentence: str, code: str, **more: object) -> ValidationError:
    return ValidationError(sentence, code=code, params={"place": table.place([one.row], column), **more})
