"""What a list may contain: the words that head its columns, and which lines below them are no houses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from communities.thai_text import clean, to_arabic_digits

from .house_numbers import UnreadableHouseNumber, parse

# The first word of each is the one an error message offers; an earlier word wins over a later one.
# "เลขที่" comes last: beside any other name of the house number it heads the running number.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "house_no": ("บ้านเลขที่", "เลขที่บ้าน", "เลขบ้าน", "หมายเลขบ้าน", "เลขประจำบ้าน", "houseno", "housenumber", "เลขที่"),
    "moo": ("หมู่ที่", "หมู่", "ม", "moo"),
    "trok": ("ตรอก", "ชื่อตรอก"),
    "soi": ("ซอย", "ตรอก/ซอย", "ซอย/ตรอก", "ชื่อซอย", "ซ", "soi"),
    "road": ("ถนน", "ชื่อถนน", "ถ", "road"),
    "subdistrict": ("แขวง", "แขวง/ตำบล", "ตำบล", "ตำบล/แขวง", "ชื่อแขวง", "subdistrict"),
    "note": ("หมายเหตุ", "note", "remark", "remarks"),
}
HEADER_SOUGHT_IN_ROWS = 30
_PARTS_OF_ADDRESS = ("moo", "trok", "soi", "road", "subdistrict")
_DISTRICT = ("เขต", "เขต/อำเภอ", "อำเภอ", "อำเภอ/เขต")
# Parts of an address that the register's extract does not state: nothing to compare them with.
_NOT_COMPARED = (
    "แยก",
    "ซอยแยก",
    "ซอยย่อย",
    "หมู่บ้าน",
    "ชื่อหมู่บ้าน",
    "อาคาร",
    "ชื่ออาคาร",
    "ตึก",
    "ห้อง",
    "ห้องเลขที่",
    "เลขที่ห้อง",
    "เลขห้อง",
)
_RUNNING_NUMBER = ("ลำดับ", "ลำดับที่", "ที่", "no", "ลำดับเลขที่")

_NOISE = re.compile(r"[\s.:*()\[\]_\-]+")
_ASIDE = re.compile(r"\((?![^)]*(?:เดิม|เก่า|ใหม่))[^)]*\)")
_TOTAL = re.compile(r"^(?:รวม|ยอดรวม|ทั้งหมด|ทั้งสิ้น|จำนวน(?:บ้าน)?ทั้ง|total)", re.IGNORECASE)
_TOTAL_WORD = re.compile(r"(?:รวม|ยอดรวม|total)(?:ทั้งสิ้น|ทั้งหมด|จำนวน|บ้าน|\s)*", re.IGNORECASE)
_UNIT = re.compile(r"|หลัง|หลังคาเรือน|บ้าน|ครัวเรือน")
_COUNT = re.compile(r"^(?:จำนวน\s*)?[0-9,]+\s*(?:หลัง|หลังคาเรือน)")
_SIGNATURE = re.compile(
    r"^(?:\(?\s*ลงชื่อ|ผู้(?:จัดทำ|ตรวจ|รับรอง|รายงาน|สำรวจ)|ตำแหน่ง|ประธาน(?:กรรมการ)?ชุมชน|หมายเหตุ\s*[:ฯ])|^\(\s*[.…_]"
)
_NAMES_A_PLACE = re.compile(r"^(?:ซอย|ซ\.|ตรอก|ถนน|ถ\.|แขวง|ตำบล|หมู่|ชุมชน|กลุ่ม|โซน|ฝั่ง|สาย)")
_OF_THE_PAGE = re.compile(r"^(?:หน้า|แผ่น|\(?ต่อ|บัญชี|รายชื่อ|รายการ|ข้อมูล|วันที่|ณ วันที่|page)", re.IGNORECASE)
# Words by which a note says that the house is gone, elsewhere, another one, or not yet certain.
_SPEAKS_AGAINST = re.compile(
    r"รื้อ|ทุบ|ไหม้|พัง|ย้าย|ยกเลิก|จำหน่าย|เวนคืน|ซ้ำ|ผิด|เปลี่ยน|เดิม|คนละ|ชุมชนอื่น|ขีดฆ่า|\?"
    r"|ไม่(?:ใช่|อยู่|พบ|ทราบ|แน่|ถูก|ตรง|รู้จัก|เอา|นับ|รวม|มี(?=บ้าน|เลข|ใน|อยู่|ทะเบียน|แล้ว))|มิใช่"
    r"|นอก(?:ชุมชน|เขต|พื้นที่)|(?:อยู่|เป็น|ของ)(?:ใน|ของ)?(?:ชุมชน|ซอย|ตรอก|ถนน|แขวง|เขต)"
    r"|ตัด(?:ออก|ทิ้ง)|ลบ(?:ออก|ทิ้ง)|ให้ลบ|แก้(?:ไข|เป็น)|เลข(?:ที่)?(?:ใหม่|เก่า|จริง)|ที่จริง|รวมกับ|แยก(?:เป็น|จาก)"
    r"|ตรวจสอบ(?!แล้ว)|สอบถาม|รอ(?:ตรวจ|สอบ|ยืนยัน|แก้)|demolish|moved|cancel|duplicate|wrong|delete",
    re.IGNORECASE,
)
_FEWEST_TO_JUDGE = 8
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Header:
    """Where a sheet's columns are named: the (last) header row as the spreadsheet shows it, each column's index from 0.

    `not_compared` are columns with a part of the address that nothing is compared with, or a second
    column for the same part; `district` is the column of the district. `is_plain` is whether the house
    numbers stand under a bare "เลขที่" and no column counts the rows; `names_two` whether the same
    word heads two columns of house numbers.
    """

    row: int
    columns: Mapping[str, int]
    not_compared: tuple[int, ...] = ()
    district: int | None = None
    is_plain: bool = False
    names_two: bool = False


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The first header among the top rows, or None; a row that names one column only counts if no other does."""
    found = list(_headers_on_top(rows))
    return next((header for header, names in found if names > 1), found[0][0] if found else None)


