"""Lane strips: the houses of some lanes, side by side in the order of their numbers, each with its community's letters.

A fixed number of queries for any number of lanes and houses.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.db.models import Count, QuerySet

from communities.models import Community, District, Subdistrict

from .lane_letters import Known, letters_of
from .lane_sides import LaneSides, Missing, Place, Side, lane_sides, number_read
from .models import HouseRegistration, Lane
from .models.registrations import HouseRegistrationQuerySet
from .strays import Stray, strays_of

LIVE = HouseRegistration.State.LIVE
HOUSES_A_PAGE = 400
LANES_A_PAGE = 16
COLOURS = 12
FAR = 10  # from so many missing numbers on, a gap is marked as a leap
SHOWN_OF_A_HOUSE = ("house_no", "number_order", "lane_order", "state", "outside", "community_id", "subdistrict_id")


@dataclasses.dataclass(frozen=True)
class Badge:
    """How a community looks on the strips: its letters, and which of the palette's colours it has."""

    community: Community
    letters: str
    colour: int


@dataclasses.dataclass(frozen=True)
class Cell:
    """A house on its side of the lane: its badge where it is tagged, and whether it is a stray (perhaps found right).

    `missing` are the numbers that lie between it and the house before.
    """

    house: HouseRegistration
    badge: Badge | None
    stray: Stray | None
    missing: Missing | None

    @property
    def leaps(self) -> bool:
        """Whether so many numbers are missing before it that the row must not look unbroken."""
        return self.missing is not None and self.missing.count >= FAR

    @property
    def standing(self) -> str:
        """In one word: struck, vanished, tagged, outside (in no community) or untagged."""
        if self.house.state != LIVE:
            return str(self.house.state)
        if self.badge:
            return "tagged"
        return "outside" if self.house.outside else "untagged"

    @property
    def to_look_at(self) -> bool:
        """Whether it is a stray that nobody has found right."""
        return self.stray is not None and self.stray.found_right is None


@dataclasses.dataclass(frozen=True)
class Stretch:
    """The part of a lane that lies in one sub-district, side by side."""

    subdistrict: Subdistrict
    sides: Sequence[tuple[Side, Sequence[Cell]]]

    @property
    def longest(self) -> int:
        """The length of its longest house number, for which every cell leaves room."""
        return max(len(cell.house.house_no) for _side, cells in self.sides for cell in cells)

    @property
    def untagged(self) -> int:
        """The houses of the register that carry no code and of which nobody said that they are in no community."""
        return sum(cell.standing == "untagged" for _side, cells in self.sides for cell in cells)


@dataclasses.dataclass(frozen=True)
class LaneStrip:
    """A whole lane with all its houses."""

    lane: Lane
    stretches: Sequence[Stretch]

    @cached_property
    def cells(self) -> list[Cell]:
        """All its houses."""
        return [cell for stretch in self.stretches for _side, cells in stretch.sides for cell in cells]

    @cached_property
    def standings(self) -> Counter[str]:
        """How many houses stand how (`Cell.standing`)."""
        return Counter(cell.standing for cell in self.cells)

    @property
    def tagged(self) -> int:
        """The houses of the register that carry a community's code."""
        return self.standings["tagged"]

    @property
    def outside(self) -> int:
        """The houses of the register of which somebody said that they are in no community."""
        return self.standings["outside"]

    @property
    def live(self) -> int:
        """All houses of the register."""
        return self.tagged + self.outside + self.standings["untagged"]

    @property
    def strays(self) -> int:
        """The strays that nobody has found right."""
        return sum(cell.to_look_at for cell in self.cells)

    @cached_property
    def badges(self) -> list[tuple[Badge, int]]:
        """The communities in it with their numbers of houses, the largest first."""
        return counted_badges(self.cells)


def counted_badges(cells: Iterable[Cell]) -> list[tuple[Badge, int]]:
    """The communities of these houses of the register with their numbers, the largest first."""
    found = [cell.badge for cell in cells if cell.badge and cell.house.state == LIVE]
    counts = Counter(badge.community.pk for badge in found)
    badges = {badge.community.pk: badge for badge in found}
    return [(badges[pk], number) for pk, number in counts.most_common()]


