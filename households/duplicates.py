"""Registrations that look like the same house, each group with why: to be looked at, never decided here.

Houses struck off are no part of it; a house gone from the extract is, beside one that is in the register. Found
by one statement for the whole district; the lanes that are spelt almost alike are worked out before it
from the lanes' names, of which a district has some hundreds.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from communities.ids import id_in
from communities.models import District

from .addresses import Address, lane_order
from .judging.lane_names import Names
from .judging.register_names import LANES
from .lanes_alike import pairs_spelt_alike
from .models import HouseRegistration

GROUPS_A_PAGE = 50
HOUSES_SHOWN = 12


class Why(models.TextChoices):
    """Why registrations look like one house, the strongest sign first."""

    SAME_ADDRESS = "same_address", _("the same address, two house codes")
    LETTER_OR_RANGE = "letter_or_range", _("another letter or range")
    ROAD_OR_TROK = "road_or_trok", _("the same soi with and without road or trok")
    LANE_MISSPELT = "lane_misspelt", _("lanes spelt almost alike")
    TWO_SUBDISTRICTS = "two_subdistricts", _("the same soi, two sub-districts")


@dataclasses.dataclass(frozen=True)
class LookAlikes:
    """Some registrations that look like one house: the first of them in lane order, and how many there are."""

    why: Why
    houses: Sequence[HouseRegistration]
    number: int
    in_two_communities: bool

    @property
    def more(self) -> int:
        """How many registrations of the group are not among those shown."""
        return self.number - len(self.houses)

    @property
    def place(self) -> str:
        """The group's place in the list, from which the next page goes on."""
        return f"{self.why}-{self.houses[0].pk}"


@dataclasses.dataclass(frozen=True)
class LookAlikesPage:
    """A page of groups, those in two communities first; `counts` is how many there are of each kind."""

    groups: Sequence[LookAlikes]
    counts: Mapping[Why, int]
    next: str


# number_order holds main, sub and second sub number, the range's end (five digits each) and the letter; lane_order
# stands for trok, soi and road together. Most houses can be like no other, which the indexes tell without the houses:
# their place in the lane is theirs alone, no letter or range marks them, and no other lane has the name of their soi.
LOOK_ALIKES = """
WITH twice AS MATERIALIZED (
    SELECT lane_order, number_order FROM households_houseregistration
    WHERE district_id = %(district)s GROUP BY lane_order, number_order HAVING count(*) > 1
), marked AS MATERIALIZED (
    SELECT id, lane_order, number_order, moo, subdistrict_id AS sub,
           left(number_order, 20) AS figures, substr(number_order, 21) AS letter, substr(number_order, 16, 5) AS until
    FROM households_houseregistration
    WHERE district_id = %(district)s AND state <> 'struck' AND number_order NOT LIKE '_______________000000'
), several AS MATERIALIZED (
    SELECT lane_order FROM (
        SELECT lane_order,
               min(road_key) OVER of_soi <> max(road_key) OVER of_soi
               OR min(trok_key) OVER of_soi <> max(trok_key) OVER of_soi AS are_several
        FROM households_lane WHERE district_id = %(district)s AND (soi_key <> '' OR trok_key <> '')
        WINDOW of_soi AS (PARTITION BY soi_key, CASE WHEN soi_key = '' THEN trok_key END)
    ) AS lane WHERE are_several
), house AS MATERIALIZED (
    SELECT id, number_order, lane_order, trok_key AS trok, soi_key AS soi, road_key AS road, moo, subdistrict_id AS sub
    FROM households_houseregistration
    WHERE district_id = %(district)s AND state <> 'struck' AND lane_order IN (SELECT lane_order FROM several)
    UNION
    SELECT id, number_order, lane_order, trok_key, soi_key, road_key, moo, subdistrict_id
    FROM twice JOIN households_houseregistration USING (lane_order, number_order)
    WHERE district_id = %(district)s AND state <> 'struck'
), found AS (
    SELECT 1 AS strength, 'same_address' AS why, array_agg(id) AS ids
    FROM house GROUP BY number_order, lane_order, moo, sub
    HAVING count(*) > 1
    UNION ALL
    SELECT 2, 'letter_or_range', array_agg(DISTINCT lettered.id) || array_agg(DISTINCT plain.id)
    FROM marked lettered JOIN households_houseregistration plain ON plain.district_id = %(district)s
        AND (plain.lane_order, plain.number_order) = (lettered.lane_order, lettered.figures || '0')
        AND (plain.moo, plain.subdistrict_id) = (lettered.moo, lettered.sub)
    WHERE lettered.letter <> '0' AND plain.state <> 'struck'
    GROUP BY figures, lettered.lane_order, lettered.moo, lettered.sub
    UNION ALL
    SELECT 2, 'letter_or_range', array_agg(h.id) || r.id
    FROM marked r JOIN households_houseregistration h ON h.district_id = %(district)s
        AND (h.lane_order, h.moo, h.subdistrict_id) = (r.lane_order, r.moo, r.sub)
    CROSS JOIN LATERAL (
        SELECT substr(r.figures, 1, 5) AS main, substr(r.figures, 6, 5) AS part, substr(r.figures, 11, 5) AS part2
    ) AS first
    CROSS JOIN LATERAL (
        SELECT substr(h.number_order, 1, 5) AS main, substr(h.number_order, 6, 5) AS part,
               substr(h.number_order, 11, 5) AS part2, substr(h.number_order, 16, 5) AS until
    ) AS has
    WHERE r.until <> '00000' AND h.id <> r.id AND h.state <> 'struck'
      AND (has.until = '00000' OR (h.number_order, h.id) > (r.number_order, r.id))
      AND CASE
          WHEN first.part2 <> '00000'
          THEN (has.main, has.part) = (first.main, first.part) AND has.part2 BETWEEN first.part2 AND r.until
          WHEN first.part <> '00000'
          THEN (has.main, has.part2) = (first.main, '00000') AND has.part BETWEEN first.part AND r.until
          ELSE has.part = '00000' AND has.main BETWEEN first.main AND r.until END
    GROUP BY r.id
    UNION ALL
    SELECT 3, 'road_or_trok', array_agg(id)
    FROM house WHERE soi <> '' OR trok <> ''
    GROUP BY number_order, sub, soi, CASE WHEN soi = '' THEN trok END
    HAVING count(DISTINCT road) > 1 AND bool_or(road = '') OR count(DISTINCT trok) > 1 AND bool_or(trok = '')
    UNION ALL
    SELECT 4, 'lane_misspelt', ARRAY[one.id, other.id]
    FROM unnest(%(lanes)s::text[], %(like_lanes)s::text[]) AS alike(lane, like_lane)
    JOIN households_houseregistration one ON one.district_id = %(district)s AND one.state <> 'struck'
        AND one.lane_order = alike.lane COLLATE "C"
    JOIN households_houseregistration other ON other.district_id = %(district)s AND other.state <> 'struck'
        AND other.lane_order = alike.like_lane COLLATE "C"
        AND (other.number_order, other.subdistrict_id) = (one.number_order, one.subdistrict_id)
    UNION ALL
    SELECT 5, 'two_subdistricts', array_agg(id)
    FROM house WHERE soi <> '' OR trok <> ''
    GROUP BY number_order, trok, soi
    HAVING count(DISTINCT sub) > 1
), ranked AS MATERIALIZED (
    SELECT found.strength, found.why, array_agg(house.id ORDER BY lane_order, number_order, house.id) AS ids,
           count(DISTINCT community_id) > 1 AS in_two, min(lane_order) AS lane_order, min(number_order) AS number_order
    FROM found CROSS JOIN unnest(found.ids) AS member(id)
    JOIN households_houseregistration house ON house.id = member.id
    GROUP BY found.strength, found.why, found.ids
    HAVING bool_or(house.state = 'live')
), last AS (
    SELECT NOT in_two, strength, lane_order, number_order, ids[1] FROM ranked
    WHERE why = %(after_why)s AND ids[1] = %(after_house)s
), page AS (
    SELECT why, ids, in_two FROM ranked
    WHERE %(why)s IN ('', why) AND (
        NOT EXISTS (SELECT 1 FROM last)
        OR (NOT in_two, strength, lane_order, number_order, ids[1]) > (SELECT * FROM last)
    )
    ORDER BY NOT in_two, strength, lane_order, number_order, ids[1]
    LIMIT %(limit)s
)
SELECT counted.counts, page.why, page.ids[1:%(shown)s], cardinality(page.ids), page.in_two
FROM (
    SELECT jsonb_object_agg(why, groups) AS counts
    FROM (SELECT why, count(*) AS groups FROM ranked GROUP BY why) AS kinds
) AS counted
LEFT JOIN page ON true
"""


