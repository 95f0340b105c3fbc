"""Matching: for every row of a list, the houses it may mean and how sure that is."""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import Max

from .judging.evidence import Known, known_row
from .judging.grading import Candidate, OtherLane, RowKeys, Verdict, may_be_plain, only_house
from .judging.list_grading import grade_list_rows
from .judging.list_habits import BY_ANOTHER_SUBDISTRICT
from .judging.neighbours import out_of_lane
from .judging.register_names import RegisterNames, RegisterState, divided_subdistricts, state_of_register
from .models import HouseList, HouseNumberRecord, HouseRegistration, RowMatch
from .reading.row_places import subdistrict_name
from .row_reasons import UNDECIDED, Grade, Reason

_HOUSE = """h.id, h.trok_key, h.soi_key, h.road_key, h.moo, h.subdistrict_id, h.state,
       h.number_key, h.number_order"""

# The houses of a row's number in the soi and the sub-district that it states: most rows mean the only one.
# The index of numbers leads straight to them. A text with a tab behind each key is read faster than an array of them.
IN_STATED_SOI = """
SELECT asked.line, h.id, h.trok_key, h.road_key, h.moo, h.state, h.number_order
FROM unnest(string_to_array(%(number)s, E'\t'), string_to_array(%(soi)s, E'\t'),
            string_to_array(%(subdistrict)s, E'\t', '')::bigint[])
  WITH ORDINALITY AS asked(number, soi, subdistrict, line)
JOIN households_houseregistration h
  ON h.district_id = %(district)s AND h.number_key = asked.number AND h.soi_key = asked.soi
     AND h.subdistrict_id = asked.subdistrict
"""

# Whether a house that bears the row's number shares its sub-district, soi or road: whatever lies further away
# contradicts the row in two parts and is no candidate.
MAY_MEAN = """
(asked.soi = '' OR h.soi_key = asked.soi OR h.soi_key LIKE '%% ' || asked.soi
 OR (h.road_key = asked.road AND h.subdistrict_id = asked.subdistrict))
AND (asked.road = '' OR h.road_key IN (asked.road, '') OR (asked.soi <> '' AND h.soi_key = asked.soi))
AND (asked.soi <> '' OR asked.road <> '' OR asked.subdistrict IS NULL OR h.subdistrict_id = asked.subdistrict)
"""
CANDIDATES = f"""
SELECT asked.row, {_HOUSE}
FROM unnest(string_to_array(%(row)s, E'\t', '')::int[], string_to_array(%(number)s, E'\t'),
            string_to_array(%(soi)s, E'\t'), string_to_array(%(road)s, E'\t'),
            string_to_array(%(subdistrict)s, E'\t', '')::bigint[]) AS asked(row, number, soi, road, subdistrict)
JOIN households_houseregistration h ON h.district_id = %(district)s AND h.number_key = asked.number
WHERE asked.row IS NOT NULL AND {MAY_MEAN}
"""

WRITE_GRADES = """
UPDATE households_housenumberrecord r
SET grade = v.grade, reason = v.reason, number_keys = string_to_array(v.numbers, E'\t')
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS v(id, grade, reason, numbers)
WHERE r.id = v.id
"""

WRITE_MATCHES = """
INSERT INTO households_rowmatch (record_id, house_id, rank, differs)
SELECT v.record, v.house, v.rank, string_to_array(v.differs, ' ')
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[]) AS v(record, house, rank, differs)
"""


@dataclasses.dataclass(frozen=True)
class GradedRecord:
    """A record of a list with what it was taken to mean."""

    record: HouseNumberRecord
    verdict: Verdict


