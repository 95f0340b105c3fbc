"""Sheets of an .ods, the format of LibreOffice, read from its XML in one walk.

A row or cell of it may claim to stand there a million times, so every repetition is counted before it is made.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Mapping

from households.files.raw_sheets import (
    LONGEST_TEXT,
    MOST_SHEETS,
    Bounds,
    Cell,
    Content,
    RawBook,
    RawSheet,
    Unreadable,
    XmlWalk,
    cell_address,
    plain_number,
    refuse_more,
    walk_xml,
)

_CONTENT = "content.xml"
_HIDDEN = ("collapse", "filter")
# What a formula that looks into another file holds: ['file:///C:/บ้าน.ods'#$Sheet1.A1]
_OUTSIDE = re.compile(r"'#\$|(file|https?|ftp):|\bDDE\(", re.IGNORECASE)
_MIDNIGHT = datetime.datetime.combine(datetime.date(1900, 1, 1), datetime.time())
_TIME = re.compile(r"(-?)PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,](\d{1,6})\d*)?S")


def read_open_document(data: bytes, bounds: Bounds) -> RawBook:
    """The sheets with their values, as `sheet_reading` says of other workbooks.

    Raises `Unreadable`: damaged, or more content than the bounds allow.
    """
    document = _Document(bounds)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        walk_xml(archive.read(_CONTENT), document)
    return RawBook(document.sheets, document.outside_links)


class _Document(XmlWalk):
    """The sheets, filled row by row; a row is written down when it ends, if it has values."""

    def __init__(self, bounds: Bounds) -> None:
        self.sheets: list[RawSheet] = []
        self.outside_links = False
        self._bounds = bounds
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._tables = 0
        self._closed_groups: list[bool] = []
        self._at_row = self._at_column = 0
        self._row: list[Cell] = []
        self._row_times = 1
        self._is_copy = False
        self._content = Content("", bounds)
        self._cell: Mapping[str, str] | None = None
        self._text: list[str] = []
        self._letters = self._inside = 0
        self._in_paragraph = False

    # --- where the walk is ---

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._cell is not None:
            self._inside += 1
        if begin := _BEGIN.get(name):
            begin(self, attributes)

    def end(self, name: str) -> None:
        if finish := _FINISH.get(name):
            finish(self)
        if self._cell is not None:
            self._inside -= 1

    def text(self, part: str) -> None:
        if self._in_paragraph:
            self._text.append(part)
            self._letters += len(part)
            if self._letters > LONGEST_TEXT:
                raise Unreadable("long_text", self._content.place(self._at_row, self._at_column))

    def _begin_style(self, attributes: Mapping[str, str]) -> None:
        self._style = attributes.get("style:name", "")

    def _begin_table_properties(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _begin_table(self, attributes: Mapping[str, str]) -> None:
        self._tables += 1
        if self._tables > 1:
            return
        name = attributes.get("table:name", "")
        self.sheets.append(RawSheet(name, attributes.get("table:style-name", "") in self._hidden_styles))
        refuse_more(len(self.sheets), MOST_SHEETS)
        letters = self._content.letters
        self._content = Content(name, self._bounds)
        self._content.letters = letters  # those of all tables together
        self._at_row = 0
        self._is_copy = False

    def _begin_table_source(self, _attributes: Mapping[str, str]) -> None:
        """The table is what LibreOffice remembers of a sheet in another file."""
        self.outside_links = self._is_copy = True

    def _end_table(self) -> None:
        self._tables -= 1
        if not self._tables and self._is_copy:
            self.sheets.pop()

    def _begin_group(self, attributes: Mapping[str, str]) -> None:
        self._closed_groups.append(attributes.get("table:display") == "false")

    def _end_group(self) -> None:
        self._closed_groups.pop()

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        if self._tables != 1:
            return
        self._row = []
        self._at_column = 0
        self._row_times = _times(attributes, "table:number-rows-repeated")
        if attributes.get("table:visibility") in _HIDDEN or any(self._closed_groups):
            last = min(self._at_row + self._row_times, self._bounds.rows)
            self.sheets[-1].hidden_rows.update(range(self._at_row, last))

    def _end_row(self) -> None:
        if self._tables != 1:
            return
        if self._row:
            rows = self.sheets[-1].rows
            rows.extend([] for _blank in range(self._at_row - len(rows)))
            rows.extend(list(self._row) for _time in range(self._row_times))
        self._at_row += self._row_times

    # --- the cell ---

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        if self._tables == 1 and self._cell is None:
            self._cell = attributes
            self._text = []
            self._letters = self._inside = 0

    def _begin_paragraph(self, _attributes: Mapping[str, str]) -> None:
        """Paragraphs deeper inside the cell belong to comments and pictures."""
        if self._inside == 1:
            self._in_paragraph = True
            self.text("\n" if self._text else "")

    def _end_paragraph(self) -> None:
        if self._inside == 1:
            self._in_paragraph = False

    def _begin_spaces(self, attributes: Mapping[str, str]) -> None:
        self.text(" " * min(_times(attributes, "text:c"), 1000))

    def _begin_tab(self, _attributes: Mapping[str, str]) -> None:
        self.text("\t")

    def _begin_line_break(self, _attributes: Mapping[str, str]) -> None:
        self.text("\n")

    def _end_cell(self) -> None:
        if self._cell is None or self._inside:
            return
        attributes, self._cell = self._cell, None
        value = _value(attributes, "".join(self._text))
        times = _times(attributes, "table:number-columns-repeated")
        formula = attributes.get("table:formula", "")
        if value is not None:
            self._take(value, times)
        elif formula and "office:value-type" not in attributes:
            self.sheets[-1].unvalued.append(cell_address(self._at_row, self._at_column))
        self.outside_links = self.outside_links or bool(formula and _OUTSIDE.search(formula))
        self._take_merged(attributes)
        self._at_column += times

    def _take(self, value: Cell, times: int) -> None:
        last_row, last_column = self._at_row + self._row_times - 1, self._at_column + times - 1
        length = len(value) if isinstance(value, str) else 1
        self._content.take(last_row, last_column, length, times * self._row_times)
        self._row.extend([None] * (self._at_column - len(self._row)))
        self._row.extend([value] * times)

    def _take_merged(self, attributes: Mapping[str, str]) -> None:
        rows = _times(attributes, "table:number-rows-spanned")
        columns = _times(attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            first = self._at_row, self._at_column
            self.sheets[-1].merged.append((first, (first[0] + rows - 1, first[1] + columns - 1)))


_BEGIN = {
    "style": _Document._begin_style,
    "table-properties": _Document._begin_table_properties,
    "table": _Document._begin_table,
    "table-source": _Document._begin_table_source,
    "table-row-group": _Document._begin_group,
    "table-row": _Document._begin_row,
    "table-cell": _Document._begin_cell,
    "covered-table-cell": _Document._begin_cell,
    "p": _Document._begin_paragraph,
    "s": _Document._begin_spaces,
    "tab": _Document._begin_tab,
    "line-break": _Document._begin_line_break,
}
_FINISH = {
    "table": _Document._end_table,
    "table-row-group": _Document._end_group,
    "table-row": _Document._end_row,
    "table-cell": _Document._end_cell,
    "covered-table-cell": _Document._end_cell,
    "p": _Document._end_paragraph,
}


def _times(attributes: Mapping[str, str], name: str) -> int:
    times = int(attributes.get(name, "1"))
    if times < 1:
        raise Unreadable("damaged")
    return times


def _value(attributes: Mapping[str, str], text: str) -> Cell:
    """The cell's value; what cannot be told as a value of its type comes as the text that the cell shows."""
    kind = attributes.get("office:value-type", "")
    if not kind or attributes.get("calcext:value-type") == "error":
        return text or None
    if kind in ("float", "percentage", "currency"):
        return plain_number(float(attributes.get("office:value", "")))
    if kind == "boolean":
        return attributes.get("office:boolean-value") == "true"
    if kind == "date":
        return _date(attributes.get("office:date-value", "")) or text or None
    if kind == "time":
        return _time(attributes.get("office:time-value", "")) or text or None
    return attributes.get("office:string-value", text) or None


def _date(written: str) -> datetime.date | datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.replace(tzinfo=None) if "T" in written else moment.date()


def _time(written: str) -> datetime.time | datetime.timedelta | None:
    found = _TIME.fullmatch(written)
    if not found:
        return None
    hours, minutes, seconds = int(found[2]), int(found[3]), int(found[4])
    length = datetime.timedelta(
        hours=hours, minutes=minutes, seconds=seconds, microseconds=int((found[5] or "0").ljust(6, "0"))
    )
    if found[1]:
        return -length
    return (_MIDNIGHT + length).time() if length < datetime.timedelta(days=1) else length
