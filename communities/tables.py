"""A table that another office sent: where its header stands, which column is which, and what its cells say.

The rows are plain values, whatever file they came from.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.thai_text import clean, to_arabic_digits

HEADER_SOUGHT_IN_ROWS = 20
_NOISE = re.compile(r"[\s.:*()\[\]_-]+")
_FEW = 5
_LONGEST_QUOTE = 30


@dataclass(frozen=True)
class Column:
    """A column that a table must have: the office's own heading first, then other headings that mean the same."""

    name: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows below a header, and where each column is. `header_row` counts from 0."""

    file_name: str
    sheet_name: str
    rows: Sequence[Sequence[object]]
    header_row: int
    columns: Mapping[str, int]

    def place(self, rows: Sequence[int] = (), column: str | None = None) -> str:
        """Where something stands, in words: file, sheet, column, and rows as the spreadsheet shows them."""
        parts = [self.file_name]
        if self.sheet_name:
            parts.append(_("sheet %(sheet)s") % {"sheet": self.sheet_name})
        if column is not None:
            parts.append(_("column “%(column)s”") % {"column": self.heading(column)})
        if rows:
            parts.append(_("row %(rows)s") % {"rows": few(rows)})
        return ", ".join(parts)

    def heading(self, column: str) -> str:
        """The heading as the sender wrote it."""
        return clean(str(self.rows[self.header_row][self.columns[column]]))


def find_table(
    sheets: Sequence[tuple[str, Sequence[Sequence[object]]]], columns: Sequence[Column], *, file_name: str
) -> Table:
    """The table among the sheets (name, rows) that has all the columns, its header in one of the first 20 rows.

    Raises ValidationError: `no_header`, `columns_missing`, `column_twice` or `several_tables`.
    """
    headers = [_best_header(name, rows, columns, file_name) for name, rows in sheets]
    complete = [table for table in headers if len(table.columns) == len(columns)]
    if not complete:
        raise _columns_missing(max(headers, key=lambda table: len(table.columns), default=None), columns, file_name)
    if len(complete) > 1:
        raise ValidationError(
            _("%(file)s has this table on several sheets (%(sheets)s): send one sheet with all the rows."),
            code="several_tables",
            params={"file": file_name, "sheets": ", ".join(table.sheet_name for table in complete)},
        )
    return complete[0]


def with_optional(table: Table, column: Column) -> Table:
    """The table with one column more where its header names it.

    Raises ValidationError `column_twice`, also for two headings that mean the same: nobody could tell which holds.
    """
    named = _columns_named_in(table.rows[table.header_row], [column])
    if not named:
        return table
    wider = replace(table, columns={**table.columns, **named})
    meant = set(map(_word, column.headings))
    if sum(_word(cell) in meant for cell in table.rows[table.header_row]) > 1:
        raise _column_twice(wider, column.name)
    return wider


def text_of(value: object) -> str:
    """What a cell says, as text without spaces around it: "" for an empty cell, 2015-02-06 for a date."""
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value)


def quoted(text: str) -> str:
    """A cell's text short enough for a sentence."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def few(rows: Sequence[int]) -> str:
    """The first rows (counted from 0) by the numbers that the spreadsheet shows: "5, 6, 9 … (12 rows)"."""
    shown = ", ".join(str(row + 1) for row in rows[:_FEW])
    if len(rows) <= _FEW:
        return shown
    return _("%(rows)s … (%(count)s rows)") % {"rows": shown, "count": len(rows)}


def _best_header(name: str, rows: Sequence[Sequence[object]], columns: Sequence[Column], file_name: str) -> Table:
    found: dict[str, int] = {}
    header_row = 0
    for number, row in enumerate(rows[:HEADER_SOUGHT_IN_ROWS]):
        named = _columns_named_in(row, columns)
        if len(named) > len(found):
            header_row, found = number, named
    table = Table(file_name, name, rows, header_row, found)
    if len(found) == len(columns):
        _refuse_column_twice(table)
    return table


def _columns_named_in(row: Sequence[object], columns: Sequence[Column]) -> dict[str, int]:
    """Where the row names each column; of two headings that mean the same, the one more usual in the office."""
    words = [_word(cell) for cell in row]
    named = {}
    for column in columns:
        heading = next((word for word in map(_word, column.headings) if word in words), None)
        if heading:
            named[column.name] = words.index(heading)
    return named


def _refuse_column_twice(table: Table) -> None:
    words = [_word(cell) for cell in table.rows[table.header_row]]
    for name, index in table.columns.items():
        if words.count(words[index]) > 1:
            raise _column_twice(table, name)


def _column_twice(table: Table, name: str) -> ValidationError:
    return ValidationError(
        _("%(place)s: the column “%(column)s” stands there twice; leave one."),
        code="column_twice",
        params={"place": table.place([table.header_row]), "column": table.heading(name)},
    )


def _columns_missing(best: Table | None, columns: Sequence[Column], file_name: str) -> ValidationError:
    wanted = ", ".join(column.headings[0] for column in columns)
    if best is None or len(best.columns) < 2:
        return ValidationError(
            _("%(file)s has no row that names its columns. Looked for: %(wanted)s."),
            code="no_header",
            params={"file": file_name, "wanted": wanted},
        )
    missing = ", ".join(column.headings[0] for column in columns if column.name not in best.columns)
    return ValidationError(
        _("%(place)s: the column %(missing)s is missing. Looked for: %(wanted)s."),
        code="columns_missing",
        params={"place": best.place([best.header_row]), "missing": missing, "wanted": wanted},
    )


def _word(cell: object) -> str:
    if not isinstance(cell, str):
        return ""
    return _NOISE.sub("", to_arabic_digits(clean(cell))).casefold()
