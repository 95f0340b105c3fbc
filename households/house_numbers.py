"""The grammar of a Thai house number: read it, compare it, sort it, show it.

Forms seen on lists: 123 · 123/45 · 123/45/6 · 12/3-5 (a range) · 123/4 ก (a letter), in Arabic or
Thai digits, with a word such as เลขที่ before. Anything else is refused rather than guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, total_ordering

from communities.thai_text import clean, to_arabic_digits

_MAX_DIGITS = 5
_PART = rf"0*([1-9][0-9]{{0,{_MAX_DIGITS - 1}}})"
_GRAMMAR = re.compile(
    r"'?\s*(?:(?:บ้านเลขที่|เลขประจำบ้าน|เลขที่บ้าน|เลขที่|no)\s*[.:]?\s*)?"
    rf"{_PART}(?:\s*/\s*{_PART})?(?:\s*/\s*{_PART})?(?:\s*-\s*{_PART})?"
    r"(?:\s*([ก-ฮ])\s*\.?)?",
    re.IGNORECASE,
)
_LETTER = r"[ก-ฮ](?![ก-๎]|\.[ก-๎])\.?"
_ONE = rf"[0-9]{{1,6}}(?:\s?/\s?[0-9]{{1,6}}){{0,2}}(?:\s?{_LETTER})?"
_BETWEEN = r"(?:\s?(?:[,;&+~-]|และ|กับ|หรือ|ถึง)\s?|\s(?=[0-9]+\s?/))(?:เลขที่\s?)?"
_NUMBERS_AT_START = re.compile(rf"{_ONE}(?:{_BETWEEN}(?:{_ONE}|{_LETTER}))*(?![0-9/:]|\.[0-9])")
# A cell longer than this is a sentence, not a number; it is not worth a regular expression.
_LONGEST = 80
_NO_LETTER = "0"


class UnreadableHouseNumber(ValueError):
    """The text is not a house number in any form that the office writes."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a house number: {text[:_LONGEST]!r}")
        self.text = text


@total_ordering
@dataclass(frozen=True, slots=True)
class HouseNumber:
    """A house number by its parts: main/sub/sub2-range_end suffix; `None` or "" where absent.

    All parts are 1 to 99,999; a range ends above the part it begins with.
    """

    main: int
    sub: int | None = None
    sub2: int | None = None
    range_end: int | None = None
    suffix: str = ""

    @property
    def key(self) -> str:
        """The one way this project writes the number: "12/3-5 ก"."""
        text = str(self.main)
        if self.sub is not None:
            text = f"{text}/{self.sub}"
        if self.sub2 is not None:
            text = f"{text}/{self.sub2}"
        if self.range_end is not None:
            text = f"{text}-{self.range_end}"
        return f"{text} {self.suffix}" if self.suffix else text

    @property
    def order(self) -> str:
        """Fixed-width text that sorts under COLLATE "C" by main, sub, sub2, range end, letter.

        An absent part is written as zeros, which no part can be, so 1 < 1/2 < 1/10 < 2 < 2 ก.
        """
        numbers = (self.main, self.sub or 0, self.sub2 or 0, self.range_end or 0)
        return "".join(f"{number:0{_MAX_DIGITS}}" for number in numbers) + (self.suffix or _NO_LETTER)

    @classmethod
    def of_order(cls, order: str) -> HouseNumber:
        """The number that `order` was written from."""
        main, sub, sub2, range_end = (
            int(order[at : at + _MAX_DIGITS]) for at in range(0, 4 * _MAX_DIGITS, _MAX_DIGITS)
        )
        return cls(main, sub or None, sub2 or None, range_end or None, order[4 * _MAX_DIGITS :].replace(_NO_LETTER, ""))

    @property
    def parent(self) -> HouseNumber | None:
        """The number on whose plot this one was given: 12/1 of 12/1/2, 12 of 12/1 and of 12 ก; else None."""
        if self.suffix:
            return HouseNumber(self.main, self.sub, self.sub2)
        if self.sub2 is not None:
            return HouseNumber(self.main, self.sub)
        return HouseNumber(self.main) if self.sub is not None else None

    @property
    def is_range(self) -> bool:
        """Whether several numbers are written as one, such as 12/3-5."""
        return self.range_end is not None

    def __str__(self) -> str:
        return self.key

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, HouseNumber):
            return NotImplemented
        return self.order < other.order


@lru_cache(maxsize=65_536)
def parse(text: str) -> HouseNumber:
    """Read one house number as typed; raise `UnreadableHouseNumber` for anything else.

    A number such as "12.0" is refused: only the reader of the workbook knows whether the cell held
    a number or a text. Source of the forms: the register's own lists and the civil registration's
    address fields (docs on house numbers).
    """
    match = _GRAMMAR.fullmatch(to_arabic_digits(clean(text))) if len(text) <= _LONGEST else None
    if match is None:
        raise UnreadableHouseNumber(text)
    main, sub, sub2, range_end, suffix = match.groups()
    number = HouseNumber(int(main), _optional(sub), _optional(sub2), _optional(range_end), suffix or "")
    if number.range_end is not None and number.range_end <= _first_of_range(number):
        raise UnreadableHouseNumber(text)
    return number


def numbers_at_start(text: str) -> tuple[str, str]:
    """Split cleaned text into the house numbers that it begins with ("" for none) and what follows them.

    The numbers may be several, with a comma, a hyphen, "และ" or "ถึง" between them: "12/3, 5 และ 14 ก".
    """
    match = _NUMBERS_AT_START.match(text)
    return (match[0], text[match.end() :]) if match else ("", text)


def _optional(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _first_of_range(number: HouseNumber) -> int:
    return number.sub2 or number.sub or number.main
