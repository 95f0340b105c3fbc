"""What one person proposes about a house and another, a registrar that day, decides: strike-off, correction, restoring.

An approval is one transaction: the case is held, its evidence is judged again, the act leaves its one life event (or
tagging batch), the case moves, the proposal is decided (product.md V5, V6; domain.md section 6). The same rules stand
in the database: who proposes does not approve, and only a registrar's approval leaves an event.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from communities.code_book import require_code
from communities.models import Community, District, Person
from households import register
from households.dates import refuse_future
from households.house_codes import NotAHouseCode, clean_house_code
from households.models import HouseRegistration, LifeEvent, TaggingBatch
from households.tagging import tag

from .casework import advance, dossier_of, judged, last_change, locked
from .evidence import Dossier, Evidence, at_hand
from .models import Case, Proposal
from .models.proposals import Act
from .workflow import STEPS, STRUCK_IN_THE_END, Kind, Move, State

Details = Mapping[str, Any]
Caused = LifeEvent | TaggingBatch
Ground, Decision = LifeEvent.Ground, Proposal.Decision

# Which acts may end a case of a kind; restoring is proposed for whatever was struck off.
ACTS_OF_KIND: dict[str, tuple[Act, ...]] = {
    Kind.DEMOLISHED: (Act.STRIKE_OFF,),
    Kind.DESTROYED: (Act.STRIKE_OFF,),
    Kind.MERGED: (Act.STRIKE_OFF,),
    Kind.DUPLICATE: (Act.STRIKE_OFF, Act.CORRECT_NUMBER, Act.MOVE_COMMUNITY),
    Kind.WRONG_NUMBER: (Act.CORRECT_NUMBER,),
    Kind.RENUMBERED: (Act.CORRECT_NUMBER,),
    Kind.WRONG_COMMUNITY: (Act.MOVE_COMMUNITY,),
    Kind.MISSING: (Act.MOVE_COMMUNITY,),
    Kind.SPLIT: (Act.SPLIT,),
    Kind.UNCLEAR: (),
}
_PROPOSED_BY: dict[str, Move] = {Act.STRIKE_OFF: Move.PROPOSE_STRIKE_OFF, Act.RESTORE: Move.PROPOSE_RESTORING}
_APPROVED_BY: dict[str, Move] = {Act.STRIKE_OFF: Move.STRIKE_OFF, Act.RESTORE: Move.RESTORE}
_PROPOSALS = frozenset({Evidence.STRIKE_OFF_PROPOSED, Evidence.CORRECTION_PROPOSED})


def acts_open_to(case: Case) -> tuple[Act, ...]:
    """What may be proposed from where the case stands, before anybody asks who proposes or what is proved."""
    if case.state == State.STRUCK_OFF:
        return (Act.RESTORE,)
    moves = {step.move for step in STEPS if case.state in step.before and case.kind in step.kinds}
    return tuple(act for act in ACTS_OF_KIND[case.kind] if _proposing(act) in moves)


def gate(case: Case, dossier: Dossier | None = None) -> list[tuple[Evidence, bool]]:
    """What must be there before the case may end by a strike-off or correction, each with whether it is."""
    move = Move.PROPOSE_STRIKE_OFF if case.kind in STRUCK_IN_THE_END else Move.PROPOSE_CORRECTION
    needs = next(step.needs for step in STEPS if step.move == move) - _PROPOSALS
    there = at_hand(dossier or dossier_of(case))
    return [(one, one in there) for one in Evidence if one in needs]


# --- proposing ---


@transaction.atomic
def propose(
    case: Case, *, act: str, happened_on: datetime.date, details: Details | None = None, reason: str = "", by: Person
) -> Proposal:
    """Proposes an act for another to decide; `details` as `Proposal` keeps them, for what `_details` names.

    Raises `not_an_act`, `future_date`, `waits_already`, what the act's own rule says (`no_other_house`,
    `number_unreadable`, `same_number`, `code_not_in_force`, `not_in_register`, `reason_needed` …), and as
    `casework.judged`: `not_in_the_table`, `not_your_move`, `evidence_missing`.
    """
    case = locked(case)
    if act not in (*ACTS_OF_KIND[case.kind], Act.RESTORE):
        raise ValidationError(_("A case of this kind does not end by that."), code="not_an_act")
    refuse_future(happened_on)
    if case.proposals.filter(decided_at=None).exists():
        raise ValidationError(_("A proposal waits for its decision already."), code="waits_already")
    kept = _RULES[Act(act)](case, happened_on, details or {}, reason)
    proposal = Proposal.objects.create(
        case=case,
        act=act,
        ground=_ground(case, act),
        happened_on=happened_on,
        details=kept,
        reason=reason.strip(),
        proposed_by=by,
    )
    advance(case, _proposing(act), by=by, reason=reason)
    return proposal


def _proposing(act: str) -> Move:
    return _PROPOSED_BY.get(act, Move.PROPOSE_CORRECTION)


def _approving(act: str) -> Move:
    return _APPROVED_BY.get(act, Move.CORRECT)


def _ground(case: Case, act: str) -> str:
    """The ground under which the register keeps the act; a change of the community has its batch instead."""
    if act == Act.STRIKE_OFF:
        return case.kind
    if act == Act.CORRECT_NUMBER:
        return Ground.RENUMBERED if case.kind == Kind.RENUMBERED else Ground.NUMBER_CORRECTED
    return {Act.SPLIT: Ground.SPLIT.value, Act.RESTORE: Ground.STRUCK_WRONGLY.value}.get(Act(act), "")


def _strike_off_details(case: Case, _day: datetime.date, details: Details, _reason: str) -> dict[str, Any]:
    house = _own_house(case)
    if house.state == HouseRegistration.State.STRUCK:
        raise ValidationError(
            _("House %(house)s is struck off already."), code="struck_already", params={"house": house}
        )
    if case.kind not in register.GOES_ON_ELSEWHERE:
        return {}
    into = _houses(case, [details.get("into")])
    if not into or into[0].pk == house.pk:
        raise ValidationError(_("Say which other house goes on."), code="no_other_house")
    return {"into": into[0].pk}


def _number_details(case: Case, _day: datetime.date, details: Details, _reason: str) -> dict[str, Any]:
    number = register.readable_number(str(details.get("house_no", "")))
    if number.key == _own_house(case).number_key:
        raise ValidationError(_("The house has that number already."), code="same_number")
    return {"house_no": str(number)}


def _community_details(case: Case, day: datetime.date, details: Details, _reason: str) -> dict[str, Any]:
    community = Community.objects.filter(district=case.district, pk=details.get("community", 0)).first()
    if community is None:
        raise ValidationError(_("Choose the community."), code="no_community")
    require_code(community, day)
    if case.house is not None:
        if case.house.community_id == community.pk:
            raise ValidationError(_("The house is in that community already."), code="same_community")
        return {"community": community.pk}
    found = _houses(case, [details.get("house")])
    if not found:
        raise ValidationError(
            _("Say which registration the missing house has. If the register has none, load the extract first."),
            code="not_in_register",
        )
    return {"community": community.pk, "house": found[0].pk}


def _split_details(case: Case, _day: datetime.date, details: Details, _reason: str) -> dict[str, Any]:
    parts = _houses(case, [part for part in details.get("parts", ()) if part != case.house_id])
    if not parts:
        raise ValidationError(_("Say into which houses it was split."), code="no_other_house")
    return {"parts": [part.pk for part in parts]}


def _restore_details(case: Case, _day: datetime.date, _details: Details, reason: str) -> dict[str, Any]:
    if not reason.strip():
        raise ValidationError(_("Say why the house is restored."), code="reason_needed")
    _own_house(case)
    return {}


_RULES: dict[Act, Callable[[Case, datetime.date, Details, str], dict[str, Any]]] = {
    Act.STRIKE_OFF: _strike_off_details,
    Act.CORRECT_NUMBER: _number_details,
    Act.MOVE_COMMUNITY: _community_details,
    Act.SPLIT: _split_details,
    Act.RESTORE: _restore_details,
}


def _own_house(case: Case) -> HouseRegistration:
    """The house of the case. Raises `no_house` for one that no list has."""
    if case.house is None:
        raise ValidationError(_("Say which house, or the number of the missing one."), code="no_house")
    return case.house


def _houses(case: Case, ids: Iterable[Any]) -> list[HouseRegistration]:
    """The live houses of the case's district with these ids, in their order. Raises `not_in_register`."""
    wanted = list(dict.fromkeys(pk for pk in ids if pk))
    known = HouseRegistration.objects.filter(
        pk__in=wanted, district=case.district, state=HouseRegistration.State.LIVE
    ).in_bulk()
    if len(known) < len(wanted):
        raise ValidationError(
            _("The register has no live house of that code in the district. Load the extract first."),
            code="not_in_register",
        )
    return [known[pk] for pk in wanted]


