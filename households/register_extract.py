"""The central register's extract of a district: its table checked and made ready to be copied into the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.codes import NotACommunityCode, clean_community_code
from communities.tables import Column, Table, find_table, quoted, text_of, with_optional
from communities.thai_text import clean, to_arabic_digits
from households.addresses import lane_order, read_address
from households.house_codes import NotAHouseCode, clean_house_code
from households.house_numbers import UnreadableHouseNumber, parse
from households.models import HouseRegistration
from households.workbook import Workbook

# All are needed: a column that is not there would read as "emptied for every house".
COLUMNS = (
    Column("house_code", ("เลขรหัสประจำบ้าน", "รหัสประจำบ้าน", "เลขรหัสบ้าน", "รหัสบ้าน", "HID", "house code")),
    Column("house_no", ("บ้านเลขที่", "เลขที่บ้าน", "เลขบ้าน", "เลขที่", "house number")),
    Column("moo", ("หมู่ที่", "หมู่", "moo")),
    Column("trok", ("ตรอก", "ชื่อตรอก", "trok")),
    Column("soi", ("ซอย", "ชื่อซอย", "soi")),
    Column("road", ("ถนน", "ชื่อถนน", "road")),
    Column("subdistrict_code", ("รหัสแขวง", "รหัสตำบล", "รหัสแขวง/ตำบล", "subdistrict code")),
    Column("subdistrict", ("แขวง", "ชื่อแขวง", "ตำบล", "แขวง/ตำบล", "subdistrict")),
    Column("status", ("สถานะ", "สถานภาพ", "สถานะบ้าน", "status")),
)
# Which community's code the central register shows; an extract without the column says nothing of it.
COMMUNITY_CODE = Column(
    "community_code", ("รหัสชุมชน", "เลขรหัสชุมชน", "รหัส ชุมชน", "ชุมชน (รหัส)", "community code", "community_code")
)
NO_CODE = re.compile(r"[-–—]?|0+")
STATES = {
    "ปกติ": HouseRegistration.State.LIVE,
    "จำหน่าย": HouseRegistration.State.STRUCK,
    "จำหน่ายแล้ว": HouseRegistration.State.STRUCK,
    "ถูกจำหน่าย": HouseRegistration.State.STRUCK,
}
# What one line of `Extract.copy_text` holds, in this order.
COPIED = (
    "house_code", "house_no", "number_key", "number_order", "moo", "trok", "soi", "road",
    "trok_key", "soi_key", "road_key", "lane_order", "subdistrict_code", "state",
)  # fmt: skip
# Before a key made of what could not be read: no list's reading begins so, hence nothing ever matches it.
UNREADABLE = "?"
# Sorts after every number that could be read.
_AFTER_ALL = "~"

_ELEVEN_DIGITS = re.compile(r"[0-9]{11}")
_DAY_OR_NEGATIVE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]|-")
_ERROR_VALUE = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|ERROR)")
_SIX_DIGITS = re.compile(r"[0-9]{6}")
_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_LONGEST: dict[str, int] = {
    field.name: field.max_length for field in HouseRegistration._meta.concrete_fields if field.max_length
}


@dataclass(frozen=True)
class Extract:
    """The houses of an extract, one line each in PostgreSQL's COPY format, and what is worth a warning.

    `codes_text` has a house code and a community code ("" for none) a line; it is None without that column.
    """

    table: Table
    houses: int
    copy_text: str
    codes_text: str | None
    subdistricts: dict[str, str]
    unreadable_numbers: list[int]
    unclear_addresses: list[int]
    other_offices: int


def read_extract(book: Workbook, *, district_code: str) -> Extract:
    """Check an extract and make its houses ready to be copied.

    Row numbers count from 0. Raises ValidationError that names rows and column: a column missing, no rows, a house
    code twice or malformed, a sub-district of another district, an unknown status, text too long for the register.
    """
    sheets = [(sheet.name, sheet.rows) for sheet in book.sheets]
    table = with_optional(find_table(sheets, COLUMNS, file_name=book.file_name), COMMUNITY_CODE)
    _refuse_formulas_without_value(book, table)
    rows = _rows_with_text(table)
    _refuse_errors(rows)
    _refuse_long(rows)
    codes = _house_codes(rows)
    subdistricts = _subdistricts(rows, district_code)
    _refuse_unknown_states(rows)
    numbers = {text: _read_number(text) for text in rows.distinct("house_no")}
    lanes = {cells: _read_lane(lane) for cells, lane in rows.lanes.items()}
    return Extract(
        table=rows.table,
        houses=len(codes),
        copy_text=_copy_text(codes, rows.house_nos, rows.lane_cells, numbers, lanes),
        codes_text=_codes_text(codes, rows),
        subdistricts=subdistricts,
        unreadable_numbers=rows.where("house_no", {text for text, read in numbers.items() if read.unreadable}),
        unclear_addresses=_rows_of_unclear(rows, lanes),
        other_offices=sum(not code.startswith(district_code) for code in codes),
    )


# --- the cells ---


class _Lane(NamedTuple):
    """What many houses share, as text: read once for all of them."""

    moo: str
    trok: str
    soi: str
    road: str
    subdistrict_code: str
    subdistrict: str
    status: str


_LaneCells = tuple[object, ...]


@dataclass(frozen=True)
class _Rows:
    """The table's rows that say anything: number, texts of code and number of the house, and cells of its lane."""

    table: Table
    numbers: list[int]
    house_codes: list[str]
    house_nos: list[str]
    lane_cells: list[_LaneCells]
    lanes: dict[_LaneCells, _Lane]
    community_codes: list[str] | None

    def texts(self, column: str) -> list[str]:
        """The text of a column in every row."""
        if column in _Lane._fields:
            return [getattr(self.lanes[cells], column) for cells in self.lane_cells]
        by_name = {
            "house_code": self.house_codes,
            "house_no": self.house_nos,
            COMMUNITY_CODE.name: self.community_codes or [],
        }
        return by_name[column]

    def distinct(self, column: str) -> set[str]:
        """The different texts of a column."""
        if column in _Lane._fields:
            return {getattr(lane, column) for lane in self.lanes.values()}
        return set(self.texts(column))

    def where(self, column: str, bad: Set[str]) -> list[int]:
        """The numbers of the rows whose text in that column is among `bad`."""
        return [row for row, text in zip(self.numbers, self.texts(column), strict=True) if text in bad] if bad else []

    def refusal(self, column: str, bad: Set[str], sentence: str, code: str, **more: object) -> ValidationError:
        """A sentence about all rows with a bad text in one column, quoting the first."""
        rows = self.where(column, bad)
        first = self.texts(column)[self.numbers.index(rows[0])]
        place = self.table.place(rows, column)
        return ValidationError(sentence, code=code, params={"place": place, "text": quoted(first), **more})


