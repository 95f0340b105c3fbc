"""Remarks beside a house number: what they say of the house, and what of them may be kept.

A remark is never acted upon. Persons' names, telephone and citizen numbers in it are nobody's business here.
"""

import re
from enum import StrEnum

from communities.thai_text import clean, to_arabic_digits

from .private_numbers import without_private_numbers


class Remark(StrEnum):
    """What a remark says has become of the house."""

    DEMOLISHED = "demolished"
    EMPTY_PLOT = "empty_plot"
    MOVED = "moved"


_NOT_DENIED = r"(?<!ไม่)(?<!ไม่ได้)(?<!ห้าม)"
_SAYS = {
    Remark.DEMOLISHED: re.compile(rf"{_NOT_DENIED}(?:รื้อ|ทุบ|ไหม้|พัง(?!งา)|ถูกทำลาย|เวนคืน|demolish|destroyed)"),
    Remark.EMPTY_PLOT: re.compile(
        r"ที่(?:ดิน)?(?:ว่าง|เปล่า)|(?:ไม่มี|ไม่พบ)(?:ตัว)?(?:บ้าน|สิ่งปลูก|อาคาร)|ร้าง|(?<![ก-๎])(?:บ้าน|ห้อง)?ว่าง(?!งาน)|vacant|empty"
    ),
    Remark.MOVED: re.compile(
        rf"{_NOT_DENIED}ย้าย|นอก(?:ชุมชน|เขต|พื้นที่)|(?:ชุมชน|เขต|แขวง)อื่น|คนละ|(?:ไม่|มิ)ใช่(?:ใน|ของ)?ชุมชน|ไม่(?:ได้)?อยู่ใน"
        r"|(?:อยู่|เป็น|ของ)(?:ใน|ของ)?(?:ชุมชน|เขต|แขวง)|moved"
    ),
}
# Words by which a note says that the house is gone, elsewhere, another one, or not yet certain.
_SPEAKS_AGAINST = re.compile(
    r"รื้อ|ทุบ|ไหม้|พัง|ย้าย|ยกเลิก|จำหน่าย|เวนคืน|ซ้ำ|ผิด|เปลี่ยน|เดิม|คนละ|ชุมชนอื่น|ขีดฆ่า|\?"
    r"|ไม่(?:ใช่|อยู่|พบ|ทราบ|แน่|ถูก|ตรง|รู้จัก|เอา|นับ|รวม|มี(?=บ้าน|เลข|ใน|อยู่|ทะเบียน|แล้ว))|มิใช่"
    r"|นอก(?:ชุมชน|เขต|พื้นที่)|(?:อยู่|เป็น|ของ)(?:ใน|ของ)?(?:ชุมชน|ซอย|ตรอก|ถนน|แขวง|เขต)"
    r"|ตัด(?:ออก|ทิ้ง)|ลบ(?:ออก|ทิ้ง)|ให้ลบ|แก้(?:ไข|เป็น)|เลข(?:ที่)?(?:ใหม่|เก่า|จริง)|ที่จริง|รวมกับ|แยก(?:เป็น|จาก)"
    r"|ตรวจสอบ(?!แล้ว)|สอบถาม|รอ(?:ตรวจ|สอบ|ยืนยัน|แก้)|demolish|moved|cancel|duplicate|wrong|delete",
    re.IGNORECASE,
)
# Words for another number than the one typed: what stands in the cell may be the old one or the new one.
_OTHER_NUMBER = re.compile(r"ใหม่|เก่า|เดิม|แก้|เปลี่ยน")

