"""What usually comes next in a case, and where on its page it is done."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from communities.models import Person

from .casework import BY_HAND, hands_of
from .evidence import Dossier, Evidence, missing
from .models import Case
from .workflow import AT_THE_DESK, EVIDENCE_NAMES, STRUCK_IN_THE_END, Move, State, Step, Who, steps_from

# Acts that are more than a press of a button have their own part of the page.
PLACES: dict[Move, str] = {
    Move.PLAN_VISIT: "visits",
    Move.TAKE_OFF_LIST: "visits",
    Move.RECORD_VISIT: "visits",
    Move.NOBODY_MET: "visits",
    Move.FILE_TR31: "form31",
    Move.PROPOSE_STRIKE_OFF: "proposal",
    Move.PROPOSE_CORRECTION: "proposal",
    Move.SEND_BACK: "proposal",
    Move.STRIKE_OFF: "proposal",
    Move.CORRECT: "proposal",
    Move.PROPOSE_RESTORING: "proposal",
    Move.LEAVE_STRUCK: "proposal",
    Move.RESTORE: "proposal",
}
_ALWAYS_NEXT: dict[str, Move] = {
    State.RECEIVED: Move.TAKE_UP,
    State.RETURNED: Move.TAKE_UP,
    State.VISIT_PLANNED: Move.RECORD_VISIT,
    State.TR31_FILED: Move.PROPOSE_STRIKE_OFF,
    State.AWAITING_RESIDENTS: Move.PROPOSE_STRIKE_OFF,
    State.RESTORING: Move.RESTORE,
}


@dataclasses.dataclass(frozen=True)
class Way:
    """A move as the page offers it: what is still missing for it (but for words typed with it), and where it is done.

    `place` is the part of the page, "" for a button; `needs_words` asks for a reason beside the button.
    """

    step: Step
    lacking: Sequence[object]
    place: str
    needs_words: bool
    is_theirs: bool

    @property
    def who(self) -> Sequence[object]:
        """In whose hands the move lies, in words."""
        return [one.label for one in Who if one in self.step.by]


def usual_move(case: Case, dossier: Dossier) -> Move | None:
    """The move that comes next when nothing is odd; None for a case that has ended."""
    if case.state in _ALWAYS_NEXT:
        return _ALWAYS_NEXT[State(case.state)]
    if case.state == State.UNDER_REVIEW:
        return Move.SETTLE_AT_DESK if case.kind in AT_THE_DESK else Move.PLAN_VISIT
    if case.state == State.VISITED:
        return _after_visit(dossier)
    if case.state == State.CONFIRMED:
        return Move.FILE_TR31 if case.kind in STRUCK_IN_THE_END else Move.PROPOSE_CORRECTION
    if case.state == State.PROPOSED:
        return Move.STRIKE_OFF if dossier.proposed == "strike_off" else Move.CORRECT
    return None


def _after_visit(dossier: Dossier) -> Move:
    if not missing([Evidence.RESULT_AGREES], dossier):
        return Move.CONFIRM
    return Move.FIND_STANDING if dossier.last_result == "standing" else Move.PLAN_VISIT


def next_way(case: Case, dossier: Dossier, person: Person) -> Way | None:
    """The usual next move as the page offers it to the person; None for a case that has ended."""
    usual = usual_move(case, dossier)
    step = next((one for one in steps_from(case.state, case.kind) if one.move == usual), None)
    return _way(step, dossier, hands_of(person, case.district)) if step else None


def other_ways(case: Case, dossier: Dossier, person: Person) -> list[Way]:
    """The other moves that the person may make with a button from where the case stands."""
    hands, usual = hands_of(person, case.district), usual_move(case, dossier)
    others = [one for one in steps_from(case.state, case.kind) if one.move in BY_HAND and one.move != usual]
    return [_way(step, dossier, hands) for step in others if step.by & hands]


def _way(step: Step, dossier: Dossier, hands: frozenset[Who]) -> Way:
    lacking = missing(step.needs - {Evidence.REASON}, dossier)
    # What a part of the page adds itself is not missing before one goes there.
    added = {Evidence.STRIKE_OFF_PROPOSED, Evidence.CORRECTION_PROPOSED, Evidence.ON_A_LIST, Evidence.SEEN}
    named = [EVIDENCE_NAMES[one] for one in lacking if one not in added or step.move in BY_HAND]
    there_is_more_to_do = step.move not in BY_HAND or (step.move == Move.FILE_TR31 and bool(lacking))
    return Way(
        step,
        named,
        PLACES[step.move] if there_is_more_to_do else "",
        Evidence.REASON in step.needs,
        bool(step.by & hands),
    )
