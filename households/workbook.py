"""Workbooks and CSV files as plain rows with cell addresses, whatever library reads them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from households.file_safety import (
    COLUMN_LIMIT,
    HOUSE_LIST,
    Kind,
    Limits,
    NotReadable,
    damaged,
    decoded,
    delimiter_of,
    kind_of,
    locked,
    read_bytes,
    refuse_bomb,
    too_many_cells,
)
from households.sheet_reading import Cell, Damaged, Locked, read_sheets, read_sheets_apart

__all__ = ["Cell", "NotReadable", "Sheet", "Workbook", "cell_address", "column_letters", "open_workbook"]


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows[0]` is the row that spreadsheet programs call 1, whatever is empty above the table.

    `merged` are the merged areas by their first and last cell, each (row, column) from 0.
    """

    name: str
    rows: list[list[Cell]]
    is_hidden: bool = False
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)

    def below_merged(self) -> dict[tuple[int, int], Cell]:
        """What the left cells of merged areas show below their first row: the area's value, by (row, column)."""
        shown: dict[tuple[int, int], Cell] = {}
        for (top, left), (bottom, _right) in sorted(self.merged):
            # Areas never overlap, except in files made to keep a reader busy.
            if top < len(self.rows) and left < len(self.rows[top]) and (top + 1, left) not in shown:
                below = range(top + 1, min(bottom + 1, len(self.rows)))
                shown |= dict.fromkeys(((row, left) for row in below), self.rows[top][left])
        return shown


@dataclass(frozen=True)
class Workbook:
    """What a file holds: its sheets in order, which may be none or empty; a CSV file is one sheet without a name."""

    file_name: str
    sheets: list[Sheet]


def open_workbook(source: bytes | Path, *, file_name: str, limits: Limits = HOUSE_LIST) -> Workbook:
    """Read an .xlsx, .xls or CSV file, known by its content, into values as they stand in the cells.

    Text stays verbatim and a whole number is an `int`; an empty cell and an error value are `None`; formulas give
    the value stored beside them. CSV cells are all text. Raises `NotReadable` with one sentence, and `OSError`
    where `source` is a path that cannot be read.
    """
    data = read_bytes(source, file_name=file_name, limits=limits)
    kind = kind_of(data, file_name=file_name)
    if kind is Kind.TEXT:
        sheets = [_sheet_of_text(decoded(data) or "", file_name)]
    else:
        if kind is Kind.XLSX:
            refuse_bomb(data, file_name=file_name, limits=limits)
        sheets = _sheets_of_workbook(data, kind, file_name)
    for sheet in sheets:
        if len(sheet.rows) > limits.rows or max(map(len, sheet.rows), default=0) > COLUMN_LIMIT:
            raise too_many_cells(file_name, limits)
    return Workbook(file_name, sheets)


def column_letters(column: int) -> str:
    """The letters above a column counted from 0: A, B … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """The address of `rows[row][column]` as spreadsheet programs show it: "C12" for row 11, column 2."""
    return f"{column_letters(column)}{row + 1}"


def _sheets_of_workbook(data: bytes, kind: Kind, file_name: str) -> list[Sheet]:
    try:
        sheets = read_sheets_apart(data) if kind is Kind.XLS else read_sheets(data)
    except Locked as problem:
        raise locked(file_name) from problem
    except Damaged as problem:
        raise damaged(file_name) from problem
    return [Sheet(name, rows, hidden, merged) for name, hidden, rows, merged in sheets]


def _sheet_of_text(text: str, file_name: str) -> Sheet:
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
        return Sheet("", [[value or None for value in line] for line in lines])
    except csv.Error as problem:
        raise damaged(file_name) from problem
