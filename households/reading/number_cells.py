"""What the cell of a house number says: one number or several, what a spreadsheet made of it, a remark beside it.

Nothing that is guessed goes without a doubt: a number with more than one reading, a range, a repaired number.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from communities.thai_text import clean, to_arabic_digits

from ..house_numbers import numbers_at_start
from .number_parts import UNREADABLE, Doubt, NumberPart, doubted, part_of
from .number_runs import parts_of_run, plain_number
from .row_notes import is_harmless, may_be_a_name, remark_in, speaks_of_another_number, without_persons
from .spreadsheet_numbers import date_in, odd_form, part_of_value
from .whole_addresses import WholeAddress, is_numbered_name, take_apart, take_column_apart


@dataclass(frozen=True, slots=True)
class NumberCell:
    """The houses that a cell names (at least one part), a remark in it (without persons), the rest of an address."""

    parts: tuple[NumberPart, ...]
    note: str = ""
    address: WholeAddress | None = None


_LONGEST = 300
_NO_SUBDISTRICTS: frozenset[str] = frozenset()
_UNREADABLE = NumberCell((UNREADABLE,))
_EMPTY = NumberCell((NumberPart((), Doubt.NO_NUMBER),))

_LABEL = re.compile(
    r"(?:บ้านเลขที่|เลขประจำบ้าน|เลขที่บ้าน|เลขบ้าน|เลขที่|บ้าน(?=\s?[0-9])|house\s?no|number|no(?![a-z])|#|№)[\s.:]*",
    re.IGNORECASE,
)
_QUOTES = " '’‘`´"
_SAID_SLASH = re.compile(r"(?<=[0-9])\s?ทับ\s?(?=[0-9])")
_HARMLESS_END = re.compile(r"[.,;:'’]*")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBER_ANYWHERE = re.compile(r"(?<![0-9/.])[0-9]+(?:/[0-9]+)*(?: ?[ก-ฮ](?![ก-๎.]))?(?![0-9/%]|\.[0-9])")


def read_number_cell(
    value: object, number_format: str = "", subdistricts: frozenset[str] = _NO_SUBDISTRICTS
) -> NumberCell:
    """Read the cell of a house number, whatever type the workbook gave it; never raises.

    `number_format` is how the spreadsheet shows the cell, where that is known; `subdistricts` the names of the
    district's, for an address in the cell.
    """
    if isinstance(value, str):
        return _read_text(value, subdistricts)
    if value is None:
        return _EMPTY
    return NumberCell((part_of_value(value, number_format),))


def _read_text(text: str, subdistricts: Collection[str]) -> NumberCell:
    if len(text) > _LONGEST:
        return _UNREADABLE if text.strip() else _EMPTY
    plain = plain_number(text)
    if plain:
        return NumberCell((plain,))
    lines = [line for line in text.splitlines() if clean(line)]
    return _read_words(", ".join(map(clean, lines)), subdistricts)


def _read_words(text: str, subdistricts: Collection[str]) -> NumberCell:
    text = _SAID_SLASH.sub("/", to_arabic_digits(text)).strip(_QUOTES)
    text = _LABEL.sub("", text) if (label := _LABEL.match(text)) and label.end() < len(text) else text
    if not text:
        return _EMPTY
    if part := date_in(text) or odd_form(text):
        return NumberCell((part,))
    address = take_apart(text, subdistricts)
    if address is not None:
        return _of_address(address)
    return _with_remark(text, subdistricts)


def read_address_column(text: str, subdistricts: frozenset[str] = _NO_SUBDISTRICTS) -> NumberCell:
    """Read a cell that holds a whole address, as its column's heading says, whether its parts are announced or not."""
    if len(text) > _LONGEST:
        return _UNREADABLE
    return _of_address(take_column_apart(text, subdistricts)) if clean(text) else _EMPTY


def _of_address(address: WholeAddress) -> NumberCell:
    """The number of an address that stands in the cell; without one the cell says where, but not which house."""
    if not address.house_no:
        return NumberCell(_UNREADABLE.parts, address.note, address)
    found = _with_remark(address.house_no, ())
    note, doubt = _judged(address.note)
    parts = tuple(doubted(part, doubt) for part in found.parts)
    return NumberCell(parts, f"{found.note} {note}".strip(), address)


def _with_remark(text: str, subdistricts: Collection[str]) -> NumberCell:
    """Numbers, and what stands behind or before them."""
    numbers, rest = numbers_at_start(text)
    if not numbers:
        return _number_inside(text)
    parts = parts_of_run(numbers)
    if _HARMLESS_END.fullmatch(rest.strip()):
        # "5." may count the rows, "12/3." may not.
        counts = bool(rest.strip()) and numbers.isdecimal()
        return NumberCell(tuple(doubted(part, Doubt.REPAIRED if counts else Doubt.NONE) for part in parts))
    if is_numbered_name(rest):
        return _of_address(take_column_apart(text, subdistricts))
    note, doubt = _judged(rest)
    letter = _BRACKETS.fullmatch(rest.strip())
    if letter and re.fullmatch(r"[ก-ฮ]", letter[1].strip()) and len(parts) == 1:
        return NumberCell((part_of(Doubt.REPAIRED, f"{numbers} {letter[1].strip()}", *parts[0].keys),))
    return NumberCell(tuple(doubted(part, doubt) for part in parts), note)


def _judged(rest: str) -> tuple[str, Doubt]:
    """A remark as it may be kept, and the doubt it leaves: none only if it is known to be no part of the number."""
    kept = without_persons(rest).strip()
    inner = " ".join(_BRACKETS.sub(r" \1 ", kept).split()).strip(" ,;:")
    if not inner:
        return "", Doubt.NONE
    if is_harmless(inner):
        return inner, Doubt.NONE
    speaks_against = remark_in(inner) or speaks_of_another_number(inner) or "?" in inner
    doubt = Doubt.NOTE if speaks_against else Doubt.REPAIRED
    return "" if may_be_a_name(inner) else inner, doubt


def _number_inside(text: str) -> NumberCell:
    """A number behind words, "ร้านค้า 12/3": read if it is the only one, with a doubt."""
    found = list(_NUMBER_ANYWHERE.finditer(text))
    kept = without_persons(text)
    if len(found) != 1 or found[0][0] not in kept:
        return NumberCell(_UNREADABLE.parts, "" if kept == text else kept)
    note, doubt = _judged(f"{text[: found[0].start()]} {text[found[0].end() :]}")
    return NumberCell((doubted(part_of(doubt or Doubt.REPAIRED, found[0][0]), Doubt.REPAIRED),), note)
