"""One house: what it is now, and its history."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.district_choice import communities_of
from communities.roles import Action, may

from ..claims import is_claimed
from ..forms.houses import TagForm
from ..lanes import neighbours
from ..models import HouseRegistration
from ..timeline import entries_of, hints_about

State = HouseRegistration.State


@needs(Action.SEE_HOUSES)
@require_GET
def house(request: OfficeRequest, pk: int) -> HttpResponse:
    """The house with its community of today, its neighbours in the lane and everything that happened to it."""
    houses = HouseRegistration.objects.visible_to(request.user).select_related("district", "subdistrict")
    shown = get_object_or_404(houses, pk=pk)
    communities = communities_of(shown.district)
    previous, following = neighbours(shown)
    may_tag = may(request.user, Action.TAG, shown.district)
    can_be_tagged = may_tag and shown.community_id is None and shown.state == State.LIVE
    scene = {
        "house": shown,
        "communities": communities,
        "community": communities.get(shown.community_id) if shown.community_id else None,
        "is_claimed": is_claimed(shown),
        "entries": entries_of(shown, request.user),
        "hints": hints_about(shown, request.user),
        "previous": previous,
        "next": following,
        "may_tag": may_tag,
        "may_untag": may_tag and shown.community_id is not None,
        "tag_form": TagForm(communities=communities.values()) if can_be_tagged else None,
    }
    return render(request, "households/house.html", scene)
