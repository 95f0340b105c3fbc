"""What kind of file somebody sent, by its content and never by its name."""

from __future__ import annotations

import enum
import io
import re
import zipfile
from pathlib import PurePosixPath, PureWindowsPath

from households.files.raw_sheets import Unreadable, damage_refused
from households.files.text_tables import is_table, text_of

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_XLSX, _XLSB, _ODS = "xl/workbook.xml", "xl/workbook.bin", b"application/vnd.oasis.opendocument.spreadsheet"
_NAMES_IN_XLS = ("Workbook", "Book")
_NAME_IN_ENCRYPTED = "EncryptedPackage"
_NAME_OF_MACROS_IN_XLS = "_VBA_PROJECT_CUR"
# LibreOffice lists its macro libraries in script-lb.xml and script-lc.xml even where there is none.
_MACROS = re.compile(
    r"(.*/)?vbaproject\.bin|xl/macrosheets/.+|basic/[^/]+/(?!script-l[bc]\.xml).+|scripts/.+\..+", re.I
)
_OTHER_TEXT = ("{\\rtf", "%PDF", "%!PS")
_MANIFEST = "META-INF/manifest.xml"
_MOST_OF_A_LABEL = 1 << 20


class Kind(enum.Enum):
    """The kinds of file that the office can read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"


def kind_of(data: bytes) -> Kind:
    """Which kind of table the bytes are.

    Raises `Unreadable`: "not_a_workbook", "web_page", "xlsb", "macros", "encrypted", "false_paths", "damaged".
    """
    if data.startswith(_ZIP):
        return _kind_in_zip(data)
    if data.startswith(_OLE):
        return _kind_in_ole(data)
    text = text_of(data)
    if text is None or text.lstrip().startswith(_OTHER_TEXT):
        raise Unreadable("not_a_workbook")
    if text.lstrip().startswith("<"):
        raise Unreadable("web_page")
    if not is_table(text):
        raise Unreadable("not_a_workbook")
    return Kind.TEXT


def _kind_in_zip(data: bytes) -> Kind:
    with damage_refused(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        _refuse_false_paths(names)
        kind = _kind_of_parts(archive, names)
    if any(_MACROS.fullmatch(name) for name in names):
        raise Unreadable("macros")
    return kind


def _kind_of_parts(archive: zipfile.ZipFile, names: list[str]) -> Kind:
    if _XLSX in names:
        return Kind.XLSX
    if _XLSB in names:
        raise Unreadable("xlsb")
    if "content.xml" in names and _beginning(archive, "mimetype").startswith(_ODS):
        if b"encryption-data" in _beginning(archive, _MANIFEST):
            raise Unreadable("encrypted")
        return Kind.ODS
    raise Unreadable("not_a_workbook")


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """The part, as far as an honest one is long; nothing where there is none."""
    try:
        with archive.open(name) as part:
            return part.read(_MOST_OF_A_LABEL)
    except KeyError:
        return b""
    except RuntimeError as problem:
        raise Unreadable("encrypted") from problem


def _refuse_false_paths(names: list[str]) -> None:
    """No part may lead out of the file, and none may hide behind another of its name."""
    if len(set(names)) < len(names):
        raise Unreadable("damaged")
    for name in names:
        if ".." in PureWindowsPath(name).parts or PureWindowsPath(name).drive or PurePosixPath(name).is_absolute():
            raise Unreadable("false_paths")


def _kind_in_ole(data: bytes) -> Kind:
    if _NAME_IN_ENCRYPTED.encode("utf-16-le") in data:
        raise Unreadable("encrypted")
    if not any(_holds_name(data, name) for name in _NAMES_IN_XLS):
        raise Unreadable("not_a_workbook")
    if _holds_name(data, _NAME_OF_MACROS_IN_XLS):
        raise Unreadable("macros")
    return Kind.XLS


def _holds_name(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\0\0" in data
