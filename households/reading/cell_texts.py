"""The values of cells as text, as JSON, and whether they say anything."""

import datetime
import math
import re
from functools import lru_cache

from communities.thai_text import clean

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
