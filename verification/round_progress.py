"""How far the rounds are: each community's list, its president, the first sign-in, the reminders.

A fixed handful of queries, whatever the number of communities and houses.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from communities.models import Appointment, Community, District, Person, Role, SignInKey
from communities.models.people import OF_A_COMMUNITY
from households.models import HouseRegistration

from .answers import unanswered
from .models import CommunityReview, ListedHouse, Reminder, ReviewRound, Verdict
from .models.verdicts import DOUBTFUL

Kind, State = Verdict.Kind, CommunityReview.State
_OF_LIST = ("review", "listed", "right", "doubtful")


@dataclasses.dataclass(frozen=True)
class Speakers:
    """Who speaks for a community today: its president, the delegates, and whether the president has signed in yet."""

    president: Person | None = None
    delegates: Sequence[Person] = ()
    has_come: bool = False


NOBODY = Speakers()


@dataclasses.dataclass(frozen=True)
class ReviewLine:
    """A community's review as the office sees it; right, doubtful and listed count houses of the list.

    `unanswered` counts what waits for the section's answer, of whichever round of the community.
    """

    review: CommunityReview
    community: Community
    speakers: Speakers
    listed: int
    right: int
    doubtful: int
    added: int
    reminders: Sequence[Reminder]
    unanswered: int

    @property
    def president(self) -> Person | None:
        """The president of today."""
        return self.speakers.president

    @property
    def undecided(self) -> int:
        """The houses of the list of which nothing is said."""
        return self.listed - self.right - self.doubtful

    @property
    def on_bar(self) -> int:
        """The houses that the bar of the line shows: the list and the missing ones that were added."""
        return self.listed + self.added

    @property
    def delivered(self) -> int:
        """How many reminders went out."""
        return sum(not reminder.failure for reminder in self.reminders)

    @property
    def last_reminder(self) -> Reminder | None:
        """The newest reminder, be it one that could not be sent."""
        return self.reminders[0] if self.reminders else None

    @property
    def address(self) -> str:
        """The president's e-mail address, "" where there is none."""
        return self.president.email if self.president else ""


def lines_of(round: ReviewRound) -> Sequence[ReviewLine]:
    """The round's communities in the order of their letters; seven queries."""
    reviews = list(CommunityReview.objects.filter(round=round).select_related("round__district").order_by("place"))
    named = Community.objects.as_at(timezone.localdate()).in_bulk([review.community_id for review in reviews])
    houses, added, reminders, speakers = _houses(round), _added(round), _reminders(round), speakers_of(named)
    waiting = _waiting(round)
    return [
        ReviewLine(
            review,
            named[review.community_id],
            speakers.get(review.community_id, NOBODY),
            *houses.get(review.pk, (0, 0, 0)),
            added.get(review.pk, 0),
            reminders.get(review.pk, []),
            waiting.get(review.community_id, 0),
        )
        for review in reviews
    ]


def _houses(round: ReviewRound) -> Mapping[int, tuple[int, int, int]]:
    """The houses on the list of each review: all, right, doubtful."""
    listed = ListedHouse.objects.filter(review__round=round).order_by("review")
    counts = listed.values("review").annotate(
        listed=Count("pk"),
        right=Count("pk", filter=Q(verdict__kind=Kind.RIGHT)),
        doubtful=Count("pk", filter=Q(verdict__kind__in=DOUBTFUL)),
    )
    return {pk: (listed, right, doubtful) for pk, listed, right, doubtful in counts.values_list(*_OF_LIST)}


def speakers_of(communities: Iterable[int]) -> Mapping[int, Speakers]:
    """Who speaks today for each of the communities (ids); one query."""
    spent = SignInKey.objects.filter(post=OuterRef("pk"), spent_at__isnull=False)
    posts = Appointment.objects.on(timezone.localdate()).filter(
        community__in=list(communities), role__in=OF_A_COMMUNITY, person__is_active=True
    )
    held: dict[int, list[Appointment]] = defaultdict(list)
    for post in posts.select_related("person").annotate(came_by_letter=Exists(spent)).order_by("since", "pk"):
        held[post.community_id or 0].append(post)
    return {community: _speakers(of_it) for community, of_it in held.items()}


def _speakers(posts: Sequence[Appointment]) -> Speakers:
    president = next((post for post in posts if post.role == Role.PRESIDENT), None)
    return Speakers(
        president.person if president else None,
        [post.person for post in posts if post.role == Role.DELEGATE],
        bool(president and (getattr(president, "came_by_letter", False) or president.person.last_login)),
    )


