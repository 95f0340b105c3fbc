"""The likely rows of a list as a person confirms them: soi by soi, each beside the house it would tag."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import QueryDict

from .models import HouseList, HouseNumberRecord, HouseRegistration
from .open_work import TO_CONFIRM, WAITING
from .row_lines import RowLine, Suggestion, compared, houses_with_communities, row_lines
from .row_reasons import Grade

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ROWS_A_PAGE = 200
_PAIR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


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
    """The likely rows whose houses stand in one lane."""

    number: int
    rows: Sequence[LikelyRow]

    @property
    def house(self) -> HouseRegistration:
        """A house of the lane, to name it by."""
        return self.rows[0].suggestion.house

    @property
    def to_tick(self) -> int:
        return sum(row.can_tag for row in self.rows)


@dataclasses.dataclass(frozen=True)
class Lanes:
    """A page of likely rows, lane after lane."""

    lanes: Sequence[Lane]
    page: Page


@dataclasses.dataclass(frozen=True)
class Moved:
    """A ticked row that is no longer as it was shown: the house shown then, and how the row stands now."""

    shown: HouseRegistration | None
    now: RowLine


class Shown(TypedDict):
    """What `lanes_of` reads beside each row: its best match, and that house's lane."""

    shown_house: int
    differs: list[str]
    lane: str


def lanes_of(house_list: HouseList, *, page: str, ticked: set[int]) -> Lanes:
    """The list's likely rows in lane order; `ticked` are the ids of rows whose tick the page keeps."""
    records = (
        house_list.records.filter(TO_CONFIRM, matches__rank=1)
        .annotate(shown_house=F("matches__house"), differs=F("matches__differs"), lane=F("matches__house__lane_order"))
        .order_by("matches__house__subdistrict", "lane", "matches__house__number_order", "row")
    )
    shown: Page[Any] = Paginator(records, ROWS_A_PAGE).get_page(page)
    houses = houses_with_communities().in_bulk([record.shown_house for record in shown])
    rows = [_likely_row(record, houses[record.shown_house], house_list, ticked) for record in shown]
    lanes = itertools.groupby(rows, key=lambda row: (row.suggestion.house.subdistrict_id, row.record.lane))
    return Lanes([Lane(number, list(of_lane)) for number, (_lane, of_lane) in enumerate(lanes, start=1)], shown)


def _likely_row(
    record: WithAnnotations[HouseNumberRecord, Shown], house: HouseRegistration, house_list: HouseList, ticked: set[int]
) -> LikelyRow:
    can_tag = _may_take(house, house_list)
    return LikelyRow(record, compared(record, house, differs=record.differs), can_tag and record.pk in ticked, can_tag)


def _may_take(house: HouseRegistration, house_list: HouseList) -> bool:
    return house.state == HouseRegistration.State.LIVE and house.community_id in (None, house_list.community_id)


def read_chosen(form: QueryDict) -> dict[int, int]:
    """The rows ticked one by one or by their soi: row id → id of the house that was shown beside it."""
    whole_lanes = [pair for lane in form.getlist("lane") for pair in form.getlist(f"lane-{lane}")]
    return dict(_pairs(form.getlist("row") + whole_lanes))


def _pairs(texts: Iterable[str]) -> Iterator[tuple[int, int]]:
    for text in texts:
        if found := _PAIR.fullmatch(text):
            yield int(found[1]), int(found[2])


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