def _rows_with_text(table: Table) -> _Rows:
    below = table.header_row + 1
    width = max(table.columns.values()) + 1
    cells = [row if len(row) >= width else [*row, *[None] * (width - len(row))] for row in table.rows[below:]]
    numbers = list(range(below, below + len(cells)))
    codes = list(map(text_of, map(itemgetter(table.columns["house_code"]), cells)))
    blank = {at for at, code in enumerate(codes) if not code and not any(map(text_of, cells[at]))}
    if blank:
        cells, numbers, codes = (_without(blank, every) for every in (cells, numbers, codes))
    if not cells:
        raise ValidationError(
            _("%(place)s has no rows below its header."), code="no_rows", params={"place": table.place()}
        )
    lane_cells = list(map(itemgetter(*(table.columns[part] for part in _Lane._fields)), cells))
    house_nos = list(map(itemgetter(table.columns["house_no"]), cells))
    text_of_number = {cell: text_of(cell) for cell in set(house_nos)}
    at = table.columns.get(COMMUNITY_CODE.name)
    return _Rows(
        table,
        numbers,
        house_codes=codes,
        house_nos=[text_of_number[cell] for cell in house_nos],
        lane_cells=lane_cells,
        lanes={lane: _Lane(*map(text_of, lane)) for lane in set(lane_cells)},
        community_codes=None if at is None else [text_of(row[at]) for row in cells],
    )


def _without(places: Set[int], items: list[Any]) -> list[Any]:
    return [item for at, item in enumerate(items) if at not in places]


# --- what is refused ---


def _refuse_formulas_without_value(book: Workbook, table: Table) -> None:
    """They read as empty, which would say of every house that its soi, its road or its code is gone."""
    unvalued = [cell for sheet in book.sheets if sheet.name == table.sheet_name for cell in sheet.unvalued]
    if unvalued:
        raise ValidationError(
            _("%(place)s: the formula in cell %(cell)s has no value. Open the file, let it calculate and save it."),
            code="formula_without_value",
            params={"place": table.place(), "cell": unvalued[0]},
        )


