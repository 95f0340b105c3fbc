"""The lines below a list's header: which of them stand for no house, and what they say about the rows below."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import TypeGuard

from communities.thai_text import clean, to_arabic_digits

from .columns import COUNT_OF_HOUSES, PARTS_OF_ADDRESS, Header, names_house, repeats
from .named_columns import columns_named_in

_TOTAL = re.compile(r"^(?:รวม|ยอดรวม|ทั้งหมด|ทั้งสิ้น|จำนวน(?:บ้าน)?ทั้ง|total)", re.IGNORECASE)
_TOTAL_WORD = re.compile(r"(?:รวม|ยอดรวม|total)(?:ทั้งสิ้น|ทั้งหมด|จำนวน|บ้าน|\s)*", re.IGNORECASE)
_UNIT = re.compile(r"|หลัง|หลังคาเรือน|บ้าน|ครัวเรือน")
_SIGNATURE = re.compile(
    r"^(?:\(?\s*ลงชื่อ|ผู้(?:จัดทำ|ตรวจ|รับรอง|รายงาน|สำรวจ)|ตำแหน่ง|ประธาน(?:กรรมการ)?ชุมชน|หมายเหตุ\s*[:ฯ])|^\(\s*[.…_]"
)
# Below the dots of a signature: "(สมพร ใจดี)".
NAME_IN_BRACKETS = re.compile(
    r"\(\s*(?!ซอย|ซ\.|ตรอก|ถนน|ถ\.|แขวง|ตำบล|หมู่|ชุมชน|กลุ่ม|โซน|ฝั่ง|สาย|ต่อ|บ้าน)[^()0-9]+\s[^()0-9]+\)"
)
_NAMES_A_PLACE = re.compile(r"^(?:ซอย|ซ\.|ตรอก|ถนน|ถ\.|แขวง|ตำบล|หมู่|ชุมชน|กลุ่ม|โซน|ฝั่ง|สาย)")
_OF_THE_PAGE = re.compile(r"^(?:หน้า|แผ่น|\(?ต่อ|บัญชี|รายชื่อ|รายการ|ข้อมูล|วันที่|ณ วันที่|page)", re.IGNORECASE)
_FEWEST_TO_JUDGE = 8
_MOSTLY = 0.9


def why_no_house(row: Sequence[object], header: Header) -> str | None:
    """Why a line below the header stands for no house; None for a house.

    "blank", "header" (half of one), "total", "signature", "heading" (a line of one text, which often
    names the lane of the rows below).
    """
    if names_house(row, header):
        return "total" if _sums_up(row, header) else None
    texts = _texts(row)
    others = any(cell is not None and not isinstance(cell, str) for cell in row)
    if not texts:
        return None if others else "blank"
    if len(columns_named_in([row])) > 1 or repeats(row, header):
        return "header"
    beside = texts if len(texts) == 1 else _beside_address(row, header)
    counts = any(COUNT_OF_HOUSES.match(text) for _index, text in beside)
    if any(_TOTAL.match(text) for _index, text in beside) or (counts and not _states_an_address(row, header)):
        return "total"
    if any(_SIGNATURE.match(text) for _index, text in beside):
        return "signature"
    return None if others else _why_one_text_is_none(row, header)


def _states_an_address(row: Sequence[object], header: Header) -> bool:
    """Whether a part of an address stands in its column, so that "12 หลัง" beside it is a number and a remark."""
    parts = {header.columns[part] for part in PARTS_OF_ADDRESS if part in header.columns}
    return any(index in parts for index, _text in _texts(row))


def _sums_up(row: Sequence[object], header: Header) -> bool:
    """Whether the number of the line is that of the houses: "รวม | 353 | หลัง"."""
    address = {index for index in header.columns.values() if index != header.number}
    rest = (cell for index, cell in enumerate(row) if index in address)
    if any(cell and not (isinstance(cell, str) and _UNIT.fullmatch(clean(cell))) for cell in rest):
        return False
    return any(_TOTAL_WORD.fullmatch(text) for _index, text in _beside_address(row, header))


def _beside_address(row: Sequence[object], header: Header) -> list[tuple[int, str]]:
    """The texts outside the columns of the address and the note, the number's own column included."""
    address = {index for index in header.columns.values() if index != header.number}
    return [(index, text) for index, text in _texts(row) if index not in address]


def _why_one_text_is_none(row: Sequence[object], header: Header) -> str | None:
    texts = _texts(row)
    if len(texts) > 1:
        return None
    [(index, text)] = texts
    if NAME_IN_BRACKETS.fullmatch(text):
        return "signature"
    in_number_column = index == header.number
    return None if in_number_column and not (_NAMES_A_PLACE.match(text) or _OF_THE_PAGE.match(text)) else "heading"


def heading_in(row: Sequence[object], header: Header) -> str | None:
    """What a line without a house number says about the rows below it, None if nothing.

    It names a place outside the column of that kind ("ซอยเทอดไท 5" in the first column), or is its line's only text.
    """
    if names_house(row, header):
        return None
    texts = _texts(row)
    house_no = header.number
    lanes = {header.columns[part] for part in PARTS_OF_ADDRESS if part in header.columns}
    named = [text for index, text in texts if _NAMES_A_PLACE.match(text) and (index not in lanes or len(texts) == 1)]
    if named:
        return named[0]
    alone = len(texts) == 1 and texts[0][0] != house_no and not _OF_THE_PAGE.match(texts[0][1])
    return texts[0][1] if alone else None


def _texts(row: Sequence[object]) -> list[tuple[int, str]]:
    """The cells that hold text, each with its index."""
    texts = ((index, to_arabic_digits(clean(cell))) for index, cell in enumerate(row) if isinstance(cell, str))
    return [(index, text) for index, text in texts if text]


def count_the_rows(values: Sequence[object]) -> bool:
    """Whether the values of a column run 1, 2, 3 … as a column does that counts rows instead of naming houses."""
    if len(values) < _FEWEST_TO_JUDGE:
        return False
    numbers = [value if isinstance(value, int) else int(value) if _is_count(value) else None for value in values]
    steps = [
        after - before for before, after in itertools.pairwise(numbers) if before is not None and after is not None
    ]
    return sum(step == 1 for step in steps) >= _MOSTLY * (len(values) - 1)


def _is_count(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and re.fullmatch(r"[0-9๐-๙]{1,5}", value.strip()) is not None