def _headers_on_top(rows: Sequence[Sequence[object]]) -> Iterator[tuple[Header, int]]:
    for index in range(min(len(rows), HEADER_SOUGHT_IN_ROWS)):
        if "house_no" in _columns_named_in([rows[index]]):
            yield header_at(rows, index), _columns_said_by(rows[index])


def _columns_said_by(row: Sequence[object]) -> int:
    words = [word for cell in row if isinstance(cell, str) for word in _words(cell)]
    return len(_columns_named_in([row])) + any(word in _RUNNING_NUMBER for word in words)


def header_at(rows: Sequence[Sequence[object]], index: int) -> Header:
    """The header whose house-number column `rows[index]` names, with the half of it in the row above or below."""
    band = [rows[index]]
    if index and _columns_said_by(rows[index - 1]) and "house_no" not in _columns_named_in([rows[index - 1]]):
        band.insert(0, rows[index - 1])
    last = index
    if index + 1 < len(rows) and _continues_header(band, rows[index + 1]):
        band.append(rows[index + 1])
        last += 1
    return _header_of(band, last + 1)


def _continues_header(band: list[Sequence[object]], below: Sequence[object]) -> bool:
    """Whether the row below names columns itself, and so holds no house."""
    house_no = _columns_named_in(band)["house_no"]
    named = _columns_named_in([below])
    return bool(named) and not reads_as_number(_cell(below, house_no))


def reads_as_number(cell: object) -> bool:
    """Whether the cell holds a house number, or what a spreadsheet made of one."""
    if not isinstance(cell, str):
        return cell is not None
    try:
        parse(cell)
    except UnreadableHouseNumber:
        return False
    return True


def _header_of(band: Sequence[Sequence[object]], row: int) -> Header:
    columns = _columns_named_in(band)
    words = _words_of_columns(band)
    taken = set(columns.values())
    others = {index: said for index, said in words.items() if index not in taken}
    same_part = _NOT_COMPARED + tuple(word for part in _PARTS_OF_ADDRESS for word in HEADINGS[part])
    of_house_no = _best(words[columns["house_no"]], HEADINGS["house_no"])
    return Header(
        row=row,
        columns=columns,
        not_compared=tuple(index for index, said in others.items() if said & set(same_part)),
        district=next((index for index, said in others.items() if said & set(_DISTRICT)), None),
        is_plain=of_house_no == "เลขที่" and not any(said & set(_RUNNING_NUMBER) for said in others.values()),
        names_two=any(_best(said, HEADINGS["house_no"]) == of_house_no for said in others.values()),
    )


def _best(said: set[str], headings: Sequence[str]) -> str | None:
    return next((word for word in headings if word in said), None)


def _columns_named_in(band: Sequence[Sequence[object]]) -> dict[str, int]:
    words = _words_of_columns(band)
    columns: dict[str, int] = {}
    for column, headings in HEADINGS.items():
        places = [
            (headings.index(word), index)
            for index, said in words.items()
            if (word := _best(said, headings)) is not None
        ]
        if places:
            columns[column] = min(places)[1]
    return columns


