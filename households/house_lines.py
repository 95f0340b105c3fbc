"""The rows of the houses page: every text of a row made once, in the digits that the person reads.

A page of many rows spends its time on its cells; one that finds its texts ready is twice as fast as one that makes
them with a tag and a part for each cell.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from communities.models import Community, Subdistrict
from communities.thai_text import to_thai_digits

from .house_codes import show_house_code
from .models import HouseRegistration

# The columns of a house that a row needs, and its place in the order of the pages.
COLUMNS = (
    *("house_code", "house_no", "moo", "trok", "soi", "road", "state", "outside", "lane_order", "number_order"),
    *("district_id", "subdistrict_id", "community_id"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class HouseLine:
    """A house as a row shows it; all texts are safe to be written as they are.

    `ticked` is what its box sends: the house, and the community that the row shows. `community` is "" for a house
    without one, of which `outside` says why it is in none. `state` is "" for a house in the register.
    """

    pk: int
    ticked: str
    name: SafeString
    number: SafeString
    lane: SafeString
    road: SafeString
    subdistrict: SafeString
    code: SafeString
    community: SafeString
    outside: SafeString
    state: str


def lines_of(
    houses: Iterable[HouseRegistration],
    *,
    communities: Mapping[int, Community],
    subdistricts: Mapping[int, Subdistrict],
    thai_digits: bool,
) -> list[HouseLine]:
    """The rows of the houses, in their order."""
    shown = _in_thai_digits if thai_digits else escape
    names = {pk: shown(f"{one.label_code or ''} {one.name_th}".strip()) for pk, one in communities.items()}
    places = {pk: shown(one.name_th) for pk, one in subdistricts.items()}
    reasons = {reason: shown(str(label)) for reason, label in HouseRegistration.Outside.choices}
    nothing = SafeString("")
    return [
        HouseLine(
            pk=house.pk,
            ticked=f"{house.pk}:{house.community_id or ''}",
            name=shown(str(house)),
            number=shown(house.house_no),
            lane=shown(_lane(house)),
            road=shown(house.road),
            subdistrict=places.get(house.subdistrict_id, nothing),
            code=shown(show_house_code(house.house_code)),
            community=names.get(house.community_id, nothing) if house.community_id else nothing,
            outside=reasons.get(house.outside, nothing),
            state="" if house.state == HouseRegistration.State.LIVE else house.state,
        )
        for house in houses
    ]


def _in_thai_digits(text: str) -> SafeString:
    return escape(to_thai_digits(text))


def _lane(house: HouseRegistration) -> str:
    """The soi, or the trok and the village number behind their words."""
    trok = f"{gettext('trok')}{house.trok}" if house.trok else ""
    moo = f"{gettext('moo')} {house.moo}" if house.moo else ""
    return " ".join(filter(None, (house.soi, trok, moo)))
