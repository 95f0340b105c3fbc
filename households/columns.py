"""What a list may contain: the words that head its columns, and which lines below them are no houses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communities.thai_text import clean, to_arabic_digits

# The first word of each is the one an error message offers.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "house_no": ("บ้านเลขที่", "เลขที่บ้าน", "เลขที่", "เลขบ้าน", "หมายเลขบ้าน", "เลขประจำบ้าน", "houseno", "housenumber"),
    "moo": ("หมู่ที่", "หมู่", "ม", "moo"),
    "trok": ("ตรอก", "ชื่อตรอก"),
    "soi": ("ซอย", "ตรอก/ซอย", "ซอย/ตรอก", "ชื่อซอย", "ซ", "soi"),
    "road": ("ถนน", "ชื่อถนน", "ถ", "road"),
    "subdistrict": ("แขวง", "แขวง/ตำบล", "ตำบล", "ตำบล/แขวง", "ชื่อแขวง", "subdistrict"),
    "note": ("หมายเหตุ", "note", "remark", "remarks"),
}
HEADER_SOUGHT_IN_ROWS = 30

_NOISE = re.compile(r"[\s.:*()\[\]_\-]+")
_TOTAL = re.compile(r"^(?:รวม|ยอดรวม|ทั้งหมด|ทั้งสิ้น|จำนวน(?:บ้าน)?ทั้ง|total)", re.IGNORECASE)
_COUNT = re.compile(r"^(?:จำนวน\s*)?[0-9,]+\s*(?:หลัง|หลังคาเรือน)")
_SIGNATURE = re.compile(
    r"^(?:\(?\s*ลงชื่อ|ผู้(?:จัดทำ|ตรวจ|รับรอง|รายงาน|สำรวจ)|ตำแหน่ง|ประธาน(?:กรรมการ)?ชุมชน|หมายเหตุ\s*[:ฯ])|^\(\s*[.…_]"
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a sheet's columns are named: the row (as the spreadsheet shows it) and each column's index from 0."""

    row: int
    columns: Mapping[str, int]


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The first row among the top ones that names the house-number column, or None."""
    for number, row in enumerate(rows[:HEADER_SOUGHT_IN_ROWS], start=1):
        columns = _columns_named_in(row)
        if "house_no" in columns:
            return Header(number, columns)
    return None


def _columns_named_in(row: Sequence[object]) -> dict[str, int]:
    words = {index: _word(cell) for index, cell in enumerate(row) if isinstance(cell, str)}
    columns: dict[str, int] = {}
    for column, headings in HEADINGS.items():
        places = [(headings.index(word), index) for index, word in words.items() if word in headings]
        if places:
            columns[column] = min(places)[1]
    return columns


def _word(cell: str) -> str:
    return _NOISE.sub("", clean(cell)).lower()


def why_no_house(row: Sequence[object], header: Header, header_words: Sequence[object]) -> str | None:
    """Why a line below the header stands for no house: "blank", "header", "total", "signature"; None for a house.

    A line with a house number in the number column is always a house.
    """
    texts = [to_arabic_digits(clean(cell)) for cell in row if isinstance(cell, str) and clean(cell)]
    if not texts and not any(cell is not None and not isinstance(cell, str) for cell in row):
        return "blank"
    if _columns_named_in(row) == dict(header.columns) and list(row)[:1] == list(header_words)[:1]:
        return "header"
    if any(_TOTAL.match(text) or _COUNT.match(text) for text in texts):
        return "total"
    if any(_SIGNATURE.match(text) for text in texts):
        return "signature"
    return None
