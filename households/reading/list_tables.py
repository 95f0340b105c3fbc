"""A sheet of a list line by line: which table each line belongs to, what it is, and whose houses it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .columns import Header, headers_at, names_columns_anew, names_house, same_words
from .community_names import CommunityNames
from .list_lines import heading_in, why_no_house

_FEWEST_HOUSES_ABOVE = 3
_MOST_TEXTS_OF_TITLE = 2
Cells = Sequence[object]
Merged = Mapping[tuple[int, int], object]
Communities = frozenset[int]


class Line(NamedTuple):
    """A line of a table: `at` which row it stands, counted from 0, the place of its table from the left, its own cells.

    `why` says why it is no house ("" for a house), `heading` what it says about the rows below, `named` the
    communities it belongs to. `is_above` marks a house above the row that names the columns.
    """

    at: int
    table: int
    header: Header
    cells: Cells
    why: str
    heading: str | None
    named: Communities
    is_above: bool = False


class SheetLines:
    """The lines of the tables that begin with `headers` and of those below them; blank ones are left out.

    `merged` is what merged cells show below their first row; `named` are the communities that the sheet or its titles
    name: a line that names others, or a column that does, holds from there on.
    """

    def __init__(
        self,
        rows: Sequence[Cells],
        headers: tuple[Header, ...],
        *,
        merged: Merged,
        names: CommunityNames,
        named: Communities,
    ) -> None:
        self._rows = rows
        self._headers = headers
        self._merged = merged
        self._merged_rows = {row for row, _column in merged}
        self._names = names
        self._named = named

    def __iter__(self) -> Iterator[Line]:
        yield from self._houses_above()
        for index in range(self._headers[0].row, len(self._rows)):
            row = self._rows[index]
            if self._begins_table(row):
                if not self._is_said_header_again(row):
                    self._headers = headers_at(self._rows, index)
                yield self._header_line(index)
            elif index < self._headers[0].row:
                yield self._header_line(index)
            else:
                yield from self._lines_of_row(index)

    def _houses_above(self) -> list[Line]:
        """Houses above the row that names the columns: the first page of a list may have lost its header."""
        header = self._headers[0]
        above = [
            Line(index, 0, header, header.own(row), "", None, self._named, is_above=True)
            for index, row in enumerate(self._rows[: max(header.row - 1, 0)])
            if names_house(header.own(row), header) and self._states_more(row, header)
        ]
        return above if len(above) >= _FEWEST_HOUSES_ABOVE else []

    @staticmethod
    def _states_more(row: Cells, header: Header) -> bool:
        others = [index for index in header.columns.values() if index != header.number]
        return not others or any(index < len(row) and row[index] for index in others)

    def _begins_table(self, row: Cells) -> bool:
        own = [(header.own(row), header) for header in self._headers]
        return any(names_columns_anew(*one) for one in own) and not any(names_house(*one) for one in own)

    def _is_said_header_again(self, row: Cells) -> bool:
        """Whether the next page begins with the words of a header whose columns a person named: they still hold."""
        first = self._headers[0]
        return first.is_said and any(same_words(row, above) for above in self._rows[: first.row])

    def _header_line(self, index: int) -> Line:
        return Line(index, 0, self._headers[0], self._rows[index], "header", None, self._named)

    def _lines_of_row(self, index: int) -> Iterator[Line]:
        typed = self._rows[index]
        filled = self._filled(index, typed)
        for table, header in enumerate(self._headers):
            own, cells = header.own(typed), header.own(filled)
            why = why_no_house(cells if any(own) else own, header) or ""
            if why == "blank":
                continue
            self._follow_names(cells, header, why)
            yield Line(index, table, header, cells, why, heading_in(cells, header), self._named)

    def _filled(self, index: int, typed: Cells) -> Cells:
        if index not in self._merged_rows:
            return typed
        return [self._merged.get((index, column), cell) for column, cell in enumerate(typed)]

    def _follow_names(self, cells: Cells, header: Header, why: str) -> None:
        named: Communities = frozenset()
        if header.community is not None and header.community < len(cells):
            cell = cells[header.community]
            named = self._names.in_cell(str(cell)) if cell is not None else named
        elif why:
            texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
            if len(texts) <= _MOST_TEXTS_OF_TITLE:
                named = self._names.in_line_of_table(" ".join(texts))
        self._named = named or self._named
