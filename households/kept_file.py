"""The workbook that a list came in, kept so that it can go back in the sender's own layout.

Columns that nobody needs (names, telephones) and names in titles and signatures are not stored: where a list has any,
a copy is kept in which they are empty. The copy holds the sheets of the lists alone, with values in place of formulas,
and neither comments, links, pictures, macros nor the names of those who typed it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.scenario import ScenarioList
from openpyxl.worksheet.worksheet import Worksheet

from communities.formulas import may_run

from .files.file_kinds import Kind, kind_of
from .files.raw_sheets import column_number
from .models import HouseNumberRecord, ListFile
from .reading.cell_texts import as_text, verbatim
from .reading.signatures import cells_beside_houses, without_names
from .workbook import Sheet, column_letters, open_workbook

# Beyond this many cells, empty ones with a look of their own included, openpyxl needs too long for the sender's look;
# so it does beyond this much else: rules, names, links.
MOST_CELLS_IN_LOOK = 120_000
_MOST_ELSE_IN_LOOK = 100_000
_TAGS_OF_A_CELL = 6
TITLE_OF_PLAIN_SHEET = "บัญชี"
_NOT_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\"))
_LONGEST_TITLE = 31
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_AREA = re.compile(rb"""["'=\s]\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["'\s]""")
_UNFOLDED = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^<>]*")
# The parts and the tags of a workbook that holds cells and their look and nothing else.
_PLAIN_PARTS = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/(?:core|app)\.xml"
    r"|xl/(?:workbook|styles|sharedstrings|theme/theme[0-9]+|worksheets/sheet[0-9]+|calcchain)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/printersettings/.*|xl/worksheets/_rels/.*"
)
_TAG = re.compile(rb"<([^\s/>]+)")
_PLAIN_TAGS = frozenset(
    b"?xml worksheet sheetPr tabColor outlinePr pageSetUpPr dimension sheetViews sheetView pane selection "
    b"sheetFormatPr cols col sheetData row c v f is t mergeCells mergeCell autoFilter "
    b"pageMargins pageSetup printOptions phoneticPr ignoredErrors ignoredError".split()
)
_PROPERTIES = {
    "docprops/core.xml": (
        '<?xml version="1.0"?><cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docprops/app.xml": (
        '<?xml version="1.0"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
}


class ReadTable(NamedTuple):
    """A list's sheet as it was read, the row of its header as the spreadsheet shows it, and its records."""

    sheet: Sheet
    header_row: int
    records: Sequence[HouseNumberRecord]


Place = tuple[int, int]
# What stands in a cell instead of what was typed, None for nothing.
Changes = dict[Place, object]


def keep(data: bytes, *, file_name: str, fingerprint: str, tables: Sequence[ReadTable]) -> ListFile:
    """The file of the lists in `tables`, unsaved; `emptied` names the columns that are not stored.

    A record's `cells` say what may be kept: what they hold as None, or otherwise than typed, is changed in the file
    too. Of the other lines persons' names are taken.
    """
    unneeded: dict[str, set[Place]] = defaultdict(set)
    changes: dict[str, Changes] = defaultdict(dict)
    for table in tables:
        unneeded[table.sheet.name] |= _unneeded(table)
        changes[table.sheet.name] |= _changes(table)
    if not any(changes.values()) and _may_stay_as_it_came(data, tables):
        return ListFile(fingerprint=fingerprint, name=file_name[-255:], content=_without_properties(data))
    return ListFile(
        fingerprint=fingerprint,
        name=f"{PurePath(file_name).stem[-250:]}.xlsx",
        content=_copy(data, tables, changes),
        emptied=[column for table in tables for column in _columns(table)],
    )


def _changes(table: ReadTable) -> Changes:
    houses = {record.row - 1 for record in table.records}
    changes: Changes = {(row, column): kept for row, column, kept in cells_beside_houses(table.sheet.rows, houses)}
    for record in table.records:
        for column, value in enumerate(table.sheet.rows[record.row - 1]):
            kept = record.cells[column] if column < len(record.cells) else None
            if value not in (None, "") and (kept is None or kept != verbatim(value)):
                changes[record.row - 1, column] = kept
    return changes


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
            "heading": as_text(without_names(words[column]))[:80] if column < len(words) else "",
        }
        for column in sorted({column for _row, column in _unneeded(table)})
    ]


def _may_stay_as_it_came(data: bytes, tables: Sequence[ReadTable]) -> bool:
    """Whether an .xlsx holds nothing but cells of the lists and their look."""
    if kind_of(data) is not Kind.XLSX:
        return False
    file = zipfile.ZipFile(io.BytesIO(data))
    if not all(_PLAIN_PARTS.fullmatch(name.lower()) for name in file.namelist()) or not _has_look_to_keep(data):
        return False
    sheets = [file.read(name) for name in file.namelist() if _is_sheet(name.lower())]
    plain = all(_PLAIN_TAGS.issuperset(_TAG.findall(sheet)) for sheet in sheets)
    return plain and len(sheets) <= len({table.sheet.name for table in tables})


