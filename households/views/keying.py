"""The keying list in the browser: one house after the other by keys, or as a list to print and tick, and as a file.

Every deed of the run is a plain form that posts to its own address. With JavaScript the answer is the next house alone
(htmx), without it the whole page; both are drawn from the same part.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from communities.access import OfficeRequest, needs
from communities.district_choice import DistrictChoice, communities_of, district_choice
from communities.ids import id_in
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action

from ..assignments import communities_of_officer
from ..filters import in_lane
from ..house_sheet import HouseSheet, file_answer, refuse_no_purpose
from ..keying import key, to_key, undo
from ..keying_run import KeyingQueue, place_of, sitting_of
from ..models import HouseRegistration, KeyingEvent
from ..models.registrations import HouseRegistrationQuerySet
from .put_off import put_off, put_off_until_the_end

REFUSED = 409
HOUSES_A_PAGE = 40


class KeyingRequest(OfficeRequest):
    """A request of the keying list: it may ask for the next house alone."""

    htmx: HtmxDetails


@dataclasses.dataclass(frozen=True)
class Desk:
    """Which houses the address asks for: a district, whose communities, perhaps one of them, perhaps a soi."""

    request: KeyingRequest
    choice: DistrictChoice
    communities: dict[int, Community]

    @cached_property
    def own(self) -> list[int]:
        """The person's own communities (ids) of the district, in the order of their codes; none: nobody is assigned."""
        theirs = communities_of_officer(self.request.user, timezone.localdate())
        return [pk for pk in self.communities if pk in theirs]

    @property
    def whose(self) -> str:
        """`mine` where the person has communities and did not ask for all."""
        return "mine" if self.own and self.request.GET.get("whose") != "all" else "all"

    @cached_property
    def community(self) -> Community | None:
        """The one community asked for by its code."""
        code = self.request.GET.get("community", "")
        return next((one for one in self.communities.values() if code and one.label_code == code), None)

    @property
    def soi(self) -> str:
        """The soi, trok or road asked for, as typed."""
        return self.request.GET.get("soi", "").strip()

    @cached_property
    def unclear_soi(self) -> str:
        """The sentence about a lane that cannot be read; then no house is shown."""
        try:
            in_lane(self.soi or "1")
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        return ""

    @property
    def places(self) -> list[int]:
        """The communities (ids) asked for, in the order of their codes."""
        if self.community:
            return [self.community.pk]
        return self.own if self.whose == "mine" else list(self.communities)

    @cached_property
    def houses(self) -> HouseRegistrationQuerySet:
        """The houses to key, as far as the person may."""
        if self.unclear_soi:
            return HouseRegistration.objects.none()
        wanted = None if self.whose == "all" and not self.community else self.places
        houses = to_key(self.choice.district, wanted).visible_to(self.request.user)
        return houses.filter(in_lane(self.soi)) if self.soi else houses

    @property
    def query(self) -> str:
        """The conditions as an address holds them."""
        asked = {"whose": "all" if self.own and self.whose == "all" else "", "soi": self.soi}
        asked |= {"community": self.community.label_code or "" if self.community else ""}
        return urlencode({"district": self.choice.district.code} | {name: text for name, text in asked.items() if text})

    @property
    def url(self) -> str:
        """The run under these conditions."""
        return f"{reverse('households:keying')}?{self.query}"

    @property
    def narrower(self) -> bool:
        """Whether these conditions may leave houses of the district out."""
        return bool(self.soi or self.community or self.whose == "mine")

    @property
    def all_url(self) -> str:
        """The run along all that is to key in the district."""
        return f"{reverse('households:keying')}?{self._all}"

    @property
    def all_list_url(self) -> str:
        """The list of all that is to key in the district."""
        return f"{reverse('households:keying_list')}?{self._all}"

    @property
    def _all(self) -> str:
        return urlencode({"district": self.choice.district.code, "whose": "all"})

    @property
    def list_url(self) -> str:
        """The list under these conditions."""
        return f"{reverse('households:keying_list')}?{self.query}"

    @property
    def queue(self) -> KeyingQueue:
        return KeyingQueue(self.houses, self.places, self.put_off)

    @property
    def put_off(self) -> list[int]:
        """The houses that the person put off until the end, in this session."""
        return put_off(self.request.session, self._whole_queue)

    def put_off_until_the_end(self, house: HouseRegistration) -> None:
        """Moves the house to the end of the queue, under whichever conditions it is shown."""
        put_off_until_the_end(self.request.session, self._whole_queue, house.pk)

    @property
    def _whole_queue(self) -> str:
        return f"keying {self.choice.district.code}"


def _desk(request: KeyingRequest) -> Desk:
    choice = district_choice(request, Action.KEY_IN)
    return Desk(request, choice, communities_of(choice.district))


# --- one house after the other ---


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
    desk = _desk(request)
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
        "filter": _filter(desk),
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


