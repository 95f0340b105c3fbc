"""What a list tells of its own rows: which houses are known, how it is ordered, and which habits it has.

Each habit is put to the test on the rows of the same list whose house is known; only one that holds nearly always
is used (docs/reasons.md, "How the rows around a row count").
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..row_reasons import Grade
from .grading import Candidate, RowKeys, Verdict, contradictions, states_lane_of

Lane = tuple[int, str, str, str]

_ONE_HOUSE = frozenset({Grade.EXACT, Grade.LIKELY})
# A habit is used where it was right in 97 of 100 known cases of the list, and these were not too few.
_FEWEST_CASES = 5
_RIGHT_OF_100 = 97
# Where no case is known: how many rows below how many lanes tell a habit from chance.
_FEWEST_UNKNOWN = 20
_FEWEST_LANES = 2
# How many known rows above and below must be in order for the place between them to be so.
_AROUND = 4
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


def known_row(place: int, house: Candidate) -> Known:
    """The row at that place of the list, known to mean this house."""
    return Known(place, house, lane_of(house))


def known_rows(verdicts: Sequence[Verdict], certain: Mapping[int, Known]) -> list[Known]:
    """The rows of which one house is meant, for certain or likely; `certain` spares making those it has anew."""
    return [
        certain.get(place) or known_row(place, verdict.meant[0])
        for place, verdict in enumerate(verdicts)
        if len(verdict.meant) == 1 and verdict.grade in _ONE_HOUSE
    ]


class _Spot(NamedTuple):
    """A row of which the house is not known, and the known rows next above and below."""

    place: int
    row: RowKeys
    above: Known | None
    below: Known | None

    @property
    def states_lane(self) -> bool:
        return bool(self.row.soi or self.row.trok)

    @property
    def lane_around(self) -> Lane | None:
        """The lane that the known rows above and below share."""
        one_lane = self.above is not None and self.below is not None and self.above.lane == self.below.lane
        return self.above.lane if self.above is not None and one_lane else None


class Evidence:
    """What is known of a list's rows, and which habits it has."""

    def __init__(self, rows: Sequence[RowKeys], verdicts: Sequence[Verdict], known: Sequence[Known]) -> None:
        self._rows = rows
        self._verdicts = verdicts
        self._known = known
        self._places = [each.place for each in known]
        self._taken = {each.house.house for each in known}
        self._lanes = Counter(each.lane for each in known)
        self._has_order = goes_lane_by_lane(known)
        self._numbers_rise = _numbers_rise(known)
        self._keeps_to_its_lanes = _holds([self._lanes[each.lane] > 1 for each in known])
        self._lane_above = _lanes_stated_above(rows, known)
        self._empty_is_as_above = {has_road: self._is_as_above(has_road) for has_road in (False, True)}
        self._empty_is_on_road = _empty_is_on_road(rows, verdicts)

    def house_of(self, place: int, houses: Collection[Candidate]) -> Candidate | None:
        """The only one of these houses to which every habit of the list points that says anything of this row."""
        spot = self._spot(place)
        free = [house for house in houses if house.house not in self._taken]
        if len(free) < len(houses) and any(_says_all(spot.row, house) for house in houses if house not in free):
            return None  # the row may repeat the one that is known to mean this house
        opinions = [
            self._in_lanes_around(spot, free),
            self._in_lane_above(spot, free),
            self._on_the_road(spot, free),
            self._in_lanes_of_list(spot, free),
        ]
        stated = [set(opinion) for opinion in opinions if opinion is not None]
        agreed = set.intersection(*stated) if stated else set()
        return agreed.pop() if len(agreed) == 1 else None

    def remoteness(self, place: int, houses: Iterable[Candidate]) -> dict[int, int]:
        """For each of these houses how far from the row it is: from 0, a free one in a lane of the rows around."""
        spot = self._spot(place)
        around = {known.lane for known in (spot.above, spot.below) if known}
        return {
            house.house: (0 if (lane := lane_of(house)) in around else 1 if lane in self._lanes else 2)
            + 3 * (house.house in self._taken)
            for house in houses
        }

    def _spot(self, place: int) -> _Spot:
        after = bisect_left(self._places, place)
        above = self._known[after - 1] if after else None
        return _Spot(place, self._rows[place], above, self._known[after] if after < len(self._known) else None)

    def _in_lanes_around(self, spot: _Spot, free: Iterable[Candidate]) -> list[Candidate] | None:
        """In the lane of the known rows above and below; between two lanes the numbers must tell where it belongs."""
        if not self._has_order or not self._is_in_order_around(spot):
            return None
        if not self._numbers_rise:
            return [house for house in free if lane_of(house) == spot.lane_around] if spot.lane_around else None
        near = [known for known in (spot.above, spot.below) if known and abs(known.place - spot.place) <= _NEAR_THE_END]
        if (spot.above is None or spot.below is None) and not near:
            return None
        return [
            house
            for house in free
            if _stands_between(house, spot.above, spot.below) or self._may_be_on_road(spot, house)
        ]

    def _is_in_order_around(self, spot: _Spot) -> bool:
        after = bisect_left(self._places, spot.place)
        return _lane_by_lane(self._known[max(after - _AROUND, 0) : after + _AROUND])

    def _in_lane_above(self, spot: _Spot, free: Iterable[Candidate]) -> list[Candidate] | None:
        if spot.states_lane or not self._empty_is_as_above[bool(spot.row.road)]:
            return None
        return [house for house in free if lane_of(house) == self._lane_above.get(spot.place)]

    def _on_the_road(self, spot: _Spot, free: Iterable[Candidate]) -> list[Candidate] | None:
        if spot.states_lane or not spot.row.road or not self._empty_is_on_road:
            return None
        return [house for house in free if _is_on_road(house)]

    def _in_lanes_of_list(self, spot: _Spot, free: Iterable[Candidate]) -> list[Candidate] | None:
        if not self._keeps_to_its_lanes:
            return None
        return [house for house in free if lane_of(house) in self._lanes or self._may_be_on_road(spot, house)]

    def _may_be_on_road(self, spot: _Spot, house: Candidate) -> bool:
        """Whether the row may simply say where the house stands: on the road itself, a lane that nobody else names.

        Between two rows of one lane a row is of that lane all the same.
        """
        if spot.states_lane or not spot.row.road or not _is_on_road(house):
            return False
        return not (self._has_order and spot.lane_around)

    def _is_as_above(self, has_road: bool) -> bool:
        """Whether rows without a soi stand in the lane stated above, by those of them whose house is known.

        Where too few are known and none speaks against it: whether the lane above has the numbers of the rows that
        state nothing at all. A lane may have one of them by chance, of many rows it has nearly all if they are its own.
        """
        cases = [
            known.lane == self._lane_above[known.place]
            for known in self._known
            if known.place in self._lane_above and bool(self._rows[known.place].road) == has_road
        ]
        if len(cases) >= _FEWEST_CASES or has_road or not all(cases):
            return _holds(cases)
        return self._lanes_above_explain_all()

    def _lanes_above_explain_all(self) -> bool:
        bare = [
            (lane, self._verdicts[place].meant)
            for place, lane in self._lane_above.items()
            if self._verdicts[place].meant and not self._rows[place].road
        ]
        enough = len(bare) >= _FEWEST_UNKNOWN and len({lane for lane, _houses in bare}) >= _FEWEST_LANES
        return enough and _holds([lane in map(lane_of, houses) for lane, houses in bare])


