"""How large a file somebody sent may be, and the sentence for each reason not to take it."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .raw_sheets import LONGEST_TEXT, Bounds, Unreadable

_MB = 1024**2
# Signs of control and direction, and bytes of a name that are no text.
_NOT_IN_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Limits:
    """How large a file of one kind may be: bytes as sent, bytes and tags of XML inside, what a sheet holds.

    `memory` in bytes and `seconds` bound the process that reads an old .xls. A sound one takes a second or two, and
    more where the machine is busy.
    """

    file_bytes: int
    inflated_bytes: int
    tags: int
    bounds: Bounds
    memory: int
    seconds: int


HOUSE_LIST = Limits(
    file_bytes=settings.LIST_UPLOAD_LIMIT_BYTES,
    inflated_bytes=64 * _MB,
    tags=2_500_000,
    bounds=Bounds(rows=20_000, columns=200, values=400_000, letters=3_000_000),
    memory=300 * _MB,
    seconds=20,
)
# The largest district has some 100,000 houses: twice that is 10 MB as a workbook and 40 MB as CSV.
EXTRACT = Limits(
    file_bytes=64 * _MB,
    inflated_bytes=400 * _MB,
    tags=50_000_000,
    bounds=Bounds(rows=200_000, columns=100, values=20_000_000, letters=400_000_000),
    memory=2048 * _MB,
    seconds=60,
)

# By the code of `Unreadable`.
_SENTENCES = {
    "not_a_workbook": _(
        "%(file)s is not a workbook: send a file of Excel (.xlsx or .xls), of LibreOffice (.ods), or CSV."
    ),
    "web_page": _(
        "%(file)s is a web page or an XML file under the name of a workbook: "
        "open it in a spreadsheet program, save it as .xlsx and send that."
    ),
    "xlsb": _("%(file)s is a binary workbook (.xlsb): save it as .xlsx and send that."),
    "macros": _("%(file)s holds macros: save it as .xlsx, which has none, and send that."),
    "encrypted": _("%(file)s is locked with a password: save it without one and send it again."),
    "damaged": _("%(file)s is damaged and cannot be read: ask for it again."),
    "zip_bomb": _("%(file)s would take far more room when opened than a list can need; it was not opened."),
    "false_paths": _("%(file)s holds parts that lead out of the file; it was not opened. Ask for it again."),
    "no_table": _(
        "%(file)s has no table: no cell of it holds anything. "
        "A picture of a list cannot be read; ask for the list itself."
    ),
    "too_many_cells": _(
        "%(file)s is too long or too wide: it has a value in %(place)s, and a sheet may have at most %(rows)s rows "
        "and %(columns)s columns. Delete what lies outside the list and send the file again."
    ),
    "long_text": _(
        "%(file)s, %(place)s: the cell holds more than %(letters)s letters, more than any cell of a list. "
        "Correct it and send the file again."
    ),
    "open_quote": _(
        "%(file)s, %(place)s: a quotation mark is opened and not closed, so that all lines below it stand in one cell. "
        "Correct it and send the file again."
    ),
}


class NotReadable(ValidationError):
    """The file cannot be taken as a workbook; one sentence says why."""


def refusal(problem: Unreadable, *, file_name: str, limits: Limits) -> NotReadable:
    """The sentence for what a reader found."""
    params = {
        "file": file_name,
        "place": problem.place,
        "rows": limits.bounds.rows,
        "columns": limits.bounds.columns,
        "letters": LONGEST_TEXT,
    }
    return NotReadable(_SENTENCES[problem.code], problem.code, params)


def base_name(file_name: str) -> str:
    """The name without the folders that some browsers and some attackers send before it.

    Signs that no page can show and no database can keep, or that turn what stands around them, are shown as damage.
    """
    return _NOT_IN_NAME.sub("\ufffd", PureWindowsPath(file_name).name) or "?"


def read_bytes(source: bytes | Path, *, file_name: str, limits: Limits) -> bytes:
    """The content of the file, whose size is looked at before it is read. Raises `NotReadable`, `OSError`."""
    size = len(source) if isinstance(source, bytes) else _size_of(source, file_name)
    if size > limits.file_bytes:
        raise NotReadable(
            _("%(file)s is %(size)s MB large; at most %(limit)s MB are accepted."),
            "too_large",
            {"file": file_name, "size": round(size / _MB), "limit": limits.file_bytes // _MB},
        )
    data = source if isinstance(source, bytes) else _content(source, size)
    if not data.strip(b"\0 \t\r\n"):
        raise NotReadable(_("%(file)s is empty."), "empty_file", {"file": file_name})
    return data


def _size_of(path: Path, file_name: str) -> int:
    """Whoever opens a pipe that nobody writes to waits for ever."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise NotReadable(_("%(file)s is a device or a pipe, not a file."), "no_file", {"file": file_name})
    return status.st_size


def _content(path: Path, size: int) -> bytes:
    """No more than the size that was looked at, however the file grows."""
    with path.open("rb") as file:
        return file.read(size)
