"""Citizen numbers and telephones that stand where an address should: they are not stored."""

from __future__ import annotations

import re

from communities.thai_text import to_arabic_digits

_FEWEST_DIGITS = 9
# A telephone begins with 0, which no house number does; a spreadsheet drops that 0 from a number.
_CITIZEN = r"[1-8](?:[\s.-]?[0-9]){12}"
_TELEPHONE = r"(?:\+?66|0)(?:[\s.-]?[0-9]){8,9}"
_PRIVATE = re.compile(rf"(?<![0-9/])(?:{_CITIZEN}|{_TELEPHONE})(?![0-9/])")
_SMALLEST_TELEPHONE = 100_000_000
_DIGITS = re.compile(r"[0-9๐-๙]")


def without_private_numbers(cell: object) -> object:
    """The cell of a list as it may be stored: citizen numbers and telephones taken out, None where nothing is left."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return cell
    if not isinstance(cell, str):
        return None if cell >= _SMALLEST_TELEPHONE else cell
    if len(cell) < _FEWEST_DIGITS or sum(1 for _ in _DIGITS.finditer(cell)) < _FEWEST_DIGITS:
        return cell
    arabic = to_arabic_digits(cell)
    left, taken = _PRIVATE.subn("", arabic)
    if not taken:
        return cell
    return left.strip() or None
