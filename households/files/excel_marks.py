"""What an .xlsx says of its cells beside their values: hidden rows, error values, formats, formulas without a value.

calamine reads values fast and tells none of this; openpyxl tells it at fifteen times the cost, and builds a whole
sheet in memory before anybody can say that it is too large. Each sheet's XML is walked once instead.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from households.files.raw_sheets import (
    LONGEST_TEXT,
    MOST_SHEETS,
    Bounds,
    Content,
    Place,
    Unreadable,
    XmlWalk,
    cell_address,
    column_number,
    refuse_more,
    walk_xml,
)

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Parts that a workbook has when its formulas or tables look into other files.
OUTSIDE_PARTS = ("xl/externallinks/", "xl/connections.xml")
_KINDS_OF_TEXT = ("s", "str", "inlineStr")
_TRUE = ("1", "true")
_NO_HEIGHT = re.compile(r"0+(\.0*)?")
_REFERENCE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,10})")
# Excel believes that 1900 had a 29 February; the Macintosh once counted from 1904.
DAYS_FROM_1900, _DAYS_FROM_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
_MOST_MERGED = 50_000
# Excel itself keeps 65,490.
_MOST_STYLES = 70_000
# The formats that a workbook names by number only (ECMA-376 part 1, 18.8.30), those of Thai Excel among them.
_BUILT_IN = {
    "0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00",
    "9": "0%", "10": "0.00%", "11": "0.00E+00", "12": "# ?/?", "13": "# ??/??",
    "14": "mm-dd-yy", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy",
    "18": "h:mm AM/PM", "19": "h:mm:ss AM/PM", "20": "h:mm", "21": "h:mm:ss", "22": "m/d/yy h:mm",
    "45": "mm:ss", "46": "[h]:mm:ss", "47": "mmss.0", "48": "##0.0E+0", "49": "@",
    "67": "0%", "68": "0.00%", "69": "# ?/?", "70": "# ??/??",
    "71": "d/m/bbbb", "72": "d-mmm-bb", "73": "d-mmm", "74": "mmm-bb",
    "75": "h:mm", "76": "h:mm:ss", "77": "d/m/bbbb h:mm", "78": "mm:ss", "79": "[h]:mm:ss", "80": "mm:ss.0",
    "81": "d/m/bb",
}  # fmt: skip
_PLAIN = {"General", "GENERAL", "general", "0", "@", ""}


@dataclass
class Marks:
    """What is known of one sheet beside its values; rows and columns count from 0.

    `formats` are those under which a number shows as something else than its digits: dates, percent, fractions,
    zeros in front. `errors` are the error values as they show: "#N/A". A date is stored as the days since `days_from`.
    """

    hidden_rows: set[int] = field(default_factory=set)
    unvalued: list[str] = field(default_factory=list)
    formats: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    days_from: datetime.date = DAYS_FROM_1900


@dataclass(frozen=True)
class _Parts:
    """The parts of the zip, found by name in small letters, as spreadsheet programs find them."""

    archive: zipfile.ZipFile
    names: dict[str, str]

    def read(self, name: str) -> bytes:
        known = self.names.get(name.lower())
        return self.archive.read(known) if known else b""


def read_marks(archive: zipfile.ZipFile, bounds: Bounds) -> list[Marks]:
    """The marks of each sheet, in the workbook's order, chart sheets included.

    Raises `Unreadable`: more content than the bounds allow, or XML that is none.
    """
    parts = _Parts(archive, {name.lower(): name for name in archive.namelist()})
    relations, workbook, strings, styles = _Relations(), _Workbook(), _Strings(), _Styles()
    walk_xml(parts.read(_RELATIONS), relations)
    walk_xml(parts.read(_WORKBOOK), workbook)
    walk_xml(_without_sections(parts.read("xl/sharedStrings.xml")), strings)
    walk_xml(parts.read("xl/styles.xml"), styles)
    formats = styles.formats()
    marks, letters = [], 0
    for name, relation in workbook.sheets:
        sheet = _Sheet(Content(name, bounds), strings.lengths, formats)
        sheet.marks.days_from = workbook.days_from
        walk_xml(_without_sections(parts.read(relations.paths.get(relation, ""))), sheet)
        marks.append(sheet.marks)
        letters += sheet.content.letters
        refuse_more(letters, bounds.letters)
    return marks


def _without_sections(content: bytes) -> bytes:
    """calamine passes over CDATA, which no spreadsheet program writes: a value in one would be lost unseen."""
    if b"<![CDATA[" in content:
        raise Unreadable("damaged")
    return content


class _Relations(XmlWalk):
    """The paths of the sheets' parts, by the names that the workbook gives them."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.paths[attributes.get("Id", "")] = path.lstrip("/")


