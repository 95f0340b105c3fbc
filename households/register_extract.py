"""The central register's extract of a district: its table checked and made ready to be copied into the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communities.tables import Table, find_table, with_optional
from communities.thai_text import clean
from households.addresses import lane_order, read_address
from households.extract_checks import (
    checked_community_codes,
    checked_house_codes,
    checked_subdistricts,
    refuse_errors,
    refuse_formulas_without_value,
    refuse_long,
    refuse_unknown_states,
)
from households.extract_rows import (
    COLUMNS,
    COMMUNITY_CODE,
    LONGEST,
    STATES,
    Lane,
    LaneCells,
    Rows,
    area_code,
    rows_with_text,
)
from households.house_numbers import UnreadableHouseNumber, parse
from households.workbook import Workbook

# What one line of `Extract.copy_text` holds, in this order.
COPIED = (
    "house_code", "house_no", "number_key", "number_order", "moo", "trok", "soi", "road",
    "trok_key", "soi_key", "road_key", "lane_order", "subdistrict_code", "state",
)  # fmt: skip
# Before a key made of what could not be read: no list's reading begins so, hence nothing ever matches it.
UNREADABLE = "?"
# Sorts after every number that could be read.
_AFTER_ALL = "~"
_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


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
    refuse_formulas_without_value(book, table)
    rows = rows_with_text(table)
    refuse_errors(rows)
    refuse_long(rows)
    codes = checked_house_codes(rows)
    subdistricts = checked_subdistricts(rows, district_code)
    refuse_unknown_states(rows)
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


# --- what is copied ---


def _codes_text(codes: Sequence[str], rows: Rows) -> str | None:
    if rows.community_codes is None:
        return None
    cleaned = {text: as_copied(code) for text, code in checked_community_codes(rows).items()}
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
    lane_cells: Sequence[LaneCells],
    numbers: Mapping[str, _Read],
    lanes: Mapping[LaneCells, _Read],
) -> str:
    """One line a house, lane after lane: indexes and pages that grow at their end are filled a quarter faster."""
    begin = {text: f"\t{number.copied}\t" for text, number in numbers.items()}
    in_order = sorted(lanes, key=lambda cells: lanes[cells].order)
    lines: dict[LaneCells, tuple[str, list[str]]] = {cells: (f"{lanes[cells].copied}\n", []) for cells in in_order}
    for code, house_no, cells in zip(codes, house_nos, lane_cells, strict=True):
        end, of_lane = lines[cells]
        of_lane.append(code + begin[house_no] + end)
    return "".join("".join(of_lane) for _end, of_lane in lines.values())


def _rows_of_unclear(rows: Rows, lanes: Mapping[LaneCells, _Read]) -> list[int]:
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
        key, order = key[: LONGEST["number_key"]], order[: LONGEST["number_order"]]
        return _Read(as_copied(text, key, order), order, unreadable=True)


def _read_lane(lane: Lane) -> _Read:
    """All that the houses of a lane share: moo … state of `COPIED`."""
    address = read_address(trok=lane.trok, soi=lane.soi, road=lane.road)
    keys = [address.trok, address.soi, address.road]
    unreadable = address.unclear or any(len(key) > LONGEST["soi_key"] for key in keys)
    if unreadable:
        keys = [text and (UNREADABLE + clean(text))[: LONGEST["soi_key"]] for text in (lane.trok, lane.soi, lane.road)]
    order = lane_order(address)[: LONGEST["lane_order"]]
    parts = (lane.moo, lane.trok, lane.soi, lane.road, *keys, order)
    copied = as_copied(*parts, area_code(lane.subdistrict_code), STATES[clean(lane.status)])
    return _Read(copied, order, unreadable)


def as_copied(*texts: str) -> str:
    """The texts as columns of a line in PostgreSQL's COPY format."""
    return "\t".join(text.translate(_COPY_ESCAPES) for text in texts)
