"""The figures of a district as at any day, and the houses behind each: from dated facts, never from today's state.

One relation, `house_month`, says of each house that ever had a code where it stands at the day, where it stood before
the month began, and where it came to first if that was in the month. Every figure is a condition on it, so that a
figure and its rows cannot differ. Only a day's last event of a house counts: what was undone before the day's end did
not happen for the figures.
"""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from communities.models import Community, District
from communities.thai_calendar import add_months, month_end, month_start

from .figures import (
    CentralFigures,
    CentralLine,
    CommunityFigures,
    DistrictFigures,
    HouseLine,
    MonthFigures,
    MonthLine,
    MonthTotal,
)


class Indicator(models.TextChoices):
    """A figure that counts houses, and can show them."""

    TAGGED = "tagged", _("houses tagged")
    LIVE = "live", _("of them in the register")
    STRUCK = "struck", _("of them struck off")
    BY_MACHINE = "by_machine", _("tagged from exact rows")
    BY_OFFICERS = "by_officers", _("tagged by officers")
    THIS_MONTH = "this_month", _("tagged this month")
    MOVED_IN = "moved_in", _("moved in")
    MOVED_OUT = "moved_out", _("moved out")
    KEYED = "keyed", _("keyed into the central register")
    CONFIRMED = "confirmed", _("confirmed by an extract of the central register")
    IN_NO_COMMUNITY = "in_no_community", _("in no community, as a person said")