def _empty_is_on_road(rows: Sequence[RowKeys], verdicts: Sequence[Verdict]) -> bool:
    """Whether the list leaves the soi empty for houses on the road alone.

    A row that forgets its soi shows itself mostly: the road itself has no such number.
    """
    on_road = [
        any(map(_is_on_road, verdict.meant))
        for row, verdict in zip(rows, verdicts, strict=True)
        if row.road and not (row.soi or row.trok) and _speaks_of_empty(verdict)
    ]
    return _holds(on_road)


def _speaks_of_empty(verdict: Verdict) -> bool:
    """Whether the houses that fit a row stand all on the road or all in lanes."""
    return len({_is_on_road(house) for house in verdict.meant}) == 1


def _says_all(row: RowKeys, house: Candidate) -> bool:
    """Whether the row states the house's lane and contradicts it in nothing."""
    return states_lane_of(row, house) and not contradictions(row, house)


def _is_on_road(house: Candidate) -> bool:
    return not (house.soi or house.trok)


def _lanes_stated_above(rows: Sequence[RowKeys], known: Iterable[Known]) -> dict[int, Lane]:
    """For each row without soi and trok the lane of the nearest row above that states one.

    For a row that states no road either, the nearest that states anything: a road alone may be a lane too.
    """
    lanes = {each.place: each.lane for each in known}
    soi_above: Lane | None = None
    stated_above: Lane | None = None
    found = {}
    for place, row in enumerate(rows):
        if row.soi or row.trok:
            soi_above = stated_above = lanes.get(place) or _stated_lane(row)
        elif row.road:
            if soi_above and row.road == soi_above[1]:
                found[place] = soi_above
            stated_above = lanes.get(place) or _stated_lane(row)
        elif stated_above:
            found[place] = stated_above
    return found


def _stated_lane(row: RowKeys) -> Lane | None:
    """The lane as the row writes it, if it leaves nothing of it out."""
    return (row.subdistrict, row.road, row.soi, row.trok) if row.subdistrict and row.road else None


def goes_lane_by_lane(known: Sequence[Known]) -> bool:
    """Whether a known row stands nearly always in a lane of its neighbours, and in theirs where both share one."""
    lanes = [each.lane for each in known]
    triples = list(zip(lanes, lanes[1:], lanes[2:], strict=False))
    in_one = _holds([lane in (above, below) for above, lane, below in triples])
    return in_one and _holds([lane == above for above, lane, below in triples if above == below])


def _numbers_rise(known: Sequence[Known]) -> bool:
    return _holds([one.house.order <= next_.house.order for one, next_ in pairwise(known) if one.lane == next_.lane])


def _lane_by_lane(known: Sequence[Known]) -> bool:
    """Whether no lane comes back after another."""
    changes = sum(one.lane != next_.lane for one, next_ in pairwise(known))
    return changes == len({each.lane for each in known}) - 1


def _stands_between(house: Candidate, above: Known | None, below: Known | None) -> bool:
    """Whether the house comes after the one above and before the one below, in the lane of either."""
    lane = lane_of(house)
    behind = above is not None and lane == above.lane
    ahead = below is not None and lane == below.lane
    comes_after = above is not None and behind and house.order >= above.house.order
    comes_before = below is not None and ahead and house.order <= below.house.order
    if above and below and behind and ahead and above.house.order <= below.house.order:
        return comes_after and comes_before
    # At a border, be it of two lanes or within one whose numbers begin anew, one side is enough.
    return comes_after or comes_before


def _holds(cases: Sequence[bool]) -> bool:
    """Whether something was so in nearly all cases, and the cases were not too few."""
    return len(cases) >= _FEWEST_CASES and 100 * sum(cases) >= _RIGHT_OF_100 * len(cases)
