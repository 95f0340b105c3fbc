"""Visits are planned in the browser: ticked houses go onto a list, the team is named, houses are taken off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from communities.access import OfficeRequest, needs, require
from communities.district_choice import district_choice
from communities.ids import id_in
from communities.models import District
from communities.roles import Action
from communities.thai_calendar import short_date

from ..forms.visits import PlanForm, TeamForm
from ..models import Case, VisitList
from ..visit_pages import counted, usual_team
from ..visits import (
    USUAL_STOPS,
    Member,
    add_stops,
    carry_over,
    cases_to_visit,
    is_working_day,
    make_list,
    next_working_day,
    room_on,
    set_team,
    take_off,
)
from .visits import list_of, stop_of

REFUSED = 409


@needs(Action.WORK_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visit_plan(request: OfficeRequest) -> HttpResponse:
    """Puts the ticked houses onto a list: ?case= one each, ?lane= all of the case's lane, ?event= all of an event."""
    choice = district_choice(request, Action.WORK_CASE)
    given = request.POST if request.method == "POST" else request.GET
    cases = _ticked(choice.district, given)
    lists = list(counted(VisitList.objects.filter(district=choice.district, day__gte=timezone.localdate())))
    lists.sort(key=lambda each: (each.day, each.number))
    team = usual_team(choice.district, cases, by=request.user)
    initial = {"day": next_working_day(timezone.localdate()), "most_stops": USUAL_STOPS}
    form = PlanForm(request.POST if request.method == "POST" else None, known=team, lists=lists, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = _planned(request, choice.district, form, cases, lists)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("verification:visit_list", made.pk)
    scene = {"choice": choice, "cases": cases, "lists": lists, "form": form, "usual": USUAL_STOPS}
    return render(request, "verification/visit_plan.html", scene, status=REFUSED if form.errors else 200)


def _ticked(district: District, given: Any) -> list[Case]:
    """The ticked cases of the district in the order of their lanes, whole lanes and events included."""
    ids = {name: {id_in(text) for text in given.getlist(name)} for name in ("case", "lane", "event")}
    chosen = []
    for lane in cases_to_visit(district).lanes:
        whole = any(each.case.pk in ids["lane"] for each in lane.cases)
        chosen += [
            each.case
            for each in lane.cases
            if whole
            or each.case.pk in ids["case"]
            or (each.case.occurrence_id and each.case.occurrence_id in ids["event"])
        ]
    return chosen


def _planned(
    request: OfficeRequest, district: District, form: PlanForm, cases: Sequence[Case], lists: Sequence[VisitList]
) -> VisitList:
    asked = form.cleaned_data
    number = len(cases)
    if onto := next((each for each in lists if str(each.pk) == asked["onto"]), None):
        longer = onto.most_stops + max(number - room_on(onto), 0) if asked["longer"] else None
        add_stops(onto, cases, by=request.user, most_stops=longer)
        made = onto
    else:
        most = max(asked["most_stops"], number) if asked["longer"] else asked["most_stops"]
        made = make_list(
            district,
            day=asked["day"],
            most_stops=most,
            team=form.team(),
            cases=cases,
            note=asked["note"],
            by=request.user,
        )
    said = ngettext(
        "%(number)s house is on the list of %(day)s.", "%(number)s houses are on the list of %(day)s.", number
    )
    messages.success(request, said % {"number": number, "day": short_date(made.day)})
    if not is_working_day(made.day):
        messages.warning(request, _("Offices are closed on %(day)s.") % {"day": short_date(made.day)})
    return made


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def visit_team(request: OfficeRequest, pk: int) -> HttpResponse:
    """Writes down who goes."""
    found = list_of(request, pk)
    require(request.user, Action.WORK_CASE, found.district)
    known = [Member(each.section, each.name, each.person) for each in found.team.select_related("person")]
    form = TeamForm(request.POST, known=known)
    try:
        if not form.is_valid():
            raise ValidationError([fault for faults in form.errors.values() for fault in faults])
        set_team(found, form.team(), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The team is written down."))
    return redirect("verification:visit_list", pk)


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def visit_carry_over(request: OfficeRequest, pk: int) -> HttpResponse:
    """Puts the houses without a result onto a later list, with the posted reason."""
    found = list_of(request, pk)
    require(request.user, Action.WORK_CASE, found.district)
    try:
        onto = carry_over(found, reason=request.POST.get("reason", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("verification:visit_list", pk)
    messages.success(request, _("The houses left over are on the list of %(day)s.") % {"day": short_date(onto.day)})
    return redirect("verification:visit_list", onto.pk)


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def visit_take_off(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a house off its list, with the posted reason."""
    stop = stop_of(request, pk)
    require(request.user, Action.WORK_CASE, stop.visit_list.district)
    try:
        take_off(stop, reason=request.POST.get("reason", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The visit is taken off; the case is back at the desk."))
    return redirect(f"{reverse('verification:case', args=[stop.case_id])}#visits")
