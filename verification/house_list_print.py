"""A community's list of houses on paper and as a table: the list as it was handed out, addresses alone (F3)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from communities.exports import Table, stamp
from communities.models import Community, Person
from communities.thai_text import to_thai_digits
from households.models import HouseRegistration

from .models import CommunityReview, ListedHouse


@dataclasses.dataclass(frozen=True)
class LaneOnPaper:
    """A lane with the lines of its houses: number on the list and house number, a tab between."""

    name: str
    houses: Sequence[str]


@dataclasses.dataclass(frozen=True)
class ListOnPaper:
    """A list as it is printed, every text in its final writing."""

    community: str
    district: str
    number: str
    houses: str
    stamp: str
    lanes: Sequence[LaneOnPaper]


@translation.override("th")
def list_on_paper(review: CommunityReview, *, by: Person, purpose: str) -> ListOnPaper:
    """The list of the review, stamped with who prints it, when and what for; two queries."""
    listed = list(_listed(review))
    lanes = groupby(listed, key=lambda each: each.house.lane_order)
    return ListOnPaper(
        community=name_of(review),
        district=str(review.round.district),
        number=to_thai_digits(str(review.round)),
        houses=to_thai_digits(f"{len(listed):,}"),
        stamp=stamp(by, purpose),
        lanes=[_lane(list(houses)) for _order, houses in lanes],
    )


def list_as_table(review: CommunityReview) -> Table:
    """The list with columns to fill in."""
    return Table(
        title=_("List of the houses of %(name)s") % {"name": name_of(review)},
        district=review.round.district,
        columns=[
            (_("No."), lambda each: each.place),
            (_("House number"), lambda each: each.house.house_no),
            (_("Soi, trok or road"), lambda each: lane_in_words(each.house)),
            (_("Verdict"), lambda each: ""),
            (_("Note"), lambda each: ""),
        ],
        lines=_listed(review),
    )


def _listed(review: CommunityReview) -> QuerySet[ListedHouse]:
    return review.houses.select_related("house").order_by("place")


def _lane(houses: Sequence[ListedHouse]) -> LaneOnPaper:
    lines = [f"{each.place}\t{each.house.house_no}{_moo(each.house)}" for each in houses]
    return LaneOnPaper(lane_in_words(houses[0].house), lines)


def _moo(house: HouseRegistration) -> str:
    return " " + _("moo %(moo)s") % {"moo": house.moo} if house.moo else ""


class InALane(Protocol):
    """A house, or a line about one, with the parts of its address that name the lane."""

    @property
    def trok(self) -> str:
        """The trok, "" where there is none."""

    @property
    def soi(self) -> str:
        """The soi, "" where there is none."""

    @property
    def road(self) -> str:
        """The road, "" where there is none."""


def lane_in_words(house: InALane) -> str:
    """The lane as an address says it: "ซอยเทอดไท 5 ถนนเทอดไท"; "" where the register has none."""
    parts = (("ตรอก", house.trok), ("ซอย", house.soi), ("ถนน", house.road))
    return " ".join(f"{word}{name}" for word, name in parts if name)


def name_of(review: CommunityReview) -> str:
    """The name of the review's community today."""
    return Community.objects.as_at(timezone.localdate()).get(pk=review.community_id).name_th or ""
