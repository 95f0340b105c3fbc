"""A community's sheet as its president sees it: soi by soi, each house with the verdict that stands.

Addresses only: neither house codes nor names of residents are read (product.md R2).
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Prefetch, Q

from communities.thai_text import clean, to_arabic_digits
from households.models import HouseRegistration

from .models import Answer, CommunityReview, Verdict, VerdictPhoto
from .models.verdicts import DOUBTFUL
from .presidents_review import Summary

_ADDRESS = ("house_no", "moo", "trok", "soi", "road", "lane_order")
_VERDICT = ("key", "kind", "house_no", "note", "moved", "source", "given_as", "given_by__full_name")


@dataclasses.dataclass(frozen=True)
class HouseOnSheet:
    """A house of the list, and what is said of it."""

    listed: int
    house: HouseRegistration
    verdict: Verdict | None
    photos: Sequence[int]

    @property
    def kind(self) -> str:
        """The verdict in one word, "" for none."""
        return self.verdict.kind if self.verdict else ""

    @property
    def is_doubtful(self) -> bool:
        """Whether something is said that the registry section will answer."""
        return self.kind in DOUBTFUL


@dataclasses.dataclass(frozen=True)
class LaneOfSheet:
    """The houses of one lane in the order of the list."""

    nth: int
    lane_order: str
    houses: Sequence[HouseOnSheet]

    @property
    def house(self) -> HouseRegistration:
        """A house that names the lane."""
        return self.houses[0].house

    @property
    def decided(self) -> int:
        """How many houses of the lane something is said of."""
        return sum(1 for house in self.houses if house.verdict)

    @property
    def left(self) -> int:
        """How many houses of the lane nothing is said of."""
        return len(self.houses) - self.decided

    @property
    def first_left(self) -> HouseOnSheet | None:
        """The first house of the lane that nothing is said of."""
        return next((house for house in self.houses if not house.verdict), None)


@dataclasses.dataclass(frozen=True)
class Sheet:
    """The list lane by lane, the missing houses that were added, and where the president left off."""

    lanes: Sequence[LaneOfSheet]
    added: Sequence[Verdict]

    @property
    def summary(self) -> Summary:
        """The counts of what stands."""
        houses = [house for lane in self.lanes for house in lane.houses]
        doubtful = sum(1 for house in houses if house.is_doubtful)
        undecided = sum(lane.left for lane in self.lanes)
        return Summary(len(houses) - doubtful - undecided, doubtful, len(self.added), undecided)

    @property
    def first_left(self) -> HouseOnSheet | None:
        """The first house of the list that nothing is said of."""
        return next(filter(None, (lane.first_left for lane in self.lanes)), None)

    @property
    def lanes_left(self) -> Sequence[LaneOfSheet]:
        """The lanes in which something is undecided."""
        return [lane for lane in self.lanes if lane.left]


def sheet_of(review: CommunityReview) -> Sheet:
    """The sheet as it stands now; four queries whatever its size."""
    columns = [*(f"house__{part}" for part in _ADDRESS), *(f"verdict__{part}" for part in _VERDICT)]
    listed = review.houses.select_related("house", "verdict__given_by").only("review_id", *columns).order_by("place")
    photos = _photos_of(review)
    lanes: dict[str, list[HouseOnSheet]] = defaultdict(list)
    for one in listed:
        house = HouseOnSheet(one.pk, one.house, one.verdict, photos.get(one.pk, []))
        lanes[one.house.lane_order].append(house)
    added = review.verdicts.standing().filter(kind=Verdict.Kind.MISSING)
    return Sheet(
        [LaneOfSheet(nth, order, houses) for nth, (order, houses) in enumerate(lanes.items(), 1)],
        list(added.select_related("given_by").prefetch_related("photos")),
    )


def _photos_of(review: CommunityReview) -> Mapping[int, Sequence[int]]:
    """The ids of the photos of each listed house, also of those sent with an earlier verdict on it."""
    photos: dict[int, list[int]] = defaultdict(list)
    of_listed = VerdictPhoto.objects.filter(verdict__review=review, verdict__listed__isnull=False).order_by("pk")
    for listed, photo in of_listed.values_list("verdict__listed_id", "pk"):
        photos[listed].append(photo)
    return photos


def of_number(sheet: Sheet, typed: str) -> Sheet:
    """The sheet with only the houses whose number begins with what was typed, in any digits."""
    begins = _plain(typed)
    lanes = []
    for lane in sheet.lanes:
        houses = [house for house in lane.houses if _plain(house.house.house_no).startswith(begins)]
        if houses:
            lanes.append(dataclasses.replace(lane, houses=houses))
    return dataclasses.replace(sheet, lanes=lanes)


def _plain(number: str) -> str:
    return to_arabic_digits(clean(number)).replace(" ", "")


def doubtful_verdicts(review: CommunityReview) -> Sequence[Verdict]:
    """What the registry section answers, in the order of the list: each verdict with its answers, appeal and photos.

    Those that came after the end stand behind the others. Four queries whatever their number.
    """
    answers = Answer.objects.select_related("appeal").order_by("turn")
    verdicts = review.verdicts.filter(Q(pk__in=review.verdicts.standing()) | Q(late=True, taken_back_by=None))
    found = verdicts.doubtful().select_related("listed__house", "given_by")
    ordered = found.order_by("late", "listed__place", "pk")
    return list(ordered.prefetch_related("photos", Prefetch("answers", queryset=answers)))
