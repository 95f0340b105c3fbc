"""How sure it is which house a row means: the rules of exact, likely, several and none (docs/reasons.md).

Exact asks for one live house with which every part that both sides state agrees, number,
sub-district and soi (or the road, for a house that stands on it) among them. What is merely
not contradicted is likely at most, and a person looks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..addresses import Address
from ..row_reasons import Grade, Reason

# As many as the keys 1 to 9 choose among.
MOST_CANDIDATES = 9
LIVE, STRUCK = "live", "struck"


class OtherLane(NamedTuple):
    """The lane of a row by another name: one that a person confirmed, or else one that is spelt almost the same."""

    trok: str
    soi: str
    road: str
    is_confirmed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class RowKeys:
    """What a row says, as keys; "" where it says nothing. `subdistrict` is 0 for a name the district does not have.

    `numbers` are the readings of its number cell, the likeliest first; `other_lanes` what else its lane may be
    called; `divided` the sub-districts that were once part of the one it names.
    """

    trok: str = ""
    soi: str = ""
    road: str = ""
    moo: str = ""
    subdistrict: int | None = None
    doubt: str = ""
    numbers: tuple[str, ...] = ()
    other_lanes: tuple[OtherLane, ...] = ()
    divided: frozenset[int] = frozenset()

    def called(self, lane: OtherLane) -> RowKeys:
        """The same row with its lane by that name."""
        return dataclasses.replace(self, trok=lane.trok, soi=lane.soi, road=lane.road, other_lanes=())


class Candidate(NamedTuple):
    """A registration that bears (one reading of) the row's number, `number`; `order` sorts it within its lane."""

    house: int
    trok: str
    soi: str
    road: str
    moo: str
    subdistrict: int
    state: str = LIVE
    number: str = ""
    order: str = ""


class Verdict(NamedTuple):
    """The grade of a row, why, and the houses it may mean, best first, each with the parts that differ.

    `meant` are the houses that the grade speaks of. A range each of whose parts fits a house has the verdict of
    each part in `parts`; where all of these are likely it is so too, and has no candidates of its own.
    """

    grade: Grade
    reason: Reason
    candidates: tuple[tuple[int, tuple[str, ...]], ...] = ()
    meant: tuple[Candidate, ...] = ()
    parts: tuple[Verdict, ...] = ()

    @property
    def is_split(self) -> bool:
        """Whether the row is a range of which each part is its own house."""
        return self.grade == Grade.LIKELY and bool(self.parts)


def grade(row: RowKeys, candidates: Sequence[Candidate]) -> Verdict:
    """Grades one row against the registrations that bear its number."""
    house = plainly_one_house(row, candidates)
    if house is not None:
        return certainly(house)
    if row.doubt == Reason.RANGE and len(row.numbers) > 1:
        return _grade_range(row, candidates)
    judged = _judge(row, candidates)
    # Beside a house that is certain the others would only be noise.
    worth_showing = judged.meant if judged.grade == Grade.EXACT else candidates
    return Verdict(
        judged.grade, judged.reason, best_first(row, worth_showing, judged.meant), tuple(sorted(judged.meant))
    )


def certainly(house: Candidate) -> Verdict:
    """The verdict of a row that `plainly_one_house` finds to mean this house."""
    return Verdict(Grade.EXACT, Reason.ALL_PARTS, ((house.house, ()),), (house,))


def plainly_one_house(row: RowKeys, candidates: Iterable[Candidate]) -> Candidate | None:
    """The house of a row that states its soi and fits one house, as most rows do: a short way to `_one_house`."""
    if not may_be_plain(row):
        return None
    return only_house(row, [c for c in candidates if c.soi == row.soi and c.subdistrict == row.subdistrict])


def only_house(row: RowKeys, found: Sequence[Candidate]) -> Candidate | None:
    """The house that a row which `may_be_plain` means, of all in its soi and sub-district that bear its number."""
    if len(found) != 1 or found[0].state != LIVE or found[0].trok != row.trok:
        return None
    house = found[0]
    road_differs = row.road != house.road and row.road and house.road
    moo_differs = row.moo != house.moo and row.moo and house.moo
    return None if road_differs or moo_differs else house


