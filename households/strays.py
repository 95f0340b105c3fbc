"""Strays: houses in the row of another community, which is how a wrong tag mostly looks.

A house is a stray where the nearest tagged house before it and the nearest after it, on its side of the lane, belong
to one other community. Sides are those of `lane_sides`; lanes of one name in two sub-districts are two lanes here, and
houses in no lane have no neighbours.
Found by one statement for the whole district.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import F, QuerySet

from communities.models import District

from .models import DeskCheck


@dataclasses.dataclass(frozen=True)
class Stray:
    """A stray (ids throughout), its community, the tagged houses on both sides and the community they share.

    `found_right` is the check (id) by which somebody found it right as it is; None while it is to be looked at.
    """

    house: int
    lane_order: str
    community: int
    before: int
    after: int
    neighbours_community: int
    found_right: int | None


# number_order begins with the main and the sub number, five digits each; the last digit of a number tells its side,
# and its character is odd or even as the digit is. The sides must be those of lane_sides.side_of (a test compares).
# A check holds for the tag that it was about: neither older than the newest tag event nor of another community.
# Only lanes with houses of two communities are walked, and each is fetched by itself (OFFSET 0): most of a district has
# no strays, and statistics that lag behind a load must not lead the planner through all of it.
_LANES_OF_TWO_COMMUNITIES = """
SELECT of_one.lane_order
FROM communities_community c
CROSS JOIN LATERAL (
    SELECT DISTINCT h.lane_order FROM households_houseregistration h WHERE h.community_id = c.id OFFSET 0
) AS of_one
WHERE c.district_id = %(district)s
GROUP BY of_one.lane_order HAVING count(*) > 1
"""
_LANES_NAMED = """
SELECT named.lane_order FROM unnest(%(lanes)s::text[]) AS named(lane_order)
"""
_STRAYS = """
WITH to_walk AS MATERIALIZED (
    {lanes}
), house AS MATERIALIZED (
    SELECT one.id, one.subdistrict_id AS sub, one.lane_order, one.number_order, left(one.number_order, 5) AS main,
           substr(one.number_order, 6, 5) AS part,
           CASE WHEN one.state = 'live' THEN one.community_id END AS community_id
    FROM to_walk CROSS JOIN LATERAL (
        SELECT h.* FROM households_houseregistration h
        WHERE h.district_id = %(district)s AND h.lane_order = to_walk.lane_order AND h.number_order < ':' OFFSET 0
    ) AS one
    WHERE (one.trok_key, one.soi_key, one.road_key) <> ('', '', '')
), lane AS (
    SELECT lane_order, sub, row_number() OVER (ORDER BY lane_order, sub) AS nth,
           min(main) = max(main) AND min(part) <> max(part) AS parted_by_sub
    FROM house GROUP BY lane_order, sub HAVING min(community_id) <> max(community_id)
), walked AS (
    SELECT house.id, nth, lane_order, number_order, community_id,
           lag(house.id) OVER side AS before, lag(community_id) OVER side AS community_before,
           lead(house.id) OVER side AS after, lead(community_id) OVER side AS community_after
    FROM house JOIN lane USING (lane_order, sub)
    WHERE community_id IS NOT NULL
    WINDOW side AS (
        PARTITION BY nth, ascii(right(CASE WHEN parted_by_sub THEN part ELSE main END, 1)) %% 2
        ORDER BY number_order, house.id
    )
)
SELECT walked.id, lane_order, community_id, before, after, community_before, (
    SELECT c.id FROM households_deskcheck c
    WHERE c.house_id = walked.id AND c.kind = 'stray' AND c.takes_back_id IS NULL
      AND c.community_id = walked.community_id
      AND NOT EXISTS (SELECT 1 FROM households_deskcheck t WHERE t.takes_back_id = c.id)
      AND NOT EXISTS (
          SELECT 1 FROM households_tagevent e WHERE e.house_id = walked.id AND e.recorded_at > c.recorded_at
      )
    ORDER BY c.id DESC LIMIT 1
)
FROM walked
WHERE community_before = community_after AND community_before <> community_id
ORDER BY nth, number_order, walked.id
"""


def strays_of(district: District, *, lanes: Collection[str] | None = None) -> list[Stray]:
    """The district's strays in lane order, those found right among them; of these lanes only (their `lane_order`)."""
    sql = _STRAYS.format(lanes=_LANES_OF_TWO_COMMUNITIES if lanes is None else _LANES_NAMED)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"district": district.pk, "lanes": list(lanes or ())})
        return [Stray(*row) for row in cursor.fetchall()]


def to_look_at(strays: Sequence[Stray]) -> list[Stray]:
    """Those of the strays that nobody has found right."""
    return [stray for stray in strays if stray.found_right is None]


def strays_found_right(district: District) -> QuerySet[DeskCheck]:
    """The checks of the district's strays that hold for the community their house has now, the newest first."""
    return (
        DeskCheck.objects.standing()
        .filter(kind=DeskCheck.Kind.STRAY, house__district=district, community=F("house__community"))
        .select_related("house__subdistrict", "recorded_by")
        .order_by("-id")
    )
