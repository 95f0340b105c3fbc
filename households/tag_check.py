"""What tagging would do, before it is done: the same judgement as `tagging`, without touching a house."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from communities.code_book import require_code
from communities.models import Community

from .models import HouseRegistration
from .models.registrations import HouseRegistrationQuerySet

LIVE = HouseRegistration.State.LIVE
MOST_NAMED = 20


@dataclasses.dataclass(frozen=True)
class TagCheck:
    """How many of the houses would be tagged, have the code already, belong elsewhere, or are not in the register.

    `refused` names the first of those that would be left alone, in lane order.
    """

    code: str
    total: int
    new: int
    same: int
    elsewhere: int
    not_live: int
    refused: Sequence[HouseRegistration]

    @property
    def refused_more(self) -> int:
        """How many that would be left alone are not named."""
        return self.elsewhere + self.not_live - len(self.refused)


@dataclasses.dataclass(frozen=True)
class UntagCheck:
    """How many of the houses would lose a code, how many carry none, and how many each community would lose."""

    total: int
    tagged: int
    by_community: dict[int, int]

    @property
    def untagged(self) -> int:
        """The houses that stay as they are."""
        return self.total - self.tagged


def check_tag(houses: HouseRegistrationQuerySet, community: Community) -> TagCheck:
    """What `tagging.tag` would do with the houses today; raises ValidationError `code_not_in_force`."""
    code = require_code(community, timezone.localdate())
    elsewhere = Q(community__isnull=False) & ~Q(community=community)
    not_live = Q(community__isnull=True) & ~Q(state=LIVE)
    counts = houses.order_by().aggregate(
        total=Count("pk"),
        new=Count("pk", filter=Q(community__isnull=True, state=LIVE)),
        same=Count("pk", filter=Q(community=community)),
        elsewhere=Count("pk", filter=elsewhere),
        not_live=Count("pk", filter=not_live),
    )
    refused = houses.filter(elsewhere | not_live).in_lane_order()[:MOST_NAMED]
    return TagCheck(code, **counts, refused=list(refused))


def check_untag(houses: QuerySet) -> UntagCheck:
    """What `tagging.untag` would do with the houses."""
    losses = dict(houses.order_by().values_list("community").annotate(number=Count("pk")).order_by("-number"))
    untagged = losses.pop(None, 0)
    tagged = sum(losses.values())
    return UntagCheck(tagged + untagged, tagged, losses)