def _refuse_errors(rows: _Rows) -> None:
    for column in rows.table.columns:
        bad = {text for text in rows.distinct(column) if _ERROR_VALUE.fullmatch(text)}
        if bad:
            sentence = _("%(place)s: a formula shows the error “%(text)s” there.")
            raise rows.refusal(column, bad, sentence, "error_value")


def _refuse_long(rows: _Rows) -> None:
    for column in ("house_no", "moo", "trok", "soi", "road"):
        longest = _LONGEST[column]
        bad = {text for text in rows.distinct(column) if len(text) > longest}
        if bad:
            sentence = _("%(place)s: “%(text)s” is too long; at most %(longest)s letters are kept.")
            raise rows.refusal(column, bad, sentence, "too_long", longest=longest)


def _house_codes(rows: _Rows) -> list[str]:
    """The clean codes in the order of the rows."""
    texts = rows.house_codes
    unusual = {text for text in texts if not _ELEVEN_DIGITS.fullmatch(text)}
    cleaned = {text: _clean_house_code(rows, text) for text in unusual}
    codes = [cleaned.get(text, text) for text in texts] if cleaned else texts
    if len(set(codes)) < len(codes):
        raise _codes_twice(rows, codes)
    return codes


def _clean_house_code(rows: _Rows, text: str) -> str:
    try:
        return clean_house_code(text)
    except NotAHouseCode as problem:
        raise _not_house_codes(rows, problem.reason) from problem


def _not_house_codes(rows: _Rows, reason: str) -> ValidationError:
    if reason == "citizen_number":  # never repeated in a message
        bad = {text for text in rows.distinct("house_code") if _reason_against(text) == reason}
        sentence = _("%(place)s: a citizen number of 13 digits stands where a house code belongs.")
        return rows.refusal("house_code", bad, sentence, reason)
    bad = {text for text in rows.distinct("house_code") if _reason_against(text)}
    sentence = _("%(place)s: “%(text)s” is not a house code of 11 digits.")
    return rows.refusal("house_code", bad, sentence, "not_a_house_code")


def _reason_against(text: str) -> str:
    try:
        clean_house_code(text)
    except NotAHouseCode as problem:
        return problem.reason
    return ""


def _codes_twice(rows: _Rows, codes: list[str]) -> ValidationError:
    places = defaultdict(list)
    for number, code in zip(rows.numbers, codes, strict=True):
        places[code].append(number)
    repeated = {code: numbers for code, numbers in places.items() if len(numbers) > 1}
    code, numbers = next(iter(repeated.items()))
    sentence = _("%(place)s: the house code %(house_code)s stands there more than once.")
    if len(repeated) > 1:
        sentence = _("%(place)s: the house code %(house_code)s stands there more than once; so do %(others)s others.")
    return ValidationError(
        sentence,
        code="house_code_twice",
        params={
            "place": rows.table.place(numbers, "house_code"),
            "house_code": code,
            "others": len(repeated) - 1,
        },
    )


def _subdistricts(rows: _Rows, district_code: str) -> dict[str, str]:
    """The names of the sub-districts in the file, by code."""
    codes = {text: _area_code(text) for text in rows.distinct("subdistrict_code")}
    malformed = {text for text, code in codes.items() if not _SIX_DIGITS.fullmatch(code)}
    if malformed:
        sentence = _("%(place)s: “%(text)s” is not a sub-district code of 6 digits.")
        raise rows.refusal("subdistrict_code", malformed, sentence, "not_a_subdistrict_code")
    foreign = {text for text, code in codes.items() if not code.startswith(district_code)}
    if foreign:
        sentence = _("%(place)s: the sub-district %(text)s does not lie in district %(district)s.")
        raise rows.refusal("subdistrict_code", foreign, sentence, "other_district", district=district_code)
    # Sorted, so that a name counts before an empty cell of the same code.
    return dict(sorted((codes[lane.subdistrict_code], clean(lane.subdistrict)) for lane in rows.lanes.values()))


def _area_code(text: str) -> str:
    return to_arabic_digits(clean(text)).replace(" ", "")


def _refuse_unknown_states(rows: _Rows) -> None:
    bad = {text for text in rows.distinct("status") if clean(text) not in STATES}
    if bad:
        sentence = _("%(place)s: “%(text)s” is no status of a house; known are %(known)s.")
        raise rows.refusal("status", bad, sentence, "unknown_status", known=", ".join(STATES))


