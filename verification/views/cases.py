"""Cases in the browser: the list, one case with all its parts, its moves, and the table of moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.exports import ROWS_AT_ONCE, Table
from communities.ids import id_in
from communities.models import District
from communities.roles import Action, may
from communities.thai_calendar import working_days_since
from communities.views_exports import asks_for_file, export_response

from ..casework import complete_request, dossier_of, hands_of, last_change, move
from ..export_tables import columns_of_cases
from ..filters import CaseFilter
from ..models import Case
from ..next_steps import next_way, other_ways
from ..workflow import EVIDENCE_NAMES, LATE_AFTER, STEPS, Kind, State
from .case_photos import photos_part
from .desk import desk_on_page
from .forms31 import form31_on_page
from .proposals import proposal_on_page
from .visits import visits_on_page

CASES_A_PAGE = 50
REFUSED = 409

# The parts of a case's page in their order: the template, and what its own module adds to the page.
PARTS: tuple[tuple[str, Callable[[OfficeRequest, Case], dict[str, Any]]], ...] = (
    ("verification/_case_desk.html", desk_on_page),
    ("verification/_case_visits.html", visits_on_page),
    ("verification/_case_form31.html", form31_on_page),
    ("verification/_case_proposal.html", proposal_on_page),
    ("verification/_photos.html", photos_part),
)


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def cases(request: OfficeRequest) -> HttpResponseBase:
    """The district's cases, those longest in their state first; ?state=, ?kind=, ?community=, ?number=, ?event=.

    ?format= takes them out as a file.
    """
    choice = district_choice(request, Action.SEE_CASES)
    of_district = Case.objects.visible_to(request.user).filter(district=choice.district)
    named = communities_of(choice.district)
    chosen = CaseFilter(request.GET, queryset=of_district, communities=named.values())
    found = chosen.qs.select_related("house", "occurrence").order_by("state_since", "pk")
    if asks_for_file(request):
        return export_response(request, _table(choice.district, chosen, found))
    after = id_in(request.GET.get("after", "")) or 0
    shown = list(found[after : after + CASES_A_PAGE])
    scene = {
        "choice": choice,
        "filter": chosen,
        "stages": _stages(choice.district, request),
        "lines": [_line(case) for case in shown],
        "communities": named,
        "number": found.count(),
        "after": after + CASES_A_PAGE if len(shown) == CASES_A_PAGE else None,
        "may_open": may(request.user, Action.OPEN_CASE, choice.district),
    }
    return render(request, "verification/cases.html", scene)


def _table(district: District, chosen: CaseFilter, found: QuerySet[Case]) -> Table:
    return Table(
        title=_("Cases"),
        district=district,
        columns=columns_of_cases(communities_of(district)),
        lines=map(_line, found.iterator(chunk_size=ROWS_AT_ONCE)),
        conditions=chosen.in_words(),
        houses=found.count(),
    )


def _stages(district: District, request: OfficeRequest) -> list[tuple[State, int]]:
    """The states in which cases wait, in the order of the way, with how many."""
    waiting = Case.objects.visible_to(request.user).open().filter(district=district).order_by()
    numbers = dict(waiting.values_list("state").annotate(Count("pk")))
    return [(state, numbers[state.value]) for state in LATE_AFTER if state.value in numbers]


def _line(case: Case) -> dict[str, Any]:
    days = working_days_since(timezone.localdate(case.state_since), timezone.localdate())
    limit = LATE_AFTER.get(State(case.state))
    return {"case": case, "days": days, "late": limit is not None and days > limit, "waits": limit is not None}


def _case(request: OfficeRequest, pk: int) -> Case:
    cases = Case.objects.visible_to(request.user).select_related(
        "district", "house__subdistrict", "house__district", "verdict", "occurrence", "opened_by"
    )
    return get_object_or_404(cases, pk=pk)


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def case(request: OfficeRequest, pk: int) -> HttpResponse:
    """One case: the question, the next move, what is known from the desk, visits, photos, papers, and its history."""
    return render(request, "verification/case.html", _scene(request, _case(request, pk)))


def _scene(request: OfficeRequest, found: Case) -> dict[str, Any]:
    dossier = dossier_of(found)
    scene = {
        "case": found,
        "dossier": dossier,
        "line": _line(found),
        "communities": communities_of(found.district),
        "changes": found.changes.select_related("done_by").order_by("-pk"),
        "seen": last_change(found),
        "next": next_way(found, dossier, request.user),
        "others": other_ways(found, dossier, request.user),
        "kinds": [kind for kind in Kind if kind != found.kind and (kind == Kind.MISSING) == (found.house_id is None)],
        "hands": hands_of(request.user, found.district),
        "may_work": may(request.user, Action.WORK_CASE, found.district),
        "may_visit": may(request.user, Action.VISIT, found.district),
        "may_open": may(request.user, Action.OPEN_CASE, found.district),
        "sees_codes": may(request.user, Action.SEE_HOUSES, found.district),
    }
    for _template, part in PARTS:
        scene.update(part(request, found))
    return {**scene, "parts": [template for template, _part in PARTS]}


@needs(Action.WORK_CASE)
@require_POST
@never_cache
def case_move(request: OfficeRequest, pk: int) -> HttpResponse:
    """Makes the posted move; `seen` is the last move that the page showed."""
    found = _case(request, pk)
    try:
        made = move(
            found,
            request.POST.get("move", ""),
            by=request.user,
            seen=id_in(request.POST.get("seen", "")) or 0,
            reason=request.POST.get("reason", ""),
            kind=request.POST.get("kind", ""),
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        state = made.get_state_after_display()
        messages.success(request, _("Case %(case)s is now “%(state)s”.") % {"case": found, "state": state})
    return redirect("verification:case", pk)


@needs(Action.OPEN_CASE)
@require_POST
@never_cache
def case_request(request: OfficeRequest, pk: int) -> HttpResponse:
    """Writes down what was reported, where nobody had."""
    found = _case(request, pk)
    try:
        complete_request(found, told=request.POST.get("told", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("What was reported is written down."))
    return redirect(f"{reverse('verification:case', args=[pk])}#request")


@needs(Action.SEE_CASES, Action.KEEP_REFERENCE_DATA)
@require_safe
def case_moves(request: OfficeRequest) -> HttpResponse:
    """The table of moves, to print."""
    lines = [
        {
            "move": step.move.label,
            "before": [State(state).label for state in step.before],
            "after": step.after.label,
            "by": [who.label for who in sorted(step.by)],
            "needs": [EVIDENCE_NAMES[one] for one in sorted(step.needs)],
            "kinds": [] if len(step.kinds) == len(Kind) else [kind.label for kind in Kind if kind in step.kinds],
        }
        for step in STEPS
    ]
    return render(request, "verification/case_moves.html", {"lines": lines, "limits": LATE_AFTER.items()})
