"""The rows around a row of a list, as evidence: lists are mostly typed soi by soi."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q

from .models import HouseNumberRecord, HouseRegistration
from .row_lines import RowLine, Suggestion, row_lines

ROWS_EACH_WAY = 3


@dataclasses.dataclass(frozen=True)
class Neighbours:
    """A row among the rows above and below it, each with what it became.

    `lane_house` is one of the houses of the lane in which most of the neighbours' houses stand, to name it by
    (None where no neighbour has a house); `in_lane` of `with_house` neighbours stand there.
    """

    lines: Sequence[RowLine]
    lane_house: HouseRegistration | None
    in_lane: int
    with_house: int

    def beside(self, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """The suggestions, those in the neighbours' lane marked."""
        lane = lane_of(self.lane_house) if self.lane_house else None
        return [dataclasses.replace(one, in_neighbours_lane=lane_of(one.house) == lane) for one in suggestions]


def lane_of(house: HouseRegistration) -> tuple[int, str]:
    """What two houses of one lane have in common."""
    return house.subdistrict_id, house.lane_order


def neighbours_of(record: HouseNumberRecord) -> Neighbours:
    """The row itself among up to ROWS_EACH_WAY rows of its sheet above and below it."""
    rows = record.house_list.records
    above = rows.filter(Q(row__lt=record.row) | Q(row=record.row, part__lt=record.part)).order_by("-row", "-part")
    below = rows.filter(Q(row__gt=record.row) | Q(row=record.row, part__gt=record.part)).order_by("row", "part")
    shown = [pk for beside in (above, below) for pk in beside.values_list("pk", flat=True)[:ROWS_EACH_WAY]]
    lines = row_lines(rows.filter(pk__in=[record.pk, *shown]).order_by("row", "part"))
    houses = [line.house for line in lines if line.house and line.record.pk != record.pk]
    lanes = Counter(map(lane_of, houses)).most_common(1)
    if not lanes:
        return Neighbours(lines, None, 0, 0)
    lane, in_lane = lanes[0]
    return Neighbours(lines, next(house for house in houses if lane_of(house) == lane), in_lane, len(houses))
