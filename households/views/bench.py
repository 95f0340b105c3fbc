"""The ambiguity bench in the browser: one open row at a time, one key decides, the next row is there at once.

Every deed is a plain form that posts to the bench's own address. With JavaScript the answer is the next row alone
(htmx), without it the whole page; both are drawn from the same part.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from communities.access import OfficeRequest, needs, require
from communities.district_choice import DistrictChoice, district_choice
from communities.ids import id_in
from communities.models import CommunityCode, District
from communities.roles import Action

from .. import row_decisions
from ..assignments import communities_of_officer
from ..bench import Queue, sitting_of, take_back
from ..filters import in_lane, number_or_code
from ..forms.rows import CloseForm, DecideForm
from ..models import HouseList, HouseNumberRecord, HouseRegistration, RowDecision
from ..open_work import CLAIMED, TO_CONFIRM
from ..row_lines import Suggestion, houses_with_communities, suggestions_among
from ..row_reasons import Grade, Outcome, Reason
from ..rows_around import Neighbours
from .lists import reachable_lists
from .put_off import put_off, put_off_until_the_end
from .rows import MOST_CHOICES, choices_for, reachable_rows, row_among_neighbours

REFUSED = 409
MINE = "mine"
# The reasons to close a row, each with its key; "n" closes with the likeliest, these lie folded away.
_CLOSINGS = [
    {"key": key, "value": reason.value, "label": reason.label}
    for key, reason in (("c", Reason.OTHER_COMMUNITY), ("m", Reason.MISTYPED), ("d", Reason.STRUCK_CONFIRMED))
]


class BenchRequest(OfficeRequest):
    """A request of the bench: it may ask for the next row alone."""

    htmx: HtmxDetails


@dataclasses.dataclass(frozen=True)
class Own:
    """The rows of the person's own communities: where they are shown alone, where all are, and which of both it is."""

    url: str
    all_url: str
    alone: bool


@dataclasses.dataclass(frozen=True)
class Bench:
    """The rows that one bench is about: those of a list, or of a district (`house_list` is None)."""

    request: BenchRequest
    url: str
    rows: QuerySet[HouseNumberRecord]
    district: District
    house_list: HouseList | None = None
    choice: DistrictChoice | None = None
    own: Own | None = None

    @property
    def queue(self) -> Queue:
        return Queue(self.rows, self.put_off)

    @property
    def put_off(self) -> list[int]:
        """The rows that the person put off until the end, in this session."""
        return put_off(self.request.session, self.url)


@dataclasses.dataclass(frozen=True)
class Turn:
    """What the person meets next: a row (None when all is decided), and a sentence where something was refused."""

    record: HouseNumberRecord | None
    refusal: str = ""
    moving: int | None = None


@needs(Action.TAG)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def list_bench(request: BenchRequest, pk: int) -> HttpResponse:
    """The open rows of one list."""
    found = get_object_or_404(reachable_lists(request), pk=pk)
    require(request.user, Action.TAG, found.district)
    url = reverse("households:list_bench", args=[pk])
    rows = reachable_rows(request).filter(house_list=found)
    return _answer(Bench(request, url, rows, found.district, found))


@needs(Action.TAG)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def district_bench(request: BenchRequest) -> HttpResponse:
    """The open rows of a district or (?whose=mine) of the own communities, list after list.

    Those of communities without a code in force cannot be tagged and wait.
    """
    choice = district_choice(request, Action.TAG)
    url = f"{reverse('households:district_bench')}?district={choice.district.code}"
    with_code = CommunityCode.objects.on(timezone.localdate()).values("community")
    rows = reachable_rows(request).filter(house_list__district=choice.district, house_list__community__in=with_code)
    theirs = communities_of_officer(request.user, timezone.localdate())
    if not theirs:
        return _answer(Bench(request, url, rows, choice.district, choice=choice))
    own = Own(url=f"{url}&whose={MINE}", all_url=url, alone=request.GET.get("whose") == MINE)
    if own.alone:
        url, rows = own.url, rows.filter(house_list__community__in=theirs)
    return _answer(Bench(request, url, rows, choice.district, choice=choice, own=own))