def house_of_code(district: District, text: str) -> HouseRegistration:
    """The live house of the district with the typed house code. Raises `not_a_house_code`, `not_in_register`."""
    try:
        code = clean_house_code(text)
    except NotAHouseCode as problem:
        raise ValidationError(
            _("“%(code)s” is not a house code of 11 digits."), code="not_a_house_code", params={"code": text.strip()}
        ) from problem
    found = HouseRegistration.objects.filter(
        district=district, house_code=code, state=HouseRegistration.State.LIVE
    ).first()
    if found is None:
        raise ValidationError(
            _("The register has no live house with the code %(code)s. Load the extract first."),
            code="not_in_register",
            params={"code": text.strip()},
        )
    return found


# --- deciding ---


@transaction.atomic
def approve(proposal: Proposal, *, by: Person, seen: int | None = None) -> Proposal:
    """Carries the proposal out: one life event or batch, the move of the case, the decision; all or none of them.

    `seen` is the last move (id) that the page showed. The same person's second click finds the first one's decision.
    Raises `decided_already`, `stale_page`, `same_person`, as `casework.judged` (`not_your_move` for whoever is no
    registrar today, `evidence_missing`), and what the act itself refuses.
    """
    case, proposal = _held(proposal)
    if proposal.decision == Proposal.Decision.APPROVED and proposal.decided_by_id == by.pk:
        return proposal
    _refuse_decided(proposal)
    if seen is not None and seen != last_change(case):
        raise ValidationError(_("The case has moved since the page was shown. Look again."), code="stale_page")
    if proposal.proposed_by_id == by.pk:
        raise ValidationError(_("Who proposes does not approve: another registrar must decide."), code="same_person")
    move = _approving(proposal.act)
    judged(case, move, by=by)
    caused = _ACTS[Act(proposal.act)](case, proposal, by)
    named = {"batch" if isinstance(caused, TaggingBatch) else "life_event": caused}
    if move != Move.RESTORE:  # a restored case keeps the event by which it had ended; the proposal names the new one
        for field, thing in named.items():
            setattr(case, field, thing)
        case.save(update_fields=[*named])
    advance(case, move, by=by)
    return _decided(proposal, Proposal.Decision.APPROVED, by, **named)


