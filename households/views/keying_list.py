"""The keying list as pages to print and tick, and as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communities.access import needs
from communities.exports import ROWS_AT_ONCE, Table
from communities.ids import id_in
from communities.models import Community
from communities.notices import say_done
from communities.roles import Action
from communities.views_exports import asks_for_file, export_response

from ..house_sheet import columns_to_key
from ..keying import key
from ..keying_run import KeyingQueue, place_of
from ..models import HouseRegistration
from .keying_desk import Desk, KeyingRequest, desk_of, filter_of

REFUSED = 409
HOUSES_A_PAGE = 40


@needs(Action.KEY_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keying_list(request: KeyingRequest) -> HttpResponseBase:
    """A page of houses to print, and to tick when they are keyed; the ticked are recorded after one more look.

    ?format= takes the whole list out as a file.
    """
    desk = desk_of(request)
    if request.method != "POST" and asks_for_file(request):
        return export_response(request, _table(desk))
    if request.method != "POST":
        return render(request, "households/keying_list.html", _list_scene(desk))
    shown = _ticked(desk)
    if not shown:
        messages.warning(request, _("Tick the houses that were keyed."))
        return redirect(desk.list_url)
    if "sure" not in request.POST:
        return render(request, "households/keying_check.html", _check_scene(desk, shown))
    return _record_ticked(desk, shown)


def _table(desk: Desk) -> Table:
    queue = KeyingQueue(desk.houses, desk.places)
    return Table(
        title=_("Community codes to key into the central register"),
        district=desk.choice.district,
        columns=columns_to_key(desk.communities),
        lines=queue.in_order().iterator(chunk_size=ROWS_AT_ONCE),
        conditions=_filter_in_words(desk),
        houses=queue.left,
    )


def _filter_in_words(desk: Desk) -> list[tuple[str, str]]:
    whose = _("my communities") if desk.whose == "mine" else _("all communities")
    asked = [
        (_("Community"), f"{desk.community.label_code} {desk.community.name_th}" if desk.community else whose),
        (_("Soi, trok or road"), desk.soi),
    ]
    return [(label, value) for label, value in asked if value]


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
        "filter": filter_of(desk),
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
