"""The workbook that a list came in, kept so that it can go back in the sender's own layout.

Columns that nobody needs (names, telephones) are not stored: where a list has any, a copy is kept in which they are
empty. The copy holds the sheets of the lists alone, with values in place of formulas, and neither comments, links,
pictures, macros nor the names of those who typed it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from .files.file_kinds import Kind, kind_of
from .models import HouseNumberRecord, ListFile
from .reading.list_rows import as_text
from .workbook import Sheet, column_letters

# Beyond this many cells, empty ones with a look of their own included, openpyxl needs too long for the sender's look.
MOST_CELLS_IN_LOOK = 120_000
TITLE_OF_PLAIN_SHEET = "บัญชี"
_NOT_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\"))
_LONGEST_TITLE = 31
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z]+[0-9]+:[A-Z]+[0-9]+)["']""")
MOST_CELLS_MERGED = 1_000
# Parts of a workbook beside its cells that may name people, run, or lead elsewhere.
_MORE_THAN_CELLS = (
    "xl/vbaproject",
    "xl/externallinks/",
    "xl/comments",
    "xl/threadedcomments/",
    "xl/persons/",
    "xl/media/",
    "xl/embeddings/",
    "xl/activex/",
    "xl/connections",
    "customxml/",
    "docprops/custom",
)


class ReadTable(NamedTuple):
    """A list's sheet as it was read, the row of its header as the spreadsheet shows it, and its records."""

    sheet: Sheet
    header_row: int
    records: Sequence[HouseNumberRecord]


Place = tuple[int, int]


def keep(data: bytes, *, file_name: str, fingerprint: str, tables: Sequence[ReadTable]) -> ListFile:
    """The file of the lists in `tables`, unsaved; `emptied` names the columns that are not stored.

    A record's `cells` say what may be kept: what they hold as None is emptied in the file too.
    """
    unneeded: dict[str, set[Place]] = defaultdict(set)
    for table in tables:
        unneeded[table.sheet.name] |= _unneeded(table)
    if not any(unneeded.values()) and _may_stay_as_it_came(data, tables):
        return ListFile(fingerprint=fingerprint, name=file_name[-255:], content=data)
    return ListFile(
        fingerprint=fingerprint,
        name=f"{PurePath(file_name).stem[-250:]}.xlsx",
        content=_copy(data, tables, unneeded),
        emptied=[column for table in tables for column in _columns(table)],
    )


def _unneeded(table: ReadTable) -> set[Place]:
    """The cells, by row and column from 0, that a record does not keep."""
    kept = {record.row: record.cells for record in table.records}
    return {
        (row - 1, column)
        for row, cells in kept.items()
        for column, value in enumerate(table.sheet.rows[row - 1])
        if value not in (None, "") and (column >= len(cells) or cells[column] is None)
    }


def _columns(table: ReadTable) -> list[dict[str, str]]:
    """Each column that was emptied: its sheet, its letter and the words above it."""
    words = table.sheet.rows[table.header_row - 1] if table.header_row else []
    return [
        {
            "sheet": table.sheet.name,
            "column": column_letters(column),
            "heading": as_text(words[column])[:80] if column < len(words) else "",
        }
        for column in sorted({column for _row, column in _unneeded(table)})
    ]


def _may_stay_as_it_came(data: bytes, tables: Sequence[ReadTable]) -> bool:
    """Whether an .xlsx holds nothing but cells of the lists."""
    if kind_of(data) is not Kind.XLSX:
        return False
    parts = [name.lower() for name in zipfile.ZipFile(io.BytesIO(data)).namelist()]
    if any(part.startswith(_MORE_THAN_CELLS) for part in parts) or _cells_in(data) > MOST_CELLS_IN_LOOK:
        return False
    sheets = sum(map(_is_sheet, parts))
    return sheets <= len({table.sheet.name for table in tables})