def _without_properties(data: bytes) -> bytes:
    """The same workbook without the names of those who made it."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, _PROPERTIES.get(name.lower()) or old.read(name))
    return copy.getvalue()


def _copy(data: bytes, tables: Sequence[ReadTable], changes: dict[str, Changes]) -> bytes:
    book = None
    if kind_of(data) is Kind.XLSX and _has_look_to_keep(data):
        book = _in_its_own_look(data, tables, changes)
    return saved(book or _plain([table.sheet for table in tables], changes))


def reopened(file: ListFile) -> Workbook:
    """The workbook of a kept file; without its look where openpyxl cannot open what the list was read from."""
    data = bytes(file.content)
    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except Exception:  # openpyxl answers odd styles and parts with errors of every kind
        return _plain(open_workbook(data, file_name=file.name).sheets, {})


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _has_look_to_keep(data: bytes) -> bool:
    """Whether openpyxl, which unfolds areas and every rule, can open and save an .xlsx in short time."""
    file = zipfile.ZipFile(io.BytesIO(data))
    sheets = [file.read(name) for name in file.namelist() if _is_sheet(name.lower())]
    others = [file.read(name) for name in file.namelist() if name.lower() in ("xl/workbook.xml", "xl/styles.xml")]
    cells = sum(len(_CELL.findall(sheet)) for sheet in sheets)
    tags = sum(part.count(b"<") for part in [*sheets, *others])
    unfolded = sum(_cells_unfolded(sheet) for sheet in sheets)
    return cells + unfolded <= MOST_CELLS_IN_LOOK and tags - _TAGS_OF_A_CELL * cells <= _MOST_ELSE_IN_LOOK


def _cells_unfolded(sheet: bytes) -> int:
    """In how many cells areas that are merged or lead elsewhere end up."""
    areas = (area for tag in _UNFOLDED.findall(sheet) for area in _AREA.findall(tag + b" "))
    return sum(
        _size_of(column_number(left.decode()), int(top), column_number(right.decode()), int(bottom))
        for left, top, right, bottom in areas
    )


def _size_of(left: int, top: int, right: int, bottom: int) -> int:
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _in_its_own_look(data: bytes, tables: Sequence[ReadTable], changes: dict[str, Changes]) -> Workbook | None:
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
        for (row, column), kept in changes[name].items():
            if isinstance(book[name].cell(row + 1, column + 1), Cell):
                write(book[name], row + 1, column + 1, kept)
    forget_people(book)
    return book


def bare(sheet: Worksheet) -> None:
    """Leaves cells, widths, merged areas and formats, and takes what may name people or lead elsewhere."""
    for cell in cells_of(sheet):
        cell.comment = None
        cell.hyperlink = None
    sheet._images, sheet._charts = [], []  # openpyxl has no other way
    sheet.legacy_drawing = None
    sheet.HeaderFooter = HeaderFooter()
    sheet.scenarios = ScenarioList()
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    sheet.data_validations.dataValidation = []


def cells_of(sheet: Worksheet) -> Iterator[Cell]:
    """The cells that a sheet states, and no more: one far out makes a rectangle of billions."""
    return (cell for cell in list(sheet._cells.values()) if isinstance(cell, Cell))


def forget_people(book: Workbook) -> None:
    """Takes away who made the workbook, and names that lead into sheets which are gone."""
    book.properties = DocumentProperties(creator="", created=book.properties.created)
    book.custom_doc_props = CustomPropertyList()
    book.defined_names.clear()
    book.active = 0
    book.active.sheet_state = "visible"


def _plain(sheets: Sequence[Sheet], changes: Mapping[str, Changes]) -> Workbook:
    """A new workbook with the same values in the same cells, for kinds of file that openpyxl does not write."""
    book = Workbook()
    book.remove(book.active)
    for name, sheet in {sheet.name: sheet for sheet in sheets}.items():
        _write_plain(book.create_sheet(_title(name)), sheet, changes.get(name, {}))
    return book


def _write_plain(copy: Worksheet, sheet: Sheet, changes: Changes) -> None:
    for row, cells in enumerate(sheet.rows):
        for column, typed in enumerate(cells):
            value = changes.get((row, column), typed)
            if value not in (None, ""):
                write(copy, row + 1, column + 1, value)
    for area in _merged_inside(sheet):
        copy.merged_cells.ranges.add(area)  # merge_cells compares each area with all others
    for column in range(max(map(len, sheet.rows), default=0)):
        copy.column_dimensions[get_column_letter(column + 1)].width = 16


def _merged_inside(sheet: Sheet) -> Iterator[CellRange]:
    """The merged areas among the values: one that leads far out would have to be filled with cells."""
    width = max(map(len, sheet.rows), default=0)
    for (top, left), (bottom, right) in sheet.merged:
        if bottom < len(sheet.rows) and right < width:
            yield CellRange(min_row=top + 1, min_col=left + 1, max_row=bottom + 1, max_col=right + 1)


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
    if isinstance(cell.value, str) and may_run(cell.value):
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
    return max((cell.column for cell in cells_of(sheet) if cell.value not in (None, "")), default=1)
