"""Which lane is run along: the part of a district that a person chose, and its lanes with untagged houses."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from communities.access import OfficeRequest
from communities.district_choice import communities_of, district_choice
from communities.ids import id_in
from communities.models import Community, District, Subdistrict
from communities.roles import Action

from ..assignments import communities_of_officer
from ..house_run import LaneToRun, Scope
from ..models import Lane

LANES_A_PAGE = 100
MINE = "mine"


class RunRequest(OfficeRequest):
    """A request of the run: it may ask for the next house alone."""

    htmx: HtmxDetails


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The part of a district that the address names: communities (all, "mine", a code), a sub-district."""

    district: District
    communities: dict[int, Community]
    community: str
    subdistrict: Subdistrict | None
    scope: Scope

    @property
    def conditions(self) -> dict[str, str]:
        """As they stand in an address."""
        named = {
            "district": self.district.code,
            "community": self.community,
            "subdistrict": self.subdistrict.code if self.subdistrict else "",
        }
        return {name: value for name, value in named.items() if value}

    def along(self, lane: LaneToRun, **more: Any) -> str:
        """The run along the lane, with these conditions."""
        return self.address(lane=lane.lane.pk, part=lane.subdistrict.code, **more)

    def address(self, **more: Any) -> str:
        """The choice of lanes with these conditions, and more of them."""
        conditions = self.conditions | more
        return f"{reverse('households:run')}?{urlencode({name: value for name, value in conditions.items() if value})}"


def chosen_part(request: RunRequest, district: District) -> Chosen:
    """What the address says; raises Http404 for a community or sub-district that is not the district's."""
    communities = communities_of(district)
    community = request.GET.get("community", "")
    subdistrict = None
    if request.GET.get("subdistrict"):
        subdistrict = subdistrict_named(district, request.GET["subdistrict"])
    ids = _communities_named(request, community, communities)
    scope = Scope(district, ids, subdistrict.pk if subdistrict else None)
    return Chosen(district, communities, community, subdistrict, scope)


def _subdistricts(district: District) -> dict[str, Subdistrict]:
    return {one.code: one for one in Subdistrict.objects.filter(district=district)}


def subdistrict_named(district: District, code: str) -> Subdistrict:
    """The district's sub-district; what the address says of it is compared here, for it may be any text at all."""
    found = _subdistricts(district).get(code)
    if found is None:
        raise Http404
    return found


def _communities_named(request: RunRequest, community: str, communities: dict[int, Community]) -> frozenset[int] | None:
    if not community:
        return None
    if community == MINE:
        return frozenset(communities_of_officer(request.user, timezone.localdate()) & communities.keys())
    found = frozenset(pk for pk, one in communities.items() if one.label_code == community)
    if not found:
        raise Http404
    return found


def lanes_to_run(request: RunRequest) -> HttpResponse:
    """The page of the lanes with untagged houses, from which one is chosen."""
    choice = district_choice(request, Action.TAG)
    chosen = chosen_part(request, choice.district)
    after = _after(request, choice.district)
    lanes = chosen.scope.lanes(size=LANES_A_PAGE, after=after)
    mine = communities_of_officer(request.user, timezone.localdate()) & chosen.communities.keys()
    scene = {
        "choice": choice,
        "chosen": chosen,
        "lanes": [(lane, chosen.along(lane)) for lane in lanes.lanes],
        "has_own": bool(mine),
        "subdistricts": Subdistrict.objects.filter(district=choice.district).order_by("code"),
        "first": chosen.address() if after else "",
        "next": chosen.address(after=lanes.next.lane.pk, part=lanes.next.subdistrict.code) if lanes.next else "",
    }
    return render(request, "households/run_lanes.html", scene)


def _after(request: RunRequest, district: District) -> LaneToRun | None:
    """The lane from which the page goes on; an address that names none begins at the beginning."""
    lane = Lane.objects.filter(district=district, pk=id_in(request.GET.get("after", "")) or 0).first()
    part = _subdistricts(district).get(request.GET.get("part", ""))
    return LaneToRun(lane, part) if lane and part else None
