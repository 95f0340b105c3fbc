"""What in a community's review asks for a second look: evidence for a person, never a verdict (product.md R10).

A list decides who may vote for its community's committee, so whoever goes through it has an interest. Each review is
held against the others of its round: how long a soi took, how much was confirmed in one go, whether everything was said
alike, how many houses were said to be of another community, and which of these stand between two that stay.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median

from households.house_numbers import HouseNumber
from households.lane_sides import lane_sides

RIGHT, NOT_OURS = "right", "not_ours"

# Longer than this between two answers, somebody was away from the phone, or walking the soi before answering for it.
LONGEST_PAUSE = datetime.timedelta(minutes=15)
ENOUGH_HOUSES = 30  # of a review, before its shares say anything
ENOUGH_OF_A_LANE = 10
ENOUGH_OTHERS = 3  # reviews to hold one against
FAR_QUICKER = 4  # times
QUICK_AT_ANY_RATE = 1.0  # seconds a house: nobody reads a number faster, whatever the others do
FAR_MORE_IN_BULK = 0.5  # of the houses, above the middle of the others
ALIKE_IF_DOUBTING = 10
NUMBERS_OF_NOT_OURS = 5
HARDLY_BY_CHANCE = 0.01


class Kind(StrEnum):
    """What was noticed."""

    QUICK = "quick"
    IN_BULK = "in_bulk"
    ALIKE = "alike"
    NOT_OURS = "not_ours"
    BETWEEN = "between"


@dataclasses.dataclass(frozen=True)
class Said:
    """A verdict that stands on a house of the list, in the order in which the verdicts came.

    `phone` is the phone's own clock, which may be wrong and is then wrong alike for all of it; `recorded` the office's.
    """

    lane: str
    kind: str
    in_bulk: bool
    on_paper: bool
    recorded: datetime.datetime
    phone: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True)
class LanePace:
    """How long the answers for the houses of a lane took."""

    lane: str
    houses: int
    seconds: float

    @property
    def seconds_a_house(self) -> float:
        """The time of one house."""
        return self.seconds / self.houses


@dataclasses.dataclass(frozen=True)
class Habit:
    """A review in the numbers that are held against those of the others; `lanes` as said on a phone."""

    decided: int
    doubted: int
    not_ours: int
    kinds: int
    on_phone: int
    in_bulk: int
    lanes: Sequence[LanePace]

    @property
    def seconds_a_house(self) -> float | None:
        """The time of one house on the phone, over all lanes; None where nothing was said on one."""
        return sum(lane.seconds for lane in self.lanes) / self.on_phone if self.on_phone else None

    @property
    def share_in_bulk(self) -> float:
        """The part of the houses on the phone that were confirmed as the rest of a soi."""
        return self.in_bulk / self.on_phone if self.on_phone else 0.0


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something to look at: the review's own measure, the middle of the others', and what it was seen in.

    `lanes` are those done quickly, `houses` those (ids) that stand between two that stay.
    """

    kind: Kind
    own: float
    others: float | None = None
    lanes: Sequence[LanePace] = ()
    houses: Sequence[int] = ()


def habit_of(said: Sequence[Said]) -> Habit:
    """The habit of one review from its standing verdicts, in the order in which they came."""
    phone = [one for one in said if not one.on_paper]
    return Habit(
        decided=len(said),
        doubted=sum(one.kind != RIGHT for one in said),
        not_ours=sum(one.kind == NOT_OURS for one in said),
        kinds=len({one.kind for one in said}),
        on_phone=len(phone),
        in_bulk=sum(one.in_bulk for one in phone),
        lanes=_paces(phone),
    )


def _paces(said: Sequence[Said]) -> list[LanePace]:
    """The lanes with the time from answer to answer; the first answer of all took none that anybody knows."""
    seconds: dict[str, float] = defaultdict(float)
    for before, one in pairwise(said):
        seconds[one.lane] += _between(before, one).total_seconds()
    houses = Counter(one.lane for one in said)
    return [LanePace(lane, number, seconds[lane]) for lane, number in houses.items()]


def _between(before: Said, after: Said) -> datetime.timedelta:
    """By the phone's clock where both have it, for what waited on the phone arrived all at once."""
    gap = after.phone - before.phone if before.phone and after.phone else after.recorded - before.recorded
    return min(max(gap, datetime.timedelta(0)), LONGEST_PAUSE)


def findings(habits: Mapping[int, Habit]) -> dict[int, list[Finding]]:
    """What is noticed in each review of a round, by its id; reviews in which nothing is are left out."""
    noticed = {}
    for review, habit in habits.items():
        others = [other for pk, other in habits.items() if pk != review and other.decided >= ENOUGH_HOUSES]
        found = [one for judge in _JUDGES if (one := judge(habit, others))]
        if found:
            noticed[review] = found
    return noticed


