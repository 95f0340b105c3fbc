"""The house code (เลขรหัสประจำบ้าน): eleven digits, printed 4-6-1.

The first four digits name the office that once issued it. After an area is split old houses keep
their old codes, so the district of a house is never read from its code. How the last digit is
computed is not published, so no code is refused for it.
"""

import re
from typing import Literal

from communities.thai_text import clean, to_arabic_digits

Reason = Literal["citizen_number", "length", "not_digits"]

_DIGITS = 11
_CITIZEN_NUMBER_DIGITS = 13
_SEPARATORS = str.maketrans("", "", " -")
_ALL_DIGITS = re.compile("[0-9]+")


class NotAHouseCode(ValueError):
    """The text is not a house code; `reason` says in which way.

    The text itself is not kept: it may be a person's citizen number, which must not reach a log.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"not a house code: {reason}")
        self.reason: Reason = reason


def clean_house_code(text: str) -> str:
    """Return the eleven digits of a house code typed with spaces, hyphens or Thai digits.

    Raises `NotAHouseCode`; thirteen digits are a citizen number, which must not be kept as a house.
    """
    code = to_arabic_digits(clean(text)).translate(_SEPARATORS)
    if not _ALL_DIGITS.fullmatch(code):
        raise NotAHouseCode("not_digits")
    if len(code) == _CITIZEN_NUMBER_DIGITS:
        raise NotAHouseCode("citizen_number")
    if len(code) != _DIGITS:
        raise NotAHouseCode("length")
    return code


def show_house_code(code: str) -> str:
    """Return a clean house code as it is printed: 1015-900001-7."""
    return f"{code[:4]}-{code[4:10]}-{code[10:]}"
