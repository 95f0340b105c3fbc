"""The list of announced communities, as the community development section sends it: its table checked, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.codes import NotACommunityCode, clean_community_code
from communities.models import CommunityName
from communities.tables import Column, Table, find_table, quoted, text_of
from communities.thai_text import clean, to_arabic_digits

COLUMNS = (
    Column("code", ("รหัสชุมชน", "community code")),
    Column("name", ("ชื่อชุมชน", "ชุมชน", "community name")),
    Column("subdistrict_code", ("รหัสแขวง", "รหัสตำบล", "subdistrict code")),
    Column("subdistrict", ("แขวง", "ชื่อแขวง", "ตำบล", "subdistrict")),
    Column("type", ("ประเภท", "ประเภทชุมชน", "type")),
    Column("expected", ("จำนวนบ้านที่คาด", "จำนวนบ้าน", "จำนวนหลังคาเรือน", "expected houses")),
)
# The word that every name begins with: it is written before the name on the screen, and kept once.
_COMMUNITY = "ชุมชน"
_MOST_HOUSES = 100_000
_LONGEST_NAME = CommunityName._meta.get_field("name_th").max_length or 0
_SUBDISTRICT_CODE = re.compile("[0-9]{6}")
_WHOLE_NUMBER = re.compile("[0-9]{1,3}(,[0-9]{3})+|[0-9]+")


@dataclass(frozen=True)
class Announced:
    """One community as a row of the list states it; `type_name` "" and `expected` None where the cell is empty."""

    row: int
    code: str
    name: str
    subdistrict_code: str
    subdistrict_name: str
    type_name: str
    expected: int | None


def read_announced(
    sheets: Sequence[tuple[str, Sequence[Sequence[object]]]], *, file_name: str
) -> tuple[Table, list[Announced]]:
    """Check a list of communities given as sheets (name, rows) and return its table and its communities.

    Raises ValidationError that names row and column: a column missing, no rows, a code malformed or twice, no name,
    a sub-district code that is none, a number of houses that is none.
    """
    table = find_table(sheets, COLUMNS, file_name=file_name)
    found = [
        _read_row(table, number)
        for number in range(table.header_row + 1, len(table.rows))
        if any(map(text_of, table.rows[number]))
    ]
    if not found:
        raise ValidationError(
            _("%(place)s has no rows below its header."), code="no_rows", params={"place": table.place()}
        )
    _refuse_code_twice(table, found)
    return table, found


def without_the_word(name: str) -> str:
    """A name without the word "ชุมชน" before it: "ชุมชนกุฎีขาว" is stored as "กุฎีขาว"."""
    return clean(name).removeprefix(_COMMUNITY).strip()


def _read_row(table: Table, row: int) -> Announced:
    cells = table.rows[row]
    texts = {name: text_of(cells[index]) if index < len(cells) else "" for name, index in table.columns.items()}
    return Announced(
        row=row,
        code=_code(table, row, texts["code"]),
        name=_name(table, row, texts["name"]),
        subdistrict_code=_subdistrict_code(table, row, texts["subdistrict_code"]),
        subdistrict_name=clean(texts["subdistrict"]),
        type_name=clean(texts["type"]),
        expected=_expected(table, row, texts["expected"]),
    )


def _code(table: Table, row: int, text: str) -> str:
    try:
        return clean_community_code(text, settings.COMMUNITY_CODE_PATTERN)
    except NotACommunityCode as problem:
        sentence = _("%(place)s: “%(text)s” is not a community code.")
        raise _refusal(table, row, "code", sentence, "not_a_community_code", text) from problem


def _name(table: Table, row: int, text: str) -> str:
    name = without_the_word(text)
    if not name:
        raise _refusal(table, row, "name", _("%(place)s: the community has no name."), "no_name", text)
    if len(name) > _LONGEST_NAME:
        raise _refusal(table, row, "name", _("%(place)s: the name “%(text)s” is too long."), "too_long", text)
    return name


def _subdistrict_code(table: Table, row: int, text: str) -> str:
    code = to_arabic_digits(clean(text)).replace(" ", "")
    if not _SUBDISTRICT_CODE.fullmatch(code):
        sentence = _("%(place)s: “%(text)s” is not a sub-district code of 6 digits.")
        raise _refusal(table, row, "subdistrict_code", sentence, "not_a_subdistrict_code", text)
    return code


def _expected(table: Table, row: int, text: str) -> int | None:
    written = to_arabic_digits(clean(text))
    if not written:
        return None
    if not _WHOLE_NUMBER.fullmatch(written) or int(written.replace(",", "")) > _MOST_HOUSES:
        sentence = _("%(place)s: “%(text)s” is not a number of houses.")
        raise _refusal(table, row, "expected", sentence, "not_a_number", text)
    return int(written.replace(",", ""))


def _refuse_code_twice(table: Table, found: list[Announced]) -> None:
    rows: dict[str, list[int]] = {}
    for announced in found:
        rows.setdefault(announced.code, []).append(announced.row)
    for code, places in rows.items():
        if len(places) > 1:
            raise ValidationError(
                _("%(place)s: the community code %(community_code)s stands there more than once."),
                code="code_twice",
                params={"place": table.place(places, "code"), "community_code": code},
            )


def _refusal(table: Table, row: int, column: str, sentence: str, code: str, text: str) -> ValidationError:
    return ValidationError(sentence, code=code, params={"place": table.place([row], column), "text": quoted(text)})
