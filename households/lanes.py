"""Houses as one meets them walking: road by road, soi by soi, number by number; by pages and by neighbours.

Where a number is sought in no lane, houses stand in the order of their numbers instead. Either order is kept by an
index of its own, in which a page is found by the house it goes on from: any page costs the same as the first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, CharField, F, Func, IntegerField, Q, QuerySet, Subquery, Value

from .models import HouseRegistration

Order = tuple[str, str, str]

WALK: Order = ("lane_order", "number_order", "id")
BACK: Order = ("-lane_order", "-number_order", "-id")
BY_NUMBER: Order = ("number_order", "lane_order", "id")


@dataclasses.dataclass(frozen=True)
class LanePage:
    """Some houses in their order; `previous` and `next` are the houses from which the pages beside it go on.

    They are registrations, or rows of some of their columns.
    """

    houses: Sequence[Any]
    previous: Any | None
    next: Any | None


@dataclasses.dataclass(frozen=True)
class CountedPage(LanePage):
    """A page with the number of all houses found; None where there are more than are counted."""

    number: int | None


def page_of(houses: QuerySet, *, size: int, after: HouseRegistration | None, before: HouseRegistration | None):
    """The page of `houses` (of one district) that follows `after`, precedes `before`, or is the first.

    A page costs the same wherever it lies, and no house is passed over when others are added meanwhile.
    """
    if before is not None:
        return _page_before(houses.filter(_beyond(WALK, _place_of(before, WALK), "<")), size, WALK)
    if after is not None:
        return _page_after(houses.filter(ahead_of(after)), size, WALK)
    return _first_page(houses, size, WALK)


def counted_page(
    houses: QuerySet,
    *,
    columns: Sequence[str],
    among: QuerySet,
    size: int,
    after: int | None,
    before: int | None,
    order: Order = WALK,
    most: int,
) -> CountedPage:
    """The page of `houses` that follows the house of that id, precedes it, or is the first; counted up to `most`.

    `columns` are what the page needs of a house, by name; its id is "pk". One query, as the place of the house (one of
    `among`, a district's houses) and the number are asked for with the rows. A place that is not there any more, and an
    empty page, lead to the first one by another query.
    """
    counted = houses.annotate(found=_counted(houses, most)).values_list(*columns, "found", named=True)
    if before is not None:
        page = _page_before(counted.filter(_beyond(order, _place_in(among, before, order), "<")), size, order)
    elif after is not None:
        ahead = counted.filter(_beyond(order, _place_in(among, after, order), ">"))
        page = _page_after(ahead, size, order)
    else:
        page = _first_page(counted, size, order)
    if not page.houses and (after, before) != (None, None):
        first: dict[str, None] = {"after": None, "before": None}
        return counted_page(houses, columns=columns, among=among, size=size, order=order, most=most, **first)
    found = page.houses[0].found if page.houses else 0
    return CountedPage(page.houses, page.previous, page.next, number=found if found <= most else None)


def neighbours(house: HouseRegistration) -> tuple[HouseRegistration | None, HouseRegistration | None]:
    """The houses before and after in the same lane."""
    lane = HouseRegistration.objects.filter(district=house.district_id, lane_order=house.lane_order)
    return (
        lane.filter(_beyond(WALK, _place_of(house, WALK), "<")).order_by(*BACK).first(),
        lane.filter(ahead_of(house)).order_by(*WALK).first(),
    )


def ahead_of(house: HouseRegistration) -> Q:
    """The houses of a district that one meets after this one."""
    return _beyond(WALK, _place_of(house, WALK), ">")


def _first_page(houses: QuerySet, size: int, order: Order) -> LanePage:
    return dataclasses.replace(_page_after(houses, size, order), previous=None)


def _page_after(houses: QuerySet, size: int, order: Order) -> LanePage:
    found = list(houses.order_by(*order)[: size + 1])
    shown = found[:size]
    return LanePage(shown, shown[0] if shown else None, shown[-1] if len(found) > size else None)


def _page_before(houses: QuerySet, size: int, order: Order) -> LanePage:
    found = list(houses.order_by(*(f"-{column}" for column in order))[: size + 1])
    shown = found[:size][::-1]
    return LanePage(shown, shown[0] if len(found) > size else None, shown[-1] if shown else None)


# --- places in an order: rows of its columns, which an index of them compares as one ---


class _Row(Func):
    function = "ROW"
    output_field = CharField()


class _Compared(Func):
    """Whether one row stands beyond another; `arg_joiner` is the sign between them."""

    template = "%(expressions)s"
    arity = 2
    output_field = BooleanField()


class _Counted(Func):
    template = "(SELECT count(*) FROM %(expressions)s AS counted)"
    output_field = IntegerField()


def _beyond(order: Order, place: Sequence[Value | Subquery], sign: str) -> Q:
    return Q(_Compared(_Row(*map(F, order)), _Row(*place), arg_joiner=f" {sign} "))


def _place_of(house: HouseRegistration, order: Order) -> list[Value | Subquery]:
    return [Value(getattr(house, column)) for column in order]


def _place_in(among: QuerySet, pk: int, order: Order) -> list[Value | Subquery]:
    house = among.order_by().filter(pk=pk)
    return [Subquery(house.values(column)) for column in order]


def _counted(houses: QuerySet, most: int) -> _Counted:
    return _Counted(Subquery(houses.order_by().values("pk")[: most + 1]))
