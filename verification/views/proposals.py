"""The gate, the proposal and its decision on a case's page; and many at once, for one event that struck many houses."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of
from communities.ids import id_in
from communities.roles import Action, may
from communities.thai_calendar import short_date
from households.models import HouseRegistration

from ..casework import dossiers_of, hands_of, state_residents
from ..evidence import Dossier, Evidence
from ..forms.proposals import AlikeForm, ProposalForm, ResidentsForm
from ..models import Case, Occurrence, Proposal, StopResult
from ..strike_off import (
    acts_open_to,
    approve,
    approve_alike,
    gate,
    propose,
    propose_alike,
    send_back,
)
from ..workflow import EVIDENCE_NAMES, STRUCK_IN_THE_END, State, Who

# Where on the case's page a missing piece of evidence is added.
PLACES: dict[Evidence, str] = {
    Evidence.REQUEST: "request",
    Evidence.RESULT_AGREES: "visits",
    Evidence.PHOTOS: "photos",
    Evidence.FORM_SIGNED: "form31",
    Evidence.NOBODY_REGISTERED: "residents",
}


def proposal_on_page(request: OfficeRequest, case: Case) -> dict[str, Any]:
    """What the part of the page needs: the gate, who is registered there, the proposals, and what the person may do."""
    waiting = case.proposals.filter(decided_at=None).select_related("proposed_by").first()
    checks = [{"name": EVIDENCE_NAMES[piece], "there": there, "place": PLACES[piece]} for piece, there in gate(case)]
    hands = hands_of(request.user, case.district)
    return {
        "gate": checks,
        "gate_open": all(check["there"] for check in checks),
        "is_struck_in_the_end": case.kind in STRUCK_IN_THE_END,
        "residents": case.residents.select_related("stated_by").order_by("-pk").first(),
        "residents_form": ResidentsForm(),
        "waiting": waiting,
        "waiting_details": _in_words(waiting) if waiting else [],
        "decided": case.proposals.exclude(decided_at=None).select_related("proposed_by", "decided_by").order_by("-pk"),
        "acts": acts_open_to(case),
        "true_day": _written(_true_day(case)),
        "written_today": _written(timezone.localdate()),
        "is_own_proposal": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "is_registrar": Who.REGISTRAR in hands,
    }


def _written(day: datetime.date | None) -> str:
    """The day as the forms offer it: 6 ก.พ. 2558; "" for none."""
    return short_date(day) if day else ""


def _true_day(case: Case) -> datetime.date | None:
    """The day that a visit or the event told as the true one; None where nobody told it."""
    told = StopResult.objects.filter(stop__case=case, gone_since__isnull=False).order_by("-pk").first()
    if told:
        return told.gone_since
    return case.occurrence.happened_on if case.occurrence else None


def _in_words(proposal: Proposal) -> list[tuple[str, str]]:
    """What the proposal says besides its day: label and value, houses and communities by their names."""
    details = proposal.details
    wanted = [pk for pk in (details.get("into"), details.get("house"), *details.get("parts", ())) if pk]
    houses = HouseRegistration.objects.in_bulk(wanted)
    said: list[tuple[str, str]] = []
    if "house_no" in details:
        said.append((_("Right house number"), details["house_no"]))
    if "community" in details:
        found = communities_of(proposal.case.district).get(details["community"])
        said.append((_("Right community"), str(found.name_th) if found else ""))
    if houses:
        label = _("House that goes on") if "into" in details else _("Registration")
        label = _("New houses") if "parts" in details else label
        said.append((label, ", ".join(str(houses[pk]) for pk in wanted if pk in houses)))
    return said


# --- one case ---


def _case(request: OfficeRequest, pk: int) -> Case:
    cases = Case.objects.visible_to(request.user).select_related("district", "house", "occurrence")
    return get_object_or_404(cases, pk=pk)


def _proposal(request: OfficeRequest, pk: int) -> Proposal:
    proposals = Proposal.objects.visible_to(request.user).select_related("case__district")
    return get_object_or_404(proposals, pk=pk)


def _back(case: int, place: str = "proposal") -> HttpResponse:
    return redirect(f"{reverse('verification:case', args=[case])}#{place}")


def _tell(request: OfficeRequest, act: Callable[[], object], done: str) -> bool:
    """Does the act; says on the next page that it is done, or why it is not. Whether it was done."""
    try:
        act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    messages.success(request, done)
    return True


def _refuse_form(form: forms.Form) -> None:
    """Raises ValidationError with all that is wrong with the form."""
    if not form.is_valid():
        raise ValidationError([fault for faults in form.errors.values() for fault in faults])


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def residents_state(request: OfficeRequest, pk: int) -> HttpResponse:
    """Records who is still registered in the house."""
    case, form = _case(request, pk), ResidentsForm(request.POST)

    def act() -> None:
        _refuse_form(form)
        state_residents(case, by=request.user, **form.cleaned_data)

    _tell(request, act, _("Written down who is registered in the house."))
    return _back(pk, "residents")


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def proposal_make(request: OfficeRequest, pk: int) -> HttpResponse:
    """Proposes the posted act to the registrar."""
    case = _case(request, pk)
    form = ProposalForm(request.POST, case=case)

    def act() -> None:
        _refuse_form(form)
        typed = form.cleaned_data
        propose(
            case,
            act=typed["act"],
            happened_on=typed["happened_on"],
            details=form.details,
            reason=typed["reason"],
            by=request.user,
        )

    _tell(request, act, _("Proposed. Another person, who is a registrar, decides."))
    return _back(pk)


@needs(Action.APPROVE_STRIKE_OFF)
@require_POST
@never_cache
def proposal_approve(request: OfficeRequest, pk: int) -> HttpResponse:
    """Approves the proposal and carries it out."""
    proposal = _proposal(request, pk)
    require(request.user, Action.APPROVE_STRIKE_OFF, proposal.case.district)
    seen = id_in(request.POST.get("seen", ""))
    _tell(request, lambda: approve(proposal, by=request.user, seen=seen), _("Approved and recorded in the register."))
    return _back(proposal.case_id)


@needs(Action.WORK_CASE, Action.APPROVE_STRIKE_OFF)
@require_POST
@never_cache
def proposal_send_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Sends the proposal back with the posted reason."""
    proposal = _proposal(request, pk)
    reason = request.POST.get("reason", "")
    _tell(request, lambda: send_back(proposal, reason=reason, by=request.user), _("Sent back with the reason."))
    return _back(proposal.case_id)


