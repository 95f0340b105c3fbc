"""The rows around a row as evidence of which of several houses it means (docs/reasons.md, "How the rows around count").

Lists are mostly typed soi by soi, and leave a soi empty by a habit of their own. Each such habit is first
put to the test on the rows of the same list whose house is known; only one that holds nearly always is used, and
it raises "several" to "likely", never further.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..row_reasons import Grade, Reason
from .grading import Candidate, RowKeys, Verdict
from .lane_names import one_slip_apart
from .list_habits import BY_ANOTHER_SUBDISTRICT, Row, several

Lane = tuple[int, str, str, str]

# A habit is used where it was right in 97 of 100 known cases of the list, and these were not too few.
_FEWEST_CASES = 5
_RIGHT_OF_100 = 97
# How many known rows above and below must be in order for the place between them to be so.
_AROUND = 4
# A list has an order to compare a slip with where as many of its rows stand in a lane of a row beside them.
_MOSTLY = 0.8
# How far beyond the first and the last known row the numbers still tell anything.
_NEAR_THE_END = 2


class Known(NamedTuple):
    """A row, by its place in the list, whose house is known, and the lane that it therefore stands in."""

    place: int
    house: Candidate
    lane: Lane


def lane_of(house: Candidate) -> Lane:
    """What tells a house's lane from every other of the district."""
    return (house.subdistrict, house.road, house.soi, house.trok)


