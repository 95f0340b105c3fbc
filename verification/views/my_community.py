"""The president's pages: the own community's addresses, on a phone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.models import Community
from communities.roles import Action
from communities.scope import reach_of
from communities.thai_text import clean
from households.house_numbers import UnreadableHouseNumber, parse
from households.models import HouseRegistration
from households.models.registrations import HouseRegistrationQuerySet

LIVE = HouseRegistration.State.LIVE


@dataclasses.dataclass(frozen=True)
class Lane:
    """The community's houses of one lane, in the order of their numbers."""

    houses: Sequence[HouseRegistration]

    @property
    def first(self) -> HouseRegistration:
        """A house that names the lane."""
        return self.houses[0]


@needs(Action.SEE_OWN_ADDRESSES)
@require_GET
def my_community(request: OfficeRequest) -> HttpResponse:
    """The houses of the president's own community, lane by lane; never a house code, never another community."""
    communities = _own_communities(request)
    community = _chosen(communities, request.GET.get("community"))
    houses = HouseRegistration.objects.visible_to(request.user).filter(community=community, state=LIVE)
    number = clean(request.GET.get("number", ""))
    found, refusal = _of_number(houses, number)
    lanes = _by_lane(found.in_lane_order())
    scene = {
        "communities": communities,
        "community": community,
        "number": number,
        "refusal": refusal,
        "lanes": lanes,
        "found": sum(len(lane.houses) for lane in lanes),
        "houses": houses.count(),
    }
    return render(request, "verification/my_community.html", scene)


def _own_communities(request: OfficeRequest) -> list[Community]:
    own = reach_of(request.user).in_communities([Action.SEE_OWN_ADDRESSES])
    return list(Community.objects.as_at(timezone.localdate()).filter(pk__in=own).order_by("label_code", "pk"))


def _chosen(communities: Sequence[Community], code: str | None) -> Community:
    """The community of that code, else the first; 404 for one that is not the person's own."""
    fitting = [community for community in communities if code in (None, community.label_code or "")]
    if not fitting:
        raise Http404
    return fitting[0]


def _of_number(houses: HouseRegistrationQuerySet, number: str) -> tuple[HouseRegistrationQuerySet, str]:
    """The houses of that number, all for an empty one; none and a sentence for what is no house number."""
    if not number:
        return houses, ""
    try:
        return houses.filter(number_key=parse(number).key), ""
    except UnreadableHouseNumber:
        return houses.none(), _("Type a house number such as 12/3.")


def _by_lane(houses: Iterable[HouseRegistration]) -> list[Lane]:
    return [Lane(list(group)) for _lane, group in groupby(houses, key=lambda house: house.lane_order)]
