"""The small picture of a person's days: a column a day for the houses tagged, and one beside it for those keyed.

Places across are in per cent of the picture's width and heights in pixels, so that the same picture fits a desk and a
phone and its text keeps its size.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

HEIGHT, TOP, FLOOR, DAY_LINE = 108, 22, 84, 102
SHARE_OF_A_DAY = 0.8
# With more days than this not every one has room for its number.
DAYS_NAMED_EACH = 14
NAMED_EVERY = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One number of a day: its place, and whether it is written above the column (the largest of all)."""

    kind: str
    number: int
    x: str
    middle: str
    width: str
    y: int
    height: int
    said: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """The columns, and under which places the days are named."""

    columns: tuple[Column, ...]
    days: tuple[tuple[str, datetime.date], ...]
    height: int = HEIGHT
    floor: int = FLOOR
    day_line: int = DAY_LINE


def picture(days: Sequence[datetime.date], series: Mapping[str, Mapping[datetime.date, int]], largest: int) -> Picture:
    """The picture of the series (kind → day → number) over the days, on a scale that holds `largest`.

    The largest number of each series in the picture itself is written above its column.
    """
    a_day = 100 / len(days)
    width = a_day * SHARE_OF_A_DAY / len(series)
    columns = []
    for place, (kind, numbers) in enumerate(series.items()):
        highest = max(numbers.values(), default=0)
        highest_day = max((day for day, number in numbers.items() if number == highest), default=None)
        for nth, day in enumerate(days):
            if number := numbers.get(day, 0):
                x = a_day * (nth + (1 - SHARE_OF_A_DAY) / 2) + place * width
                columns.append(_column(kind, number, x, width, largest, said=day == highest_day))
    every = 1 if len(days) <= DAYS_NAMED_EACH else NAMED_EVERY
    named = tuple((_percent(a_day * (nth + 0.5)), day) for nth, day in enumerate(days) if nth % every == 0)
    return Picture(tuple(columns), named)


def _column(kind: str, number: int, x: float, width: float, largest: int, *, said: bool) -> Column:
    height = max(1, round((FLOOR - TOP) * number / max(largest, 1)))
    return Column(kind, number, _percent(x), _percent(x + width / 2), _percent(width), FLOOR - height, height, said)


def _percent(place: float) -> str:
    return f"{place:.2f}%"
