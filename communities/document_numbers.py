"""Numbers of official papers in any writing, brought to one key by which a paper is found (domain.md sections 7, 11).

A number is text: leading zeros stay, and two papers may carry one number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from communities.thai_text import clean, to_arabic_digits

_DATE_BEHIND = re.compile(r"(?:ลว\s*\.?|ลงวันที่|dated\b).*", re.IGNORECASE)
_URGENCY = re.compile(r"ด่วนที่สุด|ด่วนมาก|ด่วน")
_BEFORE_THE_NUMBER = re.compile(r".*(?:ที่|\bno\b\.?)", re.IGNORECASE)
_KINDS = re.compile(r"หนังสือ|บันทึกข้อความ|คำสั่ง|ประกาศ")
_BETWEEN = re.compile(r"[\s.,:;()\"'“”]+")
_PARTS = re.compile(r"(?P<prefix>[^\d/]+\d+/)?(?P<circular>ว)?(?P<number>\d+)(?:/(?P<year>2[4-6]\d\d))?")


@dataclass(frozen=True)
class Series:
    """The running series in which a number stands: whose numbers they are, circulars apart, and its year if written."""

    prefix: str
    is_circular: bool
    number: str
    year_be: int | None


def number_key(text: str) -> str:
    """The number in Arabic digits without urgency, date, words and spaces; "" where there is no digit.

    “ด่วนมาก ที่ กท ๐๓๐๓/๐๕๗ ลว. ๑๓ ม.ค. ๒๕๕๘” and “กท. 0303 / 057” are both “กท0303/057”.
    """
    said = _DATE_BEHIND.sub("", to_arabic_digits(clean(text)))
    said = _BEFORE_THE_NUMBER.sub("", _URGENCY.sub(" ", said))
    key = _BETWEEN.sub("", _KINDS.sub("", said)).casefold()
    return key if re.search("[0-9]", key) else ""


def series_of(text: str) -> Series | None:
    """The series of a number in any writing, None where it is built otherwise.

    “กท 5502/ว 12” is the circular 12 of กท5502; “49/2558” is 49 of the year 2558.
    """
    found = _PARTS.fullmatch(number_key(text))
    if found is None:
        return None
    year = found["year"]
    return Series(
        (found["prefix"] or "").rstrip("/"), bool(found["circular"]), found["number"], int(year) if year else None
    )


def finding_pattern(text: str) -> str:
    """A regular expression of keys in which the number stands whole: “473” finds “กท5502/473”, not “กท5502/1473”.

    Zeros that the seeker left out are added: “57” finds “กท0303/057”. "" where the text has no digit.
    """
    key = number_key(text)
    if not key:
        return ""
    parts = [
        ("0*" if part[0].isascii() and part[0].isdigit() else "") + re.escape(part)
        for part in re.findall(r"[0-9]+|[^0-9]+", key)
    ]
    return f"(^|[^0-9]){''.join(parts)}($|[^0-9])"
