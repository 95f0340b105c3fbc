"""The run along a lane: its untagged houses one after the other, each beside its neighbours, until none is left.

What is decided goes through the same actions as everywhere (`tagging`, `undoing`); the run knows which house is
next, which communities to offer for it, how fast the person is and what the person did last.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from communities.models import Community, District, Person, Subdistrict

from .judging.belonging import Ground, GroundKind, Suggestion
from .lane_sides import (
    ODD_DIGITS,
    TELLING_DIGIT,
    UNREADABLE_ORDER,
    Parting,
    Side,
    number_of_order,
    parting_of,
    side_of,
)
from .lanes import BACK, WALK
from .models import HouseNumberRecord, HouseRegistration, Lane, RowMatch, TagEvent, TaggingBatch
from .models.registrations import HouseRegistrationQuerySet, LaneQuerySet
from .row_reasons import UNDECIDED
from .sittings import LONGEST_SITTING, MOST_COUNTED, Sitting, a_minute, moments_of_sitting

State = HouseRegistration.State
Kind = TaggingBatch.Kind

# A house that waits for somebody to say where it belongs.
WAITING = Q(community__isnull=True, outside="", state=State.LIVE)
SHOWN_EACH_WAY = 3
# One key each.
MOST_OFFERED = 9
_READABLE = Q(number_order__lt=UNREADABLE_ORDER)


@dataclasses.dataclass(frozen=True)
class Stretch:
    """The live houses along which a person goes: of a lane in one sub-district, both sides or one.

    Lanes of one name in two sub-districts are two: their numbers do not go on from each other. Those `put_off` (ids)
    come last.
    """

    lane: Lane
    subdistrict: Subdistrict
    side: Side | None = None
    put_off: Sequence[int] = ()

    @property
    def houses(self) -> HouseRegistrationQuerySet:
        """The live houses of the lane, both sides."""
        return HouseRegistration.objects.filter(
            district=self.lane.district_id,
            lane_order=self.lane.lane_order,
            subdistrict=self.subdistrict,
            state=State.LIVE,
        )

    def holds(self, house: HouseRegistration) -> bool:
        """Whether the house stands in this lane and sub-district, on whichever side."""
        return (house.lane_order, house.subdistrict_id) == (self.lane.lane_order, self.subdistrict.pk)

    @cached_property
    def parting(self) -> Parting:
        """What parts the lane into its sides."""
        ends = self.houses.filter(_READABLE).aggregate(first=Min("number_order"), last=Max("number_order"))
        return parting_of(number_of_order(order) for order in ends.values() if order)

    def on_side(self, side: Side | None) -> QuerySet[HouseRegistration]:
        """The houses of one side of the lane; all of them for None."""
        if side is None:
            return self.houses
        if side == Side.UNREAD:
            return self.houses.exclude(_READABLE)
        told = self.houses.filter(_READABLE).annotate(told=Substr("number_order", TELLING_DIGIT[self.parting], 1))
        return told.filter(told__in=ODD_DIGITS) if side == Side.ODD else told.exclude(told__in=ODD_DIGITS)

    @property
    def waiting(self) -> QuerySet[HouseRegistration]:
        """The houses of the stretch that are left, as one meets them walking."""
        return self.on_side(self.side).filter(WAITING).order_by(*WALK)

    @cached_property
    def left(self) -> int:
        return self.waiting.order_by().count()

    def after(self, house: HouseRegistration | None = None) -> HouseRegistration | None:
        """The next house that waits, else the first of all, else the first put off; None when none is left."""
        fresh = self.waiting.exclude(pk__in=self.put_off).select_related("subdistrict")
        if house is None:
            return fresh.first() or self._first_put_off(None)
        fresh = fresh.exclude(pk=house.pk)
        return fresh.filter(_further_than(house)).first() or fresh.first() or self._first_put_off(house)

    def _first_put_off(self, house: HouseRegistration | None) -> HouseRegistration | None:
        """The house itself comes up again only when no other waits."""
        still = self.waiting.select_related("subdistrict").in_bulk(list(self.put_off))
        others = [pk for pk in self.put_off if pk in still and (house is None or pk != house.pk)]
        if others:
            return still[others[0]]
        return self.waiting.select_related("subdistrict").filter(pk=house.pk).first() if house else None

    def side_of(self, house: HouseRegistration) -> Side:
        """On which side of the lane the house stands."""
        return side_of(number_of_order(house.number_order), self.parting)

    def beside(self, house: HouseRegistration) -> list[HouseRegistration]:
        """The house among its neighbours on its side of the lane, in the order of their numbers."""
        side = self.on_side(self.side_of(house))
        before = side.filter(_nearer_than(house)).order_by(*BACK)[:SHOWN_EACH_WAY]
        after = side.filter(_further_than(house)).order_by(*WALK)[:SHOWN_EACH_WAY]
        near = [*before.union(after, all=True), house]
        return sorted(near, key=lambda one: (one.number_order, one.pk))


def _further_than(house: HouseRegistration) -> Q:
    """The houses of its lane that come after it on the way. The first condition lets the index find the place."""
    return Q(number_order__gte=house.number_order) & (Q(number_order__gt=house.number_order) | Q(id__gt=house.pk))


def _nearer_than(house: HouseRegistration) -> Q:
    return Q(number_order__lte=house.number_order) & (Q(number_order__lt=house.number_order) | Q(id__lt=house.pk))


# --- which lanes ---


@dataclasses.dataclass(frozen=True)
class LaneToRun:
    """A lane in a sub-district with houses that wait: how many of its live houses do."""

    lane: Lane
    subdistrict: Subdistrict
    left: int = 0
    houses: int = 0

    @property
    def done(self) -> int:
        return self.houses - self.left


@dataclasses.dataclass(frozen=True)
class LanesToRun:
    """Some lanes in their order; `next` is the last of them where more follow, else None."""

    lanes: Sequence[LaneToRun]
    next: LaneToRun | None


@dataclasses.dataclass(frozen=True)
class Scope:
    """The lanes of a district that a person chose: all, those of some communities (ids), of one sub-district (id)."""

    district: District
    communities: frozenset[int] | None = None
    subdistrict: int | None = None

    @property
    def _houses(self) -> HouseRegistrationQuerySet:
        houses = HouseRegistration.objects.filter(district=self.district, state=State.LIVE)
        if self.subdistrict:
            houses = houses.filter(subdistrict=self.subdistrict)
        if self.communities is None:
            return houses
        return houses.filter(lane_order__in=self._lanes_of(self.communities))

    def _lanes_of(self, communities: frozenset[int]) -> list[str]:
        """Lanes in which they have houses, or a waiting row of their lists seems to name one."""
        theirs = HouseRegistration.objects.filter(district=self.district, community__in=communities)
        named = RowMatch.objects.filter(
            rank=1,
            record__in=HouseNumberRecord.objects.filter(house_list__community__in=communities, outcome__in=UNDECIDED),
        )
        return list(
            theirs.order_by()
            .values_list("lane_order", flat=True)
            .union(named.order_by().values_list("house__lane_order", flat=True))
        )

    def lanes(self, *, size: int, after: LaneToRun | None = None) -> LanesToRun:
        """The lanes with houses that wait behind `after`, at most `size` of them; three queries."""
        houses = self._houses
        if after is not None:
            order, subdistrict = after.lane.lane_order, after.subdistrict.pk
            behind = Q(lane_order__gt=order) | Q(lane_order=order, subdistrict__gt=subdistrict)
            houses = houses.filter(behind, lane_order__gte=order)
        counted = (
            houses.values_list("lane_order", "subdistrict")
            .annotate(left=Count("pk", filter=WAITING), houses=Count("pk"))
            .filter(left__gt=0)
            .order_by("lane_order", "subdistrict")
        )
        found = list(counted[: size + 1])
        orders = {order for order, *_counts in found}
        lanes = {lane.lane_order: lane for lane in Lane.objects.filter(district=self.district, lane_order__in=orders)}
        subdistricts = Subdistrict.objects.in_bulk({subdistrict for _order, subdistrict, *_counts in found})
        to_run = [
            LaneToRun(lanes[order], subdistricts[subdistrict], *counts) for order, subdistrict, *counts in found[:size]
        ]
        return LanesToRun(to_run, to_run[-1] if len(found) > size else None)

    def next_lane(self, stretch: Stretch) -> LaneToRun | None:
        """The next lane in which a house waits, from the first again behind the last; None when no other is left."""
        waiting = self._houses.filter(WAITING).order_by(*WALK).select_related("subdistrict")
        here = Q(lane_order=stretch.lane.lane_order)
        house = (
            waiting.filter(here).exclude(subdistrict=stretch.subdistrict).first()
            or waiting.filter(lane_order__gt=stretch.lane.lane_order).first()
            or waiting.exclude(here).first()
        )
        return lane_of(house) if house else None


def lane_of(house: HouseRegistration) -> LaneToRun:
    """The lane in which the house stands, to go along; nothing is counted in it."""
    return LaneToRun(Lane.objects.get(district=house.district_id, lane_order=house.lane_order), house.subdistrict)


def reachable_lanes(person: Person) -> LaneQuerySet:
    """The lanes of the districts whose houses the person sees, with their districts."""
    return Lane.objects.visible_to(person).select_related("district")


# --- what to offer ---


def offered(
    suggestion: Suggestion, near: Iterable[HouseRegistration], communities: Mapping[int, Community]
) -> list[Community]:
    """The communities to choose from, the likeliest first: those that anything speaks for, then those near by.

    `communities` are the district's by id; those without a code in force cannot be chosen and are left out.
    """
    ids = [*suggestion.candidates, *(house.community_id for house in near if house.community_id)]
    found = [communities[pk] for pk in dict.fromkeys(ids) if pk in communities]
    return [community for community in found if community.code][:MOST_OFFERED]


def is_claimed_by(suggestion: Suggestion) -> bool:
    """Whether lists of two communities plainly name the house: a claim, decided with its reason elsewhere."""
    listed: list[Ground] = [ground for ground in suggestion.grounds if ground.kind == GroundKind.LISTED]
    return len({ground.community for ground in listed}) > 1


# --- the person's pace, and the last deed ---


def sitting_of(person: Person, district: District) -> Sitting[TagEvent]:
    """The person's present sitting over houses of the district, one at a time. What was undone does not count."""
    now = timezone.now()  # batches are dated by this clock
    batches = (
        TaggingBatch.objects.filter(
            district=district,
            done_by=person,
            kind__in=[Kind.HOUSE_BY_HOUSE, Kind.IN_NO_COMMUNITY],
            done_at__gt=now - LONGEST_SITTING,
            undone_by=None,
        )
        .annotate(houses=Count("events"))
        .filter(houses=1)
        .order_by("-done_at", "-pk")
    )
    moments = dict(batches.values_list("pk", "done_at")[:MOST_COUNTED])
    sitting = moments_of_sitting(moments.values(), now=now)
    if not sitting:
        return Sitting()
    newest = TagEvent.objects.select_related("batch", "house").get(batch=next(iter(moments)))
    return Sitting(len(sitting), a_minute(sitting), newest)
