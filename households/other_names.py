"""Which one name explains that a list and the register write the lane of one house differently.

A person decided that a row means a house. Where all that the two say of the lane agrees but for one name,
that name may be another name of the lane: "วัดกลาง" for "เทอดไท 5", or a sender's spelling of a road.
Numbers are never a matter of spelling: soi 12 is not another name of soi 14.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from .addresses import Address

Part = Literal["trok", "soi", "road"]
PARTS: tuple[Part, ...] = get_args(Part)

_NUMBERS = re.compile(r"[0-9]+")
# Two lanes in one cell, or a sign that stands for something unread.
_NO_NAME = re.compile(r"[+?\ufffd]")
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class OtherName:
    """What a row writes for a part of the address, and what the register has there, both as keys."""

    part: Part
    written: str
    meant: str

    @property
    def leaves_number_out(self) -> bool:
        """Whether the register's name has a number and the written one has none: only the place can bear it out."""
        return _NUMBERS.search(self.meant) is not None and _NUMBERS.search(self.written) is None


def numbers_agree(written: str, meant: str) -> bool:
    """Whether the numbers in both names are the same, or the written name has none at all."""
    stated = _NUMBERS.findall(written)
    return not stated or stated == _NUMBERS.findall(meant)


def only_difference(row: Address, house: Address) -> OtherName | None:
    """The one name in which the row's lane and the house's differ; None where none does, or more than one.

    What the row leaves out is no difference. Where the soi is named after its road, the road's name is what
    differs: "เทิดไท 5" on เทิดไท for "เทอดไท 5" on เทอดไท.
    """
    differing = [part for part in PARTS if getattr(row, part) and getattr(row, part) != getattr(house, part)]
    found = _road_within_soi(row, house, differing)
    if found is None and len(differing) == 1:
        part = differing[0]
        found = OtherName(part, getattr(row, part), getattr(house, part))
    return found if found and _may_be_a_name(found) else None


def _road_within_soi(row: Address, house: Address, differing: list[Part]) -> OtherName | None:
    """The road's other name where the row states it as the road and in the soi's name, and all else agrees.

    A soi's name alone says nothing of the road's other soi.
    """
    tail = house.soi.removeprefix(house.road)
    if differing != ["soi", "road"] or not house.road or row.soi != row.road + tail:
        return None
    return OtherName("road", row.road, house.road)


def _may_be_a_name(found: OtherName) -> bool:
    letters = sum(not sign.isdigit() and sign not in " /-" for sign in found.written)
    return (
        found.meant not in ("", found.written)
        and letters >= _FEWEST_LETTERS
        and _NO_NAME.search(found.written) is None
        and numbers_agree(found.written, found.meant)
    )