@transaction.atomic
def send_back(proposal: Proposal, *, reason: str, by: Person) -> Proposal:
    """Refuses the proposal with a reason; a house that was to be restored stays struck off.

    Raises `decided_already`, and as `casework.judged`: `not_your_move`, `evidence_missing` without a reason.
    """
    case, proposal = _held(proposal)
    _refuse_decided(proposal)
    move = Move.LEAVE_STRUCK if proposal.act == Act.RESTORE else Move.SEND_BACK
    advance(case, move, by=by, reason=reason)
    return _decided(proposal, Proposal.Decision.SENT_BACK, by, decision_reason=reason.strip())


def _held(proposal: Proposal) -> tuple[Case, Proposal]:
    """The case and the proposal as they stand, held until the transaction ends; the case first, as every act does."""
    case = locked(Case(pk=proposal.case_id))
    held = Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by", "decided_by")
    return case, held.get(pk=proposal.pk)


def _refuse_decided(proposal: Proposal) -> None:
    if proposal.decision:
        raise ValidationError(
            _("%(person)s has decided the proposal already: %(decision)s."),
            code="decided_already",
            params={"person": proposal.decided_by, "decision": proposal.get_decision_display()},
        )


def _decided(proposal: Proposal, decision: str, by: Person, **more: Any) -> Proposal:
    Proposal.objects.filter(pk=proposal.pk).update(decision=decision, decided_by=by, decided_at=Now(), **more)
    proposal.refresh_from_db()
    return proposal


