"""How sure it is which house a row means: the rules of exact, likely, several and none (docs/reasons.md).

Exact asks for one live house with which every part that both sides state agrees, number,
sub-district and soi (or the road, for a house that stands on it) among them. What is merely
not contradicted is likely at most, and a person looks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .addresses import Address
from .row_reasons import Grade, Reason

MOST_CANDIDATES = 5
LIVE, STRUCK = "live", "struck"


@dataclasses.dataclass(frozen=True, slots=True)
class RowKeys:
    """What a row says, as keys; "" where it says nothing. `subdistrict` is 0 for a name the district does not have."""

    trok: str = ""
    soi: str = ""
    road: str = ""
    moo: str = ""
    subdistrict: int | None = None
    doubt: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A registration that bears (one reading of) the row's number."""

    house: int
    trok: str
    soi: str
    road: str
    moo: str
    subdistrict: int
    state: str = LIVE


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """The grade of a row, why, and the houses it may mean, best first, each with the parts that differ."""

    grade: Grade
    reason: Reason
    candidates: tuple[tuple[int, tuple[str, ...]], ...] = ()


def grade(row: RowKeys, candidates: Sequence[Candidate]) -> Verdict:
    """Grades one row against the registrations that bear its number."""
    fitting = [c for c in candidates if not _contradictions(row, c)]
    live = [c for c in fitting if c.state == LIVE]
    whole = [c for c in live if _agrees_in_all(row, c)]
    gone = [c for c in fitting if c.state != LIVE and _agrees_in_all(row, c)]
    judged = (
        _one_house(row, fitting, whole)
        or _gone_house(whole, gone)
        or _fitting_houses(row, live)
        or _one_part_off(row, candidates)
        or _only_gone(fitting)
        or _Judged(Grade.NONE, Reason.NOT_FOUND)
    )
    # Beside a house that is certain the others would only be noise.
    worth_showing = whole if judged.grade == Grade.EXACT else candidates
    return Verdict(judged.grade, judged.reason, _best_first(row, worth_showing, judged.meant))


@dataclasses.dataclass(frozen=True, slots=True)
class _Judged:
    """A grade, its reason, and the houses it speaks of: they are shown before any other."""

    grade: Grade
    reason: Reason
    meant: Sequence[Candidate] = ()


def _one_house(row: RowKeys, fitting: list[Candidate], whole: list[Candidate]) -> _Judged | None:
    """Exact: one live house agrees in all, nothing in the reading is doubtful, and no other house fits.

    An empty soi or trok often means "as above": the road alone is enough only if no soi of it has the number,
    the soi alone only if no trok of it has, be that house live or gone.
    """
    if len(whole) != 1 or row.doubt or not all(_agrees_in_all(row, c) for c in fitting):
        return None
    return _Judged(Grade.EXACT, Reason.ALL_PARTS if row.soi or row.trok else Reason.ON_ROAD, whole)


Row = tuple[RowKeys, Sequence[Candidate]]


def grade_list_rows(rows: Sequence[Row]) -> list[Verdict]:
    """Grades the rows of one list, given whole and in its order, each with the houses of its number.

    A list's own habits make rows doubtful that would be exact alone: an empty soi below a soi written
    once, and a sub-district by its old name where the same address exists in both.
    """
    verdicts = [grade(row, candidates) for row, candidates in rows]
    for place in under_lanes_written_once(rows):
        if verdicts[place].reason == Reason.ON_ROAD:
            verdicts[place] = Verdict(Grade.LIKELY, Reason.SOI_MISSING, verdicts[place].candidates)
    for place, twins in _in_two_subdistricts(rows, verdicts):
        verdicts[place] = Verdict(Grade.SEVERAL, Reason.SEVERAL_HOUSES, _best_first(*rows[place], twins))
    return verdicts


