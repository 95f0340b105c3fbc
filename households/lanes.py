"""Houses as one meets them walking: road by road, soi by soi, number by number; by pages and by neighbours."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from .models import HouseRegistration

WALK = ("lane_order", "number_order", "id")
BACK = tuple(f"-{column}" for column in WALK)


@dataclasses.dataclass(frozen=True)
class LanePage:
    """Some houses in lane order; `previous` and `next` are the houses from which the pages beside it go on."""

    houses: Sequence[HouseRegistration]
    previous: HouseRegistration | None
    next: HouseRegistration | None


def page_of(houses: QuerySet, *, size: int, after: HouseRegistration | None, before: HouseRegistration | None):
    """The page of `houses` (of one district) that follows `after`, precedes `before`, or is the first.

    A page costs the same wherever it lies, and no house is passed over when others are added meanwhile.
    """
    if before is not None:
        found = list(houses.filter(_behind(before)).order_by(*BACK)[: size + 1])
        shown = found[:size][::-1]
        return LanePage(shown, shown[0] if len(found) > size else None, shown[-1] if shown else None)
    if after is not None:
        houses = houses.filter(_ahead_of(after))
    found = list(houses.order_by(*WALK)[: size + 1])
    shown = found[:size]
    return LanePage(shown, shown[0] if after and shown else None, shown[-1] if len(found) > size else None)


def neighbours(house: HouseRegistration) -> tuple[HouseRegistration | None, HouseRegistration | None]:
    """The houses before and after in the same lane."""
    lane = HouseRegistration.objects.filter(district=house.district_id, lane_order=house.lane_order)
    return (
        lane.filter(_behind(house)).order_by(*BACK).first(),
        lane.filter(_ahead_of(house)).order_by(*WALK).first(),
    )


def _ahead_of(house: HouseRegistration) -> Q:
    # The first condition says nothing new; it is what lets the index find the place.
    return Q(lane_order__gte=house.lane_order) & (
        Q(lane_order__gt=house.lane_order)
        | Q(number_order__gt=house.number_order)
        | Q(number_order=house.number_order, id__gt=house.pk)
    )


def _behind(house: HouseRegistration) -> Q:
    return Q(lane_order__lte=house.lane_order) & (
        Q(lane_order__lt=house.lane_order)
        | Q(number_order__lt=house.number_order)
        | Q(number_order=house.number_order, id__lt=house.pk)
    )
