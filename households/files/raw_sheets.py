"""A sheet as plain cells, how much of it is read at most, and why a file is refused: what all readers share."""

from __future__ import annotations

import contextlib
import datetime
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

# A letter typed into one cell above the table has some two thousand letters; Excel's longest text has 32,767.
LONGEST_TEXT = 5_000
MOST_SHEETS = 500
_EXACT = 2**53
_SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError,
    ValueError, LookupError, ArithmeticError, EOFError, OSError, RuntimeError,
)  # fmt: skip

Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
Place = tuple[int, int]


@dataclass
class RawSheet:
    """One sheet from row 1 and column A on; rows and columns count from 0.

    `merged` are areas by their first and last cell. `formats` belong to numbers that show as something else than
    their digits: dates, percent, fractions, zeros in front.
    """

    name: str
    is_hidden: bool = False
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    unvalued: list[str] = field(default_factory=list)
    formats: dict[Place, str] = field(default_factory=dict)


@dataclass
class RawBook:
    """The worksheets of a file in their order, and whether some of its formulas look into other files."""

    sheets: list[RawSheet]
    outside_links: bool = False


class Unreadable(ValueError):
    """The file is refused. `code` is that of the sentence for it, `place` the cell, as "บ้าน!C12", where there is one.

    Codes: "damaged", "encrypted", "zip_bomb", "too_many_cells", "long_text".
    """

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code, place)
        self.code = code
        self.place = place


@contextlib.contextmanager
def damage_refused() -> Iterator[None]:
    """Whatever goes wrong inside because the file is not what it claims to be is told as "damaged"."""
    try:
        yield
    except Unreadable:
        raise
    except _SIGNS_OF_DAMAGE as problem:
        raise Unreadable("damaged") from problem


@dataclass(frozen=True)
class Bounds:
    """What one sheet may hold: rows and columns that have values, values in all, and letters of text in all."""

    rows: int
    columns: int
    values: int
    letters: int


@dataclass
class Content:
    """Counts the values of one sheet while they come, and refuses as soon as there is one too many."""

    sheet: str
    bounds: Bounds
    values: int = field(default=0, init=False)
    letters: int = field(default=0, init=False)

    def take(self, row: int, column: int, length: int, times: int = 1) -> None:
        """A value of that many letters, written so many times, the last in that cell. Raises `Unreadable`."""
        if row >= self.bounds.rows or column >= self.bounds.columns:
            raise Unreadable("too_many_cells", self.place(row, column))
        if length > LONGEST_TEXT:
            raise Unreadable("long_text", self.place(row, column))
        self.values += times
        self.letters += times * length
        if self.values > self.bounds.values or self.letters > self.bounds.letters:
            raise Unreadable("zip_bomb")

    def place(self, row: int, column: int) -> str:
        """The cell as formulas name it: "บ้าน!C12", or "C12" where the sheet has no name."""
        return "!".join(filter(None, [self.sheet, cell_address(row, column)]))


def refuse_more(count: int, most: int) -> None:
    """Raises `Unreadable` where a workbook has more of a thing than any list needs."""
    if count > most:
        raise Unreadable("zip_bomb")


def column_letters(column: int) -> str:
    """The letters above a column counted from 0: A, B … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """The address of `rows[row][column]` as spreadsheet programs show it: "C12" for row 11, column 2."""
    return f"{column_letters(column)}{row + 1}"


def column_number(letters: str) -> int:
    """The column, from 0, that stands under the letters; -1 for none."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def plain_number(value: float) -> int | float | str:
    """A whole number as an `int`, as long as a spreadsheet keeps all its digits; text where it is no number at all."""
    if value.is_integer():
        return int(value) if abs(value) < _EXACT else value
    return value if math.isfinite(value) else str(value)


class XmlWalk:
    """Listens to the elements of an XML part, named without their prefix, and to the text in them.

    Text comes in pieces; whoever joins them must stop at `LONGEST_TEXT`.
    """

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, part: str) -> None:
        """Text, or some of it."""


def walk_xml(content: bytes, walk: XmlWalk) -> None:
    """Tell the walk all of an XML part; an empty part has nothing to tell.

    Raises `Unreadable`: not well-formed, or with a document type, by which alone entities can be declared.
    """
    if not content:
        return
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda name, attributes: walk.start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: walk.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = walk.text
    with damage_refused():
        parser.Parse(content, True)  # noqa: FBT003


def _refuse_document_type(*_declared: object) -> NoReturn:
    raise Unreadable("zip_bomb")
