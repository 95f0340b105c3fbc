"""Findings in a sender's workbook: what the office adds when it goes back, and how it is known when it returns."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from communities.thai_text import clean

from .workbook import Cell, Sheet

# Fixed words, in no catalogue: what comes back is known by them, in whatever language the office worked.
HEADING = "ผลการตรวจ (ฝ่ายทะเบียน)"
EXPLANATION = "คำอธิบายผลการตรวจ"
MARK = "▸ "


def sheets_as_sent(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets without what the office added when it sent a list back: findings and explanation.

    The office's own sentences speak of houses struck off or repeated and must not be read as the sender's remarks,
    wherever the sender has moved them.
    """
    return [
        dataclasses.replace(sheet, rows=[_without_findings(cells) for cells in sheet.rows])
        if any(map(_has_finding, sheet.rows))
        else sheet
        for sheet in sheets
        if sheet.name != EXPLANATION
    ]


def is_finding(value: object) -> bool:
    """Whether a cell holds the office's words: the heading of the findings, or one of them."""
    return isinstance(value, str) and (value.startswith(MARK) or (value.startswith("ผล") and clean(value) == HEADING))


def _has_finding(cells: list[Cell]) -> bool:
    return any(map(is_finding, cells))


def _without_findings(cells: list[Cell]) -> list[Cell]:
    left = [None if is_finding(cell) else cell for cell in cells]
    while left and left[-1] is None and len(left) > 1:
        left.pop()
    return left
