"""The figures of a district as at any day: counted from dated facts, never from today's state.

What the figures mean is written in docs/figures.md: a house counts as tagged while the newest of its tag events
that count by the day gives it a community, whatever became of the house later.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from django.db import connection

from communities.models import Community, District
from communities.thai_calendar import add_months, month_end, month_start

ONE_DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class CommunityFigures:
    """A community as at a day: counts of houses. `expected` is None where nobody said it; `listed` counts list rows."""

    community: int
    code: str
    name: str
    subdistrict: str
    expected: int | None
    listed: int
    tagged: int
    live: int
    tagged_by_machine: int
    is_complete: bool

    @property
    def tagged_by_officers(self) -> int:
        """Houses whose standing tag a person decided."""
        return self.tagged - self.tagged_by_machine

    @property
    def remaining(self) -> int:
        """Expected houses not tagged yet; 0 where more are tagged than expected."""
        return max((self.expected or 0) - self.tagged, 0)


@dataclasses.dataclass(frozen=True)
class DistrictFigures:
    """A district as at a day, and each of its communities in the order of their codes."""

    district: District
    day: datetime.date
    communities: tuple[CommunityFigures, ...]

    @property
    def houses_tagged(self) -> int:
        """Houses that carry a community's code on that day, whatever became of them later."""
        return sum(line.tagged for line in self.communities)

    @property
    def houses_live(self) -> int:
        """Those of them not struck off by that day."""
        return sum(line.live for line in self.communities)

    @property
    def tagged_by_machine(self) -> int:
        """Those whose standing tag came from an exact row."""
        return sum(line.tagged_by_machine for line in self.communities)

    @property
    def expected(self) -> int:
        """What all communities together were said to have."""
        return sum(line.expected or 0 for line in self.communities)

    @property
    def communities_complete(self) -> int:
        """Communities whose lists have no open row on that day."""
        return sum(line.is_complete for line in self.communities)

    @property
    def communities_total(self) -> int:
        """All communities of the district."""
        return len(self.communities)


@dataclasses.dataclass(frozen=True)
class MonthLine:
    """A community's month: `this_month` first tags, moves in and out, and how it stands at the end (`at_end`)."""

    at_end: CommunityFigures
    this_month: int
    moved_in: int
    moved_out: int


@dataclasses.dataclass(frozen=True)
class MonthFigures:
    """A district's month; before + this_month + moved_in − moved_out = at the end, line by line and in all."""

    month: datetime.date
    at_end: DistrictFigures
    lines: tuple[MonthLine, ...]

    @property
    def this_month(self) -> int:
        """Houses tagged for the first time in the month."""
        return sum(line.this_month for line in self.lines)

    @property
    def moved_in(self) -> int:
        """Houses that came from another community or came back."""
        return sum(line.moved_in for line in self.lines)

    @property
    def moved_out(self) -> int:
        """Houses that went to another community or lost their code."""
        return sum(line.moved_out for line in self.lines)


# Of the tag events that count by the day, the newest of each house says where it stands.
STANDING = """
SELECT DISTINCT ON (e.house_id) e.house_id, e.community_id, b.kind
FROM households_tagevent e
JOIN households_houseregistration h ON h.id = e.house_id
JOIN households_taggingbatch b ON b.id = e.batch_id
WHERE h.district_id = %(district)s AND e.counted_on <= %(day)s
ORDER BY e.house_id, e.counted_on DESC, e.id DESC
"""
STRUCK = """
SELECT DISTINCT ON (l.house_id) l.house_id, l.kind
FROM households_lifeevent l
WHERE l.kind IN ('struck', 'restored') AND l.counted_on <= %(day)s
  AND l.house_id IN (SELECT house_id FROM standing)
ORDER BY l.house_id, l.counted_on DESC, l.id DESC
"""
COUNT_STANDING = f"""
WITH standing AS MATERIALIZED ({STANDING}), struck AS ({STRUCK})
SELECT s.community_id,
       count(*),
       count(*) FILTER (WHERE k.kind IS DISTINCT FROM 'struck'),
       count(*) FILTER (WHERE s.kind = 'list_exact')
FROM standing s LEFT JOIN struck k ON k.house_id = s.house_id
WHERE s.community_id IS NOT NULL
GROUP BY s.community_id
"""
COUNT_ROWS = """
SELECT l.community_id, count(*), count(*) FILTER (WHERE d.outcome IN ('tagged', 'unchanged', 'closed'))
FROM households_houselist l
JOIN households_housenumberrecord r ON r.house_list_id = l.id
LEFT JOIN LATERAL (
    SELECT outcome FROM households_rowdecision
    WHERE record_id = r.id AND counted_on <= %(day)s
    ORDER BY counted_on DESC, id DESC LIMIT 1
) d ON true
WHERE l.district_id = %(district)s AND l.received_on <= %(day)s
GROUP BY l.community_id
"""
# Where each house stood at the end of each day on which it was tagged, moved or untagged.
MOVES = f"""
WITH day_ends AS (
    SELECT DISTINCT ON (e.house_id, e.counted_on) e.house_id, e.counted_on, e.community_id
    FROM households_tagevent e JOIN households_houseregistration h ON h.id = e.house_id
    WHERE h.district_id = %(district)s AND e.counted_on <= %(day)s
    ORDER BY e.house_id, e.counted_on, e.id DESC
), at_end AS ({STANDING}),
before AS (
    SELECT DISTINCT ON (house_id) house_id, community_id FROM day_ends
    WHERE counted_on <= %(day_before)s ORDER BY house_id, counted_on DESC
), known AS (
    SELECT DISTINCT house_id FROM day_ends WHERE counted_on <= %(day_before)s AND community_id IS NOT NULL
)
SELECT a.community_id AS now, b.community_id AS earlier, k.house_id IS NOT NULL AS was_known, count(*)
FROM at_end a
LEFT JOIN before b ON b.house_id = a.house_id
LEFT JOIN known k ON k.house_id = a.house_id
WHERE a.community_id IS DISTINCT FROM b.community_id
GROUP BY 1, 2, 3
"""


