"""How good the lists are that came in: per sender and per community, by grade, by fault, and by what came back when.

A list that a corrected one replaced does not count: its rows stand in the corrected one. That it was sent back does.
A fixed handful of queries, whatever the number of lists and rows.
"""

from __future__ import annotations

import dataclasses
import datetime
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, QuerySet

from communities.models import District

from .models import HouseList, HouseNumberRecord, ListStep
from .row_reasons import Grade, Reason

# A row with one of these has no fault: it said all that is needed, once.
FAULTLESS = (Reason.ALL_PARTS, Reason.ON_ROAD, Reason.BY_ALIAS)
MOST_FAULTS = 2

# By what lists are grouped: the column of HouseList. The group None holds the lists whose sender nobody named.
BY = {"sender": "sender", "community": "community"}


@dataclasses.dataclass(frozen=True)
class Fault:
    """A reason why rows are not exact, or stand twice, and how many rows have it."""

    reason: Reason
    rows: int


@dataclasses.dataclass(frozen=True)
class ListQuality:
    """The lists of one sender or community (its id, or None). All numbers but lists, sent_back and days are rows.

    `sent_back` counts lists returned for correction; `days_to_return` is the median of days until a corrected one
    came, None where none came yet.
    """

    group: int | None
    lists: int
    exact: int
    likely: int
    several: int
    none: int
    faults: tuple[Fault, ...]
    sent_back: int
    days_to_return: float | None

    @property
    def rows(self) -> int:
        return self.exact + self.likely + self.several + self.none

    @property
    def exact_share(self) -> float:
        """From 0 to 1; 0 for a group without rows."""
        return self.exact / self.rows if self.rows else 0.0

    @property
    def commonest_faults(self) -> tuple[Fault, ...]:
        return self.faults[:MOST_FAULTS]


def quality_by(by: str, district: District) -> list[ListQuality]:
    """One entry for each sender or community (`by`, a key of BY) that sent the district a list."""
    column = BY[by]
    lists = _counted(lists_in_force(district), column)
    graded = _graded(district, column)
    returned = _days_to_return(district, column)
    return [
        _quality(group, lists.get(group, 0), graded.get(group, {}), returned.get(group, ()))
        for group in sorted({*lists, *returned}, key=lambda group: (group is None, group))
    ]


def lists_in_force(district: District) -> QuerySet[HouseList]:
    """The district's lists that no corrected list replaced."""
    return HouseList.objects.filter(district=district, corrected_by=None)


def rows_in_force(district: District) -> QuerySet[HouseNumberRecord]:
    """The rows of the lists in force."""
    return HouseNumberRecord.objects.filter(house_list__district=district, house_list__corrected_by=None)


def lists_sent_back(district: District) -> QuerySet[HouseList]:
    """The district's lists that were returned for correction, those replaced since among them."""
    returned = ListStep.objects.filter(district=district, kind=ListStep.Kind.SENT_BACK)
    return HouseList.objects.filter(pk__in=returned.values("house_list"))


def days_until_corrected(sent_back_on: datetime.date, corrected_on: datetime.date) -> int:
    """Days from sending a list back to receiving the corrected one; never less than none."""
    return max(0, (corrected_on - sent_back_on).days)


def total_of(entries: Iterable[ListQuality]) -> dict[str, int]:
    """The sums of the entries' rows by grade, and of their lists."""
    entries = list(entries)
    return {name: sum(getattr(entry, name) for entry in entries) for name in ("lists", "rows", *map(str, Grade))}


def _counted(lists: QuerySet[HouseList], column: str) -> dict[int | None, int]:
    counted = lists.order_by().values(column).annotate(lists=Count("pk"))
    return dict(counted.values_list(column, "lists"))


def _graded(district: District, column: str) -> dict[int | None, Counter[tuple[str, str]]]:
    """Rows by (grade, reason) in each group."""
    counted = (
        rows_in_force(district)
        .order_by()
        .values(f"house_list__{column}", "grade", "reason")
        .annotate(rows=Count("pk"))
        .values_list(f"house_list__{column}", "grade", "reason", "rows")
    )
    graded: dict[int | None, Counter[tuple[str, str]]] = {}
    for group, grade, reason, rows in counted:
        graded.setdefault(group, Counter())[grade, reason] = rows
    return graded


def _days_to_return(district: District, column: str) -> dict[int | None, list[int | None]]:
    """For each list of a group that was sent back, the days until it came back corrected (None: not yet)."""
    newest = ListStep.objects.filter(district=district, kind=ListStep.Kind.SENT_BACK).order_by("house_list", "id")
    steps = newest.values_list(
        "house_list", f"house_list__{column}", "happened_on", "house_list__corrected_by__received_on"
    )
    first_sent_back: dict[int, tuple[Any, ...]] = {}
    for house_list, *facts in steps:
        first_sent_back.setdefault(house_list, tuple(facts))
    found: dict[int | None, list[int | None]] = {}
    for group, sent_back_on, corrected_on in first_sent_back.values():
        days = days_until_corrected(sent_back_on, corrected_on) if corrected_on else None
        found.setdefault(group, []).append(days)
    return found


def _quality(
    group: int | None, lists: int, graded: Mapping[tuple[str, str], int], returned: Iterable[int | None]
) -> ListQuality:
    grades: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for (grade, reason), rows in graded.items():
        grades[grade] += rows
        if reason not in FAULTLESS:
            faults[reason] += rows
    returned = list(returned)
    days = [one for one in returned if one is not None]
    return ListQuality(
        group=group,
        lists=lists,
        **{grade.value: grades[grade] for grade in Grade},
        faults=tuple(Fault(Reason(reason), rows) for reason, rows in faults.most_common()),
        sent_back=len(returned),
        days_to_return=statistics.median(days) if days else None,
    )