def _answer(bench: Bench) -> HttpResponse:
    request = bench.request
    turn: Turn | HttpResponse
    if request.method != "POST":
        turn = _asked_for(bench)
    else:
        turn = _DEEDS.get(request.POST.get("deed", ""), _no_deed)(bench, _posted_row(bench))
    if isinstance(turn, HttpResponse):
        return turn
    if request.method == "POST" and not turn.refusal and not request.htmx:
        return redirect(_address(bench, turn.record))
    page = "households/_bench.html" if request.htmx else "households/bench.html"
    return render(
        request, page, _scene(bench, turn), status=REFUSED if turn.refusal and request.method == "POST" else 200
    )


def _address(bench: Bench, record: HouseNumberRecord | None) -> str:
    joint = "&" if "?" in bench.url else "?"
    return f"{bench.url}{joint}row={record.pk}" if record else bench.url


def _asked_for(bench: Bench) -> Turn:
    """The row named by ?row=, if it is open, else the next one."""
    wanted = id_in(bench.request.GET.get("row", ""))
    if wanted is None:
        return Turn(bench.queue.after())
    record = get_object_or_404(bench.rows, pk=wanted)
    if record.outcome == Outcome.OPEN:
        return Turn(record)
    return Turn(bench.queue.after(record), _decided_meanwhile(record))


def _decided_meanwhile(record: HouseNumberRecord) -> str:
    facts = {"row": record.row, "outcome": record.get_outcome_display()}
    return _("Row %(row)s has been decided meanwhile: %(outcome)s.") % facts


def _posted_row(bench: Bench) -> HouseNumberRecord:
    return get_object_or_404(bench.rows, pk=id_in(bench.request.POST.get("row", "")))


# --- the deeds ---


def _choose(bench: Bench, record: HouseNumberRecord) -> Turn | HttpResponse:
    """Tags the chosen house."""
    form = DecideForm(bench.request.POST)
    if not form.is_valid():
        return Turn(record, _("Choose one of the houses."))
    reachable = HouseRegistration.objects.visible_to(bench.request.user)
    house = get_object_or_404(reachable, pk=form.cleaned_data["house"])
    house.community_id = form.cleaned_data["shown_community"]  # as the page showed it
    try:
        row_decisions.decide_row(record, house=house, by=bench.request.user, reason=form.cleaned_data["reason"])
    except ValidationError as refusal:
        return _refused(bench, record, refusal, moving=house.pk)
    return _go_on(bench, record)


def _close(bench: Bench, record: HouseNumberRecord) -> Turn | HttpResponse:
    """Closes the row: no house is meant."""
    form = CloseForm(bench.request.POST)
    if not form.is_valid():
        return Turn(record, _("Choose why the row is closed."))
    reason, note = Reason(form.cleaned_data["reason"]), form.cleaned_data["note"]
    try:
        row_decisions.close_row(record, reason=reason, by=bench.request.user, note=note)
    except ValidationError as refusal:
        return _refused(bench, record, refusal)
    return _go_on(bench, record)


def _later(bench: Bench, record: HouseNumberRecord) -> Turn:
    """Puts the row off until the others are decided."""
    put_off_until_the_end(bench.request.session, bench.url, record.pk)
    return Turn(bench.queue.after(record))


def _undo(bench: Bench, record: HouseNumberRecord) -> Turn:
    """Takes back the person's last decision and shows its row again."""
    decision = get_object_or_404(
        RowDecision.objects.select_related("batch", "record__house_list"),
        record=record,
        recorded_by=bench.request.user,
        pk=id_in(bench.request.POST.get("decision", "")),
    )
    try:
        take_back(decision, by=bench.request.user)
    except ValidationError as refusal:
        return Turn(bench.queue.after(), " ".join(refusal.messages))
    record.refresh_from_db(fields=["outcome"])
    return Turn(record)


