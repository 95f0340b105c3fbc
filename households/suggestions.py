"""Which community a house most likely belongs to, from its neighbours, the communities' lists and its own past.

What counts as a ground and how grounds are weighed: docs/house-by-house.md. Everything is read by a fixed number
of queries, however many houses are asked about.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

from .judging.belonging import Ground, GroundKind, Suggestion, weigh
from .lane_sides import TELLING_DIGIT, UNREADABLE_ORDER, Parting, Side, number_of_order, parting_of, side_of
from .models import HouseRegistration, RowDecision, RowMatch, TagEvent, TaggingBatch
from .models.dated import NEWEST_FIRST
from .row_reasons import Grade, Outcome, Reason

# A lane as evidence: the houses of one name in one sub-district. Two sub-districts may have a lane of one name.
LaneKey = tuple[int, str]

# A neighbour further away than this many houses tells nothing.
NEAR = 10
NEAR_ACROSS = 3
# How many houses are looked through for neighbours on one side: a plot of hundreds hides the next number of its lane.
LOOKED_THROUGH = 400
_NEARLY_ALL = 0.8


def suggest(houses: Sequence[HouseRegistration]) -> dict[int, Suggestion]:
    """The suggestion for each house (by id). What the houses carry themselves is left aside."""
    return {pk: weigh(grounds) for pk, grounds in grounds_of(houses).items()}


def grounds_of(houses: Sequence[HouseRegistration]) -> dict[int, list[Ground]]:
    """All that speaks for or against a community, for each house (by id)."""
    lanes = _lanes_of(houses)
    found: dict[int, list[Ground]] = {house.pk: [] for house in houses}
    told = (_rows_naming(found), _neighbours_telling(houses, lanes), _lanes_telling(houses, lanes), _taken_off(found))
    for pk, ground in (each for grounds in told for each in grounds):
        found[pk].append(ground)
    return found


# --- the lane ---


@dataclasses.dataclass(frozen=True)
class _Lane:
    """The live houses of a lane: how it is parted, and how many of them carry which community (None: none yet)."""

    parting: Parting
    houses: int
    communities: Mapping[int | None, int]


_LANES = """
SELECT house.subdistrict_id, house.lane_order, house.community_id, count(*),
       min(house.number_order) FILTER (WHERE house.number_order < %(unreadable)s),
       max(house.number_order) FILTER (WHERE house.number_order < %(unreadable)s)
FROM (SELECT DISTINCT district_id, subdistrict_id, lane_order FROM households_houseregistration
      WHERE id = ANY(%(houses)s) AND (trok_key, soi_key, road_key) <> ('', '', '')) AS lane
