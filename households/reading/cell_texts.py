"""The values of cells as text, as JSON, and whether they say anything."""

import datetime
import math
import re
from functools import lru_cache

from communities.thai_text import clean

# Typed before a value so that a spreadsheet takes it for text; two of them are a ditto mark.
_FORCES_TEXT = re.compile("^ *['‘’`´ʼ′＇](?! *['‘’`´ʼ′＇\"]| *$)")
_SAYS_NOTHING = re.compile(r"[-–—._… ]*|ไม่มี(?:หมายเหตุ)?")


def as_text(value: object) -> str:
    """A cell's value as a person reads it; dates in ISO form, "" for an empty cell. Trailing blanks stay off."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()


def unforced(cell: object) -> object:
    """The cell without the apostrophe that forced a spreadsheet to take it for text, which says nothing itself."""
    return _FORCES_TEXT.sub("", cell) if isinstance(cell, str) else cell


def verbatim(value: object) -> object:
    """The cell as JSON can keep it; text stays as typed, blanks and all."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def says(text: str) -> bool:
    """Whether a text says anything: a hyphen, dots and "ไม่มี" do not."""
    return text != "" and _says(text[:_ENOUGH])


_ENOUGH = 200


@lru_cache(maxsize=16_384)
def _says(text: str) -> bool:
    return _SAYS_NOTHING.fullmatch(clean(text)) is None
