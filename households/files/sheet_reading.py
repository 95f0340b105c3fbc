"""Sheets of a workbook as plain cells, whatever kind of workbook it is.

Nothing may arrive silently wrong: an error value comes as the text that the cell shows ("#N/A"), an error of its row
for whoever reads on; a boolean as `bool`; a time of day as `time`, a length of time as `timedelta`; percent,
fractions and padded numbers as the stored number, with the format under which it shows; a number beyond 2^53, whose
last digits no spreadsheet keeps, as a `float`; what is no number at all ("NaN") as text; a formula as its stored value.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator

import python_calamine

from households.files import excel_marks
from households.files.excel_marks import Marks
from households.files.raw_sheets import Bounds, Cell, Content, RawBook, RawSheet, Unreadable, plain_number
from households.files.zip_safety import refuse_far_cells

# What a format shows as it is written, and what stands in brackets; the rest are its signs.
_NOT_SIGNS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# Day, month or year in a format of Thai Excel, of which calamine knows nothing.
_THAI_DATE = re.compile("[bBวดป]")
_LAST_DAY = 2_958_465
_FORMULA_OR_ERROR = re.compile(rb"""<(?:\w+:)?f[\s/>]|\bt\s*=\s*["']e["']""")


def read_values(data: bytes, bounds: Bounds) -> RawBook:
    """The values alone of an .xlsx: enough for the register's extract, of which no person typed a cell.

    Where it `has_formulas_or_errors`, cells that show something would read as empty. Raises `Unreadable`.
    """
    refuse_far_cells(data, bounds)
    return RawBook([sheet for _number, sheet in _worksheets(data)])


def has_formulas_or_errors(data: bytes) -> bool:
    """Whether a sheet of the .xlsx has a formula or an error value: somebody worked on what a program had written."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.lower().startswith("xl/worksheets/")]
        return any(_FORMULA_OR_ERROR.search(archive.read(name)) for name in sheets)


def read_excel(data: bytes, bounds: Bounds) -> RawBook:
    """An .xlsx with what its cells say beside their values.

    Raises `Unreadable`: damaged, locked, or more content than the bounds allow.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        marks = excel_marks.read_marks(archive, bounds)
        outside = any(name.lower().startswith(excel_marks.OUTSIDE_PARTS) for name in archive.namelist())
    refuse_far_cells(data, bounds)
    sheets = [_marked(sheet, marks[number]) for number, sheet in _worksheets(data)]
    return RawBook(sheets, outside)


def read_old_excel(data: bytes, bounds: Bounds) -> RawBook:
    """An .xls, likewise; only in a process of its own (`reading_apart`)."""
    from households.files import old_excel_marks  # only that process needs xlrd

    marks, outside = old_excel_marks.read_marks(data)
    sheets = [sheet for _number, sheet in _worksheets(data)]
    if len(sheets) != len(marks):
        raise Unreadable("damaged")
    for sheet in sheets:
        _count(sheet, bounds)
    return RawBook(list(map(_marked, sheets, marks)), outside)


def _worksheets(data: bytes) -> Iterator[tuple[int, RawSheet]]:
    """Each worksheet with its place among all sheets, charts included."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        if len(set(book.sheet_names)) < len(book.sheet_names):  # calamine knows sheets by their names only
            raise Unreadable("damaged")
        for number, entry in enumerate(book.sheets_metadata):
            if entry.typ is python_calamine.SheetTypeEnum.MacroSheet:
                raise Unreadable("macros")
            if entry.typ is python_calamine.SheetTypeEnum.WorkSheet:
                hidden = entry.visible is not python_calamine.SheetVisibleEnum.Visible
                yield number, _raw(book.get_sheet_by_index(number), is_hidden=hidden)
    except python_calamine.PasswordError as problem:
        raise Unreadable("encrypted") from problem
    except (KeyboardInterrupt, SystemExit, GeneratorExit, Unreadable):
        raise
    except BaseException as problem:  # calamine's panics are not Exceptions
        raise Unreadable("damaged") from problem


def _raw(sheet: python_calamine.CalamineSheet, *, is_hidden: bool) -> RawSheet:
    # One row at a time: two copies of a register's half million cells cost more than reading them. The rows begin
    # at row 1, but at the first column that holds anything.
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    rows = [left + list(map(_plain, row)) for row in sheet.iter_rows()]
    return RawSheet(sheet.name, is_hidden, rows, sheet.merged_cell_ranges or [])


def _plain(value: Cell) -> Cell:
    """A spreadsheet has one type of number, and empty text for an empty cell; no database keeps a NUL in a text."""
    if type(value) is str:
        return (value.replace("\0", "\ufffd") if "\0" in value else value) or None
    return plain_number(value) if type(value) is float else value


def _count(sheet: RawSheet, bounds: Bounds) -> None:
    content = Content(sheet.name, bounds)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                content.take(row, column, len(cell) if isinstance(cell, str) else 1)


def _marked(sheet: RawSheet, marks: Marks) -> RawSheet:
    """The sheet with its marks, errors put where they stand and dates made of the numbers that they are stored as."""
    sheet.hidden_rows, sheet.unvalued, sheet.formats = marks.hidden_rows, marks.unvalued, marks.formats
    for (row, column), error in marks.errors.items():
        _put(sheet.rows, row, column, error)
    for (row, column), code in marks.formats.items():
        if _THAI_DATE.search(_NOT_SIGNS.sub("", code)):
            number = sheet.rows[row][column]
            if isinstance(number, int | float) and 0 < number <= _LAST_DAY:
                sheet.rows[row][column] = _date(number, marks.days_from)
    return sheet


def _put(rows: list[list[Cell]], row: int, column: int, value: Cell) -> None:
    rows.extend([] for _missing in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _date(days: float, first: datetime.date) -> datetime.date | datetime.datetime:
    moment = datetime.datetime.combine(first, datetime.time()) + datetime.timedelta(days=days)
    return moment.date() if moment.time() == datetime.time() else moment
