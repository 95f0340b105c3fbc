"""Batches: what each person tagged in one go, and taking a whole one back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.notices import say_done
from communities.roles import Action, may
from communities.way_back import way_back

from ..lanes import LanePage, page_of
from ..models import HouseRegistration, TagEvent, TaggingBatch
from ..provenance import provenance_of, with_rows
from ..undoing import Undone, undo_batch
from .chosen_houses import named
from .finding import house_named

BATCHES_A_PAGE = 50
HOUSES_A_PAGE = 200


@needs(Action.SEE_HOUSES)
@require_GET
def batches(request: OfficeRequest) -> HttpResponse:
    """The batches of the district, newest first: the person's own or everybody's."""
    choice = district_choice(request, Action.SEE_HOUSES)
    mine = request.GET.get("who") == "mine"
    found = _with_sizes(TaggingBatch.objects.visible_to(request.user).filter(district=choice.district))
    if mine:
        found = found.filter(done_by=request.user)
    older_than = id_in(request.GET.get("before", ""))
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    shown = list(found.order_by("-pk")[: BATCHES_A_PAGE + 1])
    scene = {
        "choice": choice,
        "mine": mine,
        "batches": shown[:BATCHES_A_PAGE],
        "next": shown[BATCHES_A_PAGE - 1] if len(shown) > BATCHES_A_PAGE else None,
        "newer": older_than is not None,
        "communities": communities_of(choice.district),
    }
    return render(request, "households/batches.html", scene)


def _with_sizes(found: QuerySet) -> QuerySet:
    """Batches with `houses`, the number of their tags."""
    sizes = TagEvent.objects.filter(batch=OuterRef("pk")).order_by().values("batch").annotate(n=Count("pk"))
    return found.select_related("done_by", "house_list", "undoes", "undone_by").annotate(
        houses=Coalesce(Subquery(sizes.values("n")), 0)
    )


@needs(Action.SEE_HOUSES)
@require_GET
def batch(request: OfficeRequest, pk: int) -> HttpResponse:
    """What the batch did, its houses page by page, and its undoing."""
    visible = TaggingBatch.objects.visible_to(request.user)
    shown = get_object_or_404(
        _with_sizes(visible).select_related("undone_by__done_by", "district", "house_list__sender"), pk=pk
    )
    houses = HouseRegistration.objects.filter(tag_events__batch=shown)
    page = page_of(
        houses,
        size=HOUSES_A_PAGE,
        after=house_named(request, "after", houses),
        before=house_named(request, "before", houses),
    )
    events = _events_of(shown, page)
    undone = getattr(shown, "undone_by", None)
    may_tag = may(request.user, Action.TAG, shown.district)
    scene = {
        "batch": shown,
        "events": events,
        "comes_from": provenance_of(events),
        "page": page,
        "communities": communities_of(shown.district),
        "undone": undone,
        "skipped": list(_skipped(shown, undone)) if undone else [],
        "may_tag": may_tag,
        "may_undo": may_tag and undone is None and shown.kind != TaggingBatch.Kind.UNDONE,
    }
    return render(request, "households/batch.html", scene)


def _events_of(batch: TaggingBatch, page: LanePage) -> list[TagEvent]:
    """The batch's tags of the page's houses, in lane order."""
    events = with_rows(batch.events.filter(house__in=page.houses)).select_related("house__subdistrict")
    return sorted(events, key=lambda event: (event.house.lane_order, event.house.number_order, event.house_id))


def _skipped(undone: TaggingBatch, undoing: TaggingBatch) -> QuerySet:
    """The houses that did not go back when the batch was undone."""
    went_back = undoing.events.values("house")
    return HouseRegistration.objects.filter(tag_events__batch=undone).exclude(pk__in=went_back).in_lane_order()


@needs(Action.TAG)
@require_POST
def batch_undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes the batch back, names the houses that could not go back, and leads to where the undoing was asked for."""
    visible = TaggingBatch.objects.visible_to(request.user).select_related("district")
    shown = get_object_or_404(visible, pk=pk)
    require(request.user, Action.TAG, shown.district)
    try:
        _say_undone(request, undo_batch(shown, by=request.user))
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
    return redirect(way_back(request, otherwise=reverse("households:batch", args=[shown.pk])))


def _say_undone(request: OfficeRequest, undone: Undone) -> None:
    if undone.houses or undone.skipped:
        done = _("The batch was undone: %(houses)s houses are as before.") % {"houses": f"{undone.houses:,}"}
    else:
        done = _("The decision was undone: its rows wait again.")
    say_done(request, done)
    if undone.skipped:
        skipped = _("%(number)s houses were skipped because they changed since: %(houses)s.")
        messages.warning(request, skipped % {"number": f"{len(undone.skipped):,}", "houses": named(undone.skipped)})