def badges_of(communities: Mapping[int, Community]) -> dict[int, Badge]:
    """Each of a district's communities (by id, in the order of codes) with its letters and colour.

    Those that follow each other mostly lie beside each other, so they never have the same colour.
    """
    known = {pk: Known(one.name_th or "", one.label_code or "") for pk, one in communities.items()}
    letters = letters_of(known)
    return {
        pk: Badge(community, letters[pk], nth % COLOURS + 1) for nth, (pk, community) in enumerate(communities.items())
    }


# --- which lanes a page shows ---


@dataclasses.dataclass(frozen=True)
class LanesPage:
    """Some lanes in their order; `previous` and `next` are the lanes from which the pages beside it go on."""

    lanes: Sequence[Lane]
    previous: Lane | None
    next: Lane | None


def lanes_page(lanes: QuerySet[Lane], *, after: Lane | None, before: Lane | None) -> LanesPage:
    """The page of a district's `lanes` that follows `after`, precedes `before`, or is the first.

    It ends before it would hold more houses than one looks at; a single lane is never divided.
    """
    if before is not None:
        found = list(lanes.filter(lane_order__lt=before.lane_order).order_by("-lane_order")[: LANES_A_PAGE + 1])
        shown = _not_too_many(found)[::-1]
        return LanesPage(shown, shown[0] if len(found) > len(shown) else None, shown[-1] if shown else None)
    if after is not None:
        lanes = lanes.filter(lane_order__gt=after.lane_order)
    found = list(lanes.order_by("lane_order")[: LANES_A_PAGE + 1])
    shown = _not_too_many(found)
    return LanesPage(shown, shown[0] if after and shown else None, shown[-1] if len(found) > len(shown) else None)


def _not_too_many(lanes: Sequence[Lane]) -> list[Lane]:
    """The first of the lanes, as many as have no more houses than a page holds."""
    if not lanes:
        return []
    of_lanes = _houses_of(lanes).values("lane_order").annotate(number=Count("pk"))
    houses = dict(of_lanes.values_list("lane_order", "number"))
    shown: list[Lane] = []
    number = 0
    for lane in lanes[:LANES_A_PAGE]:
        number += houses.get(lane.lane_order, 0)
        if shown and number > HOUSES_A_PAGE:
            break
        shown.append(lane)
    return shown


def _houses_of(lanes: Sequence[Lane]) -> HouseRegistrationQuerySet:
    return HouseRegistration.objects.filter(
        district=lanes[0].district_id, lane_order__in=[lane.lane_order for lane in lanes]
    )


# --- their houses ---


def strips_of(
    district: District,
    lanes: Sequence[Lane],
    *,
    communities: Mapping[int, Community],
    subdistricts: Mapping[int, Subdistrict],
) -> list[LaneStrip]:
    """The strips of these lanes of the district; communities and sub-districts are the district's, by id."""
    if not lanes:
        return []
    badges = badges_of(communities)
    strays = {stray.house: stray for stray in strays_of(district, lanes=[lane.lane_order for lane in lanes])}
    houses: dict[str, dict[int, list[HouseRegistration]]] = defaultdict(lambda: defaultdict(list))
    for house in _houses_of(lanes).only(*SHOWN_OF_A_HOUSE).in_lane_order():
        houses[house.lane_order][house.subdistrict_id].append(house)
    return [
        LaneStrip(
            lane,
            [
                Stretch(subdistricts[subdistrict], _sides(found, badges, strays))
                for subdistrict, found in sorted(
                    houses[lane.lane_order].items(), key=lambda each: subdistricts[each[0]].code
                )
            ],
        )
        for lane in lanes
    ]


def _sides(
    houses: Sequence[HouseRegistration], badges: Mapping[int, Badge], strays: Mapping[int, Stray]
) -> list[tuple[Side, list[Cell]]]:
    """The sides on which houses stand, the odd one first."""

    def cell(place: Place) -> Cell:
        house = houses[place.index]
        badge = badges[house.community_id] if house.community_id else None
        return Cell(house, badge, strays.get(house.pk), place.missing)

    laid_out: LaneSides = lane_sides([number_read(house.house_no) for house in houses])
    sides = {Side.ODD: laid_out.odd, Side.EVEN: laid_out.even, Side.UNREAD: laid_out.unread}
    return [(side, [cell(place) for place in places]) for side, places in sides.items() if places]
