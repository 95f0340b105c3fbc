"""The shape of a community code, as the regional computer centre issues it.

A code is text: its leading zeros count. What it must look like is set for each office, because the
centre has not published one format.
"""

import re

from communities.thai_text import clean, to_arabic_digits


class NotACommunityCode(ValueError):
    """The text does not have the shape of a community code."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a community code: {text[:80]!r}")
        self.text = text


def clean_community_code(text: str, pattern: str) -> str:
    """Return the code as stored: Arabic digits, no spaces, hyphens only if `pattern` wants them.

    `pattern` is a regular expression that the whole code must match, such as ``[0-9]{8}``.
    Raises `NotACommunityCode`.
    """
    code = to_arabic_digits(clean(text)).replace(" ", "")
    for candidate in (code, code.replace("-", "")):
        if candidate and re.fullmatch(pattern, candidate):
            return candidate
    raise NotACommunityCode(text)
