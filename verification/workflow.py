"""The way of a case: states and moves as one table, as it could be printed for the head of the section (product.md V1).

From the source document's step 19 and domain.md section 6: reported, looked at from the desk, seen on the spot by the
joint team, proved, requested on form TR.31, proposed by one person and approved by another who is a registrar.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Role

from .evidence import Evidence


class Kind(TextChoices):
    """What is said of the house."""

    DEMOLISHED = "demolished", _("demolished")
    DESTROYED = "destroyed", _("destroyed")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    WRONG_COMMUNITY = "wrong_community", _("wrong community")
    SPLIT = "split", pgettext_lazy("case", "split into several")
    MERGED = "merged", pgettext_lazy("case", "merged with another")
    RENUMBERED = "renumbered", _("renumbered")
    DUPLICATE = "duplicate", _("registered twice")
    MISSING = "missing", _("missing from the list")
    UNCLEAR = "unclear", _("not known whether it is there")


class State(TextChoices):
    """Where a case stands."""

    RECEIVED = "received", pgettext_lazy("case", "received")
    UNDER_REVIEW = "under_review", _("looked at from the desk")
    RETURNED = "returned", _("asked back")
    VISIT_PLANNED = "visit_planned", _("visit planned")
    VISITED = "visited", pgettext_lazy("case", "visited")
    CONFIRMED = "confirmed", pgettext_lazy("case", "report is right")
    TR31_FILED = "tr31_filed", _("TR.31 filed")
    AWAITING_RESIDENTS = "awaiting_residents", _("waits for residents to move out")
    PROPOSED = "proposed", _("waits for the registrar")
    STRUCK_OFF = "struck_off", _("struck off")
    CORRECTED = "corrected", pgettext_lazy("case", "corrected")
    STANDS = "stands", _("stands as registered")
    WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")
    RESTORING = "restoring", _("restoring waits for the registrar")
    RESTORED = "restored", _("restored")


class Move(TextChoices):
    """What may be done with a case."""

    TAKE_UP = "take_up", _("take up")
    ASK_BACK = "ask_back", _("ask the reporter back")
    WITHDRAW = "withdraw", _("close as withdrawn")
    RECLASSIFY = "reclassify", _("say otherwise what is the matter")
    PLAN_VISIT = "plan_visit", _("plan a visit")
    TAKE_OFF_LIST = "take_off_list", _("take off the visits")
    RECORD_VISIT = "record_visit", _("record the visit")
    NOBODY_MET = "nobody_met", _("nobody was met, go again")
    SETTLE_AT_DESK = "settle_at_desk", _("settle at the desk")
    CONFIRM = "confirm", _("find the report right")
    FIND_STANDING = "find_standing", _("let it stand as registered")
    FILE_TR31 = "file_tr31", _("file TR.31")
    AWAIT_RESIDENTS = "await_residents", _("wait until the residents have moved out")
    PROPOSE_STRIKE_OFF = "propose_strike_off", _("propose the strike-off")
    PROPOSE_CORRECTION = "propose_correction", _("propose the correction")
    SEND_BACK = "send_back", _("send the proposal back")
    STRIKE_OFF = "strike_off", _("approve the strike-off")
    CORRECT = "correct", _("approve the correction")
    PROPOSE_RESTORING = "propose_restoring", _("propose to restore")
    LEAVE_STRUCK = "leave_struck", _("leave it struck off")
    RESTORE = "restore", _("approve the restoring")


class Who(TextChoices):
    """In whose hands a move lies; a registrar is a head or director whose appointment of that day says so."""

    OFFICER = Role.OFFICER.value, Role.OFFICER.label
    HEAD = Role.HEAD.value, Role.HEAD.label
    COMMUNITY_DEVELOPMENT = Role.COMMUNITY_DEVELOPMENT.value, Role.COMMUNITY_DEVELOPMENT.label
    REGISTRAR = "registrar", _("registrar")


EVIDENCE_NAMES: dict[Evidence, object] = {
    Evidence.REASON: _("the reason in words"),
    Evidence.REQUEST: _("the request: what was reported, and by whom"),
    Evidence.ON_A_LIST: _("a place on a list of visits"),
    Evidence.SEEN: _("the result of a visit"),
    Evidence.NOBODY_MET: _("a visit at which nobody was home"),
    Evidence.RESULT_AGREES: _("a visit whose result agrees with the report"),
    Evidence.PHOTOS: _("photos"),
    Evidence.FORM_SIGNED: _("form TR.31, signed, with number and date"),
    Evidence.NOBODY_REGISTERED: _("nobody still registered there, or moved to the central house register"),
    Evidence.STRIKE_OFF_PROPOSED: _("a proposal to strike off"),
    Evidence.CORRECTION_PROPOSED: _("a proposal of the correction"),
    Evidence.RESTORING_PROPOSED: _("a proposal to restore"),
}

EVERY_KIND = frozenset(Kind)
# What may be settled from the papers alone; a strike-off never.
AT_THE_DESK = frozenset({Kind.WRONG_NUMBER, Kind.WRONG_COMMUNITY, Kind.DUPLICATE, Kind.RENUMBERED})
STRUCK_IN_THE_END = frozenset({Kind.DEMOLISHED, Kind.DESTROYED, Kind.DUPLICATE, Kind.MERGED})
CORRECTED_IN_THE_END = frozenset(
    {Kind.WRONG_NUMBER, Kind.WRONG_COMMUNITY, Kind.SPLIT, Kind.RENUMBERED, Kind.DUPLICATE, Kind.MISSING}
)
ENDED = frozenset({State.STRUCK_OFF, State.CORRECTED, State.STANDS, State.WITHDRAWN, State.RESTORED})

_DESK = frozenset({Who.OFFICER, Who.HEAD})
_TEAM = _DESK | {Who.COMMUNITY_DEVELOPMENT}
_REGISTRAR = frozenset({Who.REGISTRAR})
_GATE = frozenset(
    {
        Evidence.REQUEST,
        Evidence.RESULT_AGREES,
        Evidence.PHOTOS,
        Evidence.FORM_SIGNED,
        Evidence.NOBODY_REGISTERED,
    }
)


@dataclasses.dataclass(frozen=True)
class Step:
    """A line of the table: from any of the states, by any of these hands, with all this proof, to one state."""

    move: Move
    before: Collection[State]
    after: State
    by: frozenset[Who]
    needs: frozenset[Evidence] = frozenset()
    kinds: frozenset[Kind] = EVERY_KIND


_PROVED = frozenset({Evidence.RESULT_AGREES, Evidence.PHOTOS})
_SAID_WHY = frozenset({Evidence.REASON})

STEPS: tuple[Step, ...] = (
    Step(Move.TAKE_UP, (State.RECEIVED, State.RETURNED), State.UNDER_REVIEW, _DESK),
    Step(Move.ASK_BACK, (State.UNDER_REVIEW,), State.RETURNED, _DESK, _SAID_WHY),
    Step(Move.WITHDRAW, (State.RECEIVED, State.UNDER_REVIEW, State.RETURNED), State.WITHDRAWN, _DESK, _SAID_WHY),
    Step(Move.RECLASSIFY, (State.UNDER_REVIEW, State.VISITED), State.UNDER_REVIEW, _DESK, _SAID_WHY),
    Step(
        Move.PLAN_VISIT,
        (State.UNDER_REVIEW, State.VISITED, State.CONFIRMED),
        State.VISIT_PLANNED,
        _DESK,
        frozenset({Evidence.ON_A_LIST}),
    ),
    Step(Move.TAKE_OFF_LIST, (State.VISIT_PLANNED,), State.UNDER_REVIEW, _DESK, _SAID_WHY),
    Step(Move.RECORD_VISIT, (State.VISIT_PLANNED,), State.VISITED, _TEAM, frozenset({Evidence.SEEN})),
    Step(
        Move.NOBODY_MET,
        (State.VISIT_PLANNED,),
        State.VISIT_PLANNED,
        _TEAM,
        frozenset({Evidence.NOBODY_MET, Evidence.ON_A_LIST}),
    ),
    Step(Move.SETTLE_AT_DESK, (State.UNDER_REVIEW,), State.CONFIRMED, _DESK, _SAID_WHY, AT_THE_DESK),
    Step(Move.CONFIRM, (State.VISITED,), State.CONFIRMED, _DESK, _PROVED, EVERY_KIND - {Kind.UNCLEAR}),
    Step(Move.FIND_STANDING, (State.VISITED,), State.STANDS, _DESK, _SAID_WHY | {Evidence.SEEN}),
    Step(Move.FIND_STANDING, (State.UNDER_REVIEW,), State.STANDS, _DESK, _SAID_WHY, AT_THE_DESK),
    Step(
        Move.FILE_TR31,
        (State.CONFIRMED,),
        State.TR31_FILED,
        _DESK,
        frozenset({Evidence.FORM_SIGNED}),
        STRUCK_IN_THE_END,
    ),
    Step(Move.AWAIT_RESIDENTS, (State.TR31_FILED,), State.AWAITING_RESIDENTS, _DESK),
    Step(
        Move.PROPOSE_STRIKE_OFF,
        (State.TR31_FILED, State.AWAITING_RESIDENTS),
        State.PROPOSED,
        _DESK,
        _GATE | {Evidence.STRIKE_OFF_PROPOSED},
        STRUCK_IN_THE_END,
    ),
    Step(
        Move.PROPOSE_CORRECTION,
        (State.CONFIRMED,),
        State.PROPOSED,
        _DESK,
        frozenset({Evidence.REQUEST, Evidence.CORRECTION_PROPOSED}),
        CORRECTED_IN_THE_END,
    ),
    Step(Move.SEND_BACK, (State.PROPOSED,), State.CONFIRMED, _DESK | _REGISTRAR, _SAID_WHY),
    Step(
        Move.STRIKE_OFF,
        (State.PROPOSED,),
        State.STRUCK_OFF,
        _REGISTRAR,
        _GATE | {Evidence.STRIKE_OFF_PROPOSED},
        STRUCK_IN_THE_END,
    ),
    Step(
        Move.CORRECT,
        (State.PROPOSED,),
        State.CORRECTED,
        _REGISTRAR,
        frozenset({Evidence.REQUEST, Evidence.CORRECTION_PROPOSED}),
        CORRECTED_IN_THE_END,
    ),
    Step(
        Move.PROPOSE_RESTORING,
        (State.STRUCK_OFF,),
        State.RESTORING,
        _DESK,
        _SAID_WHY | {Evidence.RESTORING_PROPOSED},
        STRUCK_IN_THE_END,
    ),
    Step(
        Move.LEAVE_STRUCK,
        (State.RESTORING,),
        State.STRUCK_OFF,
        _DESK | _REGISTRAR,
        _SAID_WHY,
        STRUCK_IN_THE_END,
    ),
    Step(
        Move.RESTORE,
        (State.RESTORING,),
        State.RESTORED,
        _REGISTRAR,
        frozenset({Evidence.RESTORING_PROPOSED}),
        STRUCK_IN_THE_END,
    ),
)

# Working days that a case may stay where it is before it counts as late; what has ended waits for nobody.
LATE_AFTER: dict[State, int] = {
    State.RECEIVED: 3,
    State.UNDER_REVIEW: 5,
    State.RETURNED: 15,
    State.VISIT_PLANNED: 10,
    State.VISITED: 3,
    State.CONFIRMED: 5,
    State.TR31_FILED: 3,
    State.AWAITING_RESIDENTS: 30,
    State.PROPOSED: 3,
    State.RESTORING: 3,
}


def step_of(state: str, move: str, kind: str) -> Step | None:
    """The line of the table for the move of a case of that kind; None where it is not allowed from there."""
    return next((step for step in steps_from(state, kind) if step.move == move), None)


def steps_from(state: str, kind: str) -> Iterator[Step]:
    """All lines of the table by which a case of that kind may leave the state, in the order of the table."""
    return (step for step in STEPS if state in step.before and kind in step.kinds)


def ways() -> list[tuple[str, str, str]]:
    """Every move with the state before and after it, for the database's own rule."""
    return sorted({(step.move.value, before.value, step.after.value) for step in STEPS for before in step.before})
