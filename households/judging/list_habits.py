"""What a list's own habits make doubtful: rows that would be exact alone, and are not as rows of this list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from ..row_reasons import Grade, Reason
from .grading import LIVE, Candidate, RowKeys, Verdict, best_first, contradictions, states_lane_of

Row = tuple[RowKeys, Sequence[Candidate]]
BY_ANOTHER_SUBDISTRICT = (Reason.SUBDISTRICT_DIFFERS, Reason.OLD_SUBDISTRICT)
_ENOUGH_IN_LANE = 3


def doubted(rows: Sequence[Row], verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts with those taken back that the list's habits speak against.

    An empty soi below a soi written once may mean that soi, and a sub-district by its old name may mean the
    one it was divided into, where the same address exists in both.
    """
    verdicts = list(verdicts)
    for place in under_lanes_written_once(rows):
        if verdicts[place].reason == Reason.ON_ROAD:
            verdicts[place] = verdicts[place]._replace(grade=Grade.LIKELY, reason=Reason.SOI_MISSING)
    for place, houses in _in_two_subdistricts(rows, verdicts):
        verdicts[place] = several(rows[place], houses)
    return verdicts


def several(row: Row, houses: Iterable[Candidate]) -> Verdict:
    """The verdict of a row that may mean each of these houses; of those that are gone it does not speak."""
    keys, candidates = row
    live = tuple(house for house in houses if house.state == LIVE)
    return Verdict(Grade.SEVERAL, Reason.SEVERAL_HOUSES, best_first(keys, candidates, live), live)


def _in_two_subdistricts(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Iterator[tuple[int, list[Candidate]]]:
    """Rows (by place) that a house fits as well where the list elsewhere means by this row's sub-district."""
    named_for = {
        (row.subdistrict, verdict.meant[0].subdistrict)
        for (row, _candidates), verdict in zip(rows, verdicts, strict=True)
        if verdict.reason in BY_ANOTHER_SUBDISTRICT
    }
    for place, (row, candidates) in enumerate(rows if named_for else ()):
        verdict = verdicts[place]
        if verdict.grade == Grade.NONE or verdict.reason in BY_ANOTHER_SUBDISTRICT:
            continue
        twins = [c for c in candidates if (row.subdistrict, c.subdistrict) in named_for and _is_twin(row, c)]
        if twins:
            yield place, list(dict.fromkeys([*verdict.meant, *twins]))


def _is_twin(row: RowKeys, candidate: Candidate) -> bool:
    return contradictions(row, candidate) == ["subdistrict"]


def under_lanes_written_once(rows: Sequence[Row]) -> set[int]:
    """The rows (by their place in the list) whose empty soi seems to mean the soi of the rows above.

    Where a list writes a soi once and leaves the rows below empty, their houses stand in that soi and not
    on the road. One such house for three that stand on the road alone makes the whole run of rows
    doubtful, and runs with some such houses the whole list.
    """
    runs = _runs_below_a_lane(rows)
    in_lane = sum(run.in_lane for run in runs)
    on_road = sum(run.on_road for run in runs)
    all_doubtful = _ENOUGH_IN_LANE * in_lane > on_road
    doubtful = (run for run in runs if all_doubtful or _ENOUGH_IN_LANE * run.in_lane > run.on_road)
    return {place for run in doubtful for place in run.places}


@dataclasses.dataclass
class _Run:
    """Rows with an empty soi below one that states its lane, counted by where alone their houses stand."""

    places: list[int] = dataclasses.field(default_factory=list)
    in_lane: int = 0
    on_road: int = 0


def _runs_below_a_lane(rows: Sequence[Row]) -> list[_Run]:
    runs: list[_Run] = []
    lane = RowKeys()
    for place, (row, candidates) in enumerate(rows):
        if row.soi or row.trok:
            if not runs or runs[-1].places:
                runs.append(_Run())
            lane = row
        elif row.road and row.road == lane.road:
            in_lane = dataclasses.replace(row, soi=lane.soi, trok=lane.trok)
            stands_in_lane = any(_stands_in(in_lane, c) for c in candidates)
            stands_on_road = any(_stands_in(row, c) for c in candidates)
            runs[-1].places.append(place)
            runs[-1].in_lane += stands_in_lane and not stands_on_road
            runs[-1].on_road += stands_on_road and not stands_in_lane
    return runs


def _stands_in(row: RowKeys, candidate: Candidate) -> bool:
    return states_lane_of(row, candidate) and not contradictions(row, candidate)