def may_be_plain(row: RowKeys) -> bool:
    """Whether the row says enough, and nothing doubtful, for its soi alone to tell which house it means."""
    if not row.soi or not row.numbers or row.subdistrict is None or row.doubt or row.other_lanes:
        return False
    return not is_bare(row.soi)


class _Judged(NamedTuple):
    """A grade, its reason, and the houses it speaks of: they are shown before any other.

    `fits` says that the row contradicts none of them and one at least is live.
    """

    grade: Grade
    reason: Reason
    meant: Sequence[Candidate] = ()
    fits: bool = False


def _judge(row: RowKeys, candidates: Sequence[Candidate]) -> _Judged:
    """The row by what it says; by the other names of its lane where these find a house and it does not."""
    as_written = _judge_as_written(row, candidates)
    if not row.other_lanes:
        return as_written
    confirmed = [_by_alias(row.called(lane), candidates) for lane in row.other_lanes if lane.is_confirmed]
    by_name = _first_that_fits([as_written, *confirmed])
    if by_name.fits:
        return by_name
    alike = [_as_misspelt(row.called(lane), candidates) for lane in row.other_lanes if not lane.is_confirmed]
    by_likeness = _first_that_fits([by_name, *alike])
    return by_likeness if by_likeness.fits else by_name


def _by_alias(row: RowKeys, candidates: Sequence[Candidate]) -> _Judged:
    judged = _judge_as_written(row, candidates)
    return judged._replace(reason=Reason.BY_ALIAS) if judged.grade == Grade.EXACT else judged


def _as_misspelt(row: RowKeys, candidates: Sequence[Candidate]) -> _Judged:
    return _judge_as_written(dataclasses.replace(row, doubt=row.doubt or Reason.LANE_MISSPELT), candidates)


def _first_that_fits(judgements: Sequence[_Judged]) -> _Judged:
    """The first judgement that finds a house; several where others find other houses than it."""
    fitting = [judged for judged in judgements if judged.fits]
    meant = list(dict.fromkeys(house for judged in fitting for house in judged.meant))
    if len(fitting) > 1 and len(meant) > 1:
        return _Judged(Grade.SEVERAL, Reason.SEVERAL_HOUSES, meant, fits=True)
    return (fitting or [judged for judged in judgements if judged.meant] or judgements)[0]


def _judge_as_written(row: RowKeys, candidates: Sequence[Candidate]) -> _Judged:
    compared = [(c, contradictions(row, c)) for c in candidates]
    fitting = [c for c, differs in compared if not differs]
    live = [c for c in fitting if c.state == LIVE]
    whole = [c for c in live if states_lane_of(row, c)]
    gone = [c for c in fitting if c.state != LIVE and states_lane_of(row, c)]
    return (
        _one_house(row, fitting, whole)
        or _gone_house(whole, gone)
        or _fitting_houses(row, live)
        or _one_part_off(row, compared)
        or _only_gone(fitting)
        or _Judged(Grade.NONE, Reason.NOT_FOUND)
    )


def _one_house(row: RowKeys, fitting: list[Candidate], whole: list[Candidate]) -> _Judged | None:
    """Exact: one live house agrees in all, nothing in the reading is doubtful, and no other house fits.

    An empty soi or trok often means "as above": the road alone is enough only if no soi of it has the number,
    the soi alone only if no trok of it has, be that house live or gone.
    """
    if len(whole) != 1 or row.doubt or not all(states_lane_of(row, c) for c in fitting):
        return None
    reason = Reason.ALL_PARTS if row.soi or row.trok else Reason.ON_ROAD
    return _Judged(Grade.EXACT, reason, whole, fits=True)


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
        return _Judged(Grade.SEVERAL, Reason.SEVERAL_HOUSES, live, fits=True)
    return _Judged(Grade.LIKELY, _why_not_certain(row, live[0]), live, fits=True)


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


