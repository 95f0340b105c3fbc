"""What a row states of where its house stands: its own columns, an address in one cell, the rows and headings above."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from communities.thai_text import clean, to_arabic_digits

from ..addresses import EDGES, Address, read_address
from .cell_texts import as_text, says
from .number_cells import read_number_cell
from .whole_addresses import WholeAddress, take_apart, take_lane_apart

LANES = ("trok", "soi", "road")
_PARTS = ("moo", *LANES, "subdistrict")

_SUBDISTRICT_WORD = re.compile(r"^(?:แขวง|แขวน|แขง|ตำบล|[ตข]\.|khwaeng|kwaeng)[\s.:]*", re.IGNORECASE)
_DISTRICT_WORD = re.compile(r"^(?:เขต|อำเภอ|อ\.)\s*")
_NUMBERS = re.compile(r"[0-9]+")
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")


@dataclass(frozen=True, slots=True)
class Places:
    """A row's places as typed, by part, and as keys; what was doubtful in finding them.

    `points_above`: something was taken from the rows or a heading above. `contradicts`: two cells of the row say
    different things, or one says more than the register has. `is_guessed`: a part was read without its word, or from
    what a spreadsheet made of it.
    """

    stated: Mapping[str, str]
    address: Address
    points_above: bool = False
    contradicts: bool = False
    is_guessed: bool = False


class PlaceReader:
    """Reads the places of a list's rows from top to bottom, so that a row which points above can be followed.

    `subdistricts` are the names of the district's sub-districts, cleaned; `district` its own name.
    """

    def __init__(self, subdistricts: frozenset[str], district: str) -> None:
        self._subdistricts = subdistricts
        self._district = district_name(district)
        self._above: dict[str, str] = {}
        self._heading: dict[str, str] = {}

    def take_heading(self, text: str) -> None:
        """Remembers a line above rows that names their lane or sub-district, or may do so in other words."""
        named = take_apart(text, self._subdistricts)
        if named is None:
            self._heading["soi"] = ""
            return
        stated = {part: said for part in _PARTS if says(said := getattr(named, part))}
        if stated.keys() & set(LANES):
            self._forget_lanes_below(stated)
        # A row without a lane of its own below a road's heading may stand in any of its sois.
        self._heading = (
            {"soi": "", **self._heading, **stated} if stated.keys() - {"subdistrict"} else self._heading | stated
        )

    def _forget_lanes_below(self, stated: Mapping[str, str]) -> None:
        kept = LANES[::-1][: min(LANES[::-1].index(lane) for lane in LANES if lane in stated)]
        self._heading = {part: said for part, said in self._heading.items() if part not in LANES or part in kept}

    def read(self, values: Mapping[str, object], whole: WholeAddress | None) -> Places:
        """The places of the next row from its columns' values and the address that stands in one of its cells."""
        typed, is_guessed = self._typed(values)
        addresses = [whole] if whole is not None else []
        for lane in LANES:
            if typed[lane] and (more := take_lane_apart(lane, typed[lane], self._subdistricts)):
                typed[lane] = ""
                addresses.append(more)
        for address in addresses:
            typed |= {part: said for part in _PARTS if (said := getattr(address, part)) and not says(typed[part])}
        stated, points_above = self._followed(typed)
        return Places(
            stated,
            read_address(trok=stated["trok"], soi=stated["soi"], road=stated["road"]),
            points_above,
            contradicts=any(self._differs(stated, address) for address in addresses),
            is_guessed=is_guessed or not all(address.is_certain for address in addresses),
        )

    def _typed(self, values: Mapping[str, object]) -> tuple[dict[str, str], bool]:
        """The parts as text; a soi 17/1 that became a date, or a soi 5 that became 5.0, is repaired."""
        typed = {part: as_text(values.get(part)) for part in _PARTS}
        is_guessed = False
        for part in ("moo", *LANES):
            value = values.get(part)
            repaired = _repaired(value, typed[part])
            is_guessed |= repaired != typed[part]
            typed[part] = repaired
        return typed, is_guessed

    def _followed(self, typed: dict[str, str]) -> tuple[dict[str, str], bool]:
        """What the row states of its address, dittos and headings followed, and whether there were any."""
        stated = dict(typed)
        dittos = [part for part, said in typed.items() if said and is_ditto(part, said)]
        for part in dittos:
            stated[part] = self._above.get(part, "")
        under: dict[str, str] = {}
        if self._heading:
            has_lane = says(stated["soi"]) or says(stated["trok"])
            under = {
                part: said
                for part, said in self._heading.items()
                if not says(stated[part]) and not (part in ("soi", "trok") and has_lane)
            }
            stated |= {part: said for part, said in under.items() if said}
        self._above |= {part: said for part, said in stated.items() if said}
        return stated, bool(dittos or under)

    def _differs(self, stated: Mapping[str, str], whole: WholeAddress) -> bool:
        """Whether an address in one cell says another thing than the row's places, or more than is compared."""
        if whole.more or (whole.district and district_name(whole.district) != self._district):
            return True
        if whole.subdistrict and subdistrict_name(whole.subdistrict) != subdistrict_name(stated["subdistrict"]):
            return True
        if whole.moo and village_number(whole.moo) != village_number(stated["moo"]):
            return True
        row = read_address(trok=stated["trok"], soi=stated["soi"], road=stated["road"])
        cell = read_address(trok=whole.trok, soi=whole.soi, road=whole.road or stated["road"])
        pairs = ((cell.trok, row.trok), (cell.soi, row.soi), (cell.road, row.road))
        return any(said and said != known for said, known in pairs)


def _repaired(value: object, text: str) -> str:
    if isinstance(value, datetime.date):
        keys = read_number_cell(value).parts[0].keys
        return keys[0] if keys else text
    return match[1] if (match := _WHOLE_FLOAT.fullmatch(text)) else text


@lru_cache(maxsize=16_384)
def is_ditto(part: str, typed: str) -> bool:
    """Whether a cell points to the one above and says nothing itself."""
    lane = part if part in LANES else "soi"
    read = read_address(**{lane: typed})
    return read.unclear and not (read.trok or read.soi or read.road)


@lru_cache(maxsize=16_384)
def subdistrict_name(text: str) -> str:
    """The bare name of a sub-district: "แขวงตลาดพลู" and " ตลาด พลู. " are one, "-" is none."""
    name = _SUBDISTRICT_WORD.sub("", clean(text).strip(EDGES)).replace(" ", "").strip(EDGES)
    return name if says(name) else ""


@lru_cache(maxsize=1024)
def district_name(text: str) -> str:
    """The bare name of a district, "" where the text says nothing."""
    name = _DISTRICT_WORD.sub("", clean(text)).replace(" ", "")
    return name if says(name) else ""


@lru_cache(maxsize=1024)
def village_number(text: str) -> str:
    """The number of a village without its word and zeros: "หมู่ที่ 02" is "2"; several stand side by side."""
    numbers = (number.lstrip("0") for number in _NUMBERS.findall(to_arabic_digits(clean(text))))
    return " ".join(filter(None, numbers))[:20]