# A batch's houses lie in the batch's district, and batches are few: they lead to its events faster than its houses do.
# Each house is told in one pass over its days, not by joining the days to themselves: without statistics the database
# takes such relations for small and would compare every house with every other. All is gathered newest first: the order
# in which the days come, so that nothing is sorted house by house.
STANDING = """
WITH day_ends AS (
    SELECT DISTINCT ON (e.house_id, e.counted_on)
           e.house_id, e.counted_on, e.happened_on, e.community_id, b.kind = 'list_exact' AS by_machine
    FROM households_tagevent e JOIN households_taggingbatch b ON b.id = e.batch_id
    WHERE b.district_id = %(district)s AND e.counted_on <= %(day)s
    ORDER BY e.house_id, e.counted_on DESC, e.id DESC
), standing AS (
    SELECT house_id,
           (array_agg(happened_on ORDER BY counted_on DESC))[1] AS tagged_on,
           (array_agg(community_id ORDER BY counted_on DESC))[1] AS stands,
           (array_agg(by_machine ORDER BY counted_on DESC))[1] AS by_machine,
           (array_agg(community_id ORDER BY counted_on DESC) FILTER (WHERE counted_on < %(month)s))[1] AS stood,
           array_agg(community_id ORDER BY counted_on DESC) FILTER (WHERE community_id IS NOT NULL) AS communities,
           min(counted_on) FILTER (WHERE community_id IS NOT NULL) >= %(month)s AS is_new
    FROM day_ends GROUP BY house_id
)
"""
HOUSE_MONTH = f"""{STANDING}, house_month AS (
    SELECT s.house_id, s.tagged_on, s.stands, s.by_machine,
           CASE WHEN s.is_new THEN s.communities[cardinality(s.communities)] END AS came,
           CASE WHEN s.is_new THEN s.communities[cardinality(s.communities)] ELSE s.stood END AS origin,
           COALESCE(life.is_struck, false) AS is_struck
    FROM standing s
    LEFT JOIN LATERAL (
        SELECT l.kind = 'struck' AS is_struck FROM households_lifeevent l
        WHERE l.house_id = s.house_id AND l.kind IN ('struck', 'restored') AND l.counted_on <= %(day)s
        ORDER BY l.counted_on DESC, l.id DESC LIMIT 1
    ) life ON true
)
"""
# Of a row of house_month `m` and a community `place`: whether the figure of that community counts the house.
COUNTED_BY = {
    Indicator.TAGGED: "m.stands = place.id",
    Indicator.LIVE: "m.stands = place.id AND NOT m.is_struck",
    Indicator.STRUCK: "m.stands = place.id AND m.is_struck",
    Indicator.BY_MACHINE: "m.stands = place.id AND m.by_machine",
    Indicator.BY_OFFICERS: "m.stands = place.id AND NOT m.by_machine",
    Indicator.THIS_MONTH: "m.came = place.id",
    Indicator.MOVED_IN: "m.stands = place.id AND m.origin IS DISTINCT FROM m.stands",
    Indicator.MOVED_OUT: "m.origin = place.id AND m.stands IS DISTINCT FROM m.origin",
}
BEHIND = """
SELECT {place}, h.id, h.house_code, h.house_no, h.trok, h.soi, h.road, s.name_th,
       m.tagged_on, m.by_machine, m.is_struck
FROM {houses}
JOIN households_houseregistration h ON h.id = m.house_id
JOIN communities_subdistrict s ON s.id = h.subdistrict_id
WHERE {counted}
ORDER BY 1, h.lane_order, h.number_order, h.id
"""
OF_DISTRICT = "place.district_id = %(district)s AND place.id = COALESCE(%(community)s, place.id)"
HOUSES_BEHIND = {
    indicator: HOUSE_MONTH
    + BEHIND.format(
        place="place.id", houses=f"house_month m JOIN communities_community place ON {counted}", counted=OF_DISTRICT
    )
    for indicator, counted in COUNTED_BY.items()
}
# A tagged house beside the central register at the day: whose code was typed there last, which code was seen last.
# Both facts of a house count in the order in which they were recorded, so the last that counts by the day is the last.
BESIDE_CENTRAL_REGISTER = """
{houses} m
LEFT JOIN communities_community place ON place.id = m.stands
LEFT JOIN LATERAL (
    SELECT k.community_id FROM households_keyingevent k
    WHERE k.house_id = m.house_id AND k.counted_on <= %(day)s ORDER BY k.counted_on DESC, k.id DESC LIMIT 1
) typed ON true
LEFT JOIN LATERAL (
    SELECT e.code FROM households_seencode e
    WHERE e.house_id = m.house_id AND e.counted_on <= %(day)s ORDER BY e.counted_on DESC, e.id DESC LIMIT 1
) seen ON true
LEFT JOIN communities_communitycode own ON own.community_id = place.id AND own.in_force_from <= %(day)s
    AND (own.in_force_until IS NULL OR own.in_force_until > %(day)s)
"""
STANDS_THERE = {
    Indicator.KEYED: "typed.community_id = place.id",
    Indicator.CONFIRMED: "seen.code = own.code",
}
# Both kinds of figures come from one pass over the district's tag events: for a large one that pass is what costs.
COUNT_HOUSES = f"""
{HOUSE_MONTH}
SELECT place.id,
       {", ".join(f"sum(m.houses) FILTER (WHERE {counted})" for counted in COUNTED_BY.values())},
       {", ".join(f"sum(m.houses) FILTER (WHERE m.stands = place.id AND m.{stands})" for stands in STANDS_THERE)}
FROM (
    SELECT m.stands, m.came, m.origin, m.by_machine, m.is_struck,
           {", ".join(f"{stands} AS {indicator}" for indicator, stands in STANDS_THERE.items())}, count(*) AS houses
    FROM {BESIDE_CENTRAL_REGISTER.format(houses="house_month")}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
) m
JOIN communities_community place ON place.id IN (m.stands, m.came, m.origin)
GROUP BY place.id
"""
# Of an issued month the other figures are kept: only these are counted.
COUNT_CENTRAL = f"""
{STANDING}
SELECT place.id, {", ".join(f"count(*) FILTER (WHERE {stands})" for stands in STANDS_THERE.values())}
FROM {BESIDE_CENTRAL_REGISTER.format(houses="standing")}
WHERE place.id IS NOT NULL
GROUP BY place.id
"""
# A house is in no community while its newest tag event by the day says so, with the reason.
IN_NO_COMMUNITY = """
WITH standing AS (
    SELECT DISTINCT ON (e.house_id) e.house_id, e.happened_on AS tagged_on, e.outside
    FROM households_tagevent e JOIN households_taggingbatch b ON b.id = e.batch_id
    WHERE b.district_id = %(district)s AND e.counted_on <= %(day)s
    ORDER BY e.house_id, e.counted_on DESC, e.id DESC
), in_none AS (
    SELECT s.house_id, s.tagged_on, false AS by_machine, COALESCE(life.is_struck, false) AS is_struck
    FROM standing s
    LEFT JOIN LATERAL (
        SELECT l.kind = 'struck' AS is_struck FROM households_lifeevent l
        WHERE l.house_id = s.house_id AND l.kind IN ('struck', 'restored') AND l.counted_on <= %(day)s
        ORDER BY l.counted_on DESC, l.id DESC LIMIT 1
    ) life ON true
    WHERE s.outside <> ''
)
"""
COUNT_IN_NO_COMMUNITY = f"{IN_NO_COMMUNITY} SELECT count(*) FROM in_none"
HOUSES_BEHIND |= {
    indicator: HOUSE_MONTH
    + BEHIND.format(
        place="place.id",
        houses=BESIDE_CENTRAL_REGISTER.format(houses="house_month"),
        counted=f"{OF_DISTRICT} AND {stands}",
    )
    for indicator, stands in STANDS_THERE.items()
}
# No community has these; asked for one, there are none.
HOUSES_BEHIND[Indicator.IN_NO_COMMUNITY] = IN_NO_COMMUNITY + BEHIND.format(
    place="0", houses="in_none m", counted="%(community)s::bigint IS NULL"
)
SETTLED = "'tagged', 'unchanged', 'closed'"
# A list counts from the day it came; one that came to hand after that month, or a later one, was closed counts from the
# first open day after it, like every fact.
LIST_COUNTS_FROM = """
GREATEST(l.received_on, (
    SELECT (max(m.month) + interval '1 month')::date FROM communities_closedmonth m
    WHERE m.district_id = l.district_id AND m.closed_at < l.received_at
))
"""
# A house that several rows name is one house of the list; a row whose number cannot be read is one of its own.
# What a list names counts until the day from which the one that corrects it counts.
COUNT_ROWS = f"""
WITH lists AS (
    SELECT l.id, l.community_id, l.corrects_id FROM households_houselist l
    WHERE l.district_id = %(district)s AND {LIST_COUNTS_FROM} <= %(day)s
), listed AS (
    SELECT r.id, l.community_id, CASE WHEN l.id NOT IN (SELECT corrects_id FROM lists WHERE corrects_id IS NOT NULL)
        THEN hashtextextended(ROW(
            CASE WHEN number_keys = '{{}}' THEN r.id END, number_keys, trok_key, soi_key, road_key, subdistrict_id
        )::text, 0) END AS house
    FROM lists l JOIN households_housenumberrecord r ON r.house_list_id = l.id
)
SELECT community_id, count(*), count(*) FILTER (WHERE outcome IN ({SETTLED})), count(DISTINCT house)
FROM listed
LEFT JOIN LATERAL (
    SELECT d.outcome FROM households_rowdecision d
    WHERE d.record_id = listed.id AND d.counted_on <= %(day)s ORDER BY d.counted_on DESC, d.id DESC LIMIT 1
) newest ON true
GROUP BY community_id
"""
# A house is one more, or one less, on each day at whose end it gained or lost a code.
BY_MONTH = """
WITH day_ends AS (
    SELECT DISTINCT ON (e.house_id, e.counted_on) e.house_id, e.counted_on, (e.community_id IS NOT NULL)::int AS tagged
    FROM households_tagevent e JOIN households_taggingbatch b ON b.id = e.batch_id
    WHERE b.district_id = %(district)s AND e.counted_on <= %(day)s
    ORDER BY e.house_id, e.counted_on, e.id DESC
), steps AS (
    SELECT counted_on, tagged - lag(tagged, 1, 0) OVER house AS step,
           tagged = 1 AND max(tagged) OVER (house ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) IS DISTINCT FROM 1
               AS is_first
    FROM day_ends WINDOW house AS (PARTITION BY house_id ORDER BY counted_on)
)
SELECT date_trunc('month', counted_on)::date, count(*) FILTER (WHERE is_first), sum(step)
FROM steps WHERE step <> 0 GROUP BY 1 ORDER BY 1
"""

