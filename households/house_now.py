"""What a house is now: its community and officer, the central register, its neighbours, what is suggested and waits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from django.utils import timezone

from communities.models import Community, Person

from .assignments import officers_of
from .changes_shown import Shown, shown_with_suggestions
from .claims import is_claimed
from .judging.belonging import Suggestion
from .lane_sides import missing_between, number_read, parting_of, side_of
from .lane_strips import SHOWN_OF_A_HOUSE, Cell, Stretch, badges_of
from .models import HouseRegistration
from .register_changes import change_of
from .suggestions import suggest

State = HouseRegistration.State
# How many houses are shown on each side of it, and among how many of both sides of the lane they are looked for.
BESIDE = 4
LOOKED_THROUGH = 40


@dataclasses.dataclass(frozen=True)
class HouseNow:
    """The house with all that the top of its page says. Communities come from the district's, by id.

    `suggestion` is worked out for a house that nobody has decided about, and for one that the register changed
    (`change`); `suggested` is the community that it comes to.
    """

    house: HouseRegistration
    community: Community | None
    officer: Person | None
    keyed: Community | None
    is_claimed: bool
    change: Shown | None
    suggestion: Suggestion | None
    suggested: Community | None
    beside: Stretch
    previous: HouseRegistration | None
    next: HouseRegistration | None

    @property
    def cells(self) -> Sequence[Cell]:
        """The house among the nearest on its side of the lane."""
        [(_side, cells)] = self.beside.sides
        return cells

    @property
    def keying(self) -> str:
        """In one word: keyed, to_key (also another's code to be replaced), to_take_out, or "" where nothing is due."""
        house = self.house
        if house.community_id == house.keyed_community_id:
            return "keyed" if house.community_id else ""
        if house.state != State.LIVE:
            return ""
        return "to_key" if house.community_id else "to_take_out"

    @property
    def central_code_agrees(self) -> bool:
        """Whether the newest extract with codes shows the code that the house has here."""
        return self.house.central_code == ((self.community.code or "") if self.community else "")


def house_now(house: HouseRegistration, communities: Mapping[int, Community]) -> HouseNow:
    """What is known of the house today; `communities` are its district's, by id."""
    around = _around(house)
    place = around.index(house)
    change = change_of(house)
    shown = shown_with_suggestions([change])[0] if change else None
    undecided = house.state == State.LIVE and house.community_id is None and not house.outside
    suggestion = shown.suggestion if shown else suggest([house])[house.pk] if undecided else None
    best = shown.suggested if shown else suggestion.community if suggestion else None
    officers: Mapping[int, Person] = officers_of(house.district, timezone.localdate()) if house.community_id else {}
    return HouseNow(
        house,
        community=_named(communities, house.community_id),
        officer=officers.get(house.community_id or 0),
        keyed=_named(communities, house.keyed_community_id),
        is_claimed=is_claimed(house),
        change=shown,
        suggestion=suggestion,
        suggested=_named(communities, best),
        beside=_beside(house, around, communities),
        previous=around[place - 1] if place else None,
        next=around[place + 1] if place + 1 < len(around) else None,
    )


def _named(communities: Mapping[int, Community], community: int | None) -> Community | None:
    return communities.get(community) if community else None


_AROUND = """
(SELECT {columns} FROM households_houseregistration
 WHERE district_id = %(district)s AND lane_order = %(lane)s AND (number_order, id) < (%(number)s, %(house)s)
 ORDER BY number_order DESC, id DESC LIMIT %(most)s)
UNION ALL
(SELECT {columns} FROM households_houseregistration
 WHERE district_id = %(district)s AND lane_order = %(lane)s AND (number_order, id) >= (%(number)s, %(house)s)
 ORDER BY number_order, id LIMIT %(most)s + 1)
ORDER BY number_order, id
""".format(columns=", ".join(("id", *SHOWN_OF_A_HOUSE)))


def _around(house: HouseRegistration) -> list[HouseRegistration]:
    """The houses of the lane before and after it, and itself between them; of each what a cell shows. One query."""
    facts = {"district": house.district_id, "lane": house.lane_order, "number": house.number_order}
    facts |= {"house": house.pk, "most": LOOKED_THROUGH}
    return list(HouseRegistration.objects.raw(_AROUND, facts))


def _beside(
    house: HouseRegistration, around: Sequence[HouseRegistration], communities: Mapping[int, Community]
) -> Stretch:
    """The nearest houses on its side of the lane in its sub-district, itself among them, as cells of a strip."""
    here = [one for one in around if one.subdistrict_id == house.subdistrict_id]
    numbers = [number_read(one.house_no) for one in here]
    parting = parting_of(numbers)
    sides = [side_of(number, parting) for number in numbers]
    same = [at for at, side in enumerate(sides) if side == sides[here.index(house)]]
    place = same.index(here.index(house))
    badges = badges_of(communities)
    cells = []
    for nth, at in enumerate(same[max(0, place - BESIDE) : place + BESIDE + 1]):
        before = numbers[same[same.index(at) - 1]] if nth else None
        number = numbers[at]
        missing = missing_between(before, number, parting) if before and number else None
        badge = badges.get(here[at].community_id or 0)
        cells.append(Cell(here[at], badge, None, missing))
    return Stretch(house.subdistrict, [(sides[same[place]], cells)])
