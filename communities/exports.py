"""Tables as files: any table of a page as CSV or XLSX, row by row, stamped and counted (product.md S3).

Whatever the number of rows, a piece of them is in memory. Texts stay texts: none can run as a formula.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .formulas import harmless, may_run
from .models import Community, District, Person
from .thai_calendar import long_date

Cell = str | int | float | Decimal | None
Column = tuple[str, Callable[[Any], Cell]]

ROWS_AT_ONCE = 2000  # that a query fetches
ROWS_A_PIECE = 500  # that are sent together
FONT = "TH Sarabun New"
HEADING_ROW = 3
A4 = 9
WIDEST = 40
LONGEST_CELL = 32_767  # of an .xlsx
LONGEST_PRINT_FOOTER = 200


@dataclasses.dataclass(frozen=True)
class Table:
    """A table to take out: its columns, each a heading and what stands there of a line; lines may come one by one.

    `conditions` are the page's filter in words. `houses` is how many houses the table names: such a table is recorded
    when it is taken, with its `community` where it is of one; None for figures.
    """

    title: str
    district: District
    columns: Sequence[Column]
    lines: Iterable[Any]
    conditions: Sequence[tuple[str, str]] = ()
    houses: int | None = None
    community: Community | None = None

    @property
    def headings(self) -> list[str]:
        """What stands above the columns."""
        return [heading for heading, _cell in self.columns]

    def rows(self) -> Iterator[list[Cell]]:
        """The rows one by one, in the order of the lines."""
        for line in self.lines:
            yield [cell(line) for _heading, cell in self.columns]

    @property
    def named(self) -> str:
        """What the table is, and of which district."""
        return f"{self.title} · {self.district}"

    @property
    def filter(self) -> str:
        """The filter in one sentence."""
        if not self.conditions:
            return _("Filter: none")
        return _("Filter: %(conditions)s") % {
            "conditions": "; ".join(f"{label}: {value}" for label, value in self.conditions)
        }


def stamp(by: Person, purpose: str) -> str:
    """Who took a table or paper, when and what for."""
    now = timezone.localtime()
    facts = {"person": by, "day": long_date(now.date()), "time": date_format(now, "H:i"), "purpose": purpose.strip()}
    return _("Taken by %(person)s on %(day)s at %(time)s for: %(purpose)s") % facts


def _count(number: int) -> str:
    return ngettext("%(number)s row", "%(number)s rows", number) % {"number": f"{number:,}"}


# --- CSV ---


def csv_pieces(table: Table, stamped: str) -> Iterator[str]:
    """The table as CSV, piece by piece: headings, rows, and a last line with what it is, the count and the stamp.

    The pieces are made when the page's language is no longer in force, and still speak it.
    """
    return _spoken(translation.get_language(), _pieces(table, stamped))


def _spoken(language: str | None, pieces: Iterator[str]) -> Iterator[str]:
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _pieces(table: Table, stamped: str) -> Iterator[str]:
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(map(_harmless, table.headings))
    number, rows = 0, table.rows()
    while piece := list(itertools.islice(rows, ROWS_A_PIECE)):
        writer.writerows([_harmless(cell) for cell in row] for row in piece)
        number += len(piece)
        yield _emptied(buffer)
    writer.writerow(map(_harmless, (table.named, _count(number), stamped, table.filter)))
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _harmless(cell: Cell) -> Cell:
    """Text without anything that runs; numbers stay numbers."""
    return harmless(cell) if isinstance(cell, str) else cell


# --- XLSX ---


def workbook(table: Table, stamped: str) -> IO[bytes]:
    """The table as .xlsx in a file of its own that is gone when it is closed, to be read from its beginning."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = _Sheet(book, table, stamped)
        for row in table.rows():
            sheet.add(row)
        sheet.finish()
    file.seek(0)
    return file


class _Sheet:
    """A sheet in the making: title, stamp and filter, the headings, the rows, and the count below them."""

    def __init__(self, book: xlsxwriter.Workbook, table: Table, stamped: str) -> None:
        font = {"font_name": FONT, "font_size": 14}
        self._small = book.add_format(font)
        self._bold = book.add_format({"font_name": FONT, "font_size": 18, "bold": True})
        self._head = book.add_format(font | {"bold": True, "bottom": 1})
        self._plain = book.add_format(font | {"bottom": 7})
        # A text that begins like a formula stays text also when somebody edits its cell.
        self._guarded = book.add_format(font | {"bottom": 7, "quote_prefix": True})
        self._number = book.add_format(font | {"bottom": 7, "num_format": "#,##0.##;-#,##0.##"})
        self._whole = book.add_format(font | {"bottom": 7, "num_format": "#,##0"})
        self._table, self._stamped = table, stamped
        self._headings = table.headings
        self._widths = [len(heading) for heading in self._headings]
        self._rows = 0
        self._sheet = book.add_worksheet()
        self._begin(book)

    def _begin(self, book: xlsxwriter.Workbook) -> None:
        self._sheet.set_paper(A4)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0, HEADING_ROW)
        self._sheet.freeze_panes(HEADING_ROW + 1, 0)
        self._sheet.set_footer(f"&L{self._stamped.replace('&', '&&')[:LONGEST_PRINT_FOOTER]}&R&P / &N")
        book.set_properties({"title": self._table.named, "comments": self._stamped})
        self._sheet.write_string(0, 0, self._table.named, self._bold)
        self._sheet.write_string(1, 0, self._stamped, self._small)
        self._sheet.write_string(2, 0, self._table.filter[:LONGEST_CELL], self._small)
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(HEADING_ROW, column, heading, self._head)

    def add(self, row: Sequence[Cell]) -> None:
        """Writes the next row; rows that are written are not kept."""
        self._rows += 1
        place = HEADING_ROW + self._rows
        for column, cell in enumerate(row):
            if isinstance(cell, int | float | Decimal):
                self._sheet.write_number(place, column, cell, self._whole if cell == int(cell) else self._number)
            elif cell:
                text = cell[:LONGEST_CELL]
                self._sheet.write_string(place, column, text, self._guarded if may_run(text) else self._plain)
            else:
                self._sheet.write_blank(place, column, None, self._plain)
            if cell is not None:
                self._widths[column] = max(self._widths[column], len(str(cell)))

    def finish(self) -> None:
        """The count and the stamp below the rows, and the columns as wide as they need."""
        last = HEADING_ROW + self._rows
        self._sheet.write_string(last + 2, 0, f"{_count(self._rows)} · {self._stamped}", self._small)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(width + 3, WIDEST))
        self._sheet.autofilter(HEADING_ROW, 0, max(last, HEADING_ROW + 1), len(self._headings) - 1)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last + 1}"})
