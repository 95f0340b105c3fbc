"""Communities of the demo with their codes, names, types and expected houses."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from communities.models import (
    Community,
    CommunityCode,
    CommunityName,
    CommunityType,
    CommunityTyping,
    District,
    ExpectedHouses,
    Person,
    Subdistrict,
)

from .places import DemoCommunity


def found(
    communities: Sequence[DemoCommunity],
    district: District,
    *,
    since: datetime.date,
    codes: Mapping[str, tuple[datetime.date, str]],
    by: Person,
) -> dict[str, Community]:
    """Records the communities and returns them by code; `codes` has each code in force with first day and letter."""
    subdistricts = {place.code: place for place in Subdistrict.objects.filter(district=district)}
    founded = Community.objects.bulk_create(
        [Community(district=district, subdistrict=subdistricts[demo.subdistrict]) for demo in communities]
    )
    by_code = {demo.code: community for demo, community in zip(communities, founded, strict=True)}
    urban = CommunityType.objects.get(name_th="เมือง", rule_year_be=2555)
    for demo in communities:
        row = {"community": by_code[demo.code], "in_force_from": since, "recorded_by": by}
        CommunityName.objects.create(**row, name_th=demo.name)
        CommunityTyping.objects.create(**row, community_type=urban)
        ExpectedHouses.objects.create(**row, houses=demo.houses)
        if demo.code in codes:
            first_day, letter = codes[demo.code]
            CommunityCode.objects.create(**row | {"in_force_from": first_day}, code=demo.code, letter=letter)
    return by_code
