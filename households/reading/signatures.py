"""Lines of a list's sheet that stand for no house and may name persons: who made it, who signed it, whom to call.

The work needs none of these names, so none is stored: neither with the list nor in the workbook that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from communities.thai_text import clean

from .list_lines import NAME_IN_BRACKETS
from .named_columns import columns_named_in
from .private_numbers import without_private_numbers
from .row_notes import names_person, without_persons

_SIGNED = re.compile(
    r"\(?\s*ลง(?:ชื่อ|นาม)|ผู้(?:จัดทำ|ตรวจ|รับรอง|รายงาน|สำรวจ|ส่ง|บันทึก|ให้ข้อมูล|ประสาน|พิมพ์|เก็บ)|ตำแหน่ง|จัดทำโดย|สำรวจโดย|ติดต่อ"
    r"|ประธาน(?:กรรมการ)?ชุมชน\s*[:.…_(]|\(\s*[.…_]"
)


# Before a title stands nothing, or a word that leads to a name: "วัดนางชี" and "ถนนนางลิ้นจี่" are places.
_APART = re.compile(
    r"(?:^|[^ก-๎]|โดย|ของ|ชื่อ|นาม|คือ|กับ|และ|ประธาน(?:ชุมชน)?|กรรมการ)(?:นาย|นาง|น\.\s?ส\.|ด\.\s?[ชญ]\.|เด็ก|คุณ|[รพจส]\.|พล|ดร\.|mr|ms|miss)",
    re.IGNORECASE,
)
_NAMES_A_LANE = re.compile(r"(?:ซอย|ซ\.|ตรอก|ถนน|ถ\.|แขวง)")


def is_signed(cells: Sequence[object]) -> bool:
    """Whether a line says who made or signed the list, or leaves room for it."""
    return any(map(_signs, cells))


def _signs(cell: object) -> bool:
    if not isinstance(cell, str):
        return False
    text = clean(cell)
    return _SIGNED.match(text) is not None or NAME_IN_BRACKETS.fullmatch(text) is not None


def without_names(cell: object) -> object:
    """The cell of a line that stands for no house, without persons' names, telephones and citizen numbers."""
    cell = without_private_numbers(cell)
    return (without_persons(cell) or None) if isinstance(cell, str) and _names_person(clean(cell)) else cell


def _names_person(text: str) -> bool:
    return names_person(text) and _APART.search(text) is not None and not _NAMES_A_LANE.match(text)


def cells_beside_houses(rows: Sequence[Sequence[object]], houses: Collection[int]) -> Iterator[tuple[int, int, object]]:
    """Each cell of the lines that stand for no house which is not kept as typed: row and column from 0, what is kept.

    `houses` are the rows of houses. A name often stands below the dots that it is signed on, so a signature lasts until
    the next house or header.
    """
    is_signing, first = False, min(houses, default=len(rows))
    for at, cells in enumerate(rows):
        if at in houses:
            is_signing = False
            continue
        is_signing &= len(columns_named_in([cells])) < 2
        signed = is_signing
        for column, cell in enumerate(cells):
            signed |= _signs(cell)
            kept = None if signed else without_names(cell)
            if kept != cell:
                yield at, column, kept
        is_signing |= signed and at > first