def _added(round: ReviewRound) -> Mapping[int, int]:
    missing = Verdict.objects.standing().filter(review__round=round, kind=Kind.MISSING)
    return dict(missing.order_by("review").values_list("review").annotate(Count("pk")))


def _waiting(round: ReviewRound) -> Mapping[int, int]:
    """How many verdicts of each community (id) wait for an answer."""
    communities = unanswered(round.district).order_by("review__community").values_list("review__community")
    return dict(communities.annotate(Count("pk")))


def _reminders(round: ReviewRound) -> Mapping[int, Sequence[Reminder]]:
    """The reminders of each review, the newest first."""
    sent: dict[int, list[Reminder]] = defaultdict(list)
    for reminder in Reminder.objects.filter(review__round=round).select_related("sent_by").order_by("-pk"):
        sent[reminder.review_id].append(reminder)
    return sent


@dataclasses.dataclass(frozen=True)
class RoundLine:
    """A round in one line: how many communities were asked and have signed, how many houses are decided.

    What is doubtful and added is counted where the communities are at hand (`totals_of`).
    """

    round: ReviewRound
    communities: int = 0
    signed: int = 0
    listed: int = 0
    decided: int = 0
    doubtful: int = 0
    added: int = 0

    @property
    def right(self) -> int:
        """The houses that are as the list has them."""
        return self.decided - self.doubtful

    @property
    def on_bar(self) -> int:
        """The houses that the bar shows: the lists and the missing ones that were added."""
        return self.listed + self.added

    @property
    def days_left(self) -> int:
        """Days until the deadline, 0 on the day itself, below 0 after it."""
        return days_left(self.round)


def days_left(round: ReviewRound) -> int:
    """Days until the round's deadline, 0 on the day itself, below 0 after it."""
    return (round.deadline - timezone.localdate()).days


def rounds_of(district: District) -> Sequence[RoundLine]:
    """The district's rounds, the newest first; three queries."""
    rounds = ReviewRound.objects.filter(district=district).select_related("district")
    reviews = CommunityReview.objects.filter(round__district=district).order_by("round").values("round")
    reviews = reviews.annotate(asked=Count("pk"), signed=Count("pk", filter=Q(state=State.SIGNED)))
    listed = ListedHouse.objects.filter(review__round__district=district).order_by("review__round")
    houses = listed.values("review__round").annotate(listed=Count("pk"), decided=Count("verdict"))
    asked = {pk: counts for pk, *counts in reviews.values_list("round", "asked", "signed")}
    decided = {pk: counts for pk, *counts in houses.values_list("review__round", "listed", "decided")}
    return [RoundLine(round, *asked.get(round.pk, (0, 0)), *decided.get(round.pk, (0, 0))) for round in rounds]


def totals_of(round: ReviewRound, lines: Sequence[ReviewLine]) -> RoundLine:
    """The same line for a round whose communities are at hand."""
    return RoundLine(
        round,
        len(lines),
        sum(line.review.state == State.SIGNED for line in lines),
        sum(line.listed for line in lines),
        sum(line.right + line.doubtful for line in lines),
        sum(line.doubtful for line in lines),
        sum(line.added for line in lines),
    )


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A community that a new round may ask, or why it cannot: no house tagged, or another round still open."""

    community: Community
    houses: int
    speakers: Speakers
    elsewhere: ReviewRound | None

    @property
    def can_be_asked(self) -> bool:
        """Whether a round can be opened for it now."""
        return bool(self.houses) and self.elsewhere is None


def candidates_of(district: District, named: Mapping[int, Community]) -> Sequence[Candidate]:
    """All communities of the district (`named`, by id) in their order; three queries."""
    tagged = HouseRegistration.objects.filter(district=district, state=HouseRegistration.State.LIVE)
    houses: Mapping[int, int] = dict(
        tagged.filter(community__in=named).order_by("community").values_list("community").annotate(Count("pk"))
    )
    open_now = CommunityReview.objects.filter(community__in=named, state=State.OPEN).select_related("round")
    elsewhere = {review.community_id: review.round for review in open_now}
    speakers = speakers_of(named)
    return [
        Candidate(community, houses.get(pk, 0), speakers.get(pk, NOBODY), elsewhere.get(pk))
        for pk, community in named.items()
    ]


def suggested_deadline() -> datetime.date:
    """A month from today, as the form offers it."""
    return timezone.localdate() + datetime.timedelta(days=30)
