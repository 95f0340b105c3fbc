"""Whether a file somebody sent may be opened at all, judged by its content and never by its name.

A workbook is a zip of XML. A few kilobytes of it can claim to be terabytes, or place one value in the last
cell of the sheet, which a reader answers by reserving the whole rectangle. Both are found here before any reader
of workbooks sees the file.
"""

from __future__ import annotations

import enum
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Limits:
    """How large a file of one kind may be: bytes as sent, bytes of XML inside, rows of its longest sheet."""

    file_bytes: int
    inflated_bytes: int
    rows: int


HOUSE_LIST = Limits(settings.LIST_UPLOAD_LIMIT_BYTES, 128 * 1024 * 1024, 20_000)
# The largest district has some 100,000 houses: twice that is 10 MB as a workbook and 40 MB as CSV.
EXTRACT = Limits(64 * 1024 * 1024, 400 * 1024 * 1024, 200_000)

COLUMN_LIMIT = 100
_PARTS_LIMIT = 2_000
# XML of real sheets shrinks 10 to 60 times; small files are harmless whatever they claim.
_BOMB_RATIO = 200
_BOMB_BYTES = 50 * 1024 * 1024

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_XLSX_PART = "xl/workbook.xml"
_NAMES_IN_XLS = ("Workbook", "Book")
_NAME_IN_ENCRYPTED = "EncryptedPackage"
_TEXT_OF_OTHER_KINDS = ("<", "{\\rtf", "%PDF", "%!PS")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_DELIMITERS = "\t;,"


class NotReadable(ValidationError):
    """The file cannot be taken as a workbook; one sentence says why."""


class Kind(enum.Enum):
    """The kinds of file that the office can read."""

    XLSX = "xlsx"
    XLS = "xls"
    TEXT = "text"


def read_bytes(source: bytes | Path, *, file_name: str, limits: Limits) -> bytes:
    """The content of the file, whose size is looked at before it is read. Raises `NotReadable`, `OSError`."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.file_bytes:
        raise NotReadable(
            _("%(file)s is %(size)s MB large; at most %(limit)s MB are accepted."),
            "too_large",
            {"file": file_name, "size": round(size / 1024**2), "limit": limits.file_bytes // 1024**2},
        )
    data = source if isinstance(source, bytes) else _content(source, size)
    if not data.strip():
        raise NotReadable(_("%(file)s is empty."), "empty_file", {"file": file_name})
    return data


def _content(path: Path, size: int) -> bytes:
    """No more than the size that was looked at: a device has none and no end."""
    with path.open("rb") as file:
        return file.read(size)


def kind_of(data: bytes, *, file_name: str) -> Kind:
    """Which kind of workbook the bytes are. Raises `NotReadable`: not a workbook, damaged, or locked by a password."""
    if data.startswith(_ZIP):
        if _XLSX_PART in _names_in_zip(data, file_name):
            return Kind.XLSX
    elif data.startswith(_OLE):
        if _NAME_IN_ENCRYPTED.encode("utf-16-le") in data:
            raise locked(file_name)
        if any(name.encode("utf-16-le") + b"\0\0" in data for name in _NAMES_IN_XLS):
            return Kind.XLS
    elif _is_table_text(data):
        return Kind.TEXT
    raise NotReadable(
        _("%(file)s is not a workbook: send an Excel file (.xlsx or .xls) or CSV."),
        "not_a_workbook",
        {"file": file_name},
    )


def decoded(data: bytes) -> str | None:
    """The text of a CSV file: UTF-16 where it says so, else UTF-8, else Windows-874; None where it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as("utf-16", data)
    for encoding in ("utf-8-sig", "cp874"):
        if (text := _decoded_as(encoding, data)) is not None:
            return text
    return None


def delimiter_of(text: str) -> str:
    """The sign between the columns, the one that the first lines use most; "" where there is none."""
    beginning = "\n".join(text.splitlines()[:50])
    best = max(_DELIMITERS, key=beginning.count)
    return best if best in beginning else ""


def refuse_bomb(data: bytes, *, file_name: str, limits: Limits) -> None:
    """Raises `NotReadable` where an .xlsx inflates beyond bounds, or has a sheet far wider than what is in it."""
    try:
        _refuse_false_claims(data, file_name, limits)
        budget = limits.inflated_bytes
        for name, content in _parts(data, limits):
            budget -= len(content)
            if budget < 0:
                raise bomb(file_name)
            _refuse_false_counts(content, file_name)
            if name.startswith("xl/worksheets/"):
                _refuse_far_cells(content, file_name, limits)
    except (zipfile.BadZipFile, zlib.error, IndexError, NotImplementedError) as problem:
        raise damaged(file_name) from problem


