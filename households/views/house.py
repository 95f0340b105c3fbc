"""One house: what it is now, what can be done with it, and its history."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of
from communities.ids import id_in
from communities.roles import Action, may

from ..forms.houses import TagForm
from ..house_now import HouseNow, house_now
from ..models import HouseRegistration
from ..timeline import Entry, entries_of, hints_in

State = HouseRegistration.State
ENTRIES_A_PAGE = 50


@needs(Action.SEE_HOUSES)
@require_GET
def house(request: OfficeRequest, pk: int) -> HttpResponse:
    """The house as it stands today, its neighbours in the lane and what happened to it, the newest first."""
    houses = HouseRegistration.objects.visible_to(request.user).select_related("district", "subdistrict")
    shown = get_object_or_404(houses, pk=pk)
    communities = communities_of(shown.district)
    now = house_now(shown, communities)
    entries = entries_of(shown, request.user)
    may_tag = may(request.user, Action.TAG, shown.district)
    tag_form = TagForm(_suggested(now), communities=communities.values())
    scene = {
        "house": shown,
        "now": now,
        "communities": communities,
        "hints": hints_in(entries),
        "may_tag": may_tag,
        "tag_form": tag_form if _can_be_tagged(now, may_tag) else None,
        **_page_of(entries, id_in(request.GET.get("page", "")) or 1),
    }
    return render(request, "households/house.html", scene)


def _can_be_tagged(now: HouseNow, may_tag: bool) -> bool:
    return may_tag and not now.is_claimed and now.house.state == State.LIVE


def _suggested(now: HouseNow) -> dict[str, str] | None:
    """The suggested community chosen beforehand, where one is clear."""
    community = now.suggested
    return {"community": community.code} if community is not None and community.code else None


def _page_of(entries: Sequence[Entry], number: int) -> dict[str, object]:
    """The part of a long history that the page shows, and the numbers of the pages beside it."""
    pages = max(1, -(-len(entries) // ENTRIES_A_PAGE))
    page = min(max(number, 1), pages)
    first = (page - 1) * ENTRIES_A_PAGE
    shown = entries[first : first + ENTRIES_A_PAGE]
    return {
        "entries": shown,
        "first_entry": first + 1,
        "last_entry": first + len(shown),
        "number_of_entries": len(entries),
        "newer": page - 1 if page > 1 else None,
        "older": page + 1 if page < pages else None,
    }
