"""The keying list in the browser, one house after the other by keys.

Every deed of the run is a plain form that posts to its own address. With JavaScript the answer is the next house alone
(htmx), without it the whole page; both are drawn from the same part.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from communities.access import needs
from communities.ids import id_in
from communities.roles import Action

from ..keying import key, undo
from ..keying_run import KeyingQueue, place_of, sitting_of
from ..models import HouseRegistration, KeyingEvent
from .keying_desk import Desk, KeyingRequest, desk_of, filter_of

REFUSED = 409


@dataclasses.dataclass(frozen=True)
class Turn:
    """The house that comes next (None when all is keyed), and a sentence where something was refused or told."""

    queue: KeyingQueue
    house: HouseRegistration | None
    refusal: str = ""


@needs(Action.KEY_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def keying(request: KeyingRequest) -> HttpResponse:
    """The next house to key; posting says that it is keyed, puts it off, or takes the last one back."""
    desk = desk_of(request)
    if request.method != "POST":
        return _show(desk, _asked_for(desk))
    deed = _DEEDS.get(request.POST.get("deed", ""), _no_deed)
    turn = deed(desk, _posted_house(desk))
    if not turn.refusal and not request.htmx:
        return redirect(f"{desk.url}&house={turn.house.pk}" if turn.house else desk.url)
    return _show(desk, turn)


def _asked_for(desk: Desk) -> Turn:
    """The house named by ?house=, if it is still to key, else the next one."""
    wanted = id_in(desk.request.GET.get("house", ""))
    found = desk.houses.select_related("subdistrict").filter(pk=wanted).first() if wanted else None
    queue = desk.queue
    return Turn(queue, found or queue.after())


def _posted_house(desk: Desk) -> HouseRegistration:
    reachable = HouseRegistration.objects.visible_to(desk.request.user).filter(district=desk.choice.district)
    houses = reachable.select_related("subdistrict")
    return get_object_or_404(houses, pk=id_in(desk.request.POST.get("house", "")))


def _keyed(desk: Desk, house: HouseRegistration) -> Turn:
    """The code stands in the central register as the page showed it."""
    shown = id_in(desk.request.POST.get("community", ""))
    try:
        recorded = key({house.pk: shown}, by=desk.request.user)
    except ValidationError as refusal:
        return _still_here(desk, house, " ".join(refusal.messages))
    return _go_on(desk, house, _recorded_before(desk, house) if recorded.unchanged else "")


def _recorded_before(desk: Desk, house: HouseRegistration) -> str:
    """Who keyed the house meanwhile; nothing where it was the person's own key pressed twice."""
    last = KeyingEvent.objects.filter(house=house).select_related("recorded_by").latest("pk")
    if last.recorded_by == desk.request.user:
        return ""
    return _("%(house)s was keyed meanwhile by %(person)s.") % {"house": house, "person": last.recorded_by}


def _later(desk: Desk, house: HouseRegistration) -> Turn:
    """Puts the house off until the others are keyed."""
    desk.put_off_until_the_end(house)
    return _go_on(desk, house)


def _undo(desk: Desk, house: HouseRegistration) -> Turn:
    """Takes back the person's last keying and shows its house again."""
    own = KeyingEvent.objects.filter(house=house, recorded_by=desk.request.user)
    event = get_object_or_404(own, pk=id_in(desk.request.POST.get("keying", "")))
    try:
        undo(event, by=desk.request.user)
    except ValidationError as refusal:
        queue = desk.queue
        return Turn(queue, queue.after(), " ".join(refusal.messages))
    house.refresh_from_db(fields=["community", "keyed_community"])
    return Turn(desk.queue, house)


def _no_deed(desk: Desk, house: HouseRegistration) -> Turn:
    return Turn(desk.queue, house, _("Say what was done with the house."))


_DEEDS = {"keyed": _keyed, "later": _later, "undo": _undo}


def _go_on(desk: Desk, house: HouseRegistration, sentence: str = "") -> Turn:
    """To the house behind this one."""
    queue = desk.queue
    return Turn(queue, queue.after(house), sentence)


def _still_here(desk: Desk, house: HouseRegistration, refusal: str) -> Turn:
    """To this house as it stands now, if it is still to key, else to the one behind it."""
    still = desk.houses.select_related("subdistrict").filter(pk=house.pk).first()
    return Turn(desk.queue, still, refusal) if still else _go_on(desk, house, refusal)


def _show(desk: Desk, turn: Turn) -> HttpResponse:
    request = desk.request
    page = "households/_keying.html" if request.htmx else "households/keying.html"
    status = REFUSED if turn.refusal and request.method == "POST" else 200
    return render(request, page, _scene(desk, turn), status=status)


def _scene(desk: Desk, turn: Turn) -> dict[str, Any]:
    scene: dict[str, Any] = {
        "desk": desk,
        "choice": desk.choice,
        "refusal": turn.refusal or desk.unclear_soi,
        "left": turn.queue.left,
        "put_off": len(turn.queue.still_put_off),
        "sitting": sitting_of(desk.request.user, desk.choice.district),
        "house": turn.house,
        "filter": filter_of(desk),
    }
    if turn.house is None:
        return scene
    place = place_of(turn.house)
    stood = turn.house.keyed_community_id
    return scene | {
        "community": desk.communities.get(turn.house.community_id) if turn.house.community_id else None,
        "stood": desk.communities.get(stood) if stood else None,
        "left_here": turn.queue.waiting[place] if place else 0,
        "place": desk.communities.get(place) if place else None,
    }