def _quick(habit: Habit, others: Sequence[Habit]) -> Finding | None:
    """Most of the houses lie in lanes that were done far quicker than the lanes of the others."""
    usual = [lane.seconds_a_house for other in others for lane in _of_size(other.lanes)]
    middle = median(usual) if len(others) >= ENOUGH_OTHERS and usual else None
    limit = max(QUICK_AT_ANY_RATE, middle / FAR_QUICKER if middle else 0.0)
    quick = [lane for lane in _of_size(habit.lanes) if lane.seconds_a_house < limit]
    in_quick = sum(lane.houses for lane in quick)
    if habit.on_phone < ENOUGH_HOUSES or in_quick * 2 < habit.on_phone:
        return None
    own = sum(lane.seconds for lane in quick) / in_quick
    return Finding(Kind.QUICK, own, middle, lanes=sorted(quick, key=lambda lane: lane.seconds_a_house))


def _of_size(lanes: Sequence[LanePace]) -> list[LanePace]:
    return [lane for lane in lanes if lane.houses >= ENOUGH_OF_A_LANE]


def _in_bulk(habit: Habit, others: Sequence[Habit]) -> Finding | None:
    """Far more was confirmed as the rest of a soi than others confirm so."""
    on_phones = [other.share_in_bulk for other in others if other.on_phone >= ENOUGH_HOUSES]
    if habit.on_phone < ENOUGH_HOUSES or len(on_phones) < ENOUGH_OTHERS:
        return None
    middle = median(on_phones)
    far = habit.share_in_bulk - middle >= FAR_MORE_IN_BULK
    return Finding(Kind.IN_BULK, habit.share_in_bulk, middle) if far else None


def _alike(habit: Habit, others: Sequence[Habit]) -> Finding | None:
    """Every house was said to be the same: all right though others doubt some, or all doubtful."""
    if habit.kinds != 1:
        return None
    if habit.doubted:
        return Finding(Kind.ALIKE, 1.0) if habit.decided >= ALIKE_IF_DOUBTING else None
    decided, doubted = sum(other.decided for other in others), sum(other.doubted for other in others)
    if habit.decided < ENOUGH_HOUSES or len(others) < ENOUGH_OTHERS:
        return None
    doubts = doubted / decided
    by_chance = (1 - doubts) ** habit.decided
    return Finding(Kind.ALIKE, 0.0, doubts) if by_chance < HARDLY_BY_CHANCE else None


def _not_ours(habit: Habit, others: Sequence[Habit]) -> Finding | None:
    """More houses were said to be of another community than chance brings among as many of the others' houses."""
    if habit.not_ours < NUMBERS_OF_NOT_OURS:
        return None
    decided, not_ours = sum(other.decided for other in others), sum(other.not_ours for other in others)
    # One more on both sides: where no other review has any, the next one is still no wonder.
    expected = habit.decided * (not_ours + 1) / (decided + ENOUGH_HOUSES)
    if _at_least(habit.not_ours, expected) >= HARDLY_BY_CHANCE:
        return None
    return Finding(Kind.NOT_OURS, habit.not_ours / habit.decided, not_ours / decided if decided else None)


def _at_least(number: int, expected: float) -> float:
    """How likely as many or more are where so many are expected (Poisson's law)."""
    fewer = math.fsum(
        math.exp(count * math.log(expected) - expected - math.lgamma(count + 1)) for count in range(number)
    )
    return max(0.0, 1 - fewer)


_JUDGES = (_quick, _in_bulk, _alike, _not_ours)


@dataclasses.dataclass(frozen=True)
class Standing:
    """A house of a lane: its number (None for one that nobody can read) and the community it is tagged to."""

    house: int
    number: HouseNumber | None
    community: int | None


def between_two_that_stay(lane: Sequence[Standing], *, taken_out: Collection[int], community: int) -> list[int]:
    """Those of the houses (ids) taken out of the community whose next houses on both sides of them stay in it.

    The next house is the next on the same side of the lane that is tagged and not itself taken out.
    """
    sides = lane_sides([one.number for one in lane])
    found: list[int] = []
    for side in (sides.odd, sides.even):
        row = [lane[place.index] for place in side]
        stays = [one.community == community for one in row if _is_landmark(one, taken_out)]
        passed = 0
        for one in row:
            if _is_landmark(one, taken_out):
                passed += 1
            elif one.house in taken_out and 0 < passed < len(stays) and stays[passed - 1] and stays[passed]:
                found.append(one.house)
    return found


def _is_landmark(one: Standing, taken_out: Collection[int]) -> bool:
    return one.community is not None and one.house not in taken_out