def _no_deed(_bench: Bench, record: HouseNumberRecord) -> Turn:
    return Turn(record, _("Choose one of the houses."))


_DEEDS = {"choose": _choose, "close": _close, "later": _later, "undo": _undo}


def _refused(bench: Bench, record: HouseNumberRecord, refusal: ValidationError, moving: int | None = None) -> Turn:
    """Why nothing was done; a row that somebody else decided meanwhile gives way to the next."""
    record.refresh_from_db(fields=["outcome"])
    sentence = " ".join(refusal.messages)
    if record.outcome == Outcome.OPEN:
        return Turn(record, sentence, moving)
    return Turn(bench.queue.after(record), sentence)


def _go_on(bench: Bench, record: HouseNumberRecord) -> Turn | HttpResponse:
    """To the next row; whoever came for a likely row goes back to the others of its kind."""
    if record.grade == Grade.LIKELY and record.house_list.records.filter(TO_CONFIRM).exists():
        likely = reverse("households:list_likely", args=[record.house_list_id])
        return HttpResponseClientRedirect(likely) if bench.request.htmx else redirect(likely)
    return Turn(bench.queue.after(record))


# --- what it looks like ---


def _scene(bench: Bench, turn: Turn) -> dict[str, Any]:
    queue = bench.queue
    waiting = set(queue.waiting.values_list("pk", flat=True))
    scene: dict[str, Any] = {
        "bench": bench,
        "refusal": turn.refusal,
        "left": len(waiting),
        "put_off": len(waiting & set(bench.put_off)),
        "sitting": sitting_of(bench.request.user, bench.rows),
        "record": None,
    }
    if turn.record is None:
        return scene | _what_is_next(bench)
    scene |= row_among_neighbours(turn.record)
    return scene | _choices(bench, turn, scene["around"])


def _what_is_next(bench: Bench) -> dict[str, Any]:
    """The one door of an empty bench: the list's likely rows, the claims, else the officer's home."""
    of_district = f"?district={bench.district.code}"
    to_confirm = bench.house_list.records.filter(TO_CONFIRM).count() if bench.house_list else 0
    claims = bench.rows.filter(CLAIMED).count()
    if bench.house_list and to_confirm:
        door = reverse("households:list_likely", args=[bench.house_list.pk])
    else:
        door = reverse("households:claims" if claims else "households:home") + of_district
    return {"door": {"url": door, "to_confirm": to_confirm, "claims": claims}}


def _choices(bench: Bench, turn: Turn, around: Neighbours) -> dict[str, Any]:
    record: Any = turn.record
    searched = _search(bench, record)
    choices = searched["found"] if "found" in searched else choices_for(record)
    return searched | {
        "choices": around.beside(choices),
        "can_choose": bool(record.house_list.community.code),
        "closings": _CLOSINGS,
        "is_struck": record.reason == Reason.STRUCK_OFF,
        "moving": turn.moving,
        "why": bench.request.POST.get("reason", "") if turn.moving else "",
        "row_url": _address(bench, record),
        "sees_houses": True,
    }


def _search(bench: Bench, record: HouseNumberRecord) -> dict[str, Any]:
    """Other houses of the district by ?q=number, and ?lane= where a number is too common."""
    number, lane = (bench.request.GET.get(name, "").strip() for name in ("q", "lane"))
    searched: dict[str, Any] = {"q": number, "lane": lane}
    if not number:
        return searched
    try:
        found = _houses_found(bench.district, number, lane)
    except ValidationError as refusal:
        return searched | {"not_searched": " ".join(refusal.messages)}
    choices: Sequence[Suggestion] = suggestions_among(record, found[:MOST_CHOICES])
    return searched | {"found": choices, "more": len(found) > MOST_CHOICES}


def _houses_found(district: District, number: str, lane: str) -> list[HouseRegistration]:
    houses = houses_with_communities().filter(number_or_code(number), district=district)
    return list((houses.filter(in_lane(lane)) if lane else houses).in_lane_order()[: MOST_CHOICES + 1])
