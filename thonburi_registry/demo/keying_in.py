"""Keying the demo's tags into the central register, and what its next extract shows of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from communities.models import Community, Person
from households.keying import key, to_key
from households.models import HouseRegistration

DIFFER, MISSING = 2, 3


def key_in(community: Community, *, by: Person, on: datetime.date, but: int = 0) -> list[HouseRegistration]:
    """Keys what is to key of the community, but for its last houses; returns the houses keyed, in lane order."""
    houses = list(to_key(community.district, [community.pk]).in_lane_order())
    keyed = houses[: len(houses) - but]
    key({house.pk: house.community_id for house in keyed}, by=by, happened_on=on)
    return keyed


def codes_seen(
    keyed: Mapping[str, Sequence[HouseRegistration]], *, elsewhere: Iterable[HouseRegistration]
) -> dict[str, str]:
    """The community code that stands in the central register, by house code: what was keyed, with slips of the hand.

    The first community's first houses carry the other's code, its next ones none; houses `elsewhere` carry its code.
    """
    codes = {house.house_code: code for code, houses in keyed.items() for house in houses}
    first, other = list(keyed)[:2]
    slips = keyed[first][: DIFFER + MISSING]
    codes |= {house.house_code: other for house in slips[:DIFFER]}
    for house in slips[DIFFER:]:
        del codes[house.house_code]
    return codes | {house.house_code: first for house in elsewhere}
