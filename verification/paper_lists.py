"""A president's list on paper, keyed in by an officer, house after house in the order of the list (product.md R4, R7).

What is written here is the president's word: the officer's name stands beside it, and whoever keyed a list decides
nothing about it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Appointment, Person, Role

from .models import CommunityReview, ListedHouse, Verdict

Source = Verdict.Source
_BESIDE = 2


def giver_of(review: CommunityReview) -> Person:
    """The president whose word the list is: who holds the post today.

    Raises ValidationError `no_president` where nobody does.
    """
    posts = Appointment.objects.on(timezone.localdate()).select_related("person")
    post = posts.filter(role=Role.PRESIDENT, community=review.community_id).first()
    if post is None:
        raise ValidationError(
            _("Nobody is president of this community today. Appoint the president first, then key the list in."),
            code="no_president",
        )
    return post.person


def listed_of(review: CommunityReview) -> QuerySet[ListedHouse]:
    """The houses of the list with their verdicts, in its order."""
    return review.houses.select_related("house", "verdict").order_by("place")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where the officer is on the list: a house (None: nothing is left), those beside it, and its lane's open ones."""

    listed: ListedHouse | None
    beside: Sequence[ListedHouse] = ()
    lane_left: int = 0


def place_after(review: CommunityReview, number: int = 0) -> Place:
    """The next undecided house after that number of the list; behind the last, the first that was passed over."""
    undecided = listed_of(review).filter(verdict=None)
    return _place(review, undecided.filter(place__gt=number).first() or undecided.first())


def place_at(review: CommunityReview, number: int) -> Place:
    """The house of that number, decided or not. Raises ValidationError `not_on_the_list`."""
    listed = listed_of(review).filter(place=number).first()
    if listed is None:
        raise ValidationError(
            _("The list has no number %(number)s."), code="not_on_the_list", params={"number": number}
        )
    return _place(review, listed)


def _place(review: CommunityReview, listed: ListedHouse | None) -> Place:
    if listed is None:
        return Place(None)
    near = Q(place__gte=listed.place - _BESIDE, place__lte=listed.place + _BESIDE)
    in_lane = Q(house__lane_order=listed.house.lane_order, verdict=None)
    return Place(listed, list(listed_of(review).filter(near)), review.houses.filter(in_lane).count())


def last_keyed(review: CommunityReview, *, by: Person) -> Verdict | None:
    """What the officer keyed last on this list and has not taken back."""
    keyed = review.verdicts.filter(keyed_by=by, source=Source.PAPER, taken_back_by=None)
    return keyed.exclude(kind=Verdict.Kind.TAKEN_BACK).select_related("listed__house").order_by("pk").last()


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the office received of a list on paper: how many of each verdict, and those that ask for an answer."""

    counts: Sequence[tuple[str, int]]
    doubtful: Sequence[Verdict]
    left: int


def receipt_of(review: CommunityReview) -> Receipt:
    """The receipt for what was keyed in from paper and stands."""
    standing = review.verdicts.standing().filter(source=Source.PAPER)
    counted = dict(standing.order_by().values_list("kind").annotate(houses=Count("pk")))
    counts = [(str(kind.label), counted[kind.value]) for kind in Verdict.Kind if kind.value in counted]
    doubtful = standing.doubtful().select_related("listed__house").order_by("listed__place", "pk")
    return Receipt(counts, list(doubtful), review.houses.filter(verdict=None).count())
