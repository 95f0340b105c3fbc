"""The picture of a district's months: where its columns stand.

Places across are in per cent of the picture's width and heights in pixels, so that the same picture fits a desk and a
phone and its text keeps its size.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

HEIGHT = 240
# Above TOP the plan is named; below FLOOR the months.
TOP, FLOOR = 52, 208
LABEL_LINE, MONTH_LINE, ABOVE_COLUMN = 16, 228, 8
COLUMN_SHARE = 0.62


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A month's end: how many in all, and how many of them were added in the month."""

    total: int
    added: int


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A month's column in two pieces: what stood before below, what was added on top; the height of what was aimed at
    (None where nothing was)."""

    x: str
    width: str
    middle: str
    added_y: int
    added_height: int
    before_y: int
    before_height: int
    label_y: int
    aim_y: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """The columns, left to right, and the height of the line of what is expected (None where nobody said it)."""

    columns: tuple[Column, ...]
    plan_y: int | None
    height: int = HEIGHT
    floor: int = FLOOR
    plan_label_y: int = LABEL_LINE
    month_y: int = MONTH_LINE


def picture(steps: Sequence[Step], expected: int | None, aims: Sequence[int | None] = ()) -> Picture:
    """The picture of the steps on a scale that holds the largest of them, the expected number and the aims.

    `aims` are the houses aimed at by each step, as many as the steps, or none at all.
    """
    aimed = tuple(aims) or (None,) * len(steps)
    largest = max([step.total for step in steps] + [aim or 0 for aim in aimed] + [expected or 0, 1])
    columns = tuple(
        _column(place, len(steps), step, largest, aim)
        for place, (step, aim) in enumerate(zip(steps, aimed, strict=True))
    )
    return Picture(columns, FLOOR - _height(expected, largest) if expected else None)


def _height(houses: int, largest: int) -> int:
    return round((FLOOR - TOP) * houses / largest)


def _column(place: int, of: int, step: Step, largest: int, aim: int | None) -> Column:
    slot = 100 / of
    added = min(step.added, step.total)
    whole, before = _height(step.total, largest), _height(step.total - added, largest)
    return Column(
        x=f"{slot * (place + (1 - COLUMN_SHARE) / 2):.2f}%",
        width=f"{slot * COLUMN_SHARE:.2f}%",
        middle=f"{slot * (place + 0.5):.2f}%",
        added_y=FLOOR - whole,
        added_height=whole - before,
        before_y=FLOOR - before,
        before_height=before,
        label_y=FLOOR - whole - ABOVE_COLUMN,
        aim_y=None if aim is None else FLOOR - _height(aim, largest),
    )
