"""The rows around a row as evidence of which of several houses it means (docs/reasons.md, "How the rows around count").

Lists are mostly typed soi by soi, and leave a soi empty by a habit of their own. Each such habit is first
put to the test on the rows of the same list whose house is known; only one that holds nearly always is used, and
it raises "several" to "likely", never further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ..row_reasons import Grade, Reason
from .evidence import Evidence, Known, Lane, lane_of
from .grading import Candidate, Verdict
from .lane_names import one_slip_apart
from .list_habits import BY_ANOTHER_SUBDISTRICT, Row, several

# A list has an order to compare a slip with where as many of its rows stand in a lane of a row beside them.
_MOSTLY = 0.8


def raised_by_neighbours(rows: Sequence[Row], verdicts: Sequence[Verdict], known: Sequence[Known]) -> list[Verdict]:
    """The verdicts with each "several" raised to likely where the list's habits point to one of its houses.

    `known` as `known_rows` finds them in these verdicts. Those that stay several show the houses of the lanes
    around first.
    """
    raised = list(verdicts)
    open_places = [place for place, verdict in enumerate(verdicts) if _is_open(verdict)]
    ranges = [place for place, verdict in enumerate(verdicts) if verdict.parts and not verdict.is_split]
    if not (open_places or ranges):
        return raised
    evidence = Evidence([row for row, _candidates in rows], verdicts, known)
    chosen = {place: evidence.house_of(place, verdicts[place].meant) for place in open_places}
    split = {place: _split_range(verdicts[place], evidence, place) for place in ranges}
    named = Counter(chosen.values())
    named.update(part.meant[0] for verdict in split.values() for part in verdict.parts if verdict.is_split)
    for place, house in chosen.items():
        # Of two rows that would get one house, one at least means another.
        if house is not None and named[house] == 1:
            raised[place] = _likely(verdicts[place], house)
        else:
            raised[place] = _sorted(verdicts[place], evidence.remoteness(place, verdicts[place].meant))
    for place, verdict in split.items():
        if all(named[house] == 1 for part in verdict.parts for house in part.meant):
            raised[place] = verdict
    return raised


def _split_range(range_: Verdict, evidence: Evidence, place: int) -> Verdict:
    """The range in parts if the habits point to one house for each that several fit, all of them in one lane."""
    houses = [
        part.meant[0] if part.grade == Grade.LIKELY else evidence.house_of(place, part.meant) for part in range_.parts
    ]
    found = [house for house in houses if house is not None]
    if len(found) < len(houses) or len(set(map(lane_of, found))) > 1:
        return range_
    parts = [
        part if part.grade == Grade.LIKELY else _likely(part, house)
        for part, house in zip(range_.parts, found, strict=True)
    ]
    return Verdict(Grade.LIKELY, Reason.RANGE, parts=tuple(parts))


def doubted_by_neighbours(rows: Sequence[Row], verdicts: Sequence[Verdict], known: Sequence[Known]) -> list[Verdict]:
    """The verdicts with those exact ones taken back that may be a slip of the hand into another lane.

    "เทอดไท 1" may be "เทอดไท 11" with a digit lost, and both may have the number. A row that stands in no lane
    of the rows beside it is doubted where one of these lanes is a sign apart, has the number and its house is
    named by no other row. In a list without order any lane of the list raises the doubt, and a lesser one.
    """
    taken = {each.house.house for each in known}
    doubted = list(verdicts)
    alone = _alone_in_lane(known)
    if not _mostly_in_order(known, alone):
        everywhere = {each.lane for each in known}
        for each in known:
            if verdicts[each.place].grade == Grade.EXACT and _slips(rows[each.place], each, everywhere, taken):
                doubted[each.place] = verdicts[each.place]._replace(grade=Grade.LIKELY, reason=Reason.ALIKE_LANE)
        return doubted
    for each, lanes in alone:
        if _may_be_a_slip(verdicts[each.place]) and (slips := _slips(rows[each.place], each, lanes, taken)):
            doubted[each.place] = several(rows[each.place], [*slips, each.house])
    return doubted


def out_of_lane(known: Sequence[Known]) -> list[int]:
    """The rows, by place, that `doubted_by_neighbours` may doubt, given those whose house is plainly known."""
    alone = _alone_in_lane(known)
    may_be_slips = [each for each, _lanes in alone] if _mostly_in_order(known, alone) else known
    return [each.place for each in may_be_slips]


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
    lanes = [None, *[each.lane for each in known], None]
    return [
        (each, {beside for beside in (above, below) if beside})
        for each, above, lane, below in zip(known, lanes, lanes[1:], lanes[2:], strict=False)
        if lane != above and lane != below
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
    return verdict._replace(candidates=tuple(shown))
