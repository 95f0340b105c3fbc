"""House by house in the browser: the next untagged house of a lane, one key says where it belongs.

Every deed is a plain form that posts to the run's own address. With JavaScript the answer is the next house alone
(htmx), without it the whole page; both are drawn from the same part. What makes one key one deed: static/js/bench.js.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from communities.access import needs, require
from communities.ids import id_in
from communities.models import District, Subdistrict
from communities.roles import Action
from communities.thai_text import clean, to_arabic_digits

from .. import tagging
from ..forms.run import ChooseForm, InNoneForm
from ..house_run import (
    MOST_OFFERED,
    WAITING,
    LaneToRun,
    Stretch,
    is_claimed_by,
    lane_of,
    offered,
    reachable_lanes,
    sitting_of,
)
from ..lane_sides import Side
from ..lanes import WALK
from ..models import HouseRegistration, Lane, TaggingBatch
from ..models.registrations import HouseRegistrationQuerySet
from ..stale_pages import in_words
from ..suggestions import suggest
from ..tag_ledger import Standing
from ..undoing import undo_batch
from .put_off import put_off, put_off_until_the_end
from .run_lanes import Chosen, RunRequest, chosen_part, lanes_to_run, subdistrict_named

REFUSED = 409
_SIDES = {Side.ODD.value: Side.ODD, Side.EVEN.value: Side.EVEN}
Outside = HouseRegistration.Outside
# Why a house is in no community, each reason with its key; "other" asks for a note.
_OUTSIDE_KEYS = [
    {"key": "c", "value": Outside.NO_COMMUNITY_HERE.value, "label": Outside.NO_COMMUNITY_HERE.label},
    {"key": "p", "value": Outside.PRIVATE_ESTATE.value, "label": Outside.PRIVATE_ESTATE.label},
    {"key": "d", "value": Outside.NOT_A_DWELLING.value, "label": Outside.NOT_A_DWELLING.label},
]


@needs(Action.TAG)
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def run(request: RunRequest) -> HttpResponse:
    """The lanes with untagged houses; with ?lane=, the run along that lane."""
    if "lane" in request.GET:
        return _answer(_run_along(request))
    if request.method == "POST":
        raise Http404
    return lanes_to_run(request)


@dataclasses.dataclass(frozen=True)
class Run:
    """A person on the way along a lane."""

    request: RunRequest
    chosen: Chosen
    stretch: Stretch

    @property
    def lane(self) -> Lane:
        return self.stretch.lane

    @property
    def district(self) -> District:
        return self.chosen.district

    @property
    def side(self) -> str:
        return self.stretch.side.value if self.stretch.side else ""

    @property
    def url(self) -> str:
        """The address of the run, to which every deed is posted."""
        return self._along(self.side)

    def _along(self, side: str) -> str:
        return self.chosen.along(LaneToRun(self.lane, self.stretch.subdistrict), side=side)

    def address(self, house: HouseRegistration | None) -> str:
        return f"{self.url}&house={house.pk}" if house else self.url

    @property
    def both_sides(self) -> str:
        """The address of the same lane, along both its sides."""
        return self._along("")

    @property
    def odd_side(self) -> str:
        return self._along(Side.ODD.value)

    @property
    def even_side(self) -> str:
        return self._along(Side.EVEN.value)

    @property
    def strip_query(self) -> str:
        """Which lane the page of strips is to show."""
        return urlencode({"district": self.district.code, "soi": str(self.lane)})

    @property
    def now(self) -> Stretch:
        """The stretch as it is after a deed: what was counted or put off before it is asked anew."""
        return dataclasses.replace(self.stretch, put_off=put_off(self.request.session, _queue(self.lane)))


def _queue(lane: Lane) -> str:
    return f"lane {lane.pk}"


def _run_along(request: RunRequest) -> Run:
    lane = get_object_or_404(reachable_lanes(request.user), pk=id_in(request.GET["lane"]))
    require(request.user, Action.TAG, lane.district)
    chosen = chosen_part(request, lane.district)
    stretch = Stretch(
        lane,
        _part_of(request, lane),
        side=_SIDES.get(request.GET.get("side", "")),
        put_off=put_off(request.session, _queue(lane)),
    )
    return Run(request, chosen, stretch)


def _part_of(request: RunRequest, lane: Lane) -> Subdistrict:
    """The sub-district named by ?part=; without it, that of the first house that waits in the lane, or of any."""
    if request.GET.get("part"):
        return subdistrict_named(lane.district, request.GET["part"])
    houses = HouseRegistration.objects.filter(district=lane.district, lane_order=lane.lane_order)
    house = houses.filter(WAITING).order_by(*WALK).first() or houses.order_by(*WALK).first()
    if house is None:
        raise Http404
    return house.subdistrict


@dataclasses.dataclass(frozen=True)
class Turn:
    """What the person meets next: a house (None when none is left), and a sentence where something was refused."""

    house: HouseRegistration | None
    refusal: str = ""
    is_other_reason: bool = False


def _answer(run: Run) -> HttpResponse:
    request = run.request
    posted = request.method == "POST"
    turn = _DEEDS.get(request.POST.get("deed", ""), _no_deed)(run, _posted_house(run)) if posted else _asked_for(run)
    if turn.house and not run.stretch.holds(turn.house):
        return _to_lane_of(run, turn.house)
    if posted and not turn.refusal and not request.htmx:
        return redirect(run.address(turn.house))
    page = "households/_run.html" if request.htmx else "households/run.html"
    return render(request, page, _scene(run, turn), status=REFUSED if turn.refusal and posted else 200)


def _to_lane_of(run: Run, house: HouseRegistration) -> HttpResponse:
    """To the run along another lane, where the house stands."""
    address = run.chosen.along(lane_of(house), house=house.pk)
    return HttpResponseClientRedirect(address) if run.request.htmx else redirect(address)


def _asked_for(run: Run) -> Turn:
    """The house named by ?house=, if it waits, else the next one."""
    wanted = id_in(run.request.GET.get("house", ""))
    if wanted is None:
        return Turn(run.stretch.after())
    house = get_object_or_404(_reachable(run), pk=wanted)
    return Turn(house) if _waits(house) else Turn(run.stretch.after(house), _decided_meanwhile(run, house))


def _reachable(run: Run) -> HouseRegistrationQuerySet:
    houses = HouseRegistration.objects.visible_to(run.request.user).select_related("subdistrict")
    return houses.filter(district=run.district)


def _waits(house: HouseRegistration) -> bool:
    return house.community_id is None and not house.outside and house.state == HouseRegistration.State.LIVE


def _posted_house(run: Run) -> HouseRegistration:
    return get_object_or_404(_reachable(run), pk=id_in(run.request.POST.get("house", "")))


def _decided_meanwhile(run: Run, house: HouseRegistration) -> str:
    """What was shown of the house, and what has become of it."""
    stands = Standing(house.community_id, house.outside, house.state)
    facts = {"house": house.house_no, "now": in_words(stands, run.chosen.communities)}
    return _("House %(house)s was shown without a community and now has: %(now)s. Nothing was changed.") % facts


# --- the deeds ---


def _choose(run: Run, house: HouseRegistration) -> Turn:
    """Tags the house with the chosen community."""
    form = ChooseForm(run.request.POST)
    if not form.is_valid():
        return _no_deed(run, house)
    community = run.chosen.communities.get(form.cleaned_data["community"])
    if community is None:
        raise Http404
    shown = form.cleaned_data["shown_community"]
    return _decide(
        run,
        house,
        community.pk,
        lambda: tagging.tag_house(house, community=community, by=run.request.user, shown_community=shown),
    )


def _none(run: Run, house: HouseRegistration) -> Turn:
    """Says that the house is in no community."""
    form = InNoneForm(run.request.POST)
    if not form.is_valid():
        return Turn(house, _("Choose why the house is in no community."), is_other_reason=True)
    reason, note = Outside(form.cleaned_data["reason"]), form.cleaned_data["note"]
    shown = {house.pk: form.cleaned_data["shown_community"]}
    turn = _decide(
        run,
        house,
        None,
        lambda: tagging.say_in_no_community(
            [house.pk], by=run.request.user, expected=1, reason=reason, note=note, shown=shown
        ),
    )
    return dataclasses.replace(turn, is_other_reason=bool(turn.refusal) and reason == Outside.OTHER)


def _decide(run: Run, house: HouseRegistration, community: int | None, deed: Callable[[], object]) -> Turn:
    """Does the deed and goes on. A house that a colleague decided otherwise meanwhile gives way to the next."""
    if not _waits(house) and (community is None or house.community_id != community):
        return Turn(run.stretch.after(house), _decided_meanwhile(run, house))
    try:
        deed()
    except ValidationError as refusal:
        house.refresh_from_db(fields=["community", "outside", "state"])
        sentence = " ".join(refusal.messages)
        return Turn(house if _waits(house) else run.stretch.after(house), sentence)
    return Turn(run.stretch.after(house))


def _later(run: Run, house: HouseRegistration) -> Turn:
    """Puts the house off until the others are decided."""
    put_off_until_the_end(run.request.session, _queue(run.lane), house.pk)
    return Turn(run.now.after(house))


def _undo(run: Run, house: HouseRegistration) -> Turn:
    """Takes back what the person decided last, and shows its house again."""
    batches = TaggingBatch.objects.visible_to(run.request.user)
    batch = get_object_or_404(batches, done_by=run.request.user, pk=id_in(run.request.POST.get("batch", "")))
    try:
        undo_batch(batch, by=run.request.user)
    except ValidationError as refusal:
        return Turn(run.stretch.after(), " ".join(refusal.messages))
    house.refresh_from_db(fields=["community", "outside", "state"])
    return Turn(house)


def _no_deed(_run: Run, house: HouseRegistration) -> Turn:
    return Turn(house, _("Choose a community."))


_DEEDS: dict[str, Callable[[Run, HouseRegistration], Turn]] = {
    "choose": _choose,
    "none": _none,
    "later": _later,
    "undo": _undo,
}


# --- what it looks like ---


def _scene(run: Run, turn: Turn) -> dict[str, Any]:
    stretch = run.now
    scene: dict[str, Any] = {
        "run": run,
        "chosen": run.chosen,
        "communities": run.chosen.communities,
        "refusal": turn.refusal,
        "left": stretch.left,
        "put_off": stretch.waiting.filter(pk__in=stretch.put_off).count() if stretch.put_off else 0,
        "sitting": sitting_of(run.request.user, run.district),
        "house": turn.house,
    }
    if turn.house is None:
        following = run.chosen.scope.next_lane(stretch)
        return scene | {"next_lane": following, "next_url": run.chosen.along(following) if following else ""}
    return scene | _choices(run, stretch, turn, turn.house)


def _choices(run: Run, stretch: Stretch, turn: Turn, house: HouseRegistration) -> dict[str, Any]:
    suggestion = suggest([house])[house.pk]
    near = stretch.beside(house)
    searched = _search(run)
    choices = searched["found"] if "found" in searched else offered(suggestion, near, run.chosen.communities)
    suggested = run.chosen.communities.get(suggestion.community) if suggestion.community else None
    return searched | {
        "suggestion": suggestion,
        "suggested": suggested if suggested and suggested.code and "found" not in searched else None,
        "beside": near,
        "choices": choices,
        "is_claimed": is_claimed_by(suggestion),
        "outside_reasons": _OUTSIDE_KEYS,
        "is_other_reason": turn.is_other_reason,
        "house_url": run.address(house),
    }


def _search(run: Run) -> dict[str, Any]:
    """The communities whose code or name holds ?q=; none of them without a code in force."""
    text = to_arabic_digits(clean(run.request.GET.get("q", "")))
    if not text or run.request.method == "POST":
        return {"q": ""}
    found = [
        one for one in run.chosen.communities.values() if one.code and (text in one.code or text in (one.name_th or ""))
    ]
    return {"q": text, "found": found[:MOST_OFFERED], "more": len(found) > MOST_OFFERED}