def figures_as_at(district: District, day: datetime.date) -> DistrictFigures:
    """The district's figures by `counted_on` up to and including `day`."""
    standing = _rows(COUNT_STANDING, district=district.pk, day=day)
    rows = _rows(COUNT_ROWS, district=district.pk, day=day)
    communities = Community.objects.filter(district=district).as_at(day).select_related("subdistrict")
    return DistrictFigures(
        district,
        day,
        tuple(_figures_of(community, standing, rows) for community in communities.order_by("label_code", "name_th")),
    )


def _rows(sql: str, **parameters: object) -> dict[int, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {community: tuple(counts) for community, *counts in cursor.fetchall()}


def _figures_of(
    community: Community, standing: dict[int, tuple[int, ...]], rows: dict[int, tuple[int, ...]]
) -> CommunityFigures:
    tagged, live, by_machine = standing.get(community.pk, (0, 0, 0))
    listed, settled = rows.get(community.pk, (0, 0))
    return CommunityFigures(
        community=community.pk,
        code=community.label_code or "",
        name=community.name_th or "",
        subdistrict=community.subdistrict.name_th,
        expected=community.expected,
        listed=listed,
        tagged=tagged,
        live=live,
        tagged_by_machine=by_machine,
        is_complete=listed > 0 and settled == listed,
    )


def month_figures(district: District, month: datetime.date, until: datetime.date | None = None) -> MonthFigures:
    """The figures of the month that `month` lies in, up to its end or to the earlier day `until`."""
    first = month_start(month)
    last = min(month_end(month), until or datetime.date.max)
    at_end = figures_as_at(district, last)
    with connection.cursor() as cursor:
        cursor.execute(MOVES, {"district": district.pk, "day": last, "day_before": first - ONE_DAY})
        moves = cursor.fetchall()
    return MonthFigures(first, at_end, tuple(_month_line(line, moves) for line in at_end.communities))


def _month_line(line: CommunityFigures, moves: Iterable[tuple[int | None, int | None, bool, int]]) -> MonthLine:
    mine = [move for move in moves if line.community in move[:2]]
    return MonthLine(
        at_end=line,
        this_month=sum(count for now, _, was_known, count in mine if now == line.community and not was_known),
        moved_in=sum(count for now, _, was_known, count in mine if now == line.community and was_known),
        moved_out=sum(count for _, earlier, _, count in mine if earlier == line.community),
    )


def figures_by_month(district: District, until: datetime.date) -> list[tuple[datetime.date, int]]:
    """The houses tagged at the end of each month from the month before the first tag up to `until`."""
    first = _first_tag(district)
    if first is None or first > until:
        return []
    months, month = [], add_months(month_start(first), -1)
    while month <= until:
        months.append(month)
        month = add_months(month, 1)
    with connection.cursor() as cursor:
        cursor.execute(TAGGED_AT_ENDS, {"district": district.pk, "ends": [month_end(month) for month in months]})
        tagged = dict(cursor.fetchall())
    return [(month, tagged.get(month_end(month), 0)) for month in months]


TAGGED_AT_ENDS = """
WITH steps AS (
    SELECT e.counted_on,
           (e.community_id IS NOT NULL)::int - (e.previous_community_id IS NOT NULL)::int AS step
    FROM households_tagevent e JOIN households_houseregistration h ON h.id = e.house_id
    WHERE h.district_id = %(district)s
)
SELECT ends.day, COALESCE(sum(steps.step), 0)
FROM unnest(%(ends)s::date[]) AS ends(day) LEFT JOIN steps ON steps.counted_on <= ends.day
GROUP BY ends.day
"""


def _first_tag(district: District) -> datetime.date | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.counted_on) FROM households_tagevent e "
            "JOIN households_houseregistration h ON h.id = e.house_id WHERE h.district_id = %s",
            [district.pk],
        )
        return cursor.fetchone()[0]


@dataclasses.dataclass(frozen=True, slots=True)
class HouseLine:
    """A house that a figure counts, as at the figure's day; `tagged_on` is the true day of its standing tag."""

    house: int
    house_code: str
    house_no: str
    trok: str
    soi: str
    road: str
    subdistrict: str
    tagged_on: datetime.date
    by_machine: bool
    is_struck: bool


HOUSES_BEHIND = f"""
WITH standing AS MATERIALIZED ({STANDING.replace("b.kind", "b.kind, e.happened_on")}), struck AS ({STRUCK})
SELECT s.community_id, h.id, h.house_code, h.house_no, h.trok, h.soi, h.road, d.name_th,
       s.happened_on, s.kind = 'list_exact', COALESCE(k.kind = 'struck', false)
FROM standing s
JOIN households_houseregistration h ON h.id = s.house_id
JOIN communities_subdistrict d ON d.id = h.subdistrict_id
LEFT JOIN struck k ON k.house_id = s.house_id
WHERE s.community_id IS NOT NULL
ORDER BY h.lane_order, h.number_order, h.id
"""


def houses_behind(district: District, day: datetime.date) -> dict[int, list[HouseLine]]:
    """The houses that `houses_tagged` counts as at `day`, by community (id), in lane order."""
    found: dict[int, list[HouseLine]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HOUSES_BEHIND, {"district": district.pk, "day": day})
        for community, *line in cursor.fetchall():
            found.setdefault(community, []).append(HouseLine(*line))
    return found
