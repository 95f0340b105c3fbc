"""Workbooks and CSV files as plain rows with cell addresses, whatever library reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from households.files.file_kinds import Kind, kind_of
from households.files.file_safety import EXTRACT, HOUSE_LIST, Limits, NotReadable, base_name, read_bytes, refusal
from households.files.open_document import read_open_document
from households.files.raw_sheets import (
    Cell,
    Place,
    RawBook,
    RawSheet,
    Unreadable,
    cell_address,
    column_letters,
    damage_refused,
)
from households.files.reading_apart import read_apart
from households.files.sheet_reading import has_formulas_or_errors, read_excel, read_values
from households.files.text_tables import rows_of, text_of
from households.files.zip_safety import refuse_bomb

__all__ = ["Cell", "NotReadable", "Sheet", "Workbook", "cell_address", "column_letters", "open_workbook"]


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows[0]` is the row that spreadsheet programs call 1, whatever is empty above the table.

    `merged` are the merged areas by their first and last cell, each (row, column) from 0. `hidden_rows` are rows that
    a person or a filter hid, from 0; they stand among `rows` like the others. `unvalued` are the addresses of formulas
    without a stored value, which read as empty. `number_formats` are those of the cells, by (row, column) from 0,
    whose numbers show as something else than their digits: dates, percent, fractions, zeros in front (.xlsx and .xls).
    """

    name: str
    rows: list[list[Cell]]
    is_hidden: bool = False
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    unvalued: list[str] = field(default_factory=list)
    number_formats: dict[Place, str] = field(default_factory=dict)

    def below_merged(self) -> dict[Place, Cell]:
        """What the left cells of merged areas show below their first row: the area's value, by (row, column)."""
        shown: dict[Place, Cell] = {}
        for (top, left), (bottom, _right) in sorted(self.merged):
            # Areas never overlap, except in files made to keep a reader busy.
            if top < len(self.rows) and left < len(self.rows[top]) and (top + 1, left) not in shown:
                below = range(top + 1, min(bottom + 1, len(self.rows)))
                shown |= dict.fromkeys(((row, left) for row in below), self.rows[top][left])
        return shown


@dataclass(frozen=True)
class Workbook:
    """What a file holds: its sheets in order, some perhaps empty; a CSV file is one sheet without a name.

    `file_name` is without folders. `outside_links`: formulas look into other files, and show what they last found.
    """

    file_name: str
    sheets: list[Sheet]
    outside_links: bool = False


def open_workbook(source: bytes | Path, *, file_name: str, limits: Limits = HOUSE_LIST) -> Workbook:
    """Read an .xlsx, .xls, .ods or CSV file, known by its content, into values as they stand in the cells.

    Text stays verbatim and a whole number is an `int`; an empty cell is `None`; an error value is the text it shows
    ("#N/A"); formulas give the value stored beside them (`sheet_reading` tells the rest). CSV cells are all text.
    Raises `NotReadable` with one sentence, and `OSError` where `source` is a path that cannot be read.
    """
    file_name = base_name(file_name)
    data = read_bytes(source, file_name=file_name, limits=limits)
    try:
        book = _read(data, limits)
        if not any(cell is not None for sheet in book.sheets for row in sheet.rows for cell in row):
            raise Unreadable("no_table")
    except Unreadable as problem:
        raise refusal(problem, file_name=file_name, limits=limits) from problem
    return Workbook(file_name, list(map(_sheet, book.sheets)), book.outside_links)


def _read(data: bytes, limits: Limits) -> RawBook:
    kind = kind_of(data)
    if kind is Kind.TEXT:
        return RawBook([RawSheet("", rows=rows_of(text_of(data) or "", limits.bounds))])
    if kind is Kind.XLS:
        return read_apart(data, limits.bounds, memory=limits.memory, seconds=limits.seconds)
    refuse_bomb(data, inflated_bytes=limits.inflated_bytes, tags=limits.tags)
    with damage_refused():
        return _read_zip(data, kind, limits)


def _read_zip(data: bytes, kind: Kind, limits: Limits) -> RawBook:
    if kind is Kind.ODS:
        return read_open_document(data, limits.bounds)
    # To walk half a million cells would double the time, and only what a program wrote as it stands may do without.
    if limits is EXTRACT and not has_formulas_or_errors(data):
        return read_values(data, limits.bounds)
    return read_excel(data, limits.bounds)


def _sheet(raw: RawSheet) -> Sheet:
    hidden = frozenset(row for row in raw.hidden_rows if row < len(raw.rows))
    return Sheet(raw.name, raw.rows, raw.is_hidden, raw.merged, hidden, raw.unvalued, raw.formats)
