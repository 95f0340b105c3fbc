"""Cases that have stood too long, by person and step, and how many cases ended in time."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.roles import Action
from communities.thai_calendar import add_months, month_start

from ..case_clock import by_person_and_step, closed_within, late_cases
from ..models import Case
from ..workflow import LATE_AFTER

MONTHS_SHOWN = 6


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def cases_late(request: OfficeRequest) -> HttpResponse:
    """The district's late cases, the latest first; ?person= who moved them last, ?state= where they stand."""
    choice = district_choice(request, Action.SEE_CASES)
    late = late_cases(Case.objects.visible_to(request.user).open().filter(district=choice.district))
    people = by_person_and_step(late)
    states = [state for state in LATE_AFTER if any(one.case.state == state for one in late)]
    person, state = id_in(request.GET.get("person", "")), request.GET.get("state", "")
    shown = [one for one in late if person in (None, one.last_by.pk) and state in ("", one.case.state)]
    this_month = month_start(timezone.localdate())
    months = [add_months(this_month, -back) for back in range(MONTHS_SHOWN)]
    scene = {
        "choice": choice,
        "late": shown,
        "number": len(late),
        "people": [(who, [(one, counted[one]) for one in states], total) for who, counted, total in people],
        "states": states,
        "person": person,
        "state": state,
        "months": [(month, closed_within(choice.district, month)) for month in months],
        "communities": communities_of(choice.district),
    }
    return render(request, "verification/cases_late.html", scene)
