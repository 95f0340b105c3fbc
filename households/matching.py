"""Matching: for every row of a list, the houses it may mean and how sure that is."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection
from django.db.models import Max

from .grading import Candidate, RowKeys, Verdict, grade_list_rows
from .list_rows import subdistrict_name
from .models import HouseList, HouseNumberRecord, LifeEvent, RowMatch
from .row_reasons import UNDECIDED, Grade, Reason

# Every house that bears the row's number and shares its sub-district, soi or road: whatever lies further
# away contradicts the row in two parts and is no candidate. The number's index carries the join.
CANDIDATES = """
SELECT r.id, h.id, h.trok_key, h.soi_key, h.road_key, h.moo, h.subdistrict_id, h.state
FROM households_housenumberrecord r
JOIN households_houseregistration h
  ON h.district_id = %(district)s AND h.number_key = ANY(r.number_keys)
WHERE r.house_list_id = %(list)s
  AND (r.soi_key = '' OR h.soi_key = r.soi_key OR h.soi_key LIKE '%% ' || r.soi_key
       OR (h.road_key = r.road_key AND h.subdistrict_id = r.subdistrict_id))
  AND (r.road_key = '' OR h.road_key IN (r.road_key, '') OR (r.soi_key <> '' AND h.soi_key = r.soi_key))
  AND (r.soi_key <> '' OR r.road_key <> '' OR r.subdistrict_id IS NULL OR h.subdistrict_id = r.subdistrict_id)
ORDER BY r.id, h.id
"""

WRITE_GRADES = """
UPDATE households_housenumberrecord r SET grade = v.grade, reason = v.reason
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(id, grade, reason)
WHERE r.id = v.id
"""

WRITE_MATCHES = """
INSERT INTO households_rowmatch (record_id, house_id, rank, differs)
SELECT v.record, v.house, v.rank, string_to_array(v.differs, ' ')
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[]) AS v(record, house, rank, differs)
"""


def grade_list(house_list: HouseList) -> None:
    """Grades every undecided row of a list against the district's registrations, in one query for all rows.

    Writes each row's grade and reason and its candidates (RowMatch), replacing those of an earlier grading.
    The second row of a house listed twice keeps its exact grade with the reason `repeated`.
    """
    register_now = _newest_life_event()
    records = list(house_list.records.order_by("row"))
    found = _candidates(house_list)
    graded = grade_list_rows([(_keys_of(record), found[record.pk]) for record in records])
    verdicts = {
        record.pk: verdict if record.number_keys else Verdict(Grade.NONE, Reason(record.doubt))
        for record, verdict in zip(records, graded, strict=True)
        if record.outcome in UNDECIDED
    }
    _write(_with_repeats(verdicts))
    house_list.graded_up_to = register_now
    house_list.save(update_fields=["graded_up_to"])


def grade_anew(house_list: HouseList) -> None:
    """Grades the undecided rows again if the register has changed since they were graded."""
    if house_list.graded_up_to != _newest_life_event():
        grade_list(house_list)


def _newest_life_event() -> int:
    return LifeEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _candidates(house_list: HouseList) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"district": house_list.district_id, "list": house_list.pk})
        for record, house, trok, soi, road, moo, subdistrict, state in cursor.fetchall():
            found[record].append(Candidate(house, trok, soi, road, moo, subdistrict, state))
    return found


def _keys_of(record: HouseNumberRecord) -> RowKeys:
    named_elsewhere = record.subdistrict_id is None and subdistrict_name(record.subdistrict_text) != ""
    return RowKeys(
        trok=record.trok_key,
        soi=record.soi_key,
        road=record.road_key,
        moo=record.moo,
        subdistrict=0 if named_elsewhere else record.subdistrict_id,
        doubt=record.doubt,
    )


def _with_repeats(verdicts: dict[int, Verdict]) -> dict[int, Verdict]:
    """Marks each exact row whose house an earlier row (the dict is in row order) has already."""
    seen: set[int] = set()
    marked: dict[int, Verdict] = {}
    for record, verdict in verdicts.items():
        if verdict.grade == Grade.EXACT:
            house = verdict.candidates[0][0]
            if house in seen:
                verdict = Verdict(Grade.EXACT, Reason.REPEATED, verdict.candidates)
            seen.add(house)
        marked[record] = verdict
    return marked


def _write(verdicts: dict[int, Verdict]) -> None:
    matches = [
        (record, house, rank, " ".join(differs))
        for record, verdict in verdicts.items()
        for rank, (house, differs) in enumerate(verdict.candidates, start=1)
    ]
    RowMatch.objects.filter(record__in=verdicts).delete()
    with connection.cursor() as cursor:
        cursor.execute(WRITE_MATCHES, [list(column) for column in zip(*matches, strict=True)] or [[]] * 4)
        cursor.execute(
            WRITE_GRADES,
            [list(verdicts), [v.grade.value for v in verdicts.values()], [v.reason.value for v in verdicts.values()]],
        )
