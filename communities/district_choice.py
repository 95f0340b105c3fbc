"""One district at a time: which one a page shows, for people whose posts reach several."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone

from .access import OfficeRequest
from .models import Community, District, Person
from .roles import Action
from .scope import posts_of_today, reach_of


@dataclasses.dataclass(frozen=True)
class DistrictChoice:
    """The district a page shows, and all that the person could choose instead, in the order of their codes."""

    district: District
    choices: Sequence[District]

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.choices) > 1


def district_choice(request: OfficeRequest, action: Action) -> DistrictChoice:
    """The district named by ?district=CODE, else the first in which the person may do the action.

    Raises Http404 for a district outside the person's reach, and for a person who has none.
    """
    choices = _districts_for(request.user, action)
    wanted = request.GET.get("district")
    fitting = [district for district in choices if wanted in (None, "", district.code)]
    if not fitting:
        raise Http404
    return DistrictChoice(fitting[0], choices)


def _districts_for(person: Person, action: Action) -> list[District]:
    """The districts in which the person may do the action; those of the own posts are at hand already."""
    reachable = reach_of(person).in_districts([action])
    own = {post.district.pk: post.district for post in posts_of_today(person) if post.district}
    others = District.objects.filter(pk__in=reachable - own.keys()) if reachable - own.keys() else []
    held = [district for pk, district in own.items() if pk in reachable]
    return sorted([*held, *others], key=lambda district: district.code)


def communities_of(district: District) -> dict[int, Community]:
    """The district's communities by id, each with its code and names of today, in the order of their codes."""
    named = Community.objects.as_at(timezone.localdate()).filter(district=district)
    return {community.pk: community for community in named.order_by("label_code", "pk")}