def _cleaned_community_codes(rows: _Rows) -> dict[str, str]:
    """The code, or "" for none, that each text of the column means."""
    cleaned, bad = {}, set()
    for text in rows.distinct(COMMUNITY_CODE.name):
        code = to_arabic_digits(clean(text)).replace(" ", "")
        try:
            none = NO_CODE.fullmatch(code)
            cleaned[text] = "" if none else clean_community_code(_no_day(code), settings.COMMUNITY_CODE_PATTERN)
        except NotACommunityCode:
            bad.add(text)
    if bad:
        sentence = _("%(place)s: “%(text)s” is not a community code of up to 8 digits.")
        raise rows.refusal(COMMUNITY_CODE.name, bad, sentence, "not_a_community_code")
    return cleaned


def _no_day(code: str) -> str:
    """The code; raises NotACommunityCode for 2015-02-06 and -5, whose hyphens are none between the parts of a code."""
    if _DAY_OR_NEGATIVE.match(code):
        raise NotACommunityCode(code)
    return code


# --- what is copied ---


def _codes_text(codes: Sequence[str], rows: _Rows) -> str | None:
    if rows.community_codes is None:
        return None
    cleaned = {text: as_copied(code) for text, code in _cleaned_community_codes(rows).items()}
    return "".join(f"{code}\t{cleaned[text]}\n" for code, text in zip(codes, rows.community_codes, strict=True))


@dataclass(frozen=True)
class _Read:
    """Columns ready to be copied, a tab between them, their place in order, and whether their source is unreadable."""

    copied: str
    order: str
    unreadable: bool


def _copy_text(
    codes: Sequence[str],
    house_nos: Sequence[str],
    lane_cells: Sequence[_LaneCells],
    numbers: Mapping[str, _Read],
    lanes: Mapping[_LaneCells, _Read],
) -> str:
    """One line a house, lane after lane: indexes and pages that grow at their end are filled a quarter faster."""
    begin = {text: f"\t{number.copied}\t" for text, number in numbers.items()}
    in_order = sorted(lanes, key=lambda cells: lanes[cells].order)
    lines: dict[_LaneCells, tuple[str, list[str]]] = {cells: (f"{lanes[cells].copied}\n", []) for cells in in_order}
    for code, house_no, cells in zip(codes, house_nos, lane_cells, strict=True):
        end, of_lane = lines[cells]
        of_lane.append(code + begin[house_no] + end)
    return "".join("".join(of_lane) for _end, of_lane in lines.values())


def _rows_of_unclear(rows: _Rows, lanes: Mapping[_LaneCells, _Read]) -> list[int]:
    unclear = {cells for cells, read in lanes.items() if read.unreadable}
    if not unclear:
        return []
    return [number for number, cells in zip(rows.numbers, rows.lane_cells, strict=True) if cells in unclear]


def _read_number(text: str) -> _Read:
    """house_no, number_key, number_order. A number that cannot be read is kept and never matches (domain.md 2)."""
    try:
        number = parse(text)
        return _Read(as_copied(text, number.key, number.order), number.order, unreadable=False)
    except UnreadableHouseNumber:
        key, order = (mark + clean(text) for mark in (UNREADABLE, _AFTER_ALL))
        key, order = key[: _LONGEST["number_key"]], order[: _LONGEST["number_order"]]
        return _Read(as_copied(text, key, order), order, unreadable=True)


def _read_lane(lane: _Lane) -> _Read:
    """All that the houses of a lane share: moo … state of `COPIED`."""
    address = read_address(trok=lane.trok, soi=lane.soi, road=lane.road)
    keys = [address.trok, address.soi, address.road]
    unreadable = address.unclear or any(len(key) > _LONGEST["soi_key"] for key in keys)
    if unreadable:
        keys = [text and (UNREADABLE + clean(text))[: _LONGEST["soi_key"]] for text in (lane.trok, lane.soi, lane.road)]
    order = lane_order(address)[: _LONGEST["lane_order"]]
    parts = (lane.moo, lane.trok, lane.soi, lane.road, *keys, order)
    copied = as_copied(*parts, _area_code(lane.subdistrict_code), STATES[clean(lane.status)])
    return _Read(copied, order, unreadable)


def as_copied(*texts: str) -> str:
    """The texts as columns of a line in PostgreSQL's COPY format."""
    return "\t".join(text.translate(_COPY_ESCAPES) for text in texts)