def damaged(file_name: str) -> NotReadable:
    """The refusal of a file whose beginning is right and whose rest cannot be read."""
    return NotReadable(_("%(file)s is damaged and cannot be read: ask for it again."), "damaged", {"file": file_name})


def locked(file_name: str) -> NotReadable:
    """The refusal of a workbook that opens with a password only."""
    return NotReadable(
        _("%(file)s is locked with a password: save it without one and send it again."),
        "encrypted",
        {"file": file_name},
    )


def bomb(file_name: str) -> NotReadable:
    """The refusal of a small file that swells when it is opened."""
    return NotReadable(
        _("%(file)s would take far more room when opened than a list can need; it was not opened."),
        "zip_bomb",
        {"file": file_name},
    )


def too_many_cells(file_name: str, limits: Limits) -> NotReadable:
    """The refusal of a sheet with more rows or columns than any list of its kind."""
    return NotReadable(
        _("%(file)s is too long or too wide: a sheet may have at most %(rows)s rows and %(columns)s columns."),
        "too_many_cells",
        {"file": file_name, "rows": limits.rows, "columns": COLUMN_LIMIT},
    )


# --- text ---


def _is_table_text(data: bytes) -> bool:
    text = decoded(data)
    if text is None or _NOT_IN_TEXT.search(text):
        return False
    return not text.lstrip().startswith(_TEXT_OF_OTHER_KINDS) and bool(delimiter_of(text))


def _decoded_as(encoding: str, data: bytes) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


# --- zip ---


def _names_in_zip(data: bytes, file_name: str) -> list[str]:
    try:
        return zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as problem:
        raise damaged(file_name) from problem


def _refuse_false_claims(data: bytes, file_name: str, limits: Limits) -> None:
    """Look at what the zip's own directory says."""
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise locked(file_name)
    claimed = sum(part.file_size for part in parts)
    swollen = claimed > _BOMB_BYTES and claimed > _BOMB_RATIO * len(data)
    if claimed > limits.inflated_bytes or swollen or len(parts) > _PARTS_LIMIT:
        raise bomb(file_name)


def _parts(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Inflate part after part without believing the sizes that the directory states."""
    view = memoryview(data)
    for part in zipfile.ZipFile(io.BytesIO(data)).infolist():
        local = part.header_offset
        begin = local + 30 + _short(data, local + 26) + _short(data, local + 28)
        packed = view[begin : begin + part.compress_size]
        if part.compress_type == zipfile.ZIP_STORED:
            yield part.filename, bytes(packed)
        elif part.compress_type == zipfile.ZIP_DEFLATED:
            yield part.filename, zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limits.inflated_bytes + 1)
        else:
            raise zipfile.BadZipFile(f"unknown compression {part.compress_type} of {part.filename}")


def _short(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8


# --- what the XML claims ---

# A reader reserves room for as many strings, styles or merged areas as such an attribute promises.
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*([0-9]{6,})""")


def _refuse_false_counts(content: bytes, file_name: str) -> None:
    if any(int(count) > len(content) for count in _COUNT.findall(content)):
        raise damaged(file_name)


# --- the sheet's rectangle ---

# A reference beyond column Z or row 99,999 of an element that is not empty. One letter at its beginning lets the
# search run at the speed of memory: a register's sheet has half a million references.
_FAR = re.compile(rb"""r\s*=\s*["'](?=[A-Za-z]{2}|[A-Za-z]?[0-9]{6})([A-Za-z]*)([0-9]+)["'][^>]*(?<!/)>(?!\s*</)""")
_CELL_WITHOUT_REFERENCE = re.compile(rb"<(?:\w+:)?c(?![^>]*\sr\s*=)[\s>]")


def _refuse_far_cells(sheet: bytes, file_name: str, limits: Limits) -> None:
    if sheet.count(b"<row") > limits.rows:
        raise too_many_cells(file_name, limits)
    for found in _FAR.finditer(sheet):
        column, row = found[1], int(found[2])
        if not column and not _holds_unplaced_cells(sheet, found.end()):
            continue
        if row > limits.rows or _column_number(column) > COLUMN_LIMIT:
            raise NotReadable(
                _("%(file)s has a value far outside any list, in cell %(cell)s: delete it and send the file again."),
                "far_cell",
                {"file": file_name, "cell": (column + found[2]).decode()},
            )


def _holds_unplaced_cells(sheet: bytes, begin: int) -> bool:
    """Whether a row has cells without a reference of their own, which stand where the row stands."""
    return _CELL_WITHOUT_REFERENCE.search(sheet, begin, sheet.find(b"row>", begin)) is not None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