class _Workbook(XmlWalk):
    """Name and relation of each sheet, and the day from which its dates count."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.days_from = DAYS_FROM_1900

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation))
            refuse_more(len(self.sheets), MOST_SHEETS)
        elif name == "workbookPr" and attributes.get("date1904", "0") in _TRUE:
            self.days_from = _DAYS_FROM_1904


class _Strings(XmlWalk):
    """How long each shared string is, without the readings that Asian texts carry."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self._string = ""
        self._taking = self._spoken = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "t":
            self._taking = not self._spoken
        elif name == "rPh":
            self._spoken = True

    def end(self, name: str) -> None:
        if name == "t":
            self._taking = False
        elif name == "rPh":
            self._spoken = False
        elif name == "si":
            self.lengths.append(len(self._string))
            self._string = ""

    def text(self, part: str) -> None:
        if self._taking and len(self._string) <= LONGEST_TEXT:
            self._string += part


class _Styles(XmlWalk):
    """The number format of each style of cells."""

    def __init__(self) -> None:
        self._named: dict[str, str] = {}
        self._numbers: list[str] = []
        self._of_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self._named[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            refuse_more(len(self._named), _MOST_STYLES)
        elif name == "cellXfs":
            self._of_cells = True
        elif name == "xf" and self._of_cells:
            self._numbers.append(attributes.get("numFmtId", "0"))
            refuse_more(len(self._numbers), _MOST_STYLES)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._of_cells = False

    def formats(self) -> list[str]:
        """By the style's number; "" where numbers show as their digits."""
        known = _BUILT_IN | self._named
        codes = (known.get(number, "") for number in self._numbers)
        return ["" if code in _PLAIN else code for code in codes]


class _Sheet(XmlWalk):
    """The marks of a sheet. A cell counts as content when it stores a value; its format does not count."""

    def __init__(self, content: Content, lengths: Sequence[int], formats: Sequence[str]) -> None:
        self.marks = Marks()
        self.content = content
        self._lengths = lengths
        self._formats = formats
        self._row = self._column = -1
        self._kind = self._style = self._value = ""
        self._taking = self._is_formula = self._has_value = False
        self._merged = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or name == "t":
            self._taking = self._has_value = True
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            self._merged += 1
            refuse_more(self._merged, _MOST_MERGED)

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._taking = False
        elif name == "c":
            self._end_cell()

    def text(self, part: str) -> None:
        if self._taking and len(self._value) <= LONGEST_TEXT:
            self._value += part

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r")
        self._row = int(number) - 1 if number else self._row + 1
        self._column = -1
        if self._row < self.content.bounds.rows and _is_hidden(attributes):
            self.marks.hidden_rows.add(self._row)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            found = _REFERENCE.fullmatch(reference)
            if not found:
                raise Unreadable("damaged")
            self._column, self._row = column_number(found[1]), int(found[2]) - 1
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._value = ""
        self._is_formula = self._has_value = False

    def _end_cell(self) -> None:
        if self._has_value or self._is_formula:
            self.content.take(self._row, self._column, self._length())
        if self._is_formula and not self._value and self._kind not in _KINDS_OF_TEXT:
            self.marks.unvalued.append(cell_address(self._row, self._column))
        elif self._value and self._kind == "e":
            self.marks.errors[self._row, self._column] = self._value
        elif self._value and self._kind == "n" and (code := self._format()):
            self.marks.formats[self._row, self._column] = code

    def _length(self) -> int:
        return self._lengths[int(self._value)] if self._kind == "s" and self._value else len(self._value)

    def _format(self) -> str:
        return self._formats[int(self._style)] if self._formats else ""


def _is_hidden(row: Mapping[str, str]) -> bool:
    return row.get("hidden", "0") in _TRUE or ("ht" in row and _NO_HEIGHT.fullmatch(row["ht"]) is not None)