NOTHING_COUNTED = dict.fromkeys(Indicator, 0)


class ListRows(NamedTuple):
    """What a community's lists hold: rows, those of them tagged or closed with a reason, and the houses they name."""

    rows: int
    settled: int
    houses: int

    @property
    def all_settled(self) -> bool:
        """Whether there are rows, and none waits for a person."""
        return 0 < self.rows == self.settled


NO_LIST = ListRows(0, 0, 0)


class Counted(NamedTuple):
    """A district's month, and how its tagged houses stand in the central register at the month's last day."""

    month: MonthFigures
    central: CentralFigures


def count_month(district: District, month: datetime.date, until: datetime.date | None = None) -> Counted:
    """The figures of the month that `month` lies in, up to its end or to the earlier day `until`; four statements.

    Everything counts by `counted_on`, up to and including the last day.
    """
    first = month_start(month)
    day = min(month_end(month), until or datetime.date.max)
    houses = {
        community: dict(zip([*COUNTED_BY, *STANDS_THERE], (int(count or 0) for count in counts), strict=True))
        for community, *counts in _rows(COUNT_HOUSES, district=district.pk, day=day, month=first)
    }
    lists = rows_of_lists(district, day)
    communities = Community.objects.filter(district=district).as_at(day).select_related("subdistrict")
    lines = tuple(
        _month_line(community, houses.get(community.pk, NOTHING_COUNTED), lists.get(community.pk, NO_LIST))
        for community in communities.order_by("label_code", "name_th")
    )
    figures = MonthFigures(first, DistrictFigures(district, day, tuple(line.at_end for line in lines)), lines)
    central = {one: CentralLine(*(counts[stands] for stands in STANDS_THERE)) for one, counts in houses.items()}
    return Counted(figures, CentralFigures(day, central, _in_no_community(district, day)))


