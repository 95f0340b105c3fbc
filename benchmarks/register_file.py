"""A made-up extract of the central register, the same at every run, in the shape of a district's real one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

HEADER = ("เลขรหัสประจำบ้าน", "บ้านเลขที่", "หมู่ที่", "ตรอก", "ซอย", "ถนน", "รหัสแขวง", "แขวง", "สถานะ")
_SUBDISTRICTS = (
    ("101501", "วัดกัลยาณ์"), ("101502", "หิรัญรูจี"), ("101503", "บางยี่เรือ"), ("101504", "บุคคโล"),
    ("101505", "ตลาดพลู"), ("101506", "ดาวคะนอง"), ("101507", "สำเหร่"),
)  # fmt: skip
_ROADS = ("ตากสิน", "เจริญนคร", "เทอดไท", "วุฒากาศ", "ประชาธิปก", "อินทรพิทักษ์", "อิสรภาพ", "ราชพฤกษ์", "มไหสวรรย์", "รัชดาภิเษก")
_SOIS_OF_A_ROAD = 16

Row = tuple[str, ...]


def houses(count: int) -> list[Row]:
    """That many houses in no order: each in one of some 160 lanes, a hundredth of them struck off."""
    chance = random.Random(2558)
    made = [_house(number, chance) for number in range(count)]
    chance.shuffle(made)
    return made


def with_changes(rows: Sequence[Row], share: float) -> list[Row]:
    """The same houses, that share of them with another number."""
    changed = set(random.Random(2559).sample(range(len(rows)), round(len(rows) * share)))
    return [(row[0], f"{row[1]}/9", *row[2:]) if at in changed else row for at, row in enumerate(rows)]


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write the extract as an .xlsx: text cells, none where there is nothing to say."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("ทะเบียนบ้าน")
        for at, row in enumerate([HEADER, *rows]):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(at, column, text)


def _house(number: int, chance: random.Random) -> Row:
    road = chance.choice(_ROADS)
    soi = chance.randrange(_SOIS_OF_A_ROAD)
    code, name = _SUBDISTRICTS[(len(road) + soi) % len(_SUBDISTRICTS)]
    house_no = (
        f"{chance.randrange(1, 200)}/{chance.randrange(1, 20)}"
        if chance.random() < 0.6
        else str(chance.randrange(1, 900))
    )
    status = "จำหน่าย" if chance.random() < 0.01 else "ปกติ"
    return (f"1015{9000000 + number:07d}", house_no, "", "", f"{road} {soi}" if soi else "", road, code, name, status)
