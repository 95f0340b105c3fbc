"""The keying list worked through house by house: which is next, what is left, how fast the person is."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from communities.models import District, Person

from .keying import Kind
from .lanes import WALK, ahead_of, page_of
from .models import HouseRegistration, KeyingEvent
from .models.registrations import HouseRegistrationQuerySet
from .sittings import Sitting, a_minute, moments_recorded


@dataclasses.dataclass(frozen=True)
class KeyingPage:
    """Some houses of the queue; `next` is the house behind which the next page begins."""

    houses: Sequence[HouseRegistration]
    next: HouseRegistration | None


@dataclasses.dataclass(frozen=True)
class KeyingQueue:
    """Houses to key, community after community in that order (ids), along the lanes of each; `put_off` (ids) last.

    A house that moved or came belongs to its community, one whose code is to be taken out to the one that stands there.
    """

    houses: HouseRegistrationQuerySet
    communities: Sequence[int]
    put_off: Sequence[int] = ()

    @cached_property
    def waiting(self) -> Counter[int]:
        """How many houses of each community (id) wait, without those put off."""
        places = self._fresh.order_by().values_list(Coalesce("community", "keyed_community"))
        return Counter(dict(places.annotate(houses=Count("pk"))))

    @cached_property
    def still_put_off(self) -> list[HouseRegistration]:
        """The houses put off that still wait, in that order."""
        found = self.houses.select_related("subdistrict").in_bulk(list(self.put_off)) if self.put_off else {}
        return [found[pk] for pk in self.put_off if pk in found]

    @property
    def left(self) -> int:
        """How many houses wait in all."""
        return self.waiting.total() + len(self.still_put_off)

    def after(self, house: HouseRegistration | None = None) -> HouseRegistration | None:
        """The next house beyond this one, else the first of all, else the first put off; None when all are keyed."""
        place = place_of(house) if house else None
        if house and place and self.waiting[place]:
            ahead = page_of(self._of(place), size=1, after=house, before=None).houses
            if ahead:
                return ahead[0]
        return self._first(self._from(place)) or self._first_put_off(house)

    def in_order(self) -> HouseRegistrationQuerySet:
        """All of the houses in their order, each with its `turn`: the place of its community, from 1."""
        place = Coalesce("community", "keyed_community")
        turn = Func(Value(list(self.communities)), place, function="array_position", output_field=IntegerField())
        return self.houses.annotate(turn=turn).select_related("subdistrict").order_by("turn", *WALK)

    def page(self, size: int, after: HouseRegistration | None) -> KeyingPage:
        """The houses that follow `after`, or the first; a page costs the same wherever it lies."""
        houses = self.in_order()
        place = place_of(after) if after else None
        if after and place in self.communities:
            turn = self.communities.index(place) + 1
            houses = houses.filter(Q(turn__gt=turn) | Q(turn=turn) & ahead_of(after))
        found = list(houses[: size + 1])
        return KeyingPage(found[:size], found[size - 1] if len(found) > size else None)

    def _from(self, place: int | None) -> list[int]:
        """The communities with waiting houses, from the one behind `place` round to it."""
        begin = self.communities.index(place) + 1 if place in self.communities else 0
        in_turn = [*self.communities[begin:], *self.communities[:begin]]
        return [community for community in in_turn if self.waiting[community]]

    def _first(self, communities: Sequence[int]) -> HouseRegistration | None:
        return self._of(communities[0]).order_by(*WALK).first() if communities else None

    def _first_put_off(self, house: HouseRegistration | None) -> HouseRegistration | None:
        """The house itself comes up again only when no other waits."""
        others = [other for other in self.still_put_off if house is None or other.pk != house.pk]
        return next(iter(others or self.still_put_off), None)

    @property
    def _fresh(self) -> HouseRegistrationQuerySet:
        return self.houses.exclude(pk__in=self.put_off) if self.put_off else self.houses

    def _of(self, community: int | None) -> HouseRegistrationQuerySet:
        of_place = Q(community=community) | Q(community__isnull=True, keyed_community=community)
        return self._fresh.filter(of_place).select_related("subdistrict")


def place_of(house: HouseRegistration) -> int | None:
    """The community (id) to whose work the house belongs."""
    return house.community_id or house.keyed_community_id


def sitting_of(person: Person, district: District) -> Sitting[KeyingEvent]:
    """The person's present sitting at the district's keying list. What was taken back does not count; two queries."""
    later = KeyingEvent.objects.filter(house=OuterRef("house"), pk__gt=OuterRef("pk"))
    standing = KeyingEvent.objects.filter(
        ~Exists(later), recorded_by=person, kind=Kind.KEYED, reason="", house__district=district
    )
    moments = moments_recorded(standing)
    if not moments:
        return Sitting()
    last = standing.select_related("house__subdistrict").order_by("-recorded_at", "-pk").first()
    return Sitting(len(moments), a_minute(moments), last)
