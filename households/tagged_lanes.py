"""What tagged houses stand where a house came to: those whose number it divides, and the communities of its lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from communities.models import District

from .house_numbers import HouseNumber
from .models import TagEvent
from .unsettled_houses import LaneKey, UnsettledHouse, asked

_LAST_CHARACTER = "\U0010ffff"

# What is asked of a few lanes is fetched lane by lane (OFFSET 0): statistics that lag behind a load must not lead the
# planner to go through the whole register instead.

# A parent carries a code, or carried one before it was struck off or went.
_WAS_TAGGED = """
(parent.community_id IS NOT NULL
 OR parent.state <> 'live' AND EXISTS (SELECT 1 FROM households_tagevent t WHERE t.house_id = parent.id))
"""

_ANCESTORS = f"""
SELECT told.house, parent.id
FROM unnest(%(houses)s::bigint[], %(subdistricts)s::bigint[], %(lanes)s::text[], %(numbers)s::text[], %(steps)s::int[])
     AS told(house, subdistrict, lane, number, step)
CROSS JOIN LATERAL (
    SELECT * FROM households_houseregistration h
    WHERE h.district_id = %(district)s AND h.lane_order = told.lane AND h.number_order = told.number OFFSET 0
) AS parent
WHERE parent.subdistrict_id = told.subdistrict AND parent.id <> told.house AND {_WAS_TAGGED}
ORDER BY told.step DESC, parent.id DESC
"""

# The 16th to 20th digit of the order are the end of a range; what cannot be read begins with "~".
_RANGES = f"""
SELECT parent.subdistrict_id, parent.lane_order, parent.number_order, parent.id
FROM unnest(%(subdistricts)s::bigint[], %(lanes)s::text[]) AS told(subdistrict, lane)
CROSS JOIN LATERAL (
    SELECT * FROM households_houseregistration h
    WHERE h.district_id = %(district)s AND h.lane_order = told.lane AND h.number_order < '~'
      AND substr(h.number_order, 16, 5) <> '00000' OFFSET 0
) AS parent
WHERE parent.subdistrict_id = told.subdistrict AND {_WAS_TAGGED}
"""


def parents_of(district: District, houses: Iterable[UnsettledHouse]) -> dict[int, int]:
    """For each house (by id) the tagged or gone house of its lane whose number it divides; the nearest of several."""
    numbers = {house.pk: HouseNumber.of_order(house.number_order) for house in houses if house.number_order < "~"}
    known = [house for house in houses if house.pk in numbers]
    found = dict(asked(_ANCESTORS, {"district": district.pk} | _ancestors(known, numbers)))
    ranges = _ranges(district, {house.lane for house in known})
    for house in known:
        for number, parent in ranges.get(house.lane, ()):
            if parent != house.pk and _lies_within(numbers[house.pk], number):
                found[house.pk] = parent
    return found


def _ancestors(houses: Iterable[UnsettledHouse], numbers: Mapping[int, HouseNumber]) -> dict[str, list[Any]]:
    """The numbers that each house's number divides, as columns of a query: 12/3, then 12, for 12/3 ก."""
    lines = []
    for house in houses:
        ancestor, step = numbers[house.pk].parent, 1
        while ancestor is not None:
            lines.append((house.pk, *house.lane, ancestor.order, step))
            ancestor, step = ancestor.parent, step + 1
    columns = list(map(list, zip(*lines, strict=True))) or [[], [], [], [], []]
    return dict(zip(("houses", "subdistricts", "lanes", "numbers", "steps"), columns, strict=True))


def _ranges(district: District, lanes: Collection[LaneKey]) -> dict[LaneKey, list[tuple[HouseNumber, int]]]:
    """The ranges of numbers in these lanes that are tagged, or were: number and house."""
    subdistricts, orders = [lane[0] for lane in lanes], [lane[1] for lane in lanes]
    facts = {"district": district.pk, "subdistricts": subdistricts, "lanes": orders}
    found: dict[LaneKey, list[tuple[HouseNumber, int]]] = defaultdict(list)
    for subdistrict, lane, number, pk in asked(_RANGES, facts):
        found[subdistrict, lane].append((HouseNumber.of_order(number), pk))
    return found


def _lies_within(number: HouseNumber, numbers: HouseNumber) -> bool:
    """Whether a single number is one of a range: 12/4 of 12/3-5."""
    parts, first = (number.main, number.sub, number.sub2), (numbers.main, numbers.sub, numbers.sub2)
    depth = sum(part is not None for part in first)
    if number.is_range or number.suffix or sum(part is not None for part in parts) != depth:
        return False
    last = parts[depth - 1] or 0
    return parts[: depth - 1] == first[: depth - 1] and (first[depth - 1] or 0) <= last <= (numbers.range_end or 0)


_COMMUNITIES_NEAR = """
SELECT told.subdistrict, told.lane, array_agg(DISTINCT near.community_id)
FROM unnest(%(subdistricts)s::bigint[], %(lanes)s::text[], %(firsts)s::text[], %(lasts)s::text[])
     AS told(subdistrict, lane, first, last)
CROSS JOIN LATERAL (
    SELECT DISTINCT h.subdistrict_id, h.community_id FROM households_houseregistration h
    WHERE h.district_id = %(district)s AND h.lane_order BETWEEN told.first AND told.last
      AND h.community_id IS NOT NULL OFFSET 0
) AS near
WHERE near.subdistrict_id = told.subdistrict
GROUP BY told.subdistrict, told.lane
"""


def communities_near(district: District, lanes: Collection[LaneKey]) -> dict[LaneKey, frozenset[int]]:
    """The communities that have houses in each lane; with a soi, in all of the soi and its troks."""
    lines = [(subdistrict, lane, *_reach(lane)) for subdistrict, lane in lanes]
    columns = map(list, zip(*lines, strict=True))
    facts = dict(zip(("subdistricts", "lanes", "firsts", "lasts"), columns, strict=True))
    found = asked(_COMMUNITIES_NEAR, facts | {"district": district.pk})
    return {(subdistrict, lane): frozenset(communities) for subdistrict, lane, communities in found}


def _reach(lane: str) -> tuple[str, str]:
    """The first and the last lane order that count as near: the lane's own, or all of its soi."""
    parts = lane.split("\t")
    if len(parts) != 3 or not parts[1]:
        return lane, lane
    soi = f"{parts[0]}\t{parts[1]}\t"
    return soi, soi + _LAST_CHARACTER


def communities_left(houses: Collection[int]) -> dict[int, frozenset[int]]:
    """The community that each of the houses has, or had before its code was taken off; none for one never tagged."""
    newest = TagEvent.objects.newest_of(houses).values_list("house", "community", "previous_community")
    return {house: frozenset({community or previous}) for house, community, previous in newest if community or previous}
