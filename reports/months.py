"""A district's months in a row: what each counted, and the report of those that are issued."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import connection
from django.db.models import Count, Q, Sum

from communities.models import Community, District
from communities.thai_calendar import add_months, month_start

from .figures import MonthTotal
from .indicators import LIST_COUNTS_FROM, SETTLED, months_until
from .models import KpiReport

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


@dataclasses.dataclass(frozen=True, slots=True)
class Month:
    """A month: houses first tagged in it, and at its end the houses tagged and the communities complete."""

    month: datetime.date
    this_month: int
    tagged: int
    complete: int
    report: KpiReport | None = None


class Sums(TypedDict):
    """What an issued report's lines add up to."""

    this_month: int
    tagged: int
    complete: int


def months_of(district: District, day: datetime.date) -> list[Month]:
    """Every month from the one before anything counted up to the one `day` lies in, oldest first; three statements."""
    totals = {total.month: total for total in months_until(district, day)}
    complete = _complete_by_month(district, day)
    frozen = {report.month: report for report in _issued(district)}
    months, month = [], min([*totals, *complete, *frozen, month_start(day)])
    so_far = MonthTotal(month, 0, 0), 0
    while month <= day:
        so_far = totals.get(month, dataclasses.replace(so_far[0], this_month=0)), complete.get(month, so_far[1])
        months.append(_month(month, *so_far, frozen.get(month)))
        month = add_months(month, 1)
    return months


def _month(
    month: datetime.date, total: MonthTotal, complete: int, report: WithAnnotations[KpiReport, Sums] | None
) -> Month:
    """The month as it was frozen, else as it counts today."""
    if report is None:
        return Month(month, total.this_month, total.tagged, complete)
    return Month(month, report.this_month, report.tagged, report.complete, report)


def _issued(district: District) -> Iterable[WithAnnotations[KpiReport, Sums]]:
    sums = {
        "this_month": Sum("figures__this_month", default=0),
        "tagged": Sum("figures__tagged", default=0),
        "complete": Count("figures", filter=Q(figures__is_complete=True)),
    }
    issued: Any = KpiReport.objects.filter(district=district).defer("workbook").annotate(**sums)
    return issued


def worth_listing(months: list[Month], today: datetime.date) -> list[Month]:
    """The months in which something changed or that are issued, and the last two; newest first."""
    recent = add_months(month_start(today), -1)
    changed = _changed(months)
    return [month for month in reversed(months) if month in changed or month.report or month.month >= recent]


def in_the_picture(months: list[Month], number: int) -> list[Month]:
    """The last `number` of the months up to the one after the last change."""
    changed = _changed(months)
    end = months.index(changed[-1]) + 2 if changed else len(months)
    return months[:end][-number:]


def _changed(months: list[Month]) -> list[Month]:
    """The months that counted something, or ended with other numbers than the month before."""
    return [
        month
        for before, month in itertools.pairwise(months)
        if month.this_month or (month.tagged, month.complete) != (before.tagged, before.complete)
    ]


def expected_of(district: District, day: datetime.date) -> int | None:
    """How many houses the district's communities were said to have; None where nobody said it of any."""
    said = Community.objects.filter(district=district).as_at(day).values_list("expected", flat=True)
    known = [houses for houses in said if houses is not None]
    return sum(known) if known else None


# A row is one more to settle from the day its list counts, and settled from the day of the decision that says so.
ROWS_BY_MONTH = f"""
WITH listed AS (
    SELECT r.id, l.community_id, {LIST_COUNTS_FROM} AS day
    FROM households_houselist l JOIN households_housenumberrecord r ON r.house_list_id = l.id
    WHERE l.district_id = %(district)s
), day_ends AS (
    SELECT DISTINCT ON (d.record_id, d.counted_on)
           d.record_id, listed.community_id, GREATEST(d.counted_on, listed.day) AS day, d.counted_on,
           (d.outcome IN ({SETTLED}))::int AS settled
    FROM households_rowdecision d JOIN listed ON listed.id = d.record_id
    ORDER BY d.record_id, d.counted_on, d.id DESC
), steps AS (
    SELECT community_id, day,
           settled - lag(settled, 1, 0) OVER (PARTITION BY record_id ORDER BY counted_on) AS settled
    FROM day_ends
), changes AS (
    SELECT community_id, day, 1 AS listed, 0 AS settled FROM listed
    UNION ALL
    SELECT community_id, day, 0, settled FROM steps
)
SELECT date_trunc('month', day)::date, community_id, sum(listed), sum(settled)
FROM changes WHERE day <= %(day)s GROUP BY 1, 2 ORDER BY 1
"""


def _complete_by_month(district: District, day: datetime.date) -> dict[datetime.date, int]:
    """How many communities were complete at the end of each month in which rows came or were settled."""
    listed: dict[int, int] = {}
    settled: dict[int, int] = {}
    complete: dict[datetime.date, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(ROWS_BY_MONTH, {"district": district.pk, "day": day})
        for month, community, more_listed, more_settled in cursor.fetchall():
            listed[community] = listed.get(community, 0) + more_listed
            settled[community] = settled.get(community, 0) + more_settled
            complete[month] = sum(0 < listed[place] == settled[place] for place in listed)
    return complete
