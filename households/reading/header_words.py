"""The words that head the columns of a list, and what each means, however it is spelt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from communities.thai_text import clean

# What a list may contain. The first word of each is the one that pages show and error messages offer; an earlier
# word wins over a later one. "เลขที่" comes last: beside any other name of the house number it heads the running number.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "house_no": (
        "บ้านเลขที่", "เลขที่บ้าน", "เลขบ้าน", "หมายเลขบ้าน", "เลขประจำบ้าน", "เลขที่ของบ้าน", "บ้านเลข", "บเลขที่", "บลข", "houseno",
        "housenumber", "hno", "addressno", "เลขที่",
    ),
    "moo": ("หมู่ที่", "หมู่", "ม", "มที่", "moo", "mu"),
    "trok": ("ตรอก", "ชื่อตรอก", "trok"),
    "soi": ("ซอย", "ตรอก/ซอย", "ซอย/ตรอก", "ชื่อซอย", "ซ", "ซอยที่", "soi", "lane", "alley"),
    "road": ("ถนน", "ชื่อถนน", "ถ", "ถนนสาย", "road", "street"),
    "subdistrict": ("แขวง", "แขวง/ตำบล", "ตำบล", "ตำบล/แขวง", "ชื่อแขวง", "ต", "ขว", "subdistrict", "tambon", "khwaeng"),
    "note": ("หมายเหตุ", "หมายเหตุอื่น", "บันทึก", "ข้อสังเกต", "note", "notes", "remark", "remarks", "comment"),
    "address": (
        "ที่อยู่", "รายละเอียดที่อยู่", "ที่อยู่ตามทะเบียน", "ที่อยู่อาศัย", "ที่อยู่บ้าน", "ที่อยู่โดยละเอียด", "ที่ตั้ง", "ที่ตั้งบ้าน", "สถานที่ตั้ง",
        "ข้อมูลที่อยู่", "address", "fulladdress",
    ),
}  # fmt: skip
# Columns that say something about a row, but not by which name the register knows the house.
RUNNING, DISTRICT, MORE_OF_ADDRESS, WIDER_AREA, COMMUNITY, UNWANTED = (
    "running", "district", "more_of_address", "wider_area", "community", "unwanted",
)  # fmt: skip
_BESIDE: Mapping[str, tuple[str, ...]] = {
    RUNNING: ("ลำดับ", "ลำดับที่", "ที่", "no", "ลำดับเลขที่", "ลําดับ", "ลดท", "ข้อ", "ข้อที่", "item", "order"),
    DISTRICT: ("เขต", "เขต/อำเภอ", "อำเภอ", "อำเภอ/เขต", "district"),
    # Parts of an address that the register's extract does not state: nothing to compare them with.
    MORE_OF_ADDRESS: (
        "แยก", "ซอยแยก", "ซอยย่อย", "หมู่บ้าน", "ชื่อหมู่บ้าน", "อาคาร", "ชื่ออาคาร", "ตึก", "ห้อง", "ห้องเลขที่", "เลขที่ห้อง", "เลขห้อง",
    ),
    WIDER_AREA: ("จังหวัด", "รหัสไปรษณีย์", "province", "postcode", "zipcode"),
    COMMUNITY: ("ชุมชน", "ชื่อชุมชน", "รหัสชุมชน", "community"),
    # Named here only so that a slip of the pen is never taken for them, nor they for a slip of the pen.
    UNWANTED: (
        "ชื่อ", "ชื่อสกุล", "ชื่อนามสกุล", "นามสกุล", "สกุล", "คำนำหน้า", "ชื่อเจ้าบ้าน", "เจ้าบ้าน",
        "เจ้าของบ้าน", "หัวหน้าครอบครัว", "ผู้อยู่อาศัย", "ชื่อผู้อยู่อาศัย", "ชื่อเล่น", "ชื่อร้าน", "โทร",
        "โทรศัพท์", "เบอร์โทร", "เบอร์โทรศัพท์", "หมายเลขโทรศัพท์", "มือถือ", "เลขบัตร", "เลขที่บัตร",
        "เลขบัตรประชาชน", "เลขประจำตัว", "เลขประจำตัวประชาชน", "เลขบัตรประจำตัวประชาชน", "บัตรประชาชน", "อายุ",
        "เพศ", "วันเกิด", "วันเดือนปีเกิด", "อาชีพ", "สถานะ", "จำนวน", "จำนวนคน", "จำนวนสมาชิก", "จำนวนบ้าน",
        "สมาชิก", "ลายมือชื่อ", "ลายเซ็น", "ลงชื่อ", "วันที่", "เลขที่ดิน", "ที่ดิน", "โฉนด", "เลขที่โฉนด",
        "เลขที่เอกสาร", "เลขที่หนังสือ", "เลขรหัสประจำบ้าน", "รหัสประจำบ้าน", "รหัสบ้าน", "เลขรหัสบ้าน",
        "บ้านเลขที่เดิม", "บ้านเลขที่เก่า", "เลขที่เดิม", "เลขที่เก่า", "ครัวเรือน", "หลังคาเรือน", "ชั้น",
        "name", "surname", "tel", "telephone", "phone", "mobile", "age", "sex",
    ),
}  # fmt: skip
LANES = ("trok", "soi", "road")

# A longer cell is a sentence of the title.
_LONGEST = 60
_NOISE = re.compile(r"[\s.:*()\[\]{}<>_\-\"'“”]+")
_ASIDE = re.compile(r"[(\[](?![^)\]]*(?:เดิม|เก่า|ใหม่))[^)\]]*[)\]]")
_SAYS_NO_MORE = re.compile(r"(?:ตามทะเบียน(?:บ้าน|ราษฎร์?)?|ถ้ามี|ปัจจุบัน|ที่ตั้งบ้าน)$")
_JOINED_BY = re.compile(r"/|,|และ|หรือ|&|\+")
# Marks above a letter are what fingers miss first.
_MARKS = str.maketrans(dict.fromkeys("็่้๊๋์ํ"))
_DIGIT = re.compile(r"[0-9๐-๙]")


@dataclass(frozen=True, slots=True)
class Said:
    """What the text over a column means: one of HEADINGS or of the columns beside, and how good a name it is (0 best).

    `is_misspelt`: no known word, but almost one; worth something only beside words that are known.
    """

    meaning: str
    rank: int
    is_misspelt: bool = False


_KNOWN: dict[str, Said] = {
    word: Said(meaning, rank)
    for table in (_BESIDE, HEADINGS)
    for meaning, words in table.items()
    for rank, word in enumerate(words)
}
_MISSPELT_RANK = 50
_FEWEST_WITHOUT_MARKS = 6
_KNOWN_BARE = {word.translate(_MARKS): said for word, said in _KNOWN.items()}


@lru_cache(maxsize=16_384)
def read_heading(text: str) -> Said | None:
    """What the text means as the head of a column, by the words that are known; None where it is no such word."""
    if len(text) > _LONGEST:
        return None
    found = [said for word in _forms(text) if (said := _KNOWN.get(word) or _of_marks(word) or _of_several(word))]
    return min(found, key=lambda said: said.rank, default=None)


@lru_cache(maxsize=4_096)
def read_misspelt_heading(text: str) -> Said | None:
    """As `read_heading`, for text that is almost such a word: a letter or two off, and nearest to one meaning only."""
    if len(text) > _LONGEST or _DIGIT.search(text):
        return None
    near: dict[str, int] = {}
    for form in _forms(text):
        for bare, meaning in _BARE_WORDS:
            off = OSA.distance(form.translate(_MARKS), bare, score_cutoff=_slips_allowed(bare))
            if off <= _slips_allowed(bare):
                near[meaning] = min(off, near.get(meaning, off))
    nearest = [meaning for meaning, off in near.items() if off == min(near.values())]
    return Said(nearest[0], _MISSPELT_RANK, is_misspelt=True) if len(nearest) == 1 else None


def bare_word(text: str) -> str:
    """The word of a header cell without blanks, stops and brackets, as the tables here write it."""
    return _NOISE.sub("", clean(text)).lower()


def _forms(text: str) -> list[str]:
    """The word with and without what stands in brackets, and without words that add nothing."""
    forms = [bare_word(text), bare_word(_ASIDE.sub("", text))]
    return list(dict.fromkeys(form for word in forms for form in (word, _SAYS_NO_MORE.sub("", word)) if form))


def _of_marks(word: str) -> Said | None:
    """What a word means that lacks marks above its letters or has others: a long one is still no other word."""
    bare = word.translate(_MARKS)
    return _KNOWN_BARE.get(bare) if len(bare) >= _FEWEST_WITHOUT_MARKS else None


def _of_several(word: str) -> Said | None:
    """What a column holds that is named by several words: "ซอย/ถนน" lanes, "บ้านเลขที่/ที่อยู่" a whole address."""
    parts = [_KNOWN.get(part) for part in _JOINED_BY.split(word)]
    named = {part.meaning for part in parts if part}
    if len(parts) < 2 or None in parts or not named <= set(HEADINGS) - {"note"} | {DISTRICT, WIDER_AREA}:
        return None
    if named & {"house_no", "address"}:
        return _KNOWN["ที่อยู่"]
    if named <= {"subdistrict", DISTRICT, WIDER_AREA}:
        return Said("subdistrict" if "subdistrict" in named else DISTRICT, len(HEADINGS["subdistrict"]))
    if named & {"moo", "subdistrict", DISTRICT}:
        return _KNOWN["ที่อยู่"]
    return Said("soi", len(HEADINGS["soi"])) if named & set(LANES) else None


_BARE_WORDS = tuple((word.translate(_MARKS), said.meaning) for word, said in _KNOWN.items())


def _slips_allowed(word: str) -> int:
    """How many letters may be missing, added, changed or swapped with the next."""
    if len(word) < 3:
        return 0
    return 1 if len(word) < 9 else 2
