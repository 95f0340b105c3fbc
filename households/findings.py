"""The column of findings that the office adds to a sender's workbook, and how it is known again when it comes back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from communities.thai_text import clean

from .workbook import Cell, Sheet

# Fixed words, in no catalogue: a list that comes back is known by them, in whatever language the office worked.
HEADING = "ผลการตรวจ (ฝ่ายทะเบียน)"
EXPLANATION = "คำอธิบายผลการตรวจ"


def sheets_as_sent(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets without what the office added when it sent a list back: the column of findings, the explanation.

    The office's own sentences speak of houses struck off or repeated and must not be read as the sender's remarks.
    """
    return [_without_findings(sheet) for sheet in sheets if sheet.name != EXPLANATION]


def _without_findings(sheet: Sheet) -> Sheet:
    found = next(
        (
            (row, column)
            for row, cells in enumerate(sheet.rows)
            for column, cell in enumerate(cells)
            if isinstance(cell, str) and clean(cell) == HEADING
        ),
        None,
    )
    if found is None:
        return sheet
    top, column = found
    rows = [cells if row < top else _without(cells, column) for row, cells in enumerate(sheet.rows)]
    return dataclasses.replace(sheet, rows=rows)


def _without(cells: list[Cell], column: int) -> list[Cell]:
    if len(cells) <= column + 1:
        return cells[:column]
    return [*cells[:column], None, *cells[column + 1 :]]
