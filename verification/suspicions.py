"""What is noticed in the reviews of a round, with names to its evidence: for the head, who decides what follows.

Nothing here blocks or changes anything (product.md R10). A fixed handful of queries, whatever the number of houses.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import attrgetter

from django.utils import timezone

from communities.models import Community
from households.lane_sides import number_of_order
from households.models import HouseRegistration

from .models import CommunityReview, ListedHouse, ReviewRound, Verdict
from .plausibility import (
    ENOUGH_HOUSES,
    Finding,
    Habit,
    Kind,
    LanePace,
    Said,
    Standing,
    between_two_that_stay,
    findings,
    habit_of,
)
from .round_progress import NOBODY, Speakers, speakers_of

Source = Verdict.Source
_FIRST, _LAST = 2, 98  # where the dots of the picture begin and end, per cent
MOST_LANES = 8  # of the quick ones, the quickest first


@dataclasses.dataclass(frozen=True)
class PaceOfLane:
    """A lane that was done quickly, with a house that names it."""

    house: HouseRegistration
    pace: LanePace


@dataclasses.dataclass(frozen=True)
class Evidence:
    """A finding as a person looks at it: its lanes and houses by name, and where all reviews stand on its measure.

    `dots` are the places of the other reviews on a line from 0 to 100, `dot` is that of this one; none where there are
    too few to hold it against.
    """

    finding: Finding
    lanes: Sequence[PaceOfLane] = ()
    houses: Sequence[ListedHouse] = ()
    dots: Sequence[float] = ()
    dot: float | None = None


@dataclasses.dataclass(frozen=True)
class NoticedReview:
    """A community's review in which something was noticed."""

    review: CommunityReview
    community: Community
    speakers: Speakers
    habit: Habit
    evidence: Sequence[Evidence]


@dataclasses.dataclass(frozen=True)
class Noticed:
    """All of a round: the reviews in which something was noticed, most first, and how many were looked at."""

    reviews: Sequence[NoticedReview]
    looked_at: int


def noticed_in(round: ReviewRound) -> Noticed:
    """What is noticed in the round as it stands now; eight queries."""
    said, lane_names = _said(round)
    habits = {review: habit_of(verdicts) for review, verdicts in said.items()}
    found = findings(habits)
    for review, houses in _between(round).items():
        found.setdefault(review, []).append(Finding(Kind.BETWEEN, len(houses), houses=houses))
    reviews = round.reviews.in_bulk(found)
    named = Community.objects.as_at(timezone.localdate()).in_bulk([one.community_id for one in reviews.values()])
    speakers = speakers_of(named)
    naming = _Naming(habits, lane_names, found)
    noticed = [
        NoticedReview(
            reviews[pk],
            named[reviews[pk].community_id],
            speakers.get(reviews[pk].community_id, NOBODY),
            habits[pk],
            [naming.evidence(pk, one) for one in of_review],
        )
        for pk, of_review in found.items()
    ]
    return Noticed(sorted(noticed, key=lambda one: (-len(one.evidence), one.review.place)), len(habits))


def _said(round: ReviewRound) -> tuple[Mapping[int, Sequence[Said]], Mapping[str, int]]:
    """The standing verdicts of each review in the order in which they came, and a house (id) that names each lane."""
    listed = ListedHouse.objects.filter(review__round=round, verdict__isnull=False).order_by("verdict")
    rows = listed.values_list(
        "review",
        "house",
        "house__lane_order",
        "verdict__kind",
        "verdict__source",
        "verdict__recorded_at",
        "verdict__said_at",
    )
    said: dict[int, list[Said]] = defaultdict(list)
    lane_names: dict[str, int] = {}
    for review, house, lane, kind, source, recorded, phone in rows:
        lane_names.setdefault(lane, house)
        said[review].append(Said(lane, kind, source == Source.REST, source == Source.PAPER, recorded, phone))
    return said, lane_names


