"""The rows of the central register's extract as text: which columns it has, and what many houses share, read once."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.tables import Column, Table, quoted, text_of
from communities.thai_text import clean, to_arabic_digits
from households.models import HouseRegistration

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
STATES = {
    "ปกติ": HouseRegistration.State.LIVE,
    "จำหน่าย": HouseRegistration.State.STRUCK,
    "จำหน่ายแล้ว": HouseRegistration.State.STRUCK,
    "ถูกจำหน่าย": HouseRegistration.State.STRUCK,
}
LONGEST: dict[str, int] = {
    field.name: field.max_length for field in HouseRegistration._meta.concrete_fields if field.max_length
}


class Lane(NamedTuple):
    """What many houses share, as text: read once for all of them."""

    moo: str
    trok: str
    soi: str
    road: str
    subdistrict_code: str
    subdistrict: str
    status: str


LaneCells = tuple[object, ...]


@dataclass(frozen=True)
class Rows:
    """The table's rows that say anything: number, texts of code and number of the house, and cells of its lane."""

    table: Table
    numbers: list[int]
    house_codes: list[str]
    house_nos: list[str]
    lane_cells: list[LaneCells]
    lanes: dict[LaneCells, Lane]
    community_codes: list[str] | None

    def texts(self, column: str) -> list[str]:
        """The text of a column in every row."""
        if column in Lane._fields:
            return [getattr(self.lanes[cells], column) for cells in self.lane_cells]
        by_name = {
            "house_code": self.house_codes,
            "house_no": self.house_nos,
            COMMUNITY_CODE.name: self.community_codes or [],
        }
        return by_name[column]

    def distinct(self, column: str) -> set[str]:
        """The different texts of a column."""
        if column in Lane._fields:
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


def rows_with_text(table: Table) -> Rows:
    """The rows below the header that say anything; none at all refuses the file."""
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
    lane_cells = list(map(itemgetter(*(table.columns[part] for part in Lane._fields)), cells))
    house_nos = list(map(itemgetter(table.columns["house_no"]), cells))
    text_of_number = {cell: text_of(cell) for cell in set(house_nos)}
    at = table.columns.get(COMMUNITY_CODE.name)
    return Rows(
        table,
        numbers,
        house_codes=codes,
        house_nos=[text_of_number[cell] for cell in house_nos],
        lane_cells=lane_cells,
        lanes={lane: Lane(*map(text_of, lane)) for lane in set(lane_cells)},
        community_codes=None if at is None else [text_of(row[at]) for row in cells],
    )


def _without(places: Set[int], items: list[Any]) -> list[Any]:
    return [item for at, item in enumerate(items) if at not in places]


def area_code(text: str) -> str:
    """The code of a sub-district as the cell's text means it."""
    return to_arabic_digits(clean(text)).replace(" ", "")