def match_rows(
    district: int, rows: Sequence[RowKeys], *, sender: int | None = None, state: RegisterState | None = None
) -> list[Verdict]:
    """The verdict of each row of one list, given whole and in its order, against the district's register of now.

    One query finds the houses in the sois that the rows state, a second all that the rows may mean that are not
    certain by the first. Where the list means another sub-district than it names, a third finds the same addresses
    there. Nothing is written. `sender` brings in the aliases of that sender's lists; `state` spares asking for it.
    """
    names = RegisterNames(district, sender, state or state_of_register(district))
    named = [_with_other_lanes(row, names.other_lanes((row.trok, row.soi, row.road))) for row in rows]
    certain = _certain(district, named)
    uncertain = [place for place in range(len(named)) if place not in certain]
    found = _candidates(district, named, uncertain + out_of_lane(list(certain.values())))
    verdicts = grade_list_rows([(row, found.get(place, ())) for place, row in enumerate(named)], certain)
    by_another = {row.subdistrict for row, v in zip(named, verdicts, strict=True) if v.reason in BY_ANOTHER_SUBDISTRICT}
    if by_another:
        # The list means other sub-districts by these names: its certain rows may, too, if the address stands in both.
        found |= _candidates(district, named, [place for place in certain if named[place].subdistrict in by_another])
        verdicts = grade_list_rows([(row, found.get(place, ())) for place, row in enumerate(named)], certain)
    return [
        verdict if row.numbers else Verdict(Grade.NONE, Reason(row.doubt))
        for row, verdict in zip(named, verdicts, strict=True)
    ]


def _with_other_lanes(row: RowKeys, lanes: tuple[OtherLane, ...]) -> RowKeys:
    return dataclasses.replace(row, other_lanes=lanes) if lanes else row


_Found = dict[int, list[Candidate]]
_ASKED = ("row", "number", "soi", "road", "subdistrict")


def _certain(district: int, rows: Sequence[RowKeys]) -> dict[int, Known]:
    """The rows (by place) that mean one house for certain, unless they are a slip of the hand from another lane."""
    plain = [place for place, row in enumerate(rows) if may_be_plain(row)]
    found = _in_stated_soi(district, [rows[place] for place in plain])
    certain = {}
    for place, houses in zip(plain, found, strict=True):
        house = only_house(rows[place], houses)
        if house is not None:
            certain[place] = known_row(place, house)
    return certain


def _in_stated_soi(district: int, rows: Sequence[RowKeys]) -> list[list[Candidate]]:
    """For each of these rows the houses of its number in its soi and sub-district."""
    found: list[list[Candidate]] = [[] for _row in rows]
    if rows:
        asked = [(row.numbers[0], row.soi, str(row.subdistrict)) for row in rows]
        with connection.cursor() as cursor:
            cursor.execute(IN_STATED_SOI, {"district": district, **_columns(("number", "soi", "subdistrict"), asked)})
            for line, house, trok, road, moo, state, order in cursor.fetchall():
                row = rows[line - 1]
                found[line - 1].append(
                    Candidate(house, trok, row.soi, road, moo, row.subdistrict or 0, state, row.numbers[0], order)
                )
    return found


def _candidates(district: int, rows: Sequence[RowKeys], places: Iterable[int]) -> _Found:
    asked = [
        (str(place), number, *where)
        for place in places
        for where in _where(rows[place])
        for number in rows[place].numbers
    ]
    found: _Found = defaultdict(list)
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(CANDIDATES, {"district": district, **_columns(_ASKED, asked)})
            for place, *house in cursor.fetchall():
                found[place].append(Candidate._make(house))
    for place, houses in found.items():
        if len(houses) > 1 and (rows[place].other_lanes or rows[place].divided or len(rows[place].numbers) > 1):
            found[place] = list(dict.fromkeys(houses))
    return found


def _where(row: RowKeys) -> list[tuple[str, str, str]]:
    """Soi, road and sub-district by which the houses of a row are looked for: as written, and as else they are called.

    A row that states neither soi nor road is looked for in the parts of a divided sub-district as well.
    """
    subdistrict = "" if row.subdistrict is None else str(row.subdistrict)
    lanes = [(row.soi, row.road, subdistrict), *((o.soi, o.road, subdistrict) for o in row.other_lanes)]
    return lanes if row.soi or row.road else [*lanes, *(("", "", str(part)) for part in row.divided)]