def look_alikes(district: District, *, why: str = "", after: str = "") -> LookAlikesPage:
    """The page of groups of that kind (all kinds for "") that follows the `place` of a group, or the first."""
    after_why, _dash, after_house = after.partition("-")
    after_why = after_why if after_why in Why.values else ""
    lanes, like_lanes = _lanes_spelt_alike(district)
    with connection.cursor() as cursor:
        cursor.execute(
            LOOK_ALIKES,
            {
                "district": district.pk,
                "why": why if why in Why.values else "",
                "after_why": after_why,
                "after_house": id_in(after_house),
                "lanes": lanes,
                "like_lanes": like_lanes,
                "limit": GROUPS_A_PAGE + 1,
                "shown": HOUSES_SHOWN,
            },
        )
        rows = cursor.fetchall()
    counts = {Why(kind): groups for kind, groups in json.loads(rows[0][0] or "{}").items()}
    groups = _with_houses([row[1:] for row in rows if row[1] is not None])
    shown = groups[:GROUPS_A_PAGE]
    return LookAlikesPage(shown, counts, shown[-1].place if len(groups) > GROUPS_A_PAGE else "")


def _with_houses(rows: Sequence[tuple[str, list[int], int, bool]]) -> list[LookAlikes]:
    houses = HouseRegistration.objects.select_related("subdistrict").in_bulk(
        {house for _why, ids, _number, _in_two in rows for house in ids}
    )
    return [LookAlikes(Why(why), [houses[house] for house in ids], number, in_two) for why, ids, number, in_two in rows]


def _lanes_spelt_alike(district: District) -> tuple[list[str], list[str]]:
    """The lanes (by their lane order) that are spelt like another, and those others beside them."""
    with connection.cursor() as cursor:
        cursor.execute(LANES, {"district": district.pk})
        pairs = _pairs(frozenset(cursor.fetchall()))
    return [lane_order(Address(*one)) for one, _other in pairs], [lane_order(Address(*other)) for _one, other in pairs]


@lru_cache(maxsize=64)
def _pairs(lanes: frozenset[Names]) -> list[tuple[Names, Names]]:
    """Kept as long as the register has these lanes."""
    return pairs_spelt_alike(lanes)
