"""One district at a time: which one a page shows, for people whose posts reach several."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.http import Http404
from django.utils import timezone

from .access import OfficeRequest
from .models import Community, District
from .roles import Action
from .scope import reach_of


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
    reachable = reach_of(request.user).in_districts([action])
    choices = list(District.objects.filter(pk__in=reachable).order_by("code"))
    wanted = request.GET.get("district")
    fitting = [district for district in choices if wanted in (None, "", district.code)]
    if not fitting:
        raise Http404
    return DistrictChoice(fitting[0], choices)


def communities_of(district: District) -> dict[int, Community]:
    """The district's communities by id, each with its code and names of today, in the order of their codes."""
    named = Community.objects.as_at(timezone.localdate()).filter(district=district)
    return {community.pk: community for community in named.order_by("label_code", "pk")}