def _copy(data: bytes, tables: Sequence[ReadTable], unneeded: dict[str, set[Place]]) -> bytes:
    book = None
    if kind_of(data) is Kind.XLSX and _cells_in(data) <= MOST_CELLS_IN_LOOK:
        book = _in_its_own_look(data, tables, unneeded)
    return saved(book or _plain(tables, unneeded))


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _cells_in(data: bytes) -> int:
    """How many cells the sheets of an .xlsx state or merge: very many where borders reach down to the last row."""
    file = zipfile.ZipFile(io.BytesIO(data))
    sheets = [file.read(name) for name in file.namelist() if _is_sheet(name.lower())]
    stated = sum(len(_CELL.findall(sheet)) for sheet in sheets)
    return stated + sum(
        _size_of(*range_boundaries(area.decode())) for sheet in sheets for area in _MERGED.findall(sheet)
    )


def _size_of(left: int, top: int, right: int, bottom: int) -> int:
    return (right - left + 1) * (bottom - top + 1)


def _in_its_own_look(data: bytes, tables: Sequence[ReadTable], unneeded: dict[str, set[Place]]) -> Workbook | None:
    """The sender's workbook with the lists' sheets alone; None where openpyxl cannot open what calamine could."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except Exception:  # openpyxl answers odd styles and parts with errors of every kind
        return None
    names = {table.sheet.name for table in tables}
    if not names <= set(book.sheetnames):
        return None
    for name in set(book.sheetnames) - names:
        book.remove(book[name])
    for name in names:
        bare(book[name])
        for row, column in unneeded[name]:
            cell = book[name].cell(row + 1, column + 1)
            if not isinstance(cell, MergedCell):
                cell.value = None
    forget_people(book)
    return book


def bare(sheet: Worksheet) -> None:
    """Leaves cells, widths, merged areas and formats, and takes what may name people or lead elsewhere."""
    for cell in _cells(sheet):
        cell.comment = None
        cell.hyperlink = None
    sheet._images, sheet._charts = [], []  # openpyxl has no other way
    sheet.legacy_drawing = None
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    sheet.data_validations.dataValidation = []


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell))


def forget_people(book: Workbook) -> None:
    """Takes away who made the workbook, and names that lead into sheets which are gone."""
    book.properties = DocumentProperties(creator="", created=book.properties.created)
    book.custom_doc_props = CustomPropertyList()
    book.defined_names.clear()
    book.active = 0
    book.active.sheet_state = "visible"


def _plain(tables: Sequence[ReadTable], unneeded: dict[str, set[Place]]) -> Workbook:
    """A new workbook with the same values in the same cells, for kinds of file that openpyxl does not write."""
    book = Workbook()
    book.remove(book.active)
    for name, table in {table.sheet.name: table for table in tables}.items():
        sheet = book.create_sheet(_title(name))
        for row, cells in enumerate(table.sheet.rows):
            for column, value in enumerate(cells):
                if value not in (None, "") and (row, column) not in unneeded[name]:
                    write(sheet, row + 1, column + 1, value)
        for (top, left), (bottom, right) in table.sheet.merged:
            if _size_of(left, top, right, bottom) <= MOST_CELLS_MERGED:
                sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for column in range(max(map(len, table.sheet.rows), default=0)):
            sheet.column_dimensions[get_column_letter(column + 1)].width = 16
    return book


def _title(name: str) -> str:
    return name.translate(_NOT_IN_TITLE).strip("'")[:_LONGEST_TITLE] or TITLE_OF_PLAIN_SHEET


def write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Puts a value into a cell; text stays text, however it begins: a clerk's "=1+1" is no formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = value
    guard(cell)


def guard(cell: Cell) -> None:
    """Marks text that begins like a formula as text, so that it stays so when somebody edits the cell."""
    if isinstance(cell.value, str) and cell.value.lstrip().startswith(("=", "+", "-", "@")):
        cell.data_type = "s"
        cell.quotePrefix = True


def saved(book: Workbook) -> bytes:
    """The workbook as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_of(book: Workbook, name: str) -> Worksheet:
    """The list's own sheet of a kept workbook; the only one where a file without sheet names was converted."""
    title = name if name in book.sheetnames else _title(name)
    return book[title] if title in book.sheetnames else book.worksheets[0]


def last_column(sheet: Worksheet) -> int:
    """The last column, counted from 1, in which any cell has a value."""
    return max((cell.column for cell in _cells(sheet) if cell.value not in (None, "")), default=1)