def central_figures(district: District, day: datetime.date) -> CentralFigures:
    """How the tagged houses stand in the central register at the day, and which are in no community; two statements.

    For issued months, whose other figures are kept: no fact comes into a closed month, so that these do not change.
    """
    counted = _rows(COUNT_CENTRAL, district=district.pk, day=day, month=month_start(day))
    central = {community: CentralLine(*numbers) for community, *numbers in counted}
    return CentralFigures(day, central, _in_no_community(district, day))


def _in_no_community(district: District, day: datetime.date) -> int:
    ((houses,),) = _rows(COUNT_IN_NO_COMMUNITY, district=district.pk, day=day)
    return int(houses)


def rows_of_lists(district: District, day: datetime.date) -> dict[int, ListRows]:
    """The rows of each community (id) that sent a list by the day; one statement."""
    counted = _rows(COUNT_ROWS, district=district.pk, day=day)
    return {community: ListRows(*counts) for community, *counts in counted}


def _month_line(community: Any, houses: dict[Indicator, int], rows: ListRows) -> MonthLine:
    at_end = CommunityFigures(
        community=community.pk,
        code=community.label_code or "",
        name=community.name_th or "",
        subdistrict=community.subdistrict.name_th,
        expected=community.expected,
        listed=rows.houses,
        tagged=houses[Indicator.TAGGED],
        live=houses[Indicator.LIVE],
        tagged_by_machine=houses[Indicator.BY_MACHINE],
        is_complete=rows.all_settled,
    )
    return MonthLine(
        at_end,
        this_month=houses[Indicator.THIS_MONTH],
        moved_in=houses[Indicator.MOVED_IN],
        moved_out=houses[Indicator.MOVED_OUT],
    )


def months_until(district: District, day: datetime.date) -> list[MonthTotal]:
    """The district's months in a row, from the one before its first tag to the one `day` lies in; one statement."""
    counted = {month: (first, step) for month, first, step in _rows(BY_MONTH, district=district.pk, day=day)}
    if not counted:
        return []
    months, month, tagged = [], add_months(min(counted), -1), 0
    while month <= day:
        first, step = counted.get(month, (0, 0))
        tagged += step
        months.append(MonthTotal(month, first, int(tagged)))
        month = add_months(month, 1)
    return months


def houses_behind(
    district: District,
    day: datetime.date,
    *,
    indicator: Indicator = Indicator.TAGGED,
    community: Community | None = None,
) -> dict[int, list[HouseLine]]:
    """The houses that the figure of the month up to `day` counts, by community (id) and in lane order.

    A house that moved stands under both communities where the figure counts it for both.
    """
    found: dict[int, list[HouseLine]] = {}
    rows = _rows(
        HOUSES_BEHIND[indicator],
        district=district.pk,
        day=day,
        month=month_start(day),
        community=community.pk if community else None,
    )
    for place, *line in rows:
        found.setdefault(place, []).append(HouseLine(*line))
    return found


def _rows(sql: str, **parameters: datetime.date | int | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
