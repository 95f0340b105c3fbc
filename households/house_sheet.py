"""Lists of houses as tables to take out: which columns each has (product.md S3)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from communities.exports import Column
from communities.models import Community, Subdistrict
from communities.thai_calendar import short_date

from .house_codes import show_house_code
from .models import HouseRegistration

Communities = Mapping[int, Community]


def columns_to_key(communities: Communities) -> list[Column]:
    """The keying list: what to type for each house, what stands there, and a column to tick."""
    return [
        _house_code(),
        (_("Type this code"), lambda house: label(communities, house.community_id) or _("take the code out")),
        (_("Stands there"), lambda house: label(communities, house.keyed_community_id)),
        (_("Community"), lambda house: name(communities, house.community_id or house.keyed_community_id)),
        *_address(),
        (_("Keyed"), lambda house: ""),
    ]


def columns_compared(communities: Communities) -> list[Column]:
    """Houses beside what the extract shows; each has `keyed_on`, the day of its last keying, or None."""
    return [
        _house_code(),
        (_("Our code"), lambda house: label(communities, house.community_id)),
        (_("Code in the central register"), lambda house: house.central_code),
        (_("Community"), lambda house: name(communities, house.community_id)),
        *_address(),
        (_("Keyed on"), lambda house: short_date(house.keyed_on) if house.keyed_on else ""),
    ]


def columns_found(communities: Communities, subdistricts: Mapping[int, Subdistrict]) -> list[Column]:
    """Houses as the page of houses shows them (`house_lines.FoundHouse`)."""
    return [
        (_("House number"), lambda house: house.house_no),
        (_("Moo"), lambda house: house.moo),
        (_("Trok"), lambda house: house.trok),
        (_("Soi"), lambda house: house.soi),
        (_("Road"), lambda house: house.road),
        (_("Sub-district"), lambda house: subdistricts[house.subdistrict_id].name_th),
        _house_code(),
        (_("Community code"), lambda house: label(communities, house.community_id)),
        (_("Community"), lambda house: name(communities, house.community_id)),
        (_("In no community"), lambda house: _label_of(HouseRegistration.Outside, house.outside)),
        (_("Register"), lambda house: _label_of(HouseRegistration.State, house.state)),
    ]


def _label_of(choices: type[HouseRegistration.Outside] | type[HouseRegistration.State], value: str) -> str:
    return str(choices(value).label) if value else ""


def label(communities: Communities, community: int | None) -> str:
    """The community's code; "" for none."""
    found = communities.get(community) if community else None
    return (found.label_code or "") if found else ""


def name(communities: Communities, community: int | None) -> str:
    """The community's name; "" for none."""
    found = communities.get(community) if community else None
    return (found.name_th or "") if found else ""


def _house_code() -> Column:
    return _("House code"), lambda house: show_house_code(house.house_code)


def _address() -> list[Column]:
    return [
        (_("House number"), lambda house: house.house_no),
        (_("Trok"), lambda house: house.trok),
        (_("Soi"), lambda house: house.soi),
        (_("Road"), lambda house: house.road),
        (_("Sub-district"), lambda house: str(house.subdistrict)),
    ]
