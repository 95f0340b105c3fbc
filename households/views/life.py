"""The life of lists in the browser: what is missing, asking for it, and sending a list back."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.models import Community, District
from communities.roles import Action, may

from ..corrections import houses_of_gone_rows
from ..error_workbook import error_workbook, file_name
from ..forms.life import LetterForm, SendBackForm
from ..list_life import ListLife, State, ask_for_lists, lives_of, send_back, steps_of
from ..models import HouseList
from ..row_findings import findings_of

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclasses.dataclass(frozen=True)
class MissingLine:
    """A community whose list has not come, as the chase list shows it; days are whole days."""

    community: Community
    life: ListLife
    waited: int
    late: int


# --- what is missing ---


@needs(Action.RECEIVE_LIST)
@require_http_methods(["GET", "HEAD", "POST"])
def lists_missing(request: OfficeRequest) -> HttpResponse:
    """The lists that were asked for or sent back and have not come, late ones first; the ticked are asked for."""
    choice = district_choice(request, Action.RECEIVE_LIST)
    communities = communities_of(choice.district)
    form = LetterForm(request.POST) if request.method == "POST" else LetterForm(initial={"happened_on": _today()})
    ticked = [communities[pk] for text in request.POST.getlist("community") if (pk := id_in(text)) in communities]
    if request.method == "POST" and form.is_valid() and _ask(request, form, ticked):
        return redirect(f"{request.path}?district={choice.district.code}")
    lives = lives_of(choice.district)
    context = {
        "choice": choice,
        "form": form,
        "ticked": {community.pk for community in ticked},
        "lines": _missing(communities, lives),
        "counts": _counts(lives),
        "today": _today(),
    }
    return render(request, "households/lists_missing.html", context, status=422 if form.errors else 200)


def _today() -> datetime.date:
    return timezone.localdate()


def _ask(request: OfficeRequest, form: LetterForm, ticked: list[Community]) -> bool:
    """Whether the lists of the ticked communities were recorded as asked for; the refusal is on the form else."""
    try:
        steps = ask_for_lists(ticked, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    asked = ngettext("%(lists)s list was asked for.", "%(lists)s lists were asked for.", len(steps))
    messages.success(request, asked % {"lists": len(steps)})
    return True


def _missing(communities: dict[int, Community], lives: dict[int, ListLife]) -> list[MissingLine]:
    """Late ones first, then those that wait longest, then those never asked; in the order of their codes."""
    today = _today()
    lines = [
        MissingLine(community, life, life.days_waited(today), life.days_late(today))
        for pk, community in communities.items()
        if (life := lives[pk]).is_missing or life.state == State.NOT_ASKED
    ]
    return sorted(lines, key=lambda line: (-line.late, line.life.state == State.NOT_ASKED, -line.waited))


def _counts(lives: dict[int, ListLife]) -> dict[str, int]:
    today = _today()
    return {
        "all": len(lives),
        "missing": sum(life.is_missing for life in lives.values()),
        "late": sum(life.days_late(today) > 0 for life in lives.values()),
        "not_asked": sum(life.state == State.NOT_ASKED for life in lives.values()),
        "here": sum(not life.is_missing and life.state != State.NOT_ASKED for life in lives.values()),
    }


# --- one list ---


def _list_to_return(request: OfficeRequest, pk: int) -> HouseList:
    named = HouseList.objects.visible_to(request.user).select_related("district", "file")
    found = get_object_or_404(named, pk=pk)
    require(request.user, Action.RECEIVE_LIST, found.district)
    found.community = Community.objects.as_at(_today()).get(pk=found.community_id)
    return found


@needs(Action.RECEIVE_LIST)
@require_safe
def list_findings(request: OfficeRequest, pk: int) -> HttpResponse:
    """The workbook for the sender: their own layout with a sentence on each faulty row."""
    found = _list_to_return(request, pk)
    name = file_name(found, code=found.community.label_code or "", community=found.community.name_th or "")
    return HttpResponse(
        error_workbook(found),
        content_type=WORKBOOK,
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""},
    )


@needs(Action.RECEIVE_LIST)
@require_http_methods(["GET", "HEAD", "POST"])
def list_send_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows what the sender will be told, and records that the list went back."""
    found = _list_to_return(request, pk)
    form = SendBackForm(request.POST) if request.method == "POST" else SendBackForm(initial={"happened_on": _today()})
    if request.method == "POST" and form.is_valid() and _send_back(request, form, found):
        return redirect("households:list", found.pk)
    context = {"list": found, "form": form, "findings": findings_of(found)}
    return render(request, "households/list_send_back.html", context, status=422 if form.errors else 200)


def _send_back(request: OfficeRequest, form: SendBackForm, house_list: HouseList) -> bool:
    try:
        send_back(house_list, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, _("It is recorded that the list went back to its sender."))
    return True


def life_on_page(request: OfficeRequest, house_list: HouseList) -> dict[str, Any]:
    """What the page of a list shows of its life, and what the person may do about it."""
    steps = steps_of(house_list)
    district: District = house_list.district
    gone = list(houses_of_gone_rows(house_list)) if house_list.corrects_id else []
    return {
        "steps": steps,
        "replaced_by": HouseList.objects.filter(corrects=house_list.pk).first(),
        "gone_houses": gone,
        "may_receive": may(request.user, Action.RECEIVE_LIST, district),
    }
