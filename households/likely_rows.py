"""The likely rows of a list as a person confirms them: one soi at a time, each row beside the house it would tag."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.db.models import F

from .models import HouseList, HouseNumberRecord, HouseRegistration
from .open_work import TO_CONFIRM, WAITING
from .row_lines import RowLine, Suggestion, compared, houses_with_communities, row_lines
from .row_reasons import Grade

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ROWS_AT_ONCE = 30


@dataclasses.dataclass(frozen=True)
class LikelyRow:
    """A row and the house it likely means; `can_tag` is False where the house has another community by now."""

    record: WithAnnotations[HouseNumberRecord, Shown]
    suggestion: Suggestion
    is_ticked: bool
    can_tag: bool

    @property
    def pair(self) -> str:
        """The row with the house shown beside it, as the form sends it back."""
        return f"{self.record.pk}-{self.suggestion.house.pk}"


@dataclasses.dataclass(frozen=True)
class Lane:
    """A lane in which houses of likely rows stand: one of these houses to name it by, its number of rows, and the
    row (id) from which the page shows it."""

    house: HouseRegistration
    rows: int
    first_row: int


@dataclasses.dataclass(frozen=True)
class LikelyPage:
    """The rows of one lane, or of a part of it that can be overlooked, and where to go on.

    `lane` counts all likely rows of the lane; `left` those of the whole list; `next_row` (an id) begins what comes
    after these rows, None where nothing else waits.
    """

    rows: Sequence[LikelyRow]
    lane: Lane | None
    other_lanes: Sequence[Lane]
    left: int
    next_row: int | None


@dataclasses.dataclass(frozen=True)
class Moved:
    """A ticked row that is no longer as it was shown: the house shown then, and how the row stands now."""

    shown: HouseRegistration | None
    now: RowLine


class Shown(TypedDict):
    """What a page reads beside each row: its best match and in what they differ."""

    shown_house: int
    differs: list[str]


class _Place(NamedTuple):
    """A likely row's id, the house it likely means, and that house's lane."""

    row: int
    house: int
    subdistrict: int
    lane_order: str

    @property
    def lane(self) -> tuple[int, str]:
        return self.subdistrict, self.lane_order


def likely_page(house_list: HouseList, *, first_row: int | None, unticked: Collection[int]) -> LikelyPage:
    """The lane (or part of a lane) that begins with the row of that id, else the first one.

    Every row shown is ticked but those `unticked` (ids) and those whose house another community has by now.
    """
    places = _places(house_list)
    begin = _index_of(places, first_row)
    shown = _from(places, begin)
    lanes = _lanes(places)
    here = next((lane for place, lane in lanes if shown and place.lane == shown[0].lane), None)
    return LikelyPage(
        rows=_rows(house_list, shown, unticked),
        lane=here,
        other_lanes=[lane for _place, lane in lanes if lane is not here],
        left=len(places),
        next_row=_following(places, begin + len(shown), shown),
    )


def row_after_these(house_list: HouseList, shown: Collection[int]) -> int | None:
    """The likely row (id) with which the page goes on after the rows shown; None where no other waits."""
    places = _places(house_list)
    ends = [index for index, place in enumerate(places, start=1) if place.row in shown]
    return _following(places, max(ends, default=0), [place for place in places if place.row in shown])


def _places(house_list: HouseList) -> list[_Place]:
    """All likely rows of the list in lane order."""
    rows = house_list.records.filter(TO_CONFIRM, matches__rank=1).order_by(
        "matches__house__subdistrict", "matches__house__lane_order", "matches__house__number_order", "row", "part"
    )
    found = rows.values_list("pk", "matches__house", "matches__house__subdistrict", "matches__house__lane_order")
    return [_Place(*place) for place in found]


def _index_of(places: Sequence[_Place], row: int | None) -> int:
    return next((index for index, place in enumerate(places) if place.row == row), 0)


def _from(places: Sequence[_Place], begin: int) -> list[_Place]:
    """As many places of one lane, from that one on, as a person can overlook at once."""
    return [place for place in places[begin : begin + ROWS_AT_ONCE] if place.lane == places[begin].lane]


def _following(places: Sequence[_Place], end: int, shown: Sequence[_Place]) -> int | None:
    """The first row at or behind `end`; after the last one the page begins again with what was left."""
    behind = places[end:] or [place for place in places if place not in shown]
    return behind[0].row if behind else None


def _lanes(places: Sequence[_Place]) -> list[tuple[_Place, Lane]]:
    """Each lane with its first place, in order."""
    grouped = [list(of_lane) for _lane, of_lane in itertools.groupby(places, key=lambda place: place.lane)]
    houses = HouseRegistration.objects.select_related("subdistrict").in_bulk([lane[0].house for lane in grouped])
    return [(lane[0], Lane(houses[lane[0].house], len(lane), lane[0].row)) for lane in grouped]


def _rows(house_list: HouseList, shown: Sequence[_Place], unticked: Collection[int]) -> list[LikelyRow]:
    records = house_list.records.filter(pk__in=[place.row for place in shown], matches__rank=1).annotate(
        shown_house=F("matches__house"), differs=F("matches__differs")
    )
    by_row: dict[int, Any] = {record.pk: record for record in records}
    houses = houses_with_communities().in_bulk([place.house for place in shown])
    return [
        _likely_row(by_row[place.row], houses[place.house], house_list, is_ticked=place.row not in unticked)
        for place in shown
    ]


def _likely_row(
    record: WithAnnotations[HouseNumberRecord, Shown],
    house: HouseRegistration,
    house_list: HouseList,
    *,
    is_ticked: bool,
) -> LikelyRow:
    can_tag = _may_take(house, house_list)
    return LikelyRow(record, compared(record, house, differs=record.differs), can_tag and is_ticked, can_tag)


def _may_take(house: HouseRegistration, house_list: HouseList) -> bool:
    return house.state == HouseRegistration.State.LIVE and house.community_id in (None, house_list.community_id)


def moved_since(house_list: HouseList, chosen: dict[int, int]) -> list[Moved]:
    """The chosen rows that cannot be confirmed as they were shown."""
    still_likely = dict(
        house_list.records.filter(WAITING, grade=Grade.LIKELY, matches__rank=1, pk__in=chosen).values_list(
            "pk", "matches__house"
        )
    )
    houses = houses_with_communities().in_bulk(chosen.values())
    lines = row_lines(house_list.records.filter(pk__in=chosen).order_by("row"))
    shown = [Moved(houses.get(chosen[line.record.pk]), line) for line in lines]
    return [
        row
        for row in shown
        if row.shown is None
        or still_likely.get(row.now.record.pk) != row.shown.pk
        or not _may_take(row.shown, house_list)
    ]