JOIN households_houseregistration house USING (district_id, subdistrict_id, lane_order)
WHERE house.state = 'live'
GROUP BY 1, 2, 3
"""


def _lane_key(house: HouseRegistration) -> LaneKey:
    return house.subdistrict_id, house.lane_order


def _lanes_of(houses: Iterable[HouseRegistration]) -> dict[LaneKey, _Lane]:
    counts: dict[LaneKey, Counter[int | None]] = defaultdict(Counter)
    orders: dict[LaneKey, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LANES, {"houses": [house.pk for house in houses], "unreadable": UNREADABLE_ORDER})
        for subdistrict, lane_order, community, count, first, last in cursor.fetchall():
            counts[subdistrict, lane_order][community] = count
            orders[subdistrict, lane_order] += filter(None, (first, last))
    return {
        lane: _Lane(parting_of(map(number_of_order, orders[lane])), of_lane.total(), of_lane)
        for lane, of_lane in counts.items()
    }


def _lanes_telling(houses: Iterable[HouseRegistration], lanes: Mapping[LaneKey, _Lane]) -> Iterable[tuple[int, Ground]]:
    """Nearly all other houses of the lane; untagged ones count, for the list of another community may be to come."""
    for house in houses:
        lane = lanes.get(_lane_key(house))
        if lane is None:
            continue
        others = Counter(lane.communities)
        others[house.community_id] -= 1
        community, count = max(others.items(), key=lambda each: each[1])
        if community is not None and count >= _NEARLY_ALL * (lane.houses - 1):
            yield house.pk, Ground(GroundKind.LANE, community, houses=count, of=lane.houses - 1)


# --- the neighbours ---

_NEIGHBOURS = """
WITH asked AS (
    SELECT house.id, house.district_id, house.subdistrict_id, house.lane_order, house.number_order,
           told.digit, told.odd, told.parent
    FROM unnest(%(houses)s::bigint[], %(digits)s::int[], %(odd)s::bool[], %(parents)s::text[])
         AS told(id, digit, odd, parent)
    JOIN households_houseregistration house USING (id)
)
SELECT asked.id, beside.* FROM asked CROSS JOIN LATERAL (
    {before_here} UNION ALL {after_here} UNION ALL {before_across} UNION ALL {after_across}
    UNION ALL
    (SELECT 'parent', 0, parent.id, parent.house_no, parent.community_id, parent.outside
     FROM households_houseregistration parent
     WHERE parent.district_id = asked.district_id AND parent.lane_order = asked.lane_order
       AND parent.number_order = asked.parent AND parent.subdistrict_id = asked.subdistrict_id
       AND parent.state = 'live' AND parent.id <> asked.id
     ORDER BY parent.id LIMIT 1)
) AS beside
"""

_SIDE = """
(SELECT '{name}', row_number() OVER (), near.id, near.house_no, near.community_id, near.outside FROM (
    SELECT walked.* FROM (
        SELECT id, house_no, community_id, outside, number_order
        FROM households_houseregistration one
        WHERE one.district_id = asked.district_id AND one.lane_order = asked.lane_order
          AND (one.number_order, one.id) {comes} (asked.number_order, asked.id) AND one.number_order < %(unreadable)s
          AND one.subdistrict_id = asked.subdistrict_id AND one.state = 'live'
        ORDER BY one.number_order {way}, one.id {way} LIMIT %(looked_through)s
    ) AS walked
    WHERE (substr(walked.number_order, asked.digit, 1) IN ('1', '3', '5', '7', '9')) {on} asked.odd
    ORDER BY walked.number_order {way}, walked.id {way} LIMIT {near}
) AS near)
"""
_SIDES = {
    f"{direction}_{where}": _SIDE.format(name=f"{direction}_{where}", comes=comes, way=way, on=on, near=near)
    for direction, comes, way in (("before", "<", "DESC"), ("after", ">", "ASC"))
    for where, on, near in (("here", "=", NEAR), ("across", "<>", NEAR_ACROSS))
}


@dataclasses.dataclass(frozen=True)
class _Neighbour:
    """A live house near another one; `is_decided`: it carries a code, or was said to be in no community."""

    house: int
    house_no: str
    community: int | None
    outside: str

    @property
    def is_decided(self) -> bool:
        return self.community is not None or bool(self.outside)

    def ground(self, kind: GroundKind) -> Ground:
        return Ground(kind, self.community, told_by=self.house_no, house=self.house)


def _neighbours_telling(
    houses: Iterable[HouseRegistration], lanes: Mapping[LaneKey, _Lane]
) -> Iterable[tuple[int, Ground]]:
    nearest = _nearest_decided(houses, lanes)
    for (pk, where), neighbour in nearest.items():
        if where in _KINDS:
            yield pk, neighbour.ground(_KINDS[where])
        elif where == "before_across":
            opposite = nearest.get((pk, "after_across"))
            if opposite and opposite.community == neighbour.community:
                yield pk, neighbour.ground(GroundKind.ACROSS)


_KINDS = {"before_here": GroundKind.BEFORE, "after_here": GroundKind.AFTER, "parent": GroundKind.PARENT}


def _nearest_decided(
    houses: Iterable[HouseRegistration], lanes: Mapping[LaneKey, _Lane]
) -> dict[tuple[int, str], _Neighbour]:
    """The nearest decided house in each direction: by house (id) and "before_here", "after_across", "parent" …"""
    asked = [_asked(house, lane.parting) for house in houses if (lane := lanes.get(_lane_key(house)))]
    known = [one for one in asked if one is not None]
    if not known:
        return {}
    ids, digits, odd, parents = map(list, zip(*known, strict=True))
    facts: dict[str, Any] = {"houses": ids, "digits": digits, "odd": odd, "parents": parents}
    facts |= {"unreadable": UNREADABLE_ORDER, "looked_through": LOOKED_THROUGH}
    nearest: dict[tuple[int, str], _Neighbour] = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEIGHBOURS.format(**_SIDES), facts)
        for pk, where, _distance, *told in sorted(cursor.fetchall(), key=lambda line: line[2]):
            neighbour = _Neighbour(*told)
            if neighbour.is_decided:
                nearest.setdefault((pk, where), neighbour)
    return nearest


def _asked(house: HouseRegistration, parting: Parting) -> tuple[int, int, bool, str] | None:
    """What the query needs to know of a house; None where its number cannot be read."""
    number = number_of_order(house.number_order)
    if number is None:
        return None
    odd = side_of(number, parting) == Side.ODD
    return house.pk, TELLING_DIGIT[parting], odd, number.parent.order if number.parent else ""


# --- the lists, and its own past ---


class _NamingRow(NamedTuple):
    """A row of a list that may mean a house, and the newest decision about it: why, and the house (id) meant."""

    house: int
    rank: int
    record: int
    row: int
    grade: str
    outcome: str
    community: int
    file_name: str
    why: str | None
    settled_on: int | None

    @property
    def kind(self) -> GroundKind | None:
        """What the row says of the house; None where it means another one or was closed for a reason of its own."""
        if self.outcome in (Outcome.TAGGED, Outcome.UNCHANGED):
            return GroundKind.LISTED if self.settled_on == self.house else None
        if self.outcome == Outcome.CLOSED:
            return GroundKind.REFUSED if self.why == Reason.OTHER_COMMUNITY and self.rank == 1 else None
        if self.grade == Grade.SEVERAL:
            return GroundKind.PERHAPS_LISTED
        return _NAMED.get(self.grade) if self.rank == 1 else None


def _rows_naming(houses: Iterable[int]) -> Iterable[tuple[int, Ground]]:
    newest = RowDecision.objects.filter(record=OuterRef("record")).order_by(*NEWEST_FIRST)
    of_record = ("row", "grade", "outcome", "house_list__community", "house_list__file_name")
    rows = (
        RowMatch.objects.filter(house__in=list(houses))
        .annotate(why=Subquery(newest.values("reason")[:1]), settled_on=Subquery(newest.values("house")[:1]))
        .order_by("record")
        .values_list("house", "rank", "record", *(f"record__{name}" for name in of_record), "why", "settled_on")
    )
    for row in map(_NamingRow._make, rows):
        if row.kind is not None:
            told_by = f"{row.file_name} {row.row}"
            yield row.house, Ground(row.kind, row.community, told_by=told_by, record=row.record)


_NAMED: dict[str, GroundKind] = {Grade.EXACT: GroundKind.LISTED, Grade.LIKELY: GroundKind.LIKELY_LISTED}


def _taken_off(houses: Iterable[int]) -> Iterable[tuple[int, Ground]]:
    """A person took the community's code off the house, with a reason, and it has had none since."""
    for event in TagEvent.objects.newest_of(list(houses)).select_related("batch"):
        if event.batch.kind == TaggingBatch.Kind.WITHDRAWN and not event.outside:
            yield event.house_id, Ground(GroundKind.TAKEN_OFF, event.previous_community_id)
