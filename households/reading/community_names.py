"""Which community a text means: the name of a sheet, a title above a table, the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from communities.thai_text import clean, to_arabic_digits

_WORD = "ชุมชน"
# A shorter one would be found in dates and house numbers.
_SHORTEST_CODE = 5
_OF_A_LANE = re.compile(r"^[0-9. ]*(?:ซอย|ซ\.|ตรอก|ถนน|ถ\.)")
# What may follow a name: nothing that would make it another name.
_ENDS = r"(?=$|[\s()\[\],.:;/|_-]|แขวง|เขต|จำนวน|ประจำ|รหัส|ปี|พ\.ศ)"
# "โรงเจ 1" is another community than "โรงเจ" and than "โรงเจ 11".
_NO_NUMBER_FOLLOWS = r"(?!\s*[0-9/])"
_BEGINS_SHEET_NAME = rf"(?:^|[\s._(-]|{_WORD}\s*)"
_TITLE_IN_THE_TABLE = re.compile(
    rf"^(?:(?:ชื่อ|รหัส)?{_WORD}|(?:บัญชี|รายชื่อ|รายการ|ทะเบียน|ข้อมูล|แบบ)[^,;]{{0,60}}?(?:{_WORD}|รหัส))"
)


class CommunityNames:
    """The communities that a file may be for, each as (id, code or "", name or "")."""

    def __init__(self, known: Iterable[tuple[int, str, str]]) -> None:
        communities = list(known)
        self._by_code = {code: pk for pk, code, _name in communities if len(code) >= _SHORTEST_CODE}
        self._by_name = {bare: pk for pk, _code, name in communities if (bare := _bare(name))}
        # The longest first: of two names that begin alike the longer one is meant where it stands.
        names = "|".join(_spaced(name) for name in sorted(self._by_name, key=len, reverse=True))
        codes = "|".join(map(re.escape, self._by_code))
        self._code = re.compile(rf"(?<![0-9])({codes})(?![0-9])") if codes else None
        self._in_title = re.compile(rf"{_WORD}\s*({names}){_ENDS}{_NO_NUMBER_FOLLOWS}") if names else None
        self._in_sheet_name = (
            re.compile(rf"{_BEGINS_SHEET_NAME}({names}){_ENDS}{_NO_NUMBER_FOLLOWS}") if names else None
        )
        self._alone = re.compile(rf"(?:{_WORD}\s*)?({names})") if names else None

    def in_sheet_name(self, text: str) -> frozenset[int]:
        """The communities that the name of a sheet or a file means."""
        return frozenset() if _OF_A_LANE.match(_plain(text)) else self._found(text, self._in_sheet_name)

    def in_titles(self, lines: Sequence[str]) -> frozenset[int]:
        """Those that the lines above a table name; of several lines the one nearest to the table counts."""
        named = (self._in_text(line) for line in reversed(lines))
        return next(filter(None, named), frozenset())

    def in_line_of_table(self, text: str) -> frozenset[int]:
        """Those that a line amid the rows names as the heading of the rows below; "ริมชุมชน…" is no such heading."""
        text = _plain(text)
        return self._in_text(text) if _TITLE_IN_THE_TABLE.match(text) else frozenset()

    def in_cell(self, text: str) -> frozenset[int]:
        """Those that a cell of the column of communities names, with or without that word."""
        text = _plain(text)
        if self._alone and (found := self._alone.fullmatch(text)):
            return frozenset({self._by_name[_bare(found[1])]})
        return self._in_text(text)

    def _in_text(self, text: str) -> frozenset[int]:
        return self._found(text, self._in_title)

    def _found(self, text: str, names: re.Pattern[str] | None) -> frozenset[int]:
        text = _plain(text)
        by_code = {self._by_code[code] for code in self._code.findall(text)} if self._code else set()
        by_name = {self._by_name[_bare(name)] for name in names.findall(text)} if names else set()
        return frozenset(by_code or by_name)


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    return to_arabic_digits(clean(text))


def _bare(name: str) -> str:
    """The name without the word and without blanks, as the key of the table of names."""
    return _plain(name).removeprefix(_WORD).replace(" ", "")


def _spaced(bare: str) -> str:
    """The pattern of a name whose words and number may stand apart or together."""
    return r"\s*".join(map(re.escape, bare))
