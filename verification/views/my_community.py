"""The president's door: the reviews that are open, and calm words where there is none."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from communities.access import OfficeRequest, needs
from communities.models import Community, Person
from communities.roles import Action
from communities.scope import reach_of
from verification.models import CommunityReview
from verification.presidents_review import Summary, summary
from verification.review_access import reviews_open_to


@dataclasses.dataclass(frozen=True)
class OpenDoor:
    """A review that the person may open, and how far it is; no counts once it has ended."""

    review: CommunityReview
    community: Community
    summary: Summary | None


@needs(Action.SEE_OWN_ADDRESSES)
@require_GET
def my_community(request: OfficeRequest) -> HttpResponse:
    """The person's communities and their reviews; no list outside of a round."""
    communities = _own_communities(request.user)
    scene = {"communities": communities, "doors": _doors(request.user, communities)}
    return render(request, "verification/my_community.html", scene)


def _own_communities(person: Person) -> Sequence[Community]:
    own = reach_of(person).in_communities([Action.SEE_OWN_ADDRESSES])
    return list(Community.objects.as_at(timezone.localdate()).filter(pk__in=own).order_by("label_code", "pk"))


def _doors(person: Person, communities: Sequence[Community]) -> Sequence[OpenDoor]:
    named = {community.pk: community for community in communities}
    return [
        OpenDoor(review, named[review.community_id], summary(review) if review.state == "open" else None)
        for review in reviews_open_to(person)
    ]
