"""What the papers alone say about a case: evidence for a person, with a proposal that never applies itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import StrEnum


class Says(StrEnum):
    """What was found in the register, the lists or the lane."""

    NEIGHBOURS_ELSEWHERE = "neighbours_elsewhere"
    NEIGHBOURS_STAY = "neighbours_stay"
    NUMBER_TAKEN = "number_taken"
    NUMBER_FREE = "number_free"
    SAME_NUMBER_AGAIN = "same_number_again"
    NO_SAME_NUMBER = "no_same_number"
    GONE_IN_LISTS = "gone_in_lists"
    NAMED_IN_LISTS = "named_in_lists"
    NOT_LIVE = "not_live"
    FOUND_IN_REGISTER = "found_in_register"
    NOT_IN_REGISTER = "not_in_register"


class Leaning(StrEnum):
    """Whom the papers support: the report, the register, or nobody."""

    REPORT = "report"
    REGISTER = "register"
    OPEN = "open"


class Next(StrEnum):
    """What the papers allow."""

    DESK = "desk"
    VISIT = "visit"


@dataclasses.dataclass(frozen=True)
class Known:
    """What is known of a case's house; communities are ids.

    `beside` are the communities of the next live houses on its side of the lane, at most one before and one after.
    `shown_number_taken` says whether the number that was reported stands in the lane already; None where none was.
    `same_numbers` counts other registrations of its number in its lane, `gone_notes` rows of lists that call it gone,
    `rows` all rows that name it.
    """

    kind: str
    is_live: bool = True
    community: int | None = None
    beside: Sequence[int | None] = ()
    shown_number_taken: bool | None = None
    same_numbers: int = 0
    gone_notes: int = 0
    rows: int = 0


@dataclasses.dataclass(frozen=True)
class Proposal:
    """What the papers allow next, whom they support, and why; `community` is the one that the neighbours have."""

    next: Next
    leaning: Leaning
    because: tuple[Says, ...]
    community: int | None = None


def judged(known: Known) -> Proposal:
    """What follows from what is known. A house is never struck off from the papers: whatever may end so is visited."""
    if not known.is_live:
        return Proposal(Next.DESK, Leaning.REPORT, (Says.NOT_LIVE,))
    judge = _JUDGES.get(known.kind)
    return judge(known) if judge else Proposal(Next.VISIT, _leaning_of_lists(known), _lists_say(known))


def _wrong_community(known: Known) -> Proposal:
    around = set(known.beside)
    if len(known.beside) == 2 and len(around) == 1 and None not in around:
        [theirs] = around
        if theirs != known.community:
            return Proposal(Next.DESK, Leaning.REPORT, (Says.NEIGHBOURS_ELSEWHERE,), theirs)
        return Proposal(Next.DESK, Leaning.REGISTER, (Says.NEIGHBOURS_STAY,))
    return Proposal(Next.VISIT, Leaning.OPEN, ())


def _number(known: Known) -> Proposal:
    if known.shown_number_taken is None:
        return Proposal(Next.VISIT, Leaning.OPEN, _lists_say(known))
    if known.shown_number_taken:
        return Proposal(Next.VISIT, Leaning.OPEN, (Says.NUMBER_TAKEN, *_lists_say(known)))
    return Proposal(Next.DESK, Leaning.REPORT, (Says.NUMBER_FREE, *_lists_say(known)))


def _duplicate(known: Known) -> Proposal:
    if known.same_numbers:
        return Proposal(Next.VISIT, Leaning.REPORT, (Says.SAME_NUMBER_AGAIN,))
    return Proposal(Next.DESK, Leaning.REGISTER, (Says.NO_SAME_NUMBER,))


def _missing(known: Known) -> Proposal:
    if known.same_numbers:
        return Proposal(Next.VISIT, Leaning.REPORT, (Says.FOUND_IN_REGISTER,))
    return Proposal(Next.VISIT, Leaning.OPEN, (Says.NOT_IN_REGISTER,))


_JUDGES = {
    "wrong_community": _wrong_community,
    "wrong_number": _number,
    "renumbered": _number,
    "duplicate": _duplicate,
    "missing": _missing,
}


def _lists_say(known: Known) -> tuple[Says, ...]:
    if known.gone_notes:
        return (Says.GONE_IN_LISTS,)
    return (Says.NAMED_IN_LISTS,) if known.rows else ()


def _leaning_of_lists(known: Known) -> Leaning:
    return Leaning.REPORT if known.gone_notes else Leaning.OPEN
