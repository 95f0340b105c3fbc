"""Cases that have stood too long, by person and step, and how many cases ended in time."""

from __future__ import annotations

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of, district_choice
from communities.exports import Table
from communities.ids import id_in
from communities.models import District
from communities.roles import Action
from communities.thai_calendar import add_months, month_start
from communities.views_exports import asks_for_file, export_response

from ..case_clock import LateCase, by_person_and_step, closed_within, late_cases
from ..export_tables import columns_of_late_cases
from ..models import Case
from ..workflow import LATE_AFTER, State

MONTHS_SHOWN = 6


@needs(Action.SEE_CASES)
@require_safe
@never_cache
def cases_late(request: OfficeRequest) -> HttpResponseBase:
    """The district's late cases, the latest first; ?person= who moved them last, ?state= where they stand.

    ?format= takes them out as a file.
    """
    choice = district_choice(request, Action.SEE_CASES)
    late = late_cases(Case.objects.visible_to(request.user).open().filter(district=choice.district))
    people = by_person_and_step(late)
    states = [state for state in LATE_AFTER if any(one.case.state == state for one in late)]
    person, state = id_in(request.GET.get("person", "")), request.GET.get("state", "")
    shown = [one for one in late if person in (None, one.last_by.pk) and state in ("", one.case.state)]
    if asks_for_file(request):
        whose = [(_("Moved last by"), str(shown[0].last_by))] if person and shown else []
        where = [(_("Where it stands"), str(State(state).label))] if state in State.values else []
        return export_response(request, _table(choice.district, shown, [*whose, *where]))
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


def _table(district: District, late: Sequence[LateCase], conditions: Sequence[tuple[str, str]]) -> Table:
    return Table(
        title=_("Late cases"),
        district=district,
        columns=columns_of_late_cases(communities_of(district)),
        lines=late,
        conditions=conditions,
        houses=len(late),
    )
