"""The rows of the houses page: every text of a row made once, in the digits that the person reads.

A page of many rows spends its time on its cells. Here the template of a row is rendered once, with a place for each
text ("{house.number}"), and each house is only filled in.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from communities.models import Community, Subdistrict
from communities.thai_text import to_thai_digits

from .house_codes import show_house_code
from .models import HouseRegistration


class FoundHouse(Protocol):
    """What a row needs of a house: a registration has it, and so has a mere row of its columns, which costs less."""

    pk: int
    house_code: str
    house_no: str
    moo: str
    trok: str
    soi: str
    road: str
    state: str
    outside: str
    subdistrict_id: int
    community_id: int | None


COLUMNS = tuple(FoundHouse.__annotations__)


class HouseLine(NamedTuple):
    """A house as a row shows it, text by text; all of them are safe to be written as they are.

    `ticked` is what its box sends: the house, and the community that the row shows. `community` is the community's
    code and name, or a chip that says that the house has none. `state` is a chip, "" for a house in the register.
    """

    row_class: str
    ticked: str
    name: str
    pk: int
    number: str
    state: str
    lane: str
    road: str
    subdistrict: str
    code: str
    community: str


def lines_of(
    houses: Iterable[FoundHouse],
    *,
    communities: Mapping[int, Community],
    subdistricts: Mapping[int, Subdistrict],
    thai_digits: bool,
) -> list[HouseLine]:
    """The rows of the houses, in their order."""
    belonging = {pk: f"{one.label_code or ''} {one.name_th}".strip() for pk, one in communities.items()}
    trok, moo, untagged = gettext("trok"), gettext("moo"), _chip("untagged")
    lines = []
    for house in houses:
        live = house.state == HouseRegistration.State.LIVE
        texts = (
            _name(house),
            house.house_no,
            _lane(house, trok, moo),
            house.road,
            subdistricts[house.subdistrict_id].name_th,
            show_house_code(house.house_code),
            belonging[house.community_id] if house.community_id else "",
        )
        name, number, lane, road, subdistrict, code, community = _all_safe(texts, thai_digits=thai_digits)
        lines.append(
            HouseLine(
                "" if live else "struck",
                f"{house.pk}:{house.community_id or ''}",
                name,
                house.pk,
                number,
                "" if live else _chip(house.state),
                lane,
                road,
                subdistrict,
                code,
                community or (_outside(house) if house.outside else untagged),
            )
        )
    return lines


def rows_of(lines: Iterable[HouseLine], *, may_tag: bool) -> SafeString:
    """The table rows of the houses; with boxes to tick for whoever may tag."""
    row = _row_in(get_language(), may_tag)
    return SafeString("".join([row.format(house=line) for line in lines]))


@functools.cache
def _row_in(_language: str | None, may_tag: bool) -> str:
    return render_to_string("households/_house_row.html", {"may_tag": may_tag})


_BETWEEN = "\0"  # in no text: what comes in is cleaned of control characters


def _all_safe(texts: Sequence[str], *, thai_digits: bool) -> list[str]:
    """The texts with their markup escaped, all of a row at once."""
    together = _BETWEEN.join(texts)
    return str(escape(to_thai_digits(together) if thai_digits else together)).split(_BETWEEN)


def _name(house: FoundHouse) -> str:
    """What a person hears of the house: its number and lane."""
    return " ".join(filter(None, [house.house_no, house.soi or house.trok or house.road]))


def _lane(house: FoundHouse, trok: str, moo: str) -> str:
    """The soi, or the trok and the village number behind their words."""
    if not house.trok and not house.moo:
        return house.soi
    parts = (house.soi, house.trok and f"{trok}{house.trok}", house.moo and f"{moo} {house.moo}")
    return " ".join(filter(None, parts))


def _outside(house: FoundHouse) -> SafeString:
    return SafeString(
        f'{_chip("outside")} <span class="dim">{escape(HouseRegistration.Outside(house.outside).label)}</span>'
    )


def _chip(state: str) -> SafeString:
    return _chip_in(state, get_language())


@functools.cache
def _chip_in(state: str, _language: str | None) -> SafeString:
    return render_to_string("_parts/chip.html", {"state": state})