def _columns(names: Sequence[str], lines: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """Each column of the lines as one text, a tab behind each value (a key has none).

    The last tab adds a line that asks for nothing; without it a single empty value would be no line at all.
    """
    return {name: "\t".join([*column, ""]) for name, column in zip(names, zip(*lines, strict=True), strict=True)}


def grade_records(house_list: HouseList, records: Sequence[HouseNumberRecord]) -> list[GradedRecord]:
    """Grades the records of a list that is not stored yet, and notes in the list by which register.

    A range whose parts are houses becomes a record a part. Nothing is written: `store` does that.
    """
    graded = []
    for record, verdict in zip(records, _match(house_list, records), strict=True):
        record.grade, record.reason = verdict.grade, verdict.reason
        graded += _in_parts(record, verdict) if verdict.is_split else [GradedRecord(record, verdict)]
    _number_the_parts(graded)
    return graded


def store(graded: Sequence[GradedRecord]) -> None:
    """Stores graded records of a stored list, and their candidates."""
    HouseNumberRecord.objects.bulk_create([each.record for each in graded], batch_size=2000)
    _write_matches(graded)


def grade_list(house_list: HouseList) -> None:
    """Grades every undecided row of a list against the register and the aliases of now; writes what changed."""
    records = list(house_list.records.order_by("row", "part").defer("cells", "note"))
    before = _as_stored(house_list, records)
    graded, new_parts = [], []
    for record, verdict in zip(records, _match(house_list, records), strict=True):
        if record.outcome in UNDECIDED:
            first, *others = _in_parts(record, verdict) if verdict.is_split else [GradedRecord(record, verdict)]
            graded.append(first)
            new_parts += others
    _rewrite([each for each in graded if before[each.record.pk] != _told(each)])
    if new_parts:
        _add_parts(house_list, new_parts)
    house_list.save(update_fields=["graded_up_to", "alias_changes", "outside_changes"])


def grade_anew(house_list: HouseList) -> None:
    """Grades the undecided rows again if what their grades rest on has changed since (`RegisterState`)."""
    state = state_of_register(house_list.district_id)
    if _graded_by(house_list) != (state.life_event, state.alias_changes, state.outside):
        grade_list(house_list)


def _graded_by(house_list: HouseList) -> tuple[int, int, int]:
    """How far register, aliases and words about houses in no community had come when the list was graded."""
    return house_list.graded_up_to, house_list.alias_changes, house_list.outside_changes


def _match(house_list: HouseList, records: Iterable[HouseNumberRecord]) -> list[Verdict]:
    district = house_list.district_id
    state = state_of_register(district)
    house_list.graded_up_to, house_list.alias_changes = state.life_event, state.alias_changes
    house_list.outside_changes = state.outside
    divided = divided_subdistricts(district)
    rows = [keys_of(record, divided) for record in records]
    verdicts = match_rows(district, rows, sender=house_list.sender_id, state=state)
    return _doubting(verdicts, _in_no_community(district) if state.outside else frozenset())


def _in_no_community(district: int) -> frozenset[int]:
    """The houses (ids) of which a person said that they are in no community."""
    said = HouseRegistration.objects.filter(district=district).exclude(outside="")
    return frozenset(said.values_list("pk", flat=True))


def _doubting(verdicts: list[Verdict], outside: frozenset[int]) -> list[Verdict]:
    """What a person said of a house weighs more than a row that names it exactly: a person looks again."""
    return [
        verdict._replace(grade=Grade.LIKELY, reason=Reason.IN_NO_COMMUNITY)
        if verdict.grade == Grade.EXACT and verdict.candidates[0][0] in outside
        else verdict
        for verdict in verdicts
    ]


def keys_of(record: HouseNumberRecord, divided: Mapping[int, frozenset[int]]) -> RowKeys:
    """What a record says, as matching compares it; `divided` as `divided_subdistricts` returns it."""
    subdistrict = record.subdistrict_id
    if subdistrict is None and record.subdistrict_text and subdistrict_name(record.subdistrict_text):
        subdistrict = 0
    return RowKeys(
        trok=record.trok_key,
        soi=record.soi_key,
        road=record.road_key,
        moo=record.moo,
        subdistrict=subdistrict,
        doubt=record.doubt,
        numbers=tuple(record.number_keys),
        divided=divided.get(subdistrict or 0, frozenset()),
    )


def _in_parts(record: HouseNumberRecord, verdict: Verdict) -> list[GradedRecord]:
    """The record for the first part of its range, and a copy of it for each further one."""
    numbers = record.number_keys[1:]
    if record.get_deferred_fields():
        record.refresh_from_db(fields=record.get_deferred_fields())
    records = [record, *(_copied(record) for _number in numbers[1:])]
    for each, number, part in zip(records, numbers, verdict.parts, strict=True):
        each.number_keys = [number]
        each.grade, each.reason = part.grade, part.reason
    return [GradedRecord(each, part) for each, part in zip(records, verdict.parts, strict=True)]


def _copied(record: HouseNumberRecord) -> HouseNumberRecord:
    another = copy.copy(record)
    another.pk = None
    another._state.adding = True
    return another


def _number_the_parts(graded: Iterable[GradedRecord]) -> None:
    parts: Counter[int] = Counter()
    for each in graded:
        parts[each.record.row] += 1
        each.record.part = parts[each.record.row]


def _add_parts(house_list: HouseList, new_parts: Sequence[GradedRecord]) -> None:
    """Stores the records that ranges were split into since they were graded last, behind the parts of their rows."""
    newest = house_list.records.values_list("row").annotate(Max("part"))
    parts = Counter(dict(newest.filter(row__in={each.record.row for each in new_parts})))
    for each in new_parts:
        parts[each.record.row] += 1
        each.record.part = parts[each.record.row]
    store(new_parts)


_Told = tuple[str, str, list[str], list[tuple[int, str]]]


def _told(graded: GradedRecord) -> _Told:
    """What is stored of a grading."""
    verdict = graded.verdict
    shown = [(house, " ".join(differs)) for house, differs in verdict.candidates]
    return verdict.grade.value, verdict.reason.value, graded.record.number_keys, shown


def _as_stored(house_list: HouseList, records: Iterable[HouseNumberRecord]) -> dict[int, _Told]:
    """What is stored of the grading before."""
    matches: dict[int, list[tuple[int, str]]] = defaultdict(list)
    stored = RowMatch.objects.filter(record__house_list=house_list).order_by("record", "rank")
    for record, house, differs in stored.values_list("record", "house", "differs"):
        matches[record].append((house, " ".join(differs)))
    return {each.pk: (each.grade, each.reason, each.number_keys, matches[each.pk]) for each in records}


def _rewrite(graded: Sequence[GradedRecord]) -> None:
    """Writes the grades, readings and candidates of stored records."""
    RowMatch.objects.filter(record__in=[each.record.pk for each in graded]).delete()
    _write_matches(graded)
    written = [
        (each.record.pk, each.verdict.grade.value, each.verdict.reason.value, "\t".join(each.record.number_keys))
        for each in graded
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_GRADES, [list(column) for column in zip(*written, strict=True)] or [[]] * 4)


def _write_matches(graded: Iterable[GradedRecord]) -> None:
    matches = [
        (each.record.pk, house, rank, " ".join(differs))
        for each in graded
        for rank, (house, differs) in enumerate(each.verdict.candidates, start=1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_MATCHES, [list(column) for column in zip(*matches, strict=True)] or [[]] * 4)