# --- many at once ---


def _occurrence(request: OfficeRequest, pk: int) -> Occurrence:
    return get_object_or_404(Occurrence.objects.visible_to(request.user).select_related("district"), pk=pk)


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def alike(request: OfficeRequest, pk: int) -> HttpResponse:
    """The cases of one event with what each still lacks: to propose the ticked ones, or to approve them."""
    event = _occurrence(request, pk)
    cases = list(event.cases.select_related("house", "district", "verdict").order_by("house__number_order", "pk"))
    waiting = {
        proposal.case_id: proposal
        for proposal in Proposal.objects.filter(case__in=cases, decided_at=None, act="strike_off").select_related(
            "proposed_by"
        )
    }
    dossiers = dossiers_of(cases)
    lines = [_line(case, dossiers[case.pk], waiting.get(case.pk), request) for case in cases]
    scene = {
        "event": event,
        "lines": lines,
        "true_day": _written(event.happened_on),
        "may_work": may(request.user, Action.WORK_CASE, event.district),
        "is_registrar": Who.REGISTRAR in hands_of(request.user, event.district),
        "proposable": sum(line["may_propose"] for line in lines),
        "approvable": sum(line["may_approve"] for line in lines),
    }
    return render(request, "verification/cases_alike.html", scene)


def _line(case: Case, dossier: Dossier, proposal: Proposal | None, request: OfficeRequest) -> dict[str, Any]:
    """A case of the event: what it lacks, and whether the person may propose it or approve what is proposed."""
    lacking = [EVIDENCE_NAMES[piece] for piece, there in gate(case, dossier) if not there] if not case.has_ended else []
    at_the_gate = case.state in (State.TR31_FILED, State.AWAITING_RESIDENTS)
    return {
        "case": case,
        "proposal": proposal,
        "lacking": lacking,
        "may_propose": at_the_gate and not lacking,
        "may_approve": proposal is not None and not lacking and proposal.proposed_by_id != request.user.pk,
        "is_own": proposal is not None and proposal.proposed_by_id == request.user.pk,
    }


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def alike_propose(request: OfficeRequest, pk: int) -> HttpResponse:
    """Proposes to strike off the houses of the ticked cases."""
    event = _occurrence(request, pk)
    require(request.user, Action.WORK_CASE, event.district)
    form = AlikeForm(request.POST)

    def act() -> tuple[list[Proposal], dict[Case, str]]:
        _refuse_form(form)
        return propose_alike(event.cases.filter(pk__in=_ticked(request)), by=request.user, **form.cleaned_data)

    return _told_alike(
        request, pk, act, lambda n: ngettext("%(number)s house proposed.", "%(number)s houses proposed.", n)
    )


@needs(Action.APPROVE_STRIKE_OFF)
@require_POST
@never_cache
def alike_approve(request: OfficeRequest, pk: int) -> HttpResponse:
    """Approves what is proposed of the ticked cases."""
    event = _occurrence(request, pk)
    require(request.user, Action.APPROVE_STRIKE_OFF, event.district)
    chosen = Proposal.objects.filter(
        case__occurrence=event, case__in=_ticked(request), act="strike_off", decided_at=None
    ).select_related("case")
    return _told_alike(
        request,
        pk,
        lambda: approve_alike(chosen, by=request.user),
        lambda n: ngettext("%(number)s house struck off.", "%(number)s houses struck off.", n),
    )


def _ticked(request: OfficeRequest) -> list[int]:
    return [pk for pk in map(id_in, request.POST.getlist("case")) if pk]


def _told_alike(
    request: OfficeRequest,
    pk: int,
    act: Callable[[], tuple[list[Proposal], dict[Case, str]]],
    says: Callable[[int], str],
) -> HttpResponse:
    """Does the act on the ticked cases and says how many it did, and by name which not and why."""
    try:
        done, refused = act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if done:
            messages.success(request, says(len(done)) % {"number": len(done)})
        for case, why in refused.items():
            messages.warning(request, _("Case %(case)s: %(reason)s") % {"case": case, "reason": why})
    return redirect("verification:cases_alike", pk)
