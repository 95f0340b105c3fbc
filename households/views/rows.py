"""One row of a list: what was typed beside the houses it may mean, and what a person decides about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.access import OfficeRequest, needs, require
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action, may

from .. import row_decisions
from ..filters import in_lane, number_or_code
from ..forms import CloseForm, DecideForm
from ..models import HouseNumberRecord, HouseRegistration
from ..open_work import TO_CONFIRM, row_after, rows_to_decide
from ..row_lines import houses_with_communities, suggestions_among, suggestions_for
from ..row_reasons import Grade, Outcome, Reason
from .lists import undo_address

NEIGHBOURS = 3
MOST_FOUND = 20


def reachable_rows(request: OfficeRequest) -> QuerySet[HouseNumberRecord]:
    """The rows that the person may see, with their list and its community of today by code and name."""
    named = Prefetch("house_list__community", Community.objects.as_at(timezone.localdate()))
    return (
        HouseNumberRecord.objects.visible_to(request.user)
        .select_related("house_list__district", "subdistrict")
        .prefetch_related(named)
    )


@needs(Action.SEE_LISTS)
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: OfficeRequest, pk: int) -> HttpResponse:
    """The row as typed among its neighbours, its candidates, and the decision; a POST chooses a house."""
    record = get_object_or_404(reachable_rows(request), pk=pk)
    if request.method != "POST":
        return _show(request, record)
    require(request.user, Action.TAG, record.house_list.district)
    refusal = _decide(request, record)
    if refusal:
        record.refresh_from_db(fields=["outcome"])
        return _show(request, record, refusal=refusal, status=409)
    return _go_on(record)


def _decide(request: OfficeRequest, record: HouseNumberRecord) -> str:
    """Tags the house that was chosen for the row; the sentence of the refusal where that is not possible."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _("Choose one of the houses.")
    house = get_object_or_404(HouseRegistration.objects.visible_to(request.user), pk=form.cleaned_data["house"])
    if house.community_id not in (form.cleaned_data["shown_community"], record.house_list.community_id):
        return _moved_meanwhile(house, form.cleaned_data["shown_community"])
    try:
        tagged = row_decisions.decide_row(record, house=house, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    sentence = _("Row %(row)s: house %(house)s was tagged with %(code)s %(community)s.")
    if not tagged.houses:
        sentence = _("Row %(row)s: house %(house)s had %(code)s %(community)s already.")
    community = record.house_list.community
    facts = {"row": record.row, "house": house, "code": community.label_code, "community": community}
    say_done(request, sentence % facts, undo_at=undo_address(tagged))
    return ""


def _moved_meanwhile(house: HouseRegistration, shown_community: int | None) -> str:
    """Both values: the community that the page showed and the one that the house has now."""
    names = Community.objects.as_at(timezone.localdate()).in_bulk([shown_community, house.community_id])
    return _("House %(house)s was shown with %(before)s and now has %(now)s. Nothing was changed; look again.") % {
        "house": house,
        "before": names.get(shown_community) or _("no community"),
        "now": names.get(house.community_id) or _("no community"),
    }


def _show(
    request: OfficeRequest, record: HouseNumberRecord, *, refusal: str = "", close_form: CloseForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    house_list = record.house_list
    sees_houses = may(request.user, Action.SEE_HOUSES, house_list.district)
    may_decide = may(request.user, Action.TAG, house_list.district)
    waits = record.outcome in (Outcome.OPEN, Outcome.CLAIMED)
    context = {
        "record": record,
        "list": house_list,
        "reason": _reason_in_force(record),
        "around": _around(record),
        "decisions": _decisions(record),
        "waits": waits,
        "sees_houses": sees_houses,
        "may_decide": may_decide,
        "can_decide": may_decide and waits and bool(house_list.community.code),
        "suggestions": suggestions_for(record) if sees_houses else [],
        "next": row_after(record),
        "left": rows_to_decide(house_list).count(),
        "close_form": close_form or CloseForm(),
        "refusal": refusal,
        "posted": request.POST if refusal else {},
        **(_search(request, record) if sees_houses and waits else {}),
    }
    return render(request, "households/row.html", context, status=status)


def _reason_in_force(record: HouseNumberRecord) -> Reason:
    newest = record.decisions.order_by("-id").first()
    return Reason(record.reason if newest is None or newest.outcome == Outcome.OPEN else newest.reason)


def _around(record: HouseNumberRecord) -> list[HouseNumberRecord]:
    """The row among the rows just above and below it in the sheet."""
    rows = record.house_list.records
    above = list(rows.filter(row__lt=record.row).order_by("-row")[:NEIGHBOURS])
    return [*reversed(above), record, *rows.filter(row__gt=record.row).order_by("row")[:NEIGHBOURS]]


def _decisions(record: HouseNumberRecord):
    houses = Prefetch("house", houses_with_communities())
    return record.decisions.order_by("-id").select_related("recorded_by", "batch").prefetch_related(houses)


def _search(request: OfficeRequest, record: HouseNumberRecord) -> dict[str, object]:
    """Other houses of the district by ?q=number, and ?lane= where a number is too common."""
    number, lane = request.GET.get("q", "").strip(), request.GET.get("lane", "").strip()
    searched: dict[str, object] = {"q": number, "lane": lane}
    if not number:
        return searched
    houses = houses_with_communities().filter(district=record.house_list.district_id)
    try:
        wanted = houses.filter(number_or_code(number))
        found = list((wanted.filter(in_lane(lane)) if lane else wanted).in_lane_order()[: MOST_FOUND + 1])
    except ValidationError as refusal:
        return searched | {"not_searched": " ".join(refusal.messages)}
    return searched | {"found": suggestions_among(record, found[:MOST_FOUND]), "more": len(found) > MOST_FOUND}


def _go_on(record: HouseNumberRecord) -> HttpResponse:
    """To the next thing that waits: likely rows after a likely row, else the next row to decide, else the list."""
    if record.grade == Grade.LIKELY and record.house_list.records.filter(TO_CONFIRM).exists():
        return redirect("households:list_likely", record.house_list_id)
    following = row_after(record)
    return redirect("households:row", following) if following else redirect("households:list", record.house_list_id)


@needs(Action.TAG)
@require_POST
def row_close(request: OfficeRequest, pk: int) -> HttpResponse:
    """Closes a row that tags no house, with a reason."""
    record = get_object_or_404(reachable_rows(request), pk=pk)
    require(request.user, Action.TAG, record.house_list.district)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, record, close_form=form, status=422)
    try:
        row_decisions.close_row(
            record, reason=Reason(form.cleaned_data["reason"]), by=request.user, note=form.cleaned_data["note"]
        )
    except ValidationError as refusal:
        record.refresh_from_db(fields=["outcome"])
        return _show(request, record, refusal=" ".join(refusal.messages), close_form=form, status=409)
    sentence = _("Row %(row)s was closed: %(reason)s.")
    facts = {"row": record.row, "reason": Reason(form.cleaned_data["reason"]).label}
    say_done(request, sentence % facts, undo_at=reverse("households:row_reopen", args=[record.pk]))
    return _go_on(record)


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