def _words_of_columns(band: Sequence[Sequence[object]]) -> dict[int, set[str]]:
    """What the rows of a header say over each column, row by row and read downwards as one word."""
    words: dict[int, set[str]] = {}
    joined: dict[int, str] = {}
    for row in band:
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                words.setdefault(index, set()).update(_words(cell))
                joined[index] = joined.get(index, "") + _word(cell)
    for index, word in joined.items():
        words[index].add(word)
    return words


def _words(cell: str) -> set[str]:
    """The word of a header cell, with and without what stands in brackets."""
    return {_word(cell), _word(_ASIDE.sub("", cell))}


def _word(cell: str) -> str:
    return _NOISE.sub("", clean(cell)).lower()


def names_columns_anew(row: Sequence[object], header: Header) -> bool:
    """Whether a line below the header is a header itself: that of the next page, or of a table in another order."""
    if reads_as_number(_cell(row, header.columns["house_no"])):
        return False
    columns = _columns_named_in([row])
    if "house_no" not in columns:
        return False
    return len(columns) > 1 or columns["house_no"] == header.columns["house_no"]


def why_no_house(row: Sequence[object], header: Header) -> str | None:
    """Why a line below the header stands for no house; None for a house.

    "blank", "header" (half of one), "total", "signature", "heading" (a line of one text, which often
    names the lane of the rows below).
    """
    if reads_as_number(_cell(row, header.columns["house_no"])):
        return "total" if _sums_up(row, header) else None
    texts = _texts(row)
    others = any(cell is not None and not isinstance(cell, str) for cell in row)
    if not texts:
        return None if others else "blank"
    if len(_columns_named_in([row])) > 1:
        return "header"
    beside = texts if len(texts) == 1 else _beside_address(row, header)
    if any(_TOTAL.match(text) or _COUNT.match(text) for _index, text in beside):
        return "total"
    if any(_SIGNATURE.match(text) for _index, text in beside):
        return "signature"
    return None if others else _why_one_text_is_none(row, header)


def _sums_up(row: Sequence[object], header: Header) -> bool:
    """Whether the number of the line is that of the houses: "รวม | 353 | หลัง"."""
    rest = (_cell(row, index) for column, index in header.columns.items() if column != "house_no")
    if any(cell and not (isinstance(cell, str) and _UNIT.fullmatch(clean(cell))) for cell in rest):
        return False
    return any(_TOTAL_WORD.fullmatch(text) for _index, text in _beside_address(row, header))


def _beside_address(row: Sequence[object], header: Header) -> list[tuple[int, str]]:
    """The texts outside the columns of the address and the note, the number's own column included."""
    address = {index for column, index in header.columns.items() if column != "house_no"}
    return [(index, text) for index, text in _texts(row) if index not in address]


def _why_one_text_is_none(row: Sequence[object], header: Header) -> str | None:
    texts = _texts(row)
    if len(texts) > 1:
        return None
    [(index, text)] = texts
    in_number_column = index == header.columns["house_no"]
    return None if in_number_column and not (_NAMES_A_PLACE.match(text) or _OF_THE_PAGE.match(text)) else "heading"


def heading_in(row: Sequence[object], header: Header) -> str | None:
    """What a line without a house number says about the rows below it, None if nothing.

    It names a place outside the column of that kind ("ซอยเทอดไท 5" in the first column), or is its line's only text.
    """
    if reads_as_number(_cell(row, header.columns["house_no"])):
        return None
    texts = _texts(row)
    house_no = header.columns["house_no"]
    lanes = {header.columns[part] for part in _PARTS_OF_ADDRESS if part in header.columns}
    named = [text for index, text in texts if _NAMES_A_PLACE.match(text) and (index not in lanes or len(texts) == 1)]
    if named:
        return named[0]
    alone = len(texts) == 1 and texts[0][0] != house_no and not _OF_THE_PAGE.match(texts[0][1])
    return texts[0][1] if alone else None


def _texts(row: Sequence[object]) -> list[tuple[int, str]]:
    """The cells that hold text, each with its index."""
    texts = ((index, to_arabic_digits(clean(cell))) for index, cell in enumerate(row) if isinstance(cell, str))
    return [(index, text) for index, text in texts if text]


def _cell(row: Sequence[object], index: int) -> object:
    return row[index] if index < len(row) else None


def speaks_against(text: str) -> bool:
    """Whether a note says that the house is gone, elsewhere, another one or uncertain."""
    return _SPEAKS_AGAINST.search(clean(text)) is not None


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
