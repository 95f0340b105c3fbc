"""Whether a workbook, which is a zip of XML, may be unpacked and handed to a reader.

A few kilobytes of it can claim to be terabytes, or place one value in the last cell of the sheet, which a reader
answers by reserving the whole rectangle. Both are found here before any reader of workbooks sees the file.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator

from households.files.raw_sheets import Bounds, Unreadable, column_number, damage_refused

_PARTS_LIMIT = 2_000
# XML of real sheets shrinks 10 to 60 times; small files are harmless whatever they claim.
_BOMB_RATIO = 200
_BOMB_BYTES = 50 * 1024 * 1024
_LOCAL_HEADER = 30
_NO_BOMB = 1 << 32

# A reader reserves room for as many strings, styles or merged areas as such an attribute promises.
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*([0-9]{6,})""")
_DIGITS_OF_A_COUNT = 12
# Entities are declared in a document type, which no spreadsheet program writes.
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)")
_XML_PARTS = (".xml", ".rels", ".vml")
# The longest text of a cell takes 98,301 bytes; a longer stretch without the end of a tag is a tag of endless
# attributes, which a reader unfolds to thirty times its size.
_STRETCH = 1 << 18


def refuse_bomb(data: bytes, *, inflated_bytes: int, tags: int) -> None:
    """Raises `Unreadable` where a zip inflates beyond that, has more tags, or promises what is not in it."""
    with damage_refused():
        _refuse_false_claims(data, inflated_bytes)
        for name, content in _parts(data, inflated_bytes):
            _refuse_false_counts(content)
            if name.lower().endswith(_XML_PARTS):
                tags -= content.count(b"<")
                if tags < 0 or _DECLARES.search(content) or _has_endless_tag(content):
                    raise Unreadable("zip_bomb")


def _has_endless_tag(content: bytes) -> bool:
    return any(
        content.find(b">", begin, begin + _STRETCH) < 0 for begin in range(0, len(content) - _STRETCH + 1, _STRETCH)
    )


def refuse_far_cells(data: bytes, bounds: Bounds) -> None:
    """Raises `Unreadable` where any part of an .xlsx, which is no bomb, has a cell beyond what a sheet may hold.

    It runs at the speed of memory and does not ask whether the workbook names the part as a sheet.
    """
    for _name, content in _parts(data, _NO_BOMB):
        _refuse_far_cells(content, bounds)


def _refuse_false_claims(data: bytes, inflated_bytes: int) -> None:
    """Look at what the zip's own directory says."""
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")
    claimed = sum(part.file_size for part in parts)
    swollen = claimed > _BOMB_BYTES and claimed > _BOMB_RATIO * len(data)
    if claimed > inflated_bytes or swollen or len(parts) > _PARTS_LIMIT or _overlap(parts):
        raise Unreadable("zip_bomb")


def _overlap(parts: list[zipfile.ZipInfo]) -> bool:
    """Whether parts share bytes, as those of a bomb do that unpacks one kernel many times."""
    in_order = sorted(parts, key=lambda part: part.header_offset)
    return any(
        before.header_offset + _LOCAL_HEADER + before.compress_size > after.header_offset
        for before, after in itertools.pairwise(in_order)
    )


def _parts(data: bytes, inflated_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Inflate part after part without believing the sizes that the directory states."""
    view, left = memoryview(data), inflated_bytes
    for part in zipfile.ZipFile(io.BytesIO(data)).infolist():
        content = _inflated(data, view, part, left)
        left -= len(content)
        if left < 0:
            raise Unreadable("zip_bomb")
        yield part.filename, content


def _inflated(data: bytes, view: memoryview, part: zipfile.ZipInfo, most: int) -> bytes:
    local = part.header_offset
    begin = local + _LOCAL_HEADER + _short(data, local + 26) + _short(data, local + 28)
    packed = view[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return bytes(packed)
    if part.compress_type == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)
    raise zipfile.BadZipFile(f"unknown compression {part.compress_type} of {part.filename}")


def _short(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8


def _refuse_false_counts(content: bytes) -> None:
    if any(len(count) > _DIGITS_OF_A_COUNT or int(count) > len(content) for count in _COUNT.findall(content)):
        raise Unreadable("damaged")


# --- the sheet's rectangle ---

# A reference beyond column Z or row 99,999. One letter at its beginning lets the search run at the speed of memory: a
# register's sheet has half a million references.
_FAR = re.compile(rb"""r\s*=\s*["'](?=[A-Za-z]{2}|[A-Za-z]?[0-9]{6})([A-Za-z]{0,9})([0-9]{1,18})["']""")
_NOTHING_INSIDE = re.compile(rb"\s*</")
_CELL_WITHOUT_REFERENCE = re.compile(rb"<(?:\w{1,20}:)?c(?![^<>]*\sr\s*=)[\s>]")
_LONGEST_TAG = 1 << 16


def _refuse_far_cells(sheet: bytes, bounds: Bounds) -> None:
    for found in _FAR.finditer(sheet):
        column, row = found[1].decode(), int(found[2])
        if row <= bounds.rows and column_number(column) < bounds.columns:
            continue
        inside = _inside(sheet, found.end())
        if inside and (column or _holds_unplaced_cells(sheet, inside)):
            raise Unreadable("too_many_cells", column + found[2].decode())


def _inside(sheet: bytes, begin: int) -> int:
    """Where the content begins of the element whose tag goes on there; 0 where it has none."""
    end = sheet.find(b">", begin, begin + _LONGEST_TAG)
    if end < 0:
        raise Unreadable("damaged")
    return 0 if sheet[end - 1] == ord("/") or _NOTHING_INSIDE.match(sheet, end + 1) else end + 1


def _holds_unplaced_cells(sheet: bytes, begin: int) -> bool:
    """Whether a row has cells without a reference of their own, which stand where the row stands."""
    end = sheet.find(b"row", begin)
    return _CELL_WITHOUT_REFERENCE.search(sheet, begin, len(sheet) if end < 0 else end) is not None