def _one_part_off(row: RowKeys, compared: Iterable[tuple[Candidate, list[str]]]) -> _Judged | None:
    """Live houses that differ from the row in one part; another soi is another house, so it proves nothing."""
    near = [
        (c, differing[0])
        for c, differing in compared
        if c.state == LIVE and len(differing) == 1 and _shares_lane(row, c)
    ]
    if not near:
        return None
    other_part = [(c, part) for c, part in near if part != "soi"]
    if not other_part:
        return _Judged(Grade.NONE, Reason.SOI_DIFFERS, [c for c, _part in near])
    by_old_name = [(c, part) for c, part in other_part if part == "subdistrict" and c.subdistrict in row.divided]
    meant = [c for c, _part in by_old_name or other_part]
    if len(meant) > 1:
        return _Judged(Grade.SEVERAL, Reason.SEVERAL_HOUSES, meant)
    return _Judged(Grade.LIKELY, Reason.OLD_SUBDISTRICT if by_old_name else _ONE_PART_OFF[other_part[0][1]], meant)


def _shares_lane(row: RowKeys, candidate: Candidate) -> bool:
    return (row.soi != "" and row.soi == candidate.soi) or (row.road != "" and row.road == candidate.road)


def _grade_range(row: RowKeys, candidates: Sequence[Candidate]) -> Verdict:
    """A range is the house of that very number, else one house for each of its parts, else a person looks."""
    whole, *parts = (_of_number(row, number, candidates) for number in row.numbers)
    as_one = grade(*whole)
    if as_one.grade != Grade.NONE:
        return as_one
    of_parts = tuple(grade(*part) for part in parts)
    if all(part.grade == Grade.LIKELY for part in of_parts):
        return Verdict(Grade.LIKELY, Reason.RANGE, parts=of_parts)
    shown = best_first(row, candidates, ())
    if all(part.grade == Grade.NONE for part in of_parts):
        return Verdict(Grade.NONE, as_one.reason, shown)
    all_fit = all(part.grade != Grade.NONE for part in of_parts)
    return Verdict(Grade.SEVERAL, Reason.RANGE, shown, parts=of_parts if all_fit else ())


def _of_number(row: RowKeys, number: str, candidates: Iterable[Candidate]) -> tuple[RowKeys, list[Candidate]]:
    return dataclasses.replace(row, numbers=(number,)), [c for c in candidates if c.number == number]


def states_lane_of(row: RowKeys, candidate: Candidate) -> bool:
    """Whether a row that contradicts the house in nothing states its sub-district and lane; on a road, the road."""
    if row.subdistrict is None or is_bare(row.soi):
        return False
    if row.soi != candidate.soi or row.trok != candidate.trok:
        return False
    if row.soi or row.trok:
        return True
    return row.road != "" and row.road == candidate.road


def contradictions(row: RowKeys, candidate: Candidate) -> list[str]:
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
    return soi[:1].isdigit() and Address(soi=soi).soi_is_bare


def _same_soi(stated: str, registered: str) -> bool:
    """A bare "5" may be soi 5 of any road; it contradicts none of them and never agrees in all."""
    return stated == registered or (is_bare(stated) and registered.endswith(f" {stated}"))


def best_first(
    row: RowKeys, candidates: Iterable[Candidate], meant: Iterable[Candidate]
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The houses as they are shown: those `meant` before any other, then by how little they differ."""
    first = {c.house for c in meant}

    def distance(found: tuple[Candidate, list[str]]) -> tuple[bool, bool, int, int, bool, int]:
        candidate, parts = found
        return (
            candidate.house not in first,
            "soi" in parts,
            len(parts),
            _unstated(row, candidate),
            candidate.state != LIVE,
            candidate.house,
        )

    ranked = sorted(((c, contradictions(row, c)) for c in candidates), key=distance)[:MOST_CANDIDATES]
    return tuple((c.house, tuple(parts)) for c, parts in ranked)


def _unstated(row: RowKeys, candidate: Candidate) -> int:
    """How many parts of the house's lane the row leaves out."""
    no_soi = not row.soi and candidate.soi != ""
    no_trok = not row.trok and candidate.trok != ""
    no_road = not row.road and candidate.road != ""
    return no_soi + no_trok + no_road