def _filter(desk: Desk) -> dict[str, Any]:
    """What the form above the list offers."""
    offered = desk.own if desk.whose == "mine" else list(desk.communities)
    return {
        "communities": [desk.communities[pk] for pk in offered if desk.communities[pk].label_code],
        "community": desk.community.label_code if desk.community else "",
        "soi": desk.soi,
    }


# --- as a list ---


@needs(Action.KEY_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keying_list(request: KeyingRequest) -> HttpResponse:
    """A page of houses to print, and to tick when they are keyed; the ticked are recorded after one more look."""
    desk = _desk(request)
    if request.method != "POST":
        return render(request, "households/keying_list.html", _list_scene(desk))
    shown = _ticked(desk)
    if not shown:
        messages.warning(request, _("Tick the houses that were keyed."))
        return redirect(desk.list_url)
    if "sure" not in request.POST:
        return render(request, "households/keying_check.html", _check_scene(desk, shown))
    return _record_ticked(desk, shown)


def _ticked(desk: Desk) -> dict[int, int | None]:
    """The ticked houses of the district, each with the community that its row showed."""
    pairs = [text.partition(":")[::2] for text in desk.request.POST.getlist("house")]
    shown = {pk: id_in(community) for text, community in pairs if (pk := id_in(text)) is not None}
    reachable = HouseRegistration.objects.visible_to(desk.request.user).filter(district=desk.choice.district)
    known = set(reachable.filter(pk__in=shown).values_list("pk", flat=True))
    return {pk: community for pk, community in shown.items() if pk in known}


def _record_ticked(desk: Desk, shown: dict[int, int | None]) -> HttpResponse:
    try:
        recorded = key(shown, by=desk.request.user)
    except ValidationError as refusal:
        scene = _list_scene(desk) | {"refusal": " ".join(refusal.messages), "ticked": {*shown.items()}}
        return render(desk.request, "households/keying_list.html", scene, status=REFUSED)
    number = len(recorded.houses)
    said = ngettext("%(number)s house is recorded as keyed.", "%(number)s houses are recorded as keyed.", number)
    say_done(desk.request, said % {"number": f"{number:,}"})
    if recorded.unchanged:
        again = _("%(number)s of the ticked houses had been recorded before.")
        messages.warning(desk.request, again % {"number": f"{len(recorded.unchanged):,}"})
    return redirect(desk.list_url)


def _list_scene(desk: Desk) -> dict[str, Any]:
    queue = KeyingQueue(desk.houses, desk.places)
    after = id_in(desk.request.GET.get("after", ""))
    reachable = HouseRegistration.objects.visible_to(desk.request.user).filter(district=desk.choice.district)
    page = queue.page(HOUSES_A_PAGE, reachable.filter(pk=after).first() if after else None)
    return {
        "desk": desk,
        "choice": desk.choice,
        "refusal": desk.unclear_soi,
        "filter": _filter(desk),
        "communities": desk.communities,
        "groups": _by_place(desk, page.houses),
        "left": queue.left,
        "next": page.next,
        "begun": after is not None,
        "ticked": set(),
        "purpose": _("keying community codes into the central register"),
        "today": timezone.localdate(),
    }


def _by_place(desk: Desk, houses: Any) -> list[tuple[Community | None, list[HouseRegistration]]]:
    groups: dict[int | None, list[HouseRegistration]] = {}
    for house in houses:
        groups.setdefault(place_of(house), []).append(house)
    return [(desk.communities.get(place) if place else None, of_place) for place, of_place in groups.items()]


def _check_scene(desk: Desk, shown: dict[int, int | None]) -> dict[str, Any]:
    houses = HouseRegistration.objects.filter(pk__in=shown).select_related("subdistrict").in_lane_order()
    counted: dict[int | None, int] = {}
    for community in shown.values():
        counted[community] = counted.get(community, 0) + 1
    return {
        "desk": desk,
        "choice": desk.choice,
        "number": len(shown),
        "counted": [(desk.communities.get(pk) if pk else None, number) for pk, number in counted.items()],
        "rows": [(house, shown[house.pk]) for house in houses],
        "communities": desk.communities,
    }


@needs(Action.KEY_IN)
@require_safe
@never_cache
def keying_export(request: KeyingRequest) -> HttpResponse:
    """The list as a workbook, stamped with who took it, when and what for (?purpose=)."""
    desk = _desk(request)
    purpose = request.GET.get("purpose", "").strip()
    try:
        refuse_no_purpose(purpose)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(desk.list_url)
    title = _("Community codes to key into the central register")
    sheet = HouseSheet(title, desk.choice.district, by=request.user, purpose=purpose)
    queue = KeyingQueue(desk.houses, desk.places)
    return file_answer(sheet.of_houses_to_key(queue.in_order(), desk.communities), title, desk.choice.district)