def _between(round: ReviewRound) -> Mapping[int, Sequence[int]]:
    """Of each review the houses (ids) said to be of another community that stand between two that stay."""
    taken = ListedHouse.objects.filter(review__round=round, verdict__kind=Verdict.Kind.NOT_OURS)
    rows = list(taken.values_list("review", "review__community", "house", "house__lane_order"))
    lanes = _lanes({lane for *_ids, lane in rows}, round.district_id)
    found: dict[int, list[int]] = defaultdict(list)
    by_lane = sorted(rows, key=lambda row: (row[0], row[3]))
    for (review, community, lane), of_lane in itertools.groupby(by_lane, key=lambda row: (row[0], row[1], row[3])):
        houses = {house for _review, _community, house, _lane in of_lane}
        for street in lanes[lane]:
            found[review] += between_two_that_stay(street, taken_out=houses, community=community)
    return {review: houses for review, houses in found.items() if houses}


def _lanes(lanes: Collection[str], district: int) -> Mapping[str, Sequence[Sequence[Standing]]]:
    """The live houses of the lanes in the order of their numbers; a name in two sub-districts is two lanes."""
    live = HouseRegistration.objects.filter(
        district=district, lane_order__in=lanes, state=HouseRegistration.State.LIVE
    ).order_by("lane_order", "subdistrict", "number_order", "pk")
    streets: dict[str, dict[int, list[Standing]]] = defaultdict(lambda: defaultdict(list))
    rows = live.values_list("lane_order", "subdistrict", "pk", "number_order", "community")
    for lane, subdistrict, house, order, community in rows:
        streets[lane][subdistrict].append(Standing(house, number_of_order(order), community))
    return {lane: list(of_lane.values()) for lane, of_lane in streets.items()}


_MEASURES: Mapping[Kind, Callable[[Habit], float | None]] = {
    Kind.QUICK: attrgetter("seconds_a_house"),
    Kind.IN_BULK: attrgetter("share_in_bulk"),
    Kind.ALIKE: lambda habit: habit.doubted / habit.decided,
    Kind.NOT_OURS: lambda habit: habit.not_ours / habit.decided,
}


class _Naming:
    """Gives the findings their names and pictures; what is shown is fetched once for all of them."""

    def __init__(
        self, habits: Mapping[int, Habit], lane_names: Mapping[str, int], found: Mapping[int, Sequence[Finding]]
    ) -> None:
        self.habits, self.lane_names = habits, lane_names
        each = [one for of_review in found.values() for one in of_review]
        lanes = [lane_names[pace.lane] for one in each for pace in one.lanes[:MOST_LANES]]
        self.houses = HouseRegistration.objects.in_bulk(lanes)
        shown = [house for one in each for house in one.houses]
        listed = ListedHouse.objects.filter(review__in=found, house__in=shown).select_related("house", "verdict")
        self.listed = {(one.review_id, one.house_id): one for one in listed}

    def evidence(self, review: int, finding: Finding) -> Evidence:
        """The finding of the review as it is shown."""
        lanes = [PaceOfLane(self.houses[self.lane_names[pace.lane]], pace) for pace in finding.lanes[:MOST_LANES]]
        houses = [self.listed[review, house] for house in finding.houses]
        if finding.others is None:
            return Evidence(finding, lanes, houses)
        measured = self._measured(_MEASURES[finding.kind], review)
        longest = max(measured.values()) or 1.0
        places = {pk: round(_FIRST + (_LAST - _FIRST) * number / longest, 1) for pk, number in measured.items()}
        return Evidence(finding, lanes, houses, [place for pk, place in places.items() if pk != review], places[review])

    def _measured(self, measure: Callable[[Habit], float | None], own: int) -> dict[int, float]:
        """The measure of the review itself and of every other of which enough is said."""
        judged = {pk: habit for pk, habit in self.habits.items() if pk == own or habit.decided >= ENOUGH_HOUSES}
        enough = {pk: measure(habit) for pk, habit in judged.items()}
        return {pk: number for pk, number in enough.items() if number is not None}
