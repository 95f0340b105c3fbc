"""Visits in the browser: what waits, the list of a day, and one house at a time on the phone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs
from communities.access_log import record_access
from communities.district_choice import communities_of, district_choice
from communities.exports import stamp
from communities.ids import id_in
from communities.models import ListAccess
from communities.roles import Action, may
from communities.thai_calendar import short_date

from ..case_photos import add_photo
from ..forms.visits import ResultForm, TeamForm
from ..models import Case, Section, Stop, StopResult, VisitList
from ..visit_pages import (
    PAST_LISTS,
    lanes_of,
    lines_of,
    lists_by_day,
    open_after,
    seen_on_by,
    those_there,
    visits_of,
    warnings_of,
)
from ..visit_results import OFTEN, next_stop, nobody_home_in_a_row, record_alike, record_result
from ..visits import (
    USUAL_STOPS,
    Member,
    cases_to_visit,
)
from ..workflow import Move, steps_from

REFUSED = 409
MOST_PHOTOS = 12  # sent with one result
_KEYS = [(str(key), code) for key, code in enumerate(StopResult.Code, 1)]


@needs(Action.VISIT)
@require_safe
@never_cache
def visits(request: OfficeRequest) -> HttpResponse:
    """The lists of visits by day, and what waits for a visit lane by lane; ?past= turns to older lists."""
    choice = district_choice(request, Action.VISIT)
    past_from = id_in(request.GET.get("past", "")) or 0
    scene = {
        "choice": choice,
        "lists": lists_by_day(choice.district, past_from=past_from),
        "past_from": past_from,
        "older": past_from + PAST_LISTS,
        "waiting": cases_to_visit(choice.district),
        "communities": communities_of(choice.district),
        "may_plan": may(request.user, Action.WORK_CASE, choice.district),
        "usual": USUAL_STOPS,
    }
    return render(request, "verification/visits.html", scene)


# --- the list of a day ---


@needs(Action.VISIT)
@require_safe
@never_cache
def visit_list(request: OfficeRequest, pk: int) -> HttpResponse:
    """The list of a day, lane by lane, with what is done and what comes next."""
    found = list_of(request, pk)
    return render(request, "verification/visit_list.html", _scene(request, found))


def _scene(request: OfficeRequest, found: VisitList) -> dict[str, Any]:
    lanes = lanes_of(found)
    team = list(found.team.all())
    stops = [line.stop for lane in lanes for line in lane.lines]
    known = [Member(each.section, each.name) for each in team]
    return {
        "visits": found,
        "lanes": lanes,
        "team": team,
        "team_form": TeamForm(known=known),
        "houses": len(stops),
        "done": sum(stop.over_at is not None for stop in stops),
        "next": open_after(lanes),
        "alike": _events_open(stops),
        "communities": communities_of(found.district),
        "may_plan": may(request.user, Action.WORK_CASE, found.district),
        "may_carry_over": any(stop.over_at is None for stop in stops) and found.day <= timezone.localdate(),
        "is_today": found.day == timezone.localdate(),
        **warnings_of(found),
    }


def _events_open(stops: Sequence[Stop]) -> list[tuple[Any, int]]:
    """Events of which at least two houses of the list are open, with their number."""
    open_ones = [stop.case.occurrence for stop in stops if stop.over_at is None and stop.case.occurrence]
    return [(event, open_ones.count(event)) for event in dict.fromkeys(open_ones) if open_ones.count(event) > 1]


@needs(Action.VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visit_print(request: OfficeRequest, pk: int) -> HttpResponse:
    """Asks what the list is printed for, and shows it as the paper for the way."""
    found = list_of(request, pk)
    purpose = _("visit on %(day)s") % {"day": short_date(found.day)}
    if request.method != "POST":
        return render(request, "verification/visit_print_ask.html", {"visits": found, "purpose": purpose})
    purpose = request.POST.get("purpose", "")
    scene = _scene(request, found)
    try:
        record_access(
            request.user,
            deed=ListAccess.Deed.PRINTED,
            what=_("list of visits, %(day)s") % {"day": short_date(found.day)},
            district=found.district,
            houses=scene["houses"],
            purpose=purpose,
        )
    except ValidationError as refusal:
        asked = {"visits": found, "purpose": purpose, "refusal": " ".join(refusal.messages)}
        return render(request, "verification/visit_print_ask.html", asked, status=REFUSED)
    scene |= {"stamp": stamp(request.user, purpose), "codes": StopResult.Code.choices}
    return render(request, "verification/visit_print.html", scene)


def list_of(request: OfficeRequest, pk: int) -> VisitList:
    """The list, if the person may go on visits in its district."""
    lists = VisitList.objects.visible_to(request.user).select_related("district", "made_by").prefetch_related("team")
    return get_object_or_404(lists, pk=pk)


def stop_of(request: OfficeRequest, pk: int) -> Stop:
    """The stop with its case, if the person may go on visits in its district."""
    stops = Stop.objects.filter(visit_list__in=VisitList.objects.visible_to(request.user))
    return get_object_or_404(stops.select_related("visit_list__district", "case__house", "case__occurrence"), pk=pk)


# --- one house ---


@needs(Action.VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visit_stop(request: OfficeRequest, pk: int) -> HttpResponse:
    """One house of the list: what is asked of it, and what was found there; then the next house."""
    stop = stop_of(request, pk)
    form = _result_form(request, stop.visit_list)
    if request.method != "POST":
        return render(request, "verification/visit_stop.html", _stop_scene(request, stop, form))
    try:
        given = form.deed()
        result = record_result(stop, shown_number=form.cleaned_data["shown_number"], by=request.user, **given)
    except ValidationError as refusal:
        stop = stop_of(request, pk)
        again = [_("Choose the photos again.")] if request.FILES else []  # no browser keeps them
        scene = _stop_scene(request, stop, form) | {"refusal": " ".join([*refusal.messages, *again])}
        return render(request, "verification/visit_stop.html", scene, status=REFUSED)
    messages.success(request, _saved(stop, result))
    _keep_photos(request, stop.case, result)
    return redirect(_way_on(stop))


def _result_form(request: OfficeRequest, of: VisitList) -> ResultForm:
    data = request.POST if request.method == "POST" else None
    return ResultForm(data, there=those_there(of), initial={"seen_on": seen_on_by(of)})


def _stop_scene(request: OfficeRequest, stop: Stop, form: ResultForm) -> dict[str, Any]:
    lanes = lanes_of(stop.visit_list)
    in_order = [line.stop for lane in lanes for line in lane.lines]
    return {
        "stop": stop,
        "case": stop.case,
        "line": lines_of(Stop.objects.filter(pk=stop.pk))[0],
        "place": in_order.index(stop) + 1 if stop in in_order else None,
        "houses": len(in_order),
        "next": open_after(lanes, stop),
        "form": form,
        "codes": _KEYS,
        "sections": Section.choices,
        "community": communities_of(stop.visit_list.district).get(stop.case.community_id or 0),
        "may_plan": may(request.user, Action.WORK_CASE, stop.visit_list.district),
        "most_photos": MOST_PHOTOS,
    }


def _saved(stop: Stop, result: StopResult) -> str:
    """What was written down, and where nobody was home the day of the next visit."""
    number = stop.case.house.house_no if stop.case.house else stop.case.house_no
    said = _("Saved: %(house)s, %(result)s.") % {"house": number, "result": result.get_code_display()}
    again = next_stop(stop.case) if result.code == StopResult.Code.NOBODY_HOME else None
    if again:
        said += " " + _("The next visit is on %(day)s.") % {"day": short_date(again.visit_list.day)}
    return said


def _keep_photos(request: OfficeRequest, case: Case, result: StopResult) -> None:
    """Keeps the sent photos with the result; what is refused says why, and the result stands."""
    sent = request.FILES.getlist("photos")
    for place, file in enumerate(sent[:MOST_PHOTOS]):
        try:
            add_photo(case, key=uuid.uuid5(result.key, str(place)), sent=file, by=request.user, result=result)
        except ValidationError as refusal:
            told = {"name": file.name, "why": " ".join(refusal.messages)}
            messages.error(request, _("Photo “%(name)s” was not kept: %(why)s") % told)
    if len(sent) > MOST_PHOTOS:
        said = _("At most %(most)s photos at once; send the others on the page of the case.")
        messages.error(request, said % {"most": MOST_PHOTOS})


def _way_on(stop: Stop) -> str:
    """The next open house of the list, or the list where all are done."""
    following = open_after(lanes_of(stop.visit_list), stop)
    if following:
        return reverse("verification:visit_stop", args=[following.pk])
    return reverse("verification:visit_list", args=[stop.visit_list_id])


@needs(Action.VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visit_alike(request: OfficeRequest, pk: int, event: int) -> HttpResponse:
    """One result for many houses of one event on the list."""
    found = list_of(request, pk)
    stops = found.stops.filter(case__occurrence=event, taken_off_by=None, over_at=None)
    lines = lines_of(stops)
    if not lines and not found.stops.filter(case__occurrence=event).exists():
        raise Http404
    form = _result_form(request, found)
    ticked = {one for one in map(id_in, request.POST.getlist("stop")) if one is not None}
    scene = {
        "visits": found,
        "lines": lines,
        "event": lines[0].stop.case.occurrence if lines else None,
        "form": form,
        "codes": [(key, code) for key, code in _KEYS if code != StopResult.Code.OTHER_NUMBER],
        "sections": Section.choices,
        "ticked": ticked,
    }
    if request.method != "POST":
        return render(request, "verification/visit_alike.html", scene)
    chosen = found.stops.filter(case__occurrence=event, pk__in=ticked).select_related("case__house")
    try:
        recorded = record_alike(chosen, by=request.user, **form.deed())
    except ValidationError as refusal:
        scene["refusal"] = " ".join(refusal.messages)
        return render(request, "verification/visit_alike.html", scene, status=REFUSED)
    number = len(recorded.results)
    said = ngettext("%(number)s house is recorded.", "%(number)s houses are recorded.", number)
    messages.success(request, said % {"number": number})
    for why, houses in recorded.refused.items():
        messages.error(request, f"{get_text_list(list(houses), _('and'))}: {why}")
    return redirect("verification:visit_list", pk)


# --- the part of a case's page ---


def visits_on_page(request: OfficeRequest, case: Case) -> dict[str, Any]:
    """What the visits' part of the page of a case shows."""
    stops = visits_of(case)
    results = [stop.result for stop in reversed(stops) if hasattr(stop, "result")]
    results.sort(key=lambda result: result.pk)
    moves = {step.move for step in steps_from(case.state, case.kind)}
    waits = next((stop for stop in stops if stop.over_at is None), None)
    nobody = nobody_home_in_a_row([result.code for result in results])
    return {
        "visit_stops": stops,
        "visit_waits": waits,
        "visit_nobody": nobody if nobody >= OFTEN else 0,
        "visit_may_be_planned": Move.PLAN_VISIT in moves and may(request.user, Action.WORK_CASE, case.district),
    }
