"""Names for the sheets of a workbook such as Excel accepts: safe, short, and each of one sheet alone."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from communities.thai_text import clean

# In UTF-16 units, as Excel counts them.
SHEET_NAME_LIMIT = 31
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# Excel keeps this name for itself.
RESERVED_NAMES = ("history",)


def sheet_names(titles: Iterable[str], taken: Iterable[str]) -> list[str]:
    """A name for each sheet from its title: safe, short, no other sheet's and none of `taken`, whatever the case."""
    used = {name.casefold() for name in (*taken, *RESERVED_NAMES)}
    names = []
    for title in titles:
        wanted = _safe_name(title) or _("Community")
        name = next(name for name in _numbered(wanted) if name.casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names


def _numbered(name: str) -> Iterable[str]:
    """The name as it is, then with (2), (3) … at its end."""
    yield _shortened(name, SHEET_NAME_LIMIT)
    for number in itertools.count(2):
        suffix = f" ({number})"
        yield _shortened(name, SHEET_NAME_LIMIT - len(suffix)) + suffix


def _safe_name(text: str) -> str:
    return clean(FORBIDDEN_IN_NAMES.sub(" ", clean(text))).strip("' ")


def _shortened(text: str, limit: int) -> str:
    """The text cut to `limit` units as Excel counts them, never between a letter and the marks on it."""
    end = len(text)
    while len(text[:end].encode("utf-16-le")) // 2 > limit or _cuts_a_letter(text, end):
        end -= 1
    return text[:end].rstrip("' ")


def _cuts_a_letter(text: str, end: int) -> bool:
    return end < len(text) and unicodedata.category(text[end]) == "Mn"