def raised_by_neighbours(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts with each "several" raised to likely where the list's habits point to one of its houses.

    Those that stay several show the houses of the lanes around first.
    """
    raised = list(verdicts)
    open_places = [place for place, verdict in enumerate(verdicts) if _is_open(verdict)]
    if not open_places:
        return raised
    evidence = _Evidence(rows, verdicts)
    chosen = {place: evidence.house_of(place) for place in open_places}
    named = Counter(chosen.values())
    for place, house in chosen.items():
        # Of two rows that would get one house, one at least means another.
        if house is not None and named[house] == 1:
            raised[place] = _likely(verdicts[place], house)
        else:
            raised[place] = _sorted(verdicts[place], evidence.remoteness(place))
    return raised


def doubted_by_neighbours(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts with those exact ones taken back that may be a slip of the hand into another lane.

    "เทอดไท 1" may be "เทอดไท 11" with a digit lost, and both may have the number. A row that stands in no lane
    of the rows beside it is doubted where one of these lanes is a sign apart, has the number and its house is
    named by no other row. In a list without order any lane of the list raises the doubt, and a lesser one.
    """
    known = _known_rows(verdicts)
    taken = {each.house.house for each in known}
    doubted = list(verdicts)
    alone = _alone_in_lane(known)
    if not _mostly_in_order(known, alone):
        everywhere = {each.lane for each in known}
        for each in known:
            if verdicts[each.place].grade == Grade.EXACT and _slips(rows[each.place], each, everywhere, taken):
                doubted[each.place] = dataclasses.replace(
                    verdicts[each.place], grade=Grade.LIKELY, reason=Reason.ALIKE_LANE
                )
        return doubted
    for each, lanes in alone:
        if _may_be_a_slip(verdicts[each.place]) and (slips := _slips(rows[each.place], each, lanes, taken)):
            doubted[each.place] = several(rows[each.place], [*slips, each.house])
    return doubted


def out_of_lane(houses: Mapping[int, Candidate]) -> list[int]:
    """The rows, by place, that `doubted_by_neighbours` may doubt, given what each plainly means in the list's order."""
    known = [Known(place, house, lane_of(house)) for place, house in houses.items()]
    alone = _alone_in_lane(known)
    return [each.place for each, _lanes in alone] if _mostly_in_order(known, alone) else list(houses)


def _may_be_a_slip(verdict: Verdict) -> bool:
    return verdict.grade == Grade.EXACT or verdict.reason in BY_ANOTHER_SUBDISTRICT


def _slips(row: Row, known: Known, lanes: Collection[Lane], taken: Collection[int]) -> list[Candidate]:
    """Houses of the row's number in these lanes, a sign apart from its own, that no row is known to mean."""
    return [
        house
        for house in row[1]
        if lane_of(house) in lanes
        and house.house not in taken
        and house.number == known.house.number
        and one_slip_apart(house[1:4], known.house[1:4])
    ]


_Alone = list[tuple[Known, set[Lane]]]


def _mostly_in_order(known: Sequence[Known], alone: _Alone) -> bool:
    return len(alone) <= (1 - _MOSTLY) * len(known)


def _alone_in_lane(known: Sequence[Known]) -> _Alone:
    """The known rows that stand in no lane of the known rows beside them, with those lanes."""
    lanes = [None, *(each.lane for each in known), None]
    return [
        (each, {beside for beside in (above, below) if beside})
        for each, above, lane, below in zip(known, lanes, lanes[1:], lanes[2:], strict=False)
        if lane not in (above, below)
    ]


def _is_open(verdict: Verdict) -> bool:
    return verdict.reason == Reason.SEVERAL_HOUSES and len(verdict.meant) > 1


def _likely(verdict: Verdict, house: Candidate) -> Verdict:
    shown = sorted(verdict.candidates, key=lambda each: each[0] != house.house)
    if shown[0][0] != house.house:
        shown = [(house.house, ()), *shown[:-1]]
    return Verdict(Grade.LIKELY, Reason.NEIGHBOURS, tuple(shown), (house,))


def _sorted(verdict: Verdict, remoteness: dict[int, int]) -> Verdict:
    nowhere = max(remoteness.values()) + 1
    shown = sorted(verdict.candidates, key=lambda each: remoteness.get(each[0], nowhere))
    return dataclasses.replace(verdict, candidates=tuple(shown))


class _Evidence:
    """What is known of a list's rows, and which habits it has."""

    def __init__(self, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> None:
        self.rows = [row for row, _candidates in rows]
        self.verdicts = verdicts
        self.known = _known_rows(verdicts)
        self.places = [known.place for known in self.known]
        self.taken = {known.house.house for known in self.known}
        self.lanes = Counter(known.lane for known in self.known)
        self.has_order = goes_lane_by_lane(self.known)
        self.numbers_rise = _numbers_rise(self.known)
        self.keeps_to_its_lanes = _holds(self.lanes[known.lane] > 1 for known in self.known)
        self.lane_above = _lanes_stated_above(self.rows, self.known)
        self.empty_is_as_above = {has_road: self._empty_is_as_above(has_road) for has_road in (False, True)}
        self.empty_is_on_road = self._empty_is_on_road()

    def house_of(self, place: int) -> Candidate | None:
        """The only house to which every habit of the list points that says anything of this row."""
        free = [house for house in self.verdicts[place].meant if house.house not in self.taken]
        opinions = [
            self._in_lanes_around(place, free),
            self._in_lane_above(place, free),
            self._on_the_road(place, free),
            self._in_lanes_of_list(place, free),
        ]
        stated = [set(opinion) for opinion in opinions if opinion is not None]
        agreed = set.intersection(*stated) if stated else set()
        return agreed.pop() if len(agreed) == 1 else None

    def remoteness(self, place: int) -> dict[int, int]:
        """For each house that the row may mean how far it is: from 0, a free one in a lane of the rows around."""
        around = {known.lane for known in self._around(place) if known}
        return {
            house.house: (0 if lane_of(house) in around else 1 if lane_of(house) in self.lanes else 2)
            + 3 * (house.house in self.taken)
            for house in self.verdicts[place].meant
        }

    def _around(self, place: int) -> tuple[Known | None, Known | None]:
        after = bisect_left(self.places, place)
        above = self.known[after - 1] if after else None
        return above, self.known[after] if after < len(self.known) else None

    def _in_lanes_around(self, place: int, free: Iterable[Candidate]) -> list[Candidate] | None:
        """In the lane of the known rows above and below; between two lanes the numbers must tell where it belongs."""
        after = bisect_left(self.places, place)
        around = self.known[max(after - _AROUND, 0) : after + _AROUND]
        above, below = self._around(place)
        if not self.has_order or not _lane_by_lane(around):
            return None
        if not self.numbers_rise:
            if above is None or below is None or above.lane != below.lane:
                return None
            return [house for house in free if lane_of(house) == above.lane]
        near = [known for known in (above, below) if known and abs(known.place - place) <= _NEAR_THE_END]
        if (above is None or below is None) and not near:
            return None
        return [house for house in free if _stands_between(house, above, below) or self._may_be_on_road(place, house)]

    def _in_lane_above(self, place: int, free: Iterable[Candidate]) -> list[Candidate] | None:
        row = self.rows[place]
        if row.soi or row.trok or not self.empty_is_as_above[bool(row.road)]:
            return None
        return [house for house in free if lane_of(house) == self.lane_above.get(place)]

    def _on_the_road(self, place: int, free: Iterable[Candidate]) -> list[Candidate] | None:
        row = self.rows[place]
        if row.soi or row.trok or not row.road or not self.empty_is_on_road:
            return None
        return [house for house in free if _is_on_road(house)]

    def _in_lanes_of_list(self, place: int, free: Iterable[Candidate]) -> list[Candidate] | None:
        if not self.keeps_to_its_lanes:
            return None
        return [house for house in free if lane_of(house) in self.lanes or self._may_be_on_road(place, house)]

    def _may_be_on_road(self, place: int, house: Candidate) -> bool:
        """Whether the row may simply say where the house stands: on the road itself, a lane that nobody else names.

        Between two rows of one lane a row is of that lane all the same.
        """
        row = self.rows[place]
        above, below = self._around(place)
        if row.soi or row.trok or not row.road or not _is_on_road(house):
            return False
        return not self.has_order or above is None or below is None or above.lane != below.lane

    def _empty_is_as_above(self, has_road: bool) -> bool:
        """Whether rows without a soi whose house is known stand in the lane that a row above states."""
        return _holds(
            known.lane == self.lane_above[known.place]
            for known in self.known
            if known.place in self.lane_above and bool(self.rows[known.place].road) == has_road
        )

    def _empty_is_on_road(self) -> bool:
        """Whether the list leaves the soi empty for houses on the road alone.

        A row that forgets its soi shows itself mostly: the road itself has no such number.
        """
        on_road = (
            any(map(_is_on_road, verdict.meant))
            for row, verdict in zip(self.rows, self.verdicts, strict=True)
            if row.road and not (row.soi or row.trok) and _speaks_of_empty(verdict)
        )
        return _holds(on_road)


def _speaks_of_empty(verdict: Verdict) -> bool:
    """Whether the houses that fit a row stand all on the road or all in lanes."""
    return len({_is_on_road(house) for house in verdict.meant}) == 1


def _is_on_road(house: Candidate) -> bool:
    return not (house.soi or house.trok)


def _known_rows(verdicts: Sequence[Verdict]) -> list[Known]:
    return [
        Known(place, verdict.meant[0], lane_of(verdict.meant[0]))
        for place, verdict in enumerate(verdicts)
        if verdict.grade in (Grade.EXACT, Grade.LIKELY) and len(verdict.meant) == 1
    ]


def _lanes_stated_above(rows: Sequence[RowKeys], known: Iterable[Known]) -> dict[int, Lane]:
    """For each row without soi and trok the lane of the nearest row above that states one, where that is known."""
    lanes = {each.place: each.lane for each in known}
    above: Lane | None = None
    found = {}
    for place, row in enumerate(rows):
        if row.soi or row.trok:
            above = lanes.get(place)
        elif above and row.road in ("", above[1]):
            found[place] = above
    return found


def goes_lane_by_lane(known: Sequence[Known]) -> bool:
    """Whether a known row stands nearly always in a lane of its neighbours, and in theirs where both share one."""
    triples = list(zip(known, known[1:], known[2:], strict=False))
    in_one = _holds(row.lane in (above.lane, below.lane) for above, row, below in triples)
    return in_one and _holds(row.lane == above.lane for above, row, below in triples if above.lane == below.lane)


def _numbers_rise(known: Sequence[Known]) -> bool:
    return _holds(one.house.order <= next_.house.order for one, next_ in pairwise(known) if one.lane == next_.lane)


def _lane_by_lane(known: Sequence[Known]) -> bool:
    """Whether no lane comes back after another."""
    changes = sum(one.lane != next_.lane for one, next_ in pairwise(known))
    return changes == len({each.lane for each in known}) - 1


def _stands_between(house: Candidate, above: Known | None, below: Known | None) -> bool:
    """Whether the house comes after the one above and before the one below, in the lane of either."""
    lane = lane_of(house)
    behind = above is not None and lane == above.lane
    ahead = below is not None and lane == below.lane
    if behind and above is not None and house.order < above.house.order:
        return False
    if ahead and below is not None and house.order > below.house.order:
        return False
    return behind or ahead


def _holds(cases: Iterable[bool]) -> bool:
    """Whether something was so in nearly all cases, and the cases were not too few."""
    right = list(cases)
    return len(right) >= _FEWEST_CASES and 100 * sum(right) >= _RIGHT_OF_100 * len(right)
