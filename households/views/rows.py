"""One row of a list: what was typed among its neighbours, the houses it may mean, and what was decided about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import OfficeRequest, needs, require
from communities.models import Community
from communities.roles import Action, may

from .. import row_decisions
from ..models import HouseNumberRecord, HouseRegistration
from ..row_lines import Suggestion, houses_with_communities, suggestions_for
from ..row_reasons import Outcome
from ..rows_around import neighbours_of

MOST_CHOICES = 9


def reachable_rows(request: OfficeRequest) -> QuerySet[HouseNumberRecord]:
    """The rows that the person may see, with their list and its community of today by code and name."""
    named = Prefetch("house_list__community", Community.objects.as_at(timezone.localdate()))
    return (
        HouseNumberRecord.objects.visible_to(request.user)
        .select_related("house_list__district", "house_list__sender", "subdistrict")
        .prefetch_related(named)
    )


def row_among_neighbours(record: HouseNumberRecord) -> dict[str, Any]:
    """What every page about one row shows of it: the row, its list, its neighbours and why it has its grade."""
    around = neighbours_of(record)
    return {
        "record": record,
        "list": record.house_list,
        "reason": next(line.reason for line in around.lines if line.record.pk == record.pk),
        "parts": record.house_list.records.filter(row=record.row).count(),
        "around": around,
    }


def choices_for(record: HouseNumberRecord) -> list[Suggestion]:
    """The houses that the row may mean, best first, as many as there are keys to choose by."""
    return suggestions_for(record)[:MOST_CHOICES]


@needs(Action.SEE_LISTS)
@require_safe
def row(request: OfficeRequest, pk: int) -> HttpResponse:
    """The row as typed among its neighbours, its candidates, and what was decided about it."""
    record = get_object_or_404(reachable_rows(request), pk=pk)
    district = record.house_list.district
    sees_houses = may(request.user, Action.SEE_HOUSES, district)
    waits = record.outcome in (Outcome.OPEN, Outcome.CLAIMED)
    scene = row_among_neighbours(record)
    suggestions = scene["around"].beside(choices_for(record)) if sees_houses and waits else []
    context = scene | {
        "decisions": _decisions(record),
        "waits": waits,
        "sees_houses": sees_houses,
        "may_decide": may(request.user, Action.TAG, district),
        "suggestions": suggestions,
        "claimed_house": _claimed_house(record) if sees_houses else None,
    }
    return render(request, "households/row.html", context)


def _decisions(record: HouseNumberRecord):
    houses = Prefetch("house", houses_with_communities())
    return record.decisions.order_by("-id").select_related("recorded_by", "batch").prefetch_related(houses)


def _claimed_house(record: HouseNumberRecord) -> HouseRegistration | None:
    """The house that the row claims from another community."""
    if record.outcome != Outcome.CLAIMED:
        return None
    return record.decisions.order_by("-id").select_related("house")[0].house


@needs(Action.TAG)
@require_POST
def row_reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Opens a closed row again."""
    record = get_object_or_404(reachable_rows(request), pk=pk)
    require(request.user, Action.TAG, record.house_list.district)
    try:
        row_decisions.reopen_row(record, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Row %(row)s waits for a decision again.") % {"row": record.row})
    return redirect("households:row", record.pk)
