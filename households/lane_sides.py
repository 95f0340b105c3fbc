"""The two sides of a lane: which house number stands on which, in what order, and which numbers are missing.

Bangkok gives odd numbers to one side of a lane and even ones to the other, by the main number: 12/1 to 12/40
were built on the plot of 12 and stand on its side. Where all houses of a lane share the main number, the lane
itself was built on that plot, and the sub numbers part it in the same way.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise

from .house_numbers import HouseNumber, UnreadableHouseNumber, parse

_EVERY_SECOND = 2
_EVERY_ONE = 1


class Side(StrEnum):
    """A side of a lane; `UNREAD` for the numbers that nobody can read, which stand on neither."""

    ODD = "odd"
    EVEN = "even"
    UNREAD = "unread"


class Parting(StrEnum):
    """Which part of the house numbers parts a lane into its sides."""

    BY_MAIN = "main"
    BY_SUB = "sub"


# How a query tells the side by a house's stored order: the place of the digit that does, counted from 1.
TELLING_DIGIT = {Parting.BY_MAIN: 5, Parting.BY_SUB: 10}
ODD_DIGITS = ("1", "3", "5", "7", "9")
# What the orders of numbers that nobody can read begin with: they come after all others (register_extract.py).
UNREADABLE_ORDER = "~"


@dataclasses.dataclass(frozen=True)
class Missing:
    """Numbers that could stand between two houses of a side and do not: `count` of them, from `first` to `last`."""

    first: str
    last: str
    count: int


@dataclasses.dataclass(frozen=True)
class Place:
    """A house on its side: its index among the numbers given, and what is missing between it and the one before."""

    index: int
    missing: Missing | None = None


@dataclasses.dataclass(frozen=True)
class LaneSides:
    """The houses of a lane, side by side, each side in the order of its numbers."""

    parting: Parting
    odd: Sequence[Place]
    even: Sequence[Place]
    unread: Sequence[Place]


def number_read(text: str) -> HouseNumber | None:
    """The house number, or None where the register holds something that is none."""
    try:
        return parse(text)
    except UnreadableHouseNumber:
        return None


def number_of_order(order: str) -> HouseNumber | None:
    """The number that the stored order was written from, or None where nobody can read it."""
    return None if order.startswith(UNREADABLE_ORDER) else HouseNumber.of_order(order)


def parting_of(numbers: Iterable[HouseNumber | None]) -> Parting:
    """What parts the lane with these numbers; its first and its last readable number in their order are enough."""
    read = [number for number in numbers if number is not None]
    one_main = len({number.main for number in read}) == 1
    return Parting.BY_SUB if one_main and len({number.sub for number in read}) > 1 else Parting.BY_MAIN


def side_of(number: HouseNumber | None, parting: Parting) -> Side:
    """The side on which the number stands; a range stands where it begins.

    In a lane parted by the sub number, the house without one comes before all of them, on the even side.
    """
    if number is None:
        return Side.UNREAD
    telling = number.main if parting == Parting.BY_MAIN else number.sub or 0
    return Side.ODD if telling % 2 else Side.EVEN


def missing_between(before: HouseNumber, after: HouseNumber, parting: Parting) -> Missing | None:
    """What is missing between two houses that follow each other on one side; None where nothing is.

    On the plot of one main number the sub numbers follow each other one by one, for they share its side.
    """
    if before.main != after.main:
        return _missing("", _last_main(before), after.main, _EVERY_SECOND)
    step = _EVERY_ONE if parting == Parting.BY_MAIN else _EVERY_SECOND
    return _missing(f"{before.main}/", _last_sub(before), after.sub or 0, step)


def lane_sides(numbers: Sequence[HouseNumber | None]) -> LaneSides:
    """Lay out a lane's houses, given by their numbers (None for one that nobody can read), on its two sides.

    Houses of one number stand in the order given; those without a readable one come in it as well.
    """
    parting = parting_of(numbers)
    sides: dict[Side, list[int]] = {side: [] for side in Side}
    for index, number in enumerate(numbers):
        sides[side_of(number, parting)].append(index)
    return LaneSides(
        parting,
        odd=_in_order(sides[Side.ODD], numbers, parting),
        even=_in_order(sides[Side.EVEN], numbers, parting),
        unread=[Place(index) for index in sides[Side.UNREAD]],
    )


def _in_order(indexes: Sequence[int], numbers: Sequence[HouseNumber | None], parting: Parting) -> list[Place]:
    read = [(number, index) for index in indexes if (number := numbers[index]) is not None]
    read.sort(key=lambda each: each[0].order)
    first = [Place(index) for _number, index in read[:1]]
    return first + [
        Place(index, missing_between(before, number, parting)) for (before, _), (number, index) in pairwise(read)
    ]


def _last_main(number: HouseNumber) -> int:
    """The number itself, or the end of a range of main numbers such as 12-16."""
    return number.main if number.sub is not None else number.range_end or number.main


def _last_sub(number: HouseNumber) -> int:
    if number.sub is None:
        return 0
    return number.sub if number.sub2 is not None else number.range_end or number.sub


def _missing(plot: str, before: int, after: int, step: int) -> Missing | None:
    """The numbers strictly between, counted from `before` in steps of `step`; `plot` is what is written before each."""
    between = range(before + step, after, step)
    return Missing(f"{plot}{between[0]}", f"{plot}{between[-1]}", len(between)) if between else None
