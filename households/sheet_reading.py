"""Sheets of a workbook as plain tuples, read by calamine.

A damaged .xls can make calamine reserve all the memory there is and take the process with it. The project runs this
file as a program of its own for those: it reads a workbook from its input and writes its sheets to its output.
It imports nothing of the project, so that it starts at once.
"""

from __future__ import annotations

import datetime
import io
import pickle
import resource
import subprocess
import sys

import python_calamine

Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
RawSheet = tuple[str, bool, list[list[Cell]], list[tuple[tuple[int, int], tuple[int, int]]]]

_MEMORY = 2 * 1024**3
_SECONDS = 20
_LOCKED = 3


class Damaged(Exception):
    """The workbook cannot be read."""


class Locked(Exception):
    """The workbook opens with a password only."""


def read_sheets(data: bytes) -> list[RawSheet]:
    """Each worksheet's name, whether it is hidden, its rows from row 1 and column A on, and its merged areas.

    Whole numbers are `int`, empty cells and errors `None`.

    Raises `Locked` and `Damaged`.
    """
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [
            _raw(book.get_sheet_by_name(entry.name), entry.visible)
            for entry in book.sheets_metadata
            if entry.typ is python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as problem:
        raise Locked from problem
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # calamine's panics are not Exceptions
        raise Damaged from problem


def read_sheets_apart(data: bytes) -> list[RawSheet]:
    """As `read_sheets`, in a process of its own with bounded memory and time."""
    try:
        finished = subprocess.run(
            [sys.executable, "-I", __file__], input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise Damaged from problem
    if finished.returncode == _LOCKED:
        raise Locked
    if finished.returncode:
        raise Damaged
    return pickle.loads(finished.stdout)


def _raw(sheet: python_calamine.CalamineSheet, visible: python_calamine.SheetVisibleEnum) -> RawSheet:
    hidden = visible is not python_calamine.SheetVisibleEnum.Visible
    # One row at a time: two copies of a register's half million cells cost more than reading them. The rows begin
    # at row 1, but at the first column that holds anything.
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    rows = [left + list(map(_plain, row)) for row in sheet.iter_rows()]
    return sheet.name, hidden, rows, sheet.merged_cell_ranges or []


def _plain(value: Cell) -> Cell:
    """A spreadsheet has one type of number, and empty text for an empty cell."""
    if value == "":
        return None
    if type(value) is float and value.is_integer():
        return int(value)
    return value


def main() -> int:
    """Read a workbook from standard input and write its sheets, pickled, to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = read_sheets(sys.stdin.buffer.read())
    except Locked:
        return _LOCKED
    except Damaged:
        return 1
    pickle.dump(sheets, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
