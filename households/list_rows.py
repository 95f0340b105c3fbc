"""One row of a community's list, from cells as typed to keys that can be compared."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence

from communities.thai_text import clean, to_arabic_digits

from .addresses import read_address
from .columns import Header, speaks_against
from .house_numbers import UnreadableHouseNumber, date_readings, parse
from .models import HouseList, HouseNumberRecord
from .row_reasons import Reason

LANES = ("trok", "soi", "road")

_SUBDISTRICT_WORD = re.compile(r"^(?:แขวง|ตำบล|ต\.)\s*")
_DISTRICT_WORD = re.compile(r"^(?:เขต|อำเภอ|อ\.)\s*")
_LANE_WORD = re.compile(r"^(?:ซอย|ซ\.|ตรอก|ถนน|ถ\.)")
_WHOLE_FLOAT_AS_TEXT = re.compile(r"^([0-9]+)\.0$")
_SAYS_NOTHING = re.compile(r"[-–—._… ]*|ไม่มี(?:หมายเหตุ)?")


class RowReader:
    """Reads a list's rows from top to bottom, so that a row which points to the rows above can be followed.

    What a row does not state itself (a ditto mark, a lane written once as a heading) is taken from above,
    and leaves a doubt; nothing is guessed. `subdistricts` maps the names of the district's
    sub-districts, cleaned, to their ids.
    """

    def __init__(self, house_list: HouseList, subdistricts: Mapping[str, int]) -> None:
        self._house_list = house_list
        self._subdistricts = subdistricts
        self._district = _district_name(house_list.district.name_th)
        self._above: dict[str, str] = {}
        self._heading: dict[str, str] = {}

    def take_heading(self, text: str) -> None:
        """Remembers a line above rows that names their lane or sub-district, or may do so in other words."""
        if _SUBDISTRICT_WORD.match(clean(text)):
            self._heading["subdistrict"] = text
        else:
            self._heading["soi"] = text if _LANE_WORD.match(clean(text)) else ""

    def read(self, number: int, typed: Sequence[object], cells: Sequence[object], header: Header) -> HouseNumberRecord:
        """The unsaved record of row `number` (as the spreadsheet shows it).

        `typed` are the row's own cells, kept verbatim; `cells` the same with merged cells filled in.
        """
        raw = {column: cells[index] if index < len(cells) else None for column, index in header.columns.items()}
        text = {column: as_text(value) for column, value in raw.items()}
        keys, doubt = _number_keys(raw["house_no"], text["house_no"])
        stated, points_above = self._followed(text)
        address = read_address(**{lane: stated[lane] for lane in LANES})
        doubt = doubt or self._doubt_of(cells, text, header, points_above or address.unclear)
        return HouseNumberRecord(
            house_list=self._house_list,
            row=number,
            cells=[_verbatim(cell) for cell in typed],
            house_no=text["house_no"][:200],
            moo=_moo(text.get("moo", "")),
            trok=text.get("trok", "")[:200],
            soi=text.get("soi", "")[:200],
            road=text.get("road", "")[:200],
            subdistrict_text=text.get("subdistrict", "")[:200],
            note=text.get("note", "")[:500],
            number_keys=keys,
            trok_key=address.trok[:200],
            soi_key=address.soi[:200],
            road_key=address.road[:200],
            subdistrict_id=self._subdistricts.get(subdistrict_name(stated["subdistrict"])),
            doubt=doubt,
            reason=doubt or Reason.NOT_FOUND,
        )

    def _followed(self, text: Mapping[str, str]) -> tuple[dict[str, str], bool]:
        """What the row states of its address, dittos and headings followed, and whether there were any."""
        stated = {part: text.get(part, "") for part in (*LANES, "subdistrict")}
        dittos = [part for part, typed in stated.items() if typed and _is_ditto(part, typed)]
        stated |= {part: self._above.get(part, "") for part in dittos}
        has_lane = _says(stated["soi"]) or _says(stated["trok"])
        under = {
            part: said
            for part, said in self._heading.items()
            if not _says(stated[part]) and not (part == "soi" and has_lane)
        }
        stated |= {part: said for part, said in under.items() if said}
        self._above |= {part: said for part, said in stated.items() if said}
        return stated, bool(dittos or under)

    def _doubt_of(self, cells: Sequence[object], text: Mapping[str, str], header: Header, points_above: bool) -> str:
        """What keeps the row from being certain although its number is read; "" for nothing."""
        if _note_speaks_against(cells, header):
            return Reason.NOTE_SPEAKS_AGAINST
        if points_above:
            return Reason.DITTO
        return Reason.PART_NOT_COMPARED if self._states_more(cells, text, header) else ""

    def _states_more(self, cells: Sequence[object], text: Mapping[str, str], header: Header) -> bool:
        """Whether a column beside those compared says something about the address, or names another district."""
        if header.district is not None and header.district < len(cells):
            district = _district_name(as_text(cells[header.district]))
            if _says(district) and district != self._district:
                return True
        more = {as_text(cells[index]) for index in header.not_compared if index < len(cells)}
        return any(_says(part) for part in more - set(text.values()))


def _is_ditto(part: str, typed: str) -> bool:
    """Whether a cell points to the one above and says nothing itself."""
    lane = part if part in LANES else "soi"
    read = read_address(**{lane: typed})
    return read.unclear and not (read.trok or read.soi or read.road)


def _says(text: str) -> bool:
    return _SAYS_NOTHING.fullmatch(clean(text)) is None


def _note_speaks_against(cells: Sequence[object], header: Header) -> bool:
    """Whether any cell outside the address does: remarks often stand to the right of a column meant for them."""
    address = {index for column, index in header.columns.items() if column != "note"}
    return any(
        isinstance(cell, str) and index not in address and _says(cell) and speaks_against(cell)
        for index, cell in enumerate(cells)
    )


def subdistrict_name(text: str) -> str:
    """The bare name of a sub-district: "แขวงตลาดพลู" and " ตลาดพลู " are one, "-" is none."""
    name = _SUBDISTRICT_WORD.sub("", clean(text))
    return name if _says(name) else ""


def _district_name(text: str) -> str:
    return _DISTRICT_WORD.sub("", clean(text))


def as_text(value: object) -> str:
    """A cell's value as a person reads it; dates in ISO form, "" for an empty cell. Trailing blanks stay off."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()


def _verbatim(value: object) -> object:
    """The cell as JSON can keep it; text stays as typed, blanks and all."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _moo(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", to_arabic_digits(clean(text))).lstrip("0")
    return digits[:20]


def _number_keys(value: object, text: str) -> tuple[list[str], str]:
    """The readings of the number cell and what is doubtful about them: usually one reading and no doubt."""
    if isinstance(value, datetime.date):
        return [number.key for number in date_readings(value)], Reason.EXCEL_DATE
    if not clean(text):
        return [], Reason.NO_NUMBER
    repaired = _WHOLE_FLOAT_AS_TEXT.sub(r"\1", clean(text))
    try:
        number = parse(repaired)
    except UnreadableHouseNumber:
        return [], Reason.UNREADABLE_NUMBER
    if number.is_range:
        return [number.key], Reason.RANGE
    return [number.key], Reason.NUMBER_REPAIRED if repaired != clean(text) else ""
