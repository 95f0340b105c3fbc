"""One row of a community's list, from cells as typed to keys that can be compared."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from communities.thai_text import clean, to_arabic_digits

from .addresses import read_address
from .columns import Header
from .house_numbers import UnreadableHouseNumber, date_readings, parse
from .models import HouseList, HouseNumberRecord
from .row_reasons import Reason

_SUBDISTRICT_WORD = re.compile(r"^(?:แขวง|ตำบล|ต\.)\s*")
_WHOLE_FLOAT_AS_TEXT = re.compile(r"^([0-9]+)\.0$")


def read_row(
    number: int, cells: Sequence[object], header: Header, house_list: HouseList, subdistricts: Mapping[str, int]
) -> HouseNumberRecord:
    """The unsaved record of row `number` (as the spreadsheet shows it).

    `subdistricts` maps the names of the district's sub-districts, cleaned, to their ids. A part that cannot
    be read leaves a doubt; nothing is guessed.
    """
    raw = {column: cells[index] if index < len(cells) else None for column, index in header.columns.items()}
    text = {column: as_text(value) for column, value in raw.items()}
    keys, doubt = _number_keys(raw["house_no"], text["house_no"])
    address = read_address(trok=text.get("trok", ""), soi=text.get("soi", ""), road=text.get("road", ""))
    if address.unclear and not doubt:
        doubt = Reason.DITTO
    return HouseNumberRecord(
        house_list=house_list,
        row=number,
        cells=[_verbatim(cell) for cell in cells],
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
        subdistrict_id=subdistricts.get(subdistrict_name(text.get("subdistrict", ""))),
        doubt=doubt,
        reason=doubt or Reason.NOT_FOUND,
    )


def subdistrict_name(text: str) -> str:
    """The bare name of a sub-district: "แขวงตลาดพลู" and " ตลาดพลู " are one."""
    return _SUBDISTRICT_WORD.sub("", clean(text))


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
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value.replace("\x00", "") if isinstance(value, str) else value


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