def _facts(case: Case, proposal: Proposal, by: Person) -> dict[str, Any]:
    """What every act of the register is told: the true day, the printed number of the case, and both people."""
    return {
        "happened_on": proposal.happened_on,
        "reference": str(case),
        "reason": proposal.reason,
        "proposed_by": proposal.proposed_by,
        "by": by,
    }


def _strike_off(case: Case, proposal: Proposal, by: Person) -> Caused:
    into = proposal.details.get("into")
    other = _houses(case, [into])[0] if into else None
    return register.strike_off(_own_house(case), ground=proposal.ground, into=other, **_facts(case, proposal, by))


def _correct_number(case: Case, proposal: Proposal, by: Person) -> Caused:
    number, ground = proposal.details["house_no"], proposal.ground
    return register.correct_number(_own_house(case), house_no=number, ground=ground, **_facts(case, proposal, by))


def _move_community(case: Case, proposal: Proposal, by: Person) -> Caused:
    house = case.house_id or proposal.details["house"]
    done = tag(
        [house],
        community=Community.objects.get(pk=proposal.details["community"]),
        by=by,
        expected=1,
        happened_on=proposal.happened_on,
        move_reason=_("Case %(case)s, proposed by %(person)s: %(reason)s")
        % {"case": case, "person": proposal.proposed_by, "reason": proposal.reason or case.get_kind_display()},
    )
    if done.batch is None:
        raise ValidationError(
            _("The house cannot be moved to that community now: lists claim it, it is there already, or it is gone."),
            code="not_moved",
        )
    return done.batch


def _split(case: Case, proposal: Proposal, by: Person) -> Caused:
    parts = _houses(case, proposal.details["parts"])
    return register.split(_own_house(case), parts=parts, **_facts(case, proposal, by))


def _restore(case: Case, proposal: Proposal, by: Person) -> Caused:
    return register.restore(_own_house(case), **_facts(case, proposal, by))


_ACTS: dict[Act, Callable[[Case, Proposal, Person], Caused]] = {
    Act.STRIKE_OFF: _strike_off,
    Act.CORRECT_NUMBER: _correct_number,
    Act.MOVE_COMMUNITY: _move_community,
    Act.SPLIT: _split,
    Act.RESTORE: _restore,
}


# --- many at once, for one event that struck many houses ---


def propose_alike(
    cases: Iterable[Case], *, happened_on: datetime.date, reason: str = "", by: Person
) -> tuple[list[Proposal], dict[Case, str]]:
    """Proposes the strike-off of each, under its own rule; beside them the cases that were refused, with the sentence.

    Raises `no_case` when none is given.
    """
    return _each(
        cases,
        lambda case: propose(case, act=Act.STRIKE_OFF, happened_on=happened_on, reason=reason, by=by),
    )


def approve_alike(proposals: Iterable[Proposal], *, by: Person) -> tuple[list[Proposal], dict[Case, str]]:
    """Approves each under its own rule; beside them the cases that were refused, with the sentence.

    Raises `no_case` when none is given.
    """
    of_case = {proposal.case: proposal for proposal in proposals}
    return _each(of_case, lambda case: approve(of_case[case], by=by))


def _each(cases: Iterable[Case], act: Callable[[Case], Proposal]) -> tuple[list[Proposal], dict[Case, str]]:
    done: list[Proposal] = []
    refused: dict[Case, str] = {}
    # In the order of their ids, so that two who decide the same do not wait for each other.
    chosen = sorted(cases, key=lambda case: case.pk)
    if not chosen:
        raise ValidationError(_("Choose the cases first."), code="no_case")
    for case in chosen:
        try:
            done.append(act(case))
        except ValidationError as refusal:
            refused[case] = " ".join(refusal.messages)
    return done, refused
