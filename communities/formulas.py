"""Text that a spreadsheet would run: found, and made harmless, wherever a table leaves the registry.

A sender's cell, a note or a name may begin with a sign that makes a spreadsheet calculate, fetch or send. An apostrophe
before it is the spreadsheet's own sign for "this is text".
"""

from __future__ import annotations

import re

# Signs that nobody sees before the first one that counts: blanks of any width, control and format characters.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
# The four signs, and what looks like them in other widths: some programs take these for the same.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁺⁼₊₌"
_LINE_ENDS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
# At the beginning, and at the beginning of each line within: some readers break a cell at its lines.
_RUNS = re.compile(rf"(\A|[{_LINE_ENDS}])(?=[{_UNSEEN}]*[{_SIGNS}])|\A(?= *[\t{_LINE_ENDS}])")
_GUARDED = re.compile(rf"(\A|[{_LINE_ENDS}])'(?=[{_UNSEEN}']*[{_SIGNS}])|\A'(?= *[\t{_LINE_ENDS}])")


def may_run(text: str) -> bool:
    """Whether a spreadsheet might take the text, or a line of it, for a formula."""
    return _RUNS.search(text) is not None


def harmless(text: str) -> str:
    """The text with an apostrophe before whatever may run; all other text as it is."""
    return _RUNS.sub(lambda found: f"{found[1] or ''}'", text)


def as_it_was(text: str) -> str:
    """The text that `harmless` made harmless, as it was before: a table that comes back changes nothing."""
    return _GUARDED.sub(lambda found: found[1] or "", text)
