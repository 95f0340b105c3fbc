"""The officer's home: how far each community of the district is, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.access import OfficeRequest, needs
from communities.district_choice import district_choice
from communities.models import District, Person
from communities.roles import Action, may

from ..list_life import ListLife, lives_of
from ..models import HouseRegistration
from ..progress import CommunityProgress, NextStep, district_progress, totals_of


@needs(Action.SEE_LISTS)
@require_safe
def home(request: OfficeRequest) -> HttpResponse:
    """The communities of a district as rows, the open work on top."""
    choice = district_choice(request, Action.SEE_LISTS)
    district = choice.district
    lives = lives_of(district)
    rows = [
        _row(progress, district, request.user) | _missing(lives[progress.community.pk])
        for progress in district_progress(district)
    ]
    context = {
        "choice": choice,
        "district": district,
        "rows": rows,
        "today": timezone.localdate(),
        "totals": totals_of(row["progress"] for row in rows),
        "next": _first_open(rows),
        "has_houses": bool(rows) and HouseRegistration.objects.filter(district=district).exists(),
        "may_load": may(request.user, Action.LOAD_REGISTER, district),
        "may_tag": may(request.user, Action.TAG, district),
        "sees_houses": may(request.user, Action.SEE_HOUSES, district),
    }
    return render(request, "households/home.html", context)


def _row(progress: CommunityProgress, district: District, person: Person) -> dict[str, Any]:
    return {"progress": progress, "step": _step(progress, district, person)}


def _missing(life: ListLife) -> dict[str, Any]:
    """Which chip says that the community's list is out, if it is."""
    late = life.days_late(timezone.localdate())
    return {"missing": ("overdue" if late else str(life.state)) if life.is_missing else ""}


def _step(progress: CommunityProgress, district: District, person: Person) -> dict[str, object] | None:
    """The next step of a community as a button, if it is this person's to take."""
    if progress.next_step is None:
        return None
    step, rows = progress.next_step
    if not may(person, Action.RECEIVE_LIST if step is NextStep.RECEIVE else Action.TAG, district):
        return None
    if rows is None:
        code = progress.community.label_code or ""
        return {"label": _("Receive list"), "url": f"{reverse('households:list_receive')}?community={code}", "rows": 0}
    if step is NextStep.APPLY:
        return _to_list("list", _("Tag"), rows.house_list, rows.to_apply)
    if step is NextStep.CONFIRM:
        return _to_list("list_likely", _("Confirm"), rows.house_list, rows.to_confirm)
    if step is NextStep.DECIDE:
        return _to_list("list_bench", _("Decide"), rows.house_list, rows.to_decide)
    claims = f"{reverse('households:claims')}?district={district.code}"
    return {"label": _("Settle claims"), "url": claims, "rows": rows.claimed}


def _to_list(view: str, label: str, pk: int, rows: int) -> dict[str, object]:
    return {"label": label, "url": reverse(f"households:{view}", args=[pk]), "rows": rows}


def _first_open(rows: list[dict]) -> dict | None:
    """The first community with rows waiting, else the first whose list has not come."""
    with_steps = [row for row in rows if row["step"]]
    return next((row for row in with_steps if row["step"]["rows"]), with_steps[0] if with_steps else None)
