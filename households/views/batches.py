"""Batches: what each person tagged in one go, and taking a whole one back."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from communities.access import OfficeRequest, needs, require
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.notices import say_done
from communities.roles import Action, may
from communities.way_back import way_back

from ..batch_lines import lines_of, with_sizes
from ..forms.batches import BatchSearch
from ..lanes import LanePage, page_of
from ..models import HouseRegistration, TagEvent, TaggingBatch
from ..provenance import provenance_of, with_rows
from ..undoing import Undone, changes_since, undo_batch, undo_run
from .chosen_houses import MOST_NAMED
from .finding import house_named

BATCHES_A_PAGE = 50
HOUSES_A_PAGE = 200


@needs(Action.SEE_HOUSES)
@require_GET
def batches(request: OfficeRequest) -> HttpResponse:
    """The batches of the district, newest first: the person's own or everybody's; a walk house by house is one line."""
    choice = district_choice(request, Action.SEE_HOUSES)
    communities = communities_of(choice.district)
    search = BatchSearch(request.GET, communities=communities.values())
    visible = TaggingBatch.objects.visible_to(request.user).filter(district=choice.district).one_a_run()
    found = search.narrow(with_sizes(visible), request.user)
    older_than = id_in(request.GET.get("before", ""))
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    shown = list(found.order_by("-pk")[: BATCHES_A_PAGE + 1])
    scene = {
        "choice": choice,
        "mine": request.GET.get("who") == "mine",
        "search": search,
        "batches": shown[:BATCHES_A_PAGE],
        "lines": lines_of(shown[:BATCHES_A_PAGE]),
        "next": shown[BATCHES_A_PAGE - 1] if len(shown) > BATCHES_A_PAGE else None,
        "newer": older_than is not None,
        "communities": communities,
    }
    return render(request, "households/batches.html", scene)


@needs(Action.SEE_HOUSES)
@require_GET
def batch(request: OfficeRequest, pk: int) -> HttpResponse:
    """What the batch did, its houses page by page, and its undoing."""
    visible = TaggingBatch.objects.visible_to(request.user)
    shown = get_object_or_404(
        with_sizes(visible).select_related("undone_by__done_by", "district", "house_list__sender"), pk=pk
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
    skipped = list(_skipped(shown, undone)) if undone else []
    may_tag = may(request.user, Action.TAG, shown.district)
    scene = {
        "batch": shown,
        "events": events,
        "comes_from": provenance_of(events),
        "page": page,
        "communities": communities_of(shown.district),
        "undone": undone,
        "skipped": skipped,
        "changed_since": changes_since(shown, skipped),
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
        _say_undone(request, shown, undo_batch(shown, by=request.user))
    except ValidationError as refusal:
        _say_refused(request, refusal)
    return redirect(way_back(request, otherwise=reverse("households:batch", args=[shown.pk])))


def _say_undone(request: OfficeRequest, batch: TaggingBatch, undone: Undone) -> None:
    if undone.houses or undone.skipped:
        done = ngettext(
            "The batch was undone: %(houses)s house is as before.",
            "The batch was undone: %(houses)s houses are as before.",
            undone.houses,
        ) % {"houses": f"{undone.houses:,}"}
    else:
        done = _("The decision was undone: its rows wait again.")
    say_done(request, done)
    _say_skipped(request, batch, undone.skipped)


def _say_skipped(request: OfficeRequest, batch: TaggingBatch, skipped: Sequence[HouseRegistration]) -> None:
    """Names the houses that did not go back, each with who changed it since."""
    if not skipped:
        return
    since = changes_since(batch, skipped[:MOST_NAMED])
    names = [_changed_by(house, since.get(house.pk)) for house in skipped[:MOST_NAMED]]
    sentence = ngettext(
        "%(number)s house was skipped because it changed since: %(houses)s.",
        "%(number)s houses were skipped because they changed since: %(houses)s.",
        len(skipped),
    )
    told = ", ".join(names) + (", …" if len(skipped) > MOST_NAMED else "")
    messages.warning(request, sentence % {"number": f"{len(skipped):,}", "houses": told})


def _changed_by(house: HouseRegistration, event: TagEvent | None) -> str:
    if event is None:
        return str(house)
    return _("%(house)s (by %(person)s)") % {"house": house, "person": event.batch.done_by}


def _say_refused(request: OfficeRequest, refusal: ValidationError) -> None:
    for sentence in refusal.messages:
        messages.error(request, sentence)


# --- a walk house by house ---


@needs(Action.SEE_HOUSES)
@require_GET
def batch_run(request: OfficeRequest, pk: int) -> HttpResponse:
    """All that the batch's person tagged house by house with its community on its day, each house to be undone."""
    shown = _of_a_run(request, pk)
    older_than = id_in(request.GET.get("before", ""))
    run = TaggingBatch.objects.run_of(shown).select_related("undone_by__done_by")
    page = run.filter(pk__lt=older_than) if older_than is not None else run
    found = list(page.order_by("-pk")[: HOUSES_A_PAGE + 1])
    events = TagEvent.objects.filter(batch__in=found[:HOUSES_A_PAGE]).select_related("house__subdistrict")
    by_batch = {event.batch_id: event for event in events}
    may_tag = may(request.user, Action.TAG, shown.district)
    scene = {
        "batch": shown,
        "number": run.count(),
        "left": run.filter(undone_by=None).count(),
        "deeds": [(each, by_batch[each.pk]) for each in found[:HOUSES_A_PAGE]],
        "next": found[HOUSES_A_PAGE - 1] if len(found) > HOUSES_A_PAGE else None,
        "newer": older_than is not None,
        "communities": communities_of(shown.district),
        "may_tag": may_tag,
    }
    return render(request, "households/batch_run.html", scene)


@needs(Action.TAG)
@require_POST
def batch_run_undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes the whole walk back and names the houses that could not go back."""
    shown = _of_a_run(request, pk)
    require(request.user, Action.TAG, shown.district)
    try:
        undone = undo_run(shown, by=request.user)
    except ValidationError as refusal:
        _say_refused(request, refusal)
    else:
        done = ngettext(
            "The run was undone: %(houses)s house is as before.",
            "The run was undone: %(houses)s houses are as before.",
            undone.houses,
        )
        say_done(request, done % {"houses": f"{undone.houses:,}"})
        _say_skipped(request, shown, undone.skipped)
    return redirect(way_back(request, otherwise=reverse("households:batch_run", args=[shown.pk])))


def _of_a_run(request: OfficeRequest, pk: int) -> TaggingBatch:
    """The batch, if it is of a walk house by house that the person may see; else 404."""
    visible = TaggingBatch.objects.visible_to(request.user).select_related("district", "done_by")
    return get_object_or_404(visible, pk=pk, kind=TaggingBatch.Kind.HOUSE_BY_HOUSE)