def _in_two_subdistricts(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> list[tuple[int, list[Candidate]]]:
    """Exact rows (by place) whose address stands as well where the list elsewhere means by this row's sub-district."""
    named_for: set[tuple[int | None, int]] = set()
    for (row, candidates), verdict in zip(rows, verdicts, strict=True):
        if verdict.reason == Reason.SUBDISTRICT_DIFFERS:
            best = verdict.candidates[0][0]
            named_for |= {(row.subdistrict, c.subdistrict) for c in candidates if c.house == best}
    found = []
    for place, (row, candidates) in enumerate(rows if named_for else ()):
        twins = [c for c in candidates if (row.subdistrict, c.subdistrict) in named_for and _is_twin(row, c)]
        if twins and verdicts[place].grade == Grade.EXACT:
            found.append((place, [c for c in candidates if c in twins or c.house == verdicts[place].candidates[0][0]]))
    return found


def _is_twin(row: RowKeys, candidate: Candidate) -> bool:
    return candidate.state == LIVE and _contradictions(row, candidate) == ["subdistrict"]


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


_ENOUGH_IN_LANE = 3


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
            lane = row
            runs.append(_Run())
        elif row.road and row.road == lane.road:
            in_lane = dataclasses.replace(row, soi=lane.soi, trok=lane.trok)
            stands_in_lane = any(_agrees_in_all(in_lane, c) for c in candidates)
            stands_on_road = any(_agrees_in_all(row, c) for c in candidates)
            runs[-1].places.append(place)
            runs[-1].in_lane += stands_in_lane and not stands_on_road
            runs[-1].on_road += stands_on_road and not stands_in_lane
    return runs


def _gone_house(whole: list[Candidate], gone: list[Candidate]) -> _Judged | None:
    """A row that says where a struck or vanished house stood: a live house that merely fits is not the one meant."""
    return None if whole else _only_gone(gone)


def _only_gone(fitting: list[Candidate]) -> _Judged | None:
    if not fitting:
        return None
    struck = any(c.state == STRUCK for c in fitting)
    return _Judged(Grade.NONE, Reason.STRUCK_OFF if struck else Reason.VANISHED, fitting)


def _fitting_houses(row: RowKeys, live: list[Candidate]) -> _Judged | None:
    """Live houses that the row does not contradict, though it leaves a part open."""
    if not live:
        return None
    if len(live) > 1:
        return _Judged(Grade.SEVERAL, Reason.SEVERAL_HOUSES, live)
    return _Judged(Grade.LIKELY, _why_not_certain(row, live[0]), live)


def _why_not_certain(row: RowKeys, house: Candidate) -> Reason:
    if row.doubt:
        return Reason(row.doubt)
    if row.subdistrict is None:
        return Reason.SUBDISTRICT_MISSING
    if row.soi == house.soi != "" and not is_bare(row.soi):
        return Reason.TROK_MISSING
    if not row.road and (not row.soi or is_bare(row.soi)):
        return Reason.ROAD_MISSING
    return Reason.SOI_MISSING


_ONE_PART_OFF = {
    "subdistrict": Reason.SUBDISTRICT_DIFFERS,
    "road": Reason.ROAD_DIFFERS,
    "moo": Reason.MOO_DIFFERS,
    "trok": Reason.TROK_DIFFERS,
}


def _one_part_off(row: RowKeys, candidates: Sequence[Candidate]) -> _Judged | None:
    """Live houses that differ from the row in one part; another soi is another house, so it proves nothing."""
    near = [
        (c, differing[0])
        for c in candidates
        if c.state == LIVE and len(differing := _contradictions(row, c)) == 1 and _shares_lane(row, c)
    ]
    if not near:
        return None
    other_part = [(c, part) for c, part in near if part != "soi"]
    if not other_part:
        return _Judged(Grade.NONE, Reason.SOI_DIFFERS, [c for c, _part in near])
    meant = [c for c, _part in other_part]
    if len(meant) > 1:
        return _Judged(Grade.SEVERAL, Reason.SEVERAL_HOUSES, meant)
    return _Judged(Grade.LIKELY, _ONE_PART_OFF[other_part[0][1]], meant)


def _shares_lane(row: RowKeys, candidate: Candidate) -> bool:
    return (row.soi != "" and row.soi == candidate.soi) or (row.road != "" and row.road == candidate.road)


def _agrees_in_all(row: RowKeys, candidate: Candidate) -> bool:
    """Number, sub-district and lane are stated by the row and agree; the lane is the road for a house on it."""
    if row.subdistrict is None or is_bare(row.soi) or _contradictions(row, candidate):
        return False
    if row.soi != candidate.soi or row.trok != candidate.trok:
        return False
    if row.soi or row.trok:
        return True
    return row.road != "" and row.road == candidate.road


def _contradictions(row: RowKeys, candidate: Candidate) -> list[str]:
    """The parts of the address in which what the row states is not what the register has."""
    parts = []
    if row.subdistrict is not None and row.subdistrict != candidate.subdistrict:
        parts.append("subdistrict")
    if row.road and candidate.road and row.road != candidate.road:
        parts.append("road")
    if row.soi and not _same_soi(row.soi, candidate.soi):
        parts.append("soi")
    if row.trok and row.trok != candidate.trok:
        parts.append("trok")
    if row.moo and candidate.moo and row.moo != candidate.moo:
        parts.append("moo")
    return parts


def is_bare(soi: str) -> bool:
    """Whether the soi is a number alone, of a road that the row does not name."""
    return Address(soi=soi).soi_is_bare


def _same_soi(stated: str, registered: str) -> bool:
    """A bare "5" may be soi 5 of any road; it contradicts none of them and never agrees in all."""
    return stated == registered or (is_bare(stated) and registered.endswith(f" {stated}"))


def _best_first(
    row: RowKeys, candidates: Sequence[Candidate], meant: Sequence[Candidate]
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    first = {c.house for c in meant}

    def distance(candidate: Candidate) -> tuple[bool, bool, int, int, bool, int]:
        parts = _contradictions(row, candidate)
        return (
            candidate.house not in first,
            "soi" in parts,
            len(parts),
            _unstated(row, candidate),
            candidate.state != LIVE,
            candidate.house,
        )

    ranked = sorted(candidates, key=distance)[:MOST_CANDIDATES]
    return tuple((c.house, tuple(_contradictions(row, c))) for c in ranked)


def _unstated(row: RowKeys, candidate: Candidate) -> int:
    return sum(
        1
        for stated, registered in ((row.soi, candidate.soi), (row.trok, candidate.trok), (row.road, candidate.road))
        if registered and not stated
    )