_OFFICE_OF_NAYOK = r"(?:$|[\s,;()]|ฯ|สมาคม|อบต|อบจ|เทศ|รัฐมนตรี|ชุมชน|กิ่ง)"
_PERSON = re.compile(
    rf"(?:นาย(?!ก{_OFFICE_OF_NAYOK}|ทะเบียน|ช่าง|ทหาร|หน้า|จ้าง)|นาง(?:สาว)?(?!เลิ้ง|นอง)|น\.\s?ส\.|ด\.\s?[ชญ]\.|เด็ก(?:ชาย|หญิง)|คุณ(?!ภาพ|ค่า)"
    r"|(?:[รพจส]\.\s?[ตทอ]\.\s?(?:[ตทอ]\.)?|พล\.?[ตทอ]\.|ดร\.)|(?<![a-z])(?:mrs?|ms|miss)(?![a-z])\.?)[^,;()]*",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?:โทร(?:ศัพท์)?|มือถือ|(?<![a-z])tel)[\s.:]*", re.IGNORECASE)
_TWO_NAMES = re.compile(r"[ก-๎]{2,} [ก-๎]{2,}")

# Uses, places and people beside a number that cannot be a part of it, nor of an address.
_HARMLESS = re.compile(
    r"บ้าน|(?:บ้าน)?(?:(?:ร้าน|ขาย|ให้?เช่า|เช่า|หอพัก|ห้องเช่า|ห้องแถว|โรงงาน|โรงแรม|โรงพิมพ์|โรงกลึง|โรงไม้|โกดัง|สำนักงาน|บริษัท|บจก|หจก|คลินิก|อู่"
    r"|หัวมุม|ริม|ติด|ใกล้|ตรงข้าม|ข้าง|หน้า(?=[ก-๎])|เจ้าของ|เจ้าบ้าน|ผู้เช่า|ผู้อาศัย|ประธาน|กรรมการ|นายก|อสม|ญาติ|ตึกแถว|ทาวน์|ชั้นเดียว)[^0-9]*"
    r"|มุม|ไม้|ปูน|[0-9]+ ?ชั้น|สองชั้น|มีคนอยู่|อยู่อาศัย|ตรวจ(?:สอบ)?แล้ว|ครบ|ok|โอเค|[✓✔√])"
)
_LONGEST = 500
_EDGES = " .,;:'\"-"


def remark_in(text: str) -> Remark | None:
    """What the remark says of the house: gone, not there, elsewhere; None for anything else."""
    text = clean(text[:_LONGEST]).casefold()
    return next((remark for remark, words in _SAYS.items() if words.search(text)), None)


def speaks_against(text: str) -> bool:
    """Whether a note says that the house is gone, elsewhere, another one or uncertain."""
    return _SPEAKS_AGAINST.search(clean(text)) is not None


def speaks_of_another_number(text: str) -> bool:
    """Whether a remark in the cell of the number says that the number is an old or a new one."""
    return _OTHER_NUMBER.search(text[:_LONGEST]) is not None


def is_harmless(text: str) -> bool:
    """Whether a remark in the cell of the number is known to be neither a part of the number nor of an address."""
    return _HARMLESS.fullmatch(clean(text[:_LONGEST]).casefold().strip(_EDGES)) is not None


def without_persons(text: str) -> str:
    """The text without persons' names (known by their titles), telephone numbers and citizen numbers."""
    text = str(without_private_numbers(to_arabic_digits(clean(text[:_LONGEST]))) or "")
    for private in (_TELEPHONE, _PERSON):
        text = private.sub(" ", text)
    return " ".join(text.replace("()", " ").replace("( )", " ").split())


def note_without_persons(text: str) -> str:
    """A note as it may be stored: as typed, or without the persons whom it names, whatever it says of the house."""
    if not names_person(text):
        return text
    kept = without_persons(text)
    said = next((found[0] for words in _SAYS.values() if (found := words.search(clean(text[:_LONGEST])))), "")
    return kept if said in kept else f"{kept} {said}".strip()


def names_person(text: str) -> bool:
    """Whether a person's name stands in the text, known by a title."""
    return _PERSON.search(clean(text[:_LONGEST])) is not None


def may_be_a_name(text: str) -> bool:
    """Whether the text is two Thai words that say nothing known: a name without its title looks so."""
    return _TWO_NAMES.fullmatch(clean(text[:_LONGEST])) is not None and not is_harmless(text)
