"""Several house numbers in one cell: one after the other, in a short form, or the two ends of a range."""

import re
from collections.abc import Sequence
from functools import lru_cache

from ..house_numbers import HouseNumber
from .number_parts import MOST_KEYS, UNREADABLE, Doubt, NumberPart, doubted, number_in, part_of
from .spreadsheet_numbers import date_in, part_of_whole

_TOKEN = re.compile(
    r"(?:\s?([,;&+~-]|และ|กับ|หรือ|ถึง)\s?|\s)?(?:เลขที่\s?)?([0-9]+(?:\s?/\s?[0-9]+)*(?:\s?[ก-ฮ](?![ก-๎])\.?)?|[ก-ฮ](?![ก-๎])\.?)"
)


@lru_cache(maxsize=65_536)
def plain_number(text: str) -> NumberPart | None:
    """The house that a text names which is one house number and nothing else; None for any other text."""
    number = number_in(text)
    if number is None or number.is_range or (number.sub2 is not None and date_in(text)):
        return None
    return part_of_whole(number.key) if number.key.isdecimal() else NumberPart((number.key,))


def parts_of_run(numbers: str) -> tuple[NumberPart, ...]:
    """The houses that a run of numbers names: one, several, a range, or several in a short form."""
    tokens = [(sign or "", text) for sign, text in _TOKEN.findall(numbers)]
    if len(tokens) == 1:
        return (plain_number(numbers) or part_of(Doubt.NONE, numbers),)
    signs = {sign for sign, _text in tokens[1:]}
    if "หรือ" in signs:
        return (part_of(Doubt.SEVERAL, *(text for _sign, text in tokens)),)
    parts = tuple(dict.fromkeys(_part_of_group(group) for group in _groups(tokens)))
    if len(parts) > MOST_KEYS or any(not part.keys for part in parts):
        return (UNREADABLE,)
    if _is_glued(numbers, tokens):
        # "12,15" may be one number with a wrong sign as well.
        as_one = [number.key] if (number := number_in(numbers.replace(",", "/"))) else []
        return tuple(part_of(Doubt.SEVERAL, *part.keys, *as_one) for part in parts)
    in_short = any(part.doubt == Doubt.SEVERAL for part in parts) or "" in signs
    return tuple(doubted(part, Doubt.SEVERAL) for part in parts) if in_short else parts


def _is_glued(numbers: str, tokens: Sequence[tuple[str, str]]) -> bool:
    """Whether plain numbers stand with a mere comma between them."""
    return "," in numbers and " " not in numbers and all(text.isdecimal() for _sign, text in tokens)


def _groups(tokens: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The tokens one by one, the ends of a range together, a short form written out: 12/3, 5 is 12/3 and 12/5 or 5."""
    groups: list[list[str]] = []
    before: HouseNumber | None = None
    for sign, text in tokens:
        if sign in ("-", "~", "ถึง") and groups:
            groups[-1] += [sign, text]
        else:
            groups.append(_written_out(text, before))
        before = number_in(groups[-1][0]) or before
    return groups


def _written_out(text: str, before: HouseNumber | None) -> list[str]:
    if before is None or "/" in text or (text.isdecimal() and before.sub is None):
        return [text]
    if not text[0].isdecimal():
        return [HouseNumber(before.main, before.sub, before.sub2, None, text[0]).key, "หรือ", ""]
    stem = before.key.partition(" ")[0].rpartition("/")[0]
    return [f"{stem}/{text}" if stem else text, "หรือ", text]


def _part_of_group(group: Sequence[str]) -> NumberPart:
    if len(group) == 1:
        return plain_number(group[0]) or part_of(Doubt.NONE, group[0])
    if len(group) > 3:
        return UNREADABLE
    first, sign, last = group
    return part_of(Doubt.SEVERAL, first, last) if sign == "หรือ" else _range(first, sign, last)


def _range(first: str, sign: str, last: str) -> NumberPart:
    """A range as one number and by its parts; "12-3" is no range but 12/3 typed with a hyphen."""
    begin, end = number_in(first), number_in(last)
    if begin is not None and re.fullmatch(r"[ก-ฮ]\.?", last) and begin.suffix:
        return _letters(begin, last[0])
    if begin is None or end is None:
        return UNREADABLE
    stem, low = _stem(begin)
    high = _stem(end)[1]
    if end.sub is not None and _stem(end)[0] != stem:
        return UNREADABLE
    if high <= low:
        return part_of(Doubt.REPAIRED, f"{first}/{last}") if sign == "-" and begin.sub is None else UNREADABLE
    suffix = f" {begin.suffix or end.suffix}" if begin.suffix or end.suffix else ""
    inside = range(low, high + 1) if high - low < MOST_KEYS - 1 else ()
    return part_of(Doubt.RANGE, f"{stem}{low}-{high}{suffix}", *(f"{stem}{number}{suffix}" for number in inside))


def _stem(number: HouseNumber) -> tuple[str, int]:
    """What stands before a number's last figure, and that figure."""
    if number.sub is None:
        return "", number.main
    if number.sub2 is None:
        return f"{number.main}/", number.sub
    return f"{number.main}/{number.sub}/", number.sub2


def _letters(begin: HouseNumber, last: str) -> NumberPart:
    """12 ก-ค names 12 ก, 12 ข and 12 ค; no house bears the two letters at once."""
    in_use = [chr(code) for code in range(ord("ก"), ord("ฮ") + 1) if chr(code) not in "ฃฅ"]
    inside = in_use[in_use.index(begin.suffix) : in_use.index(last) + 1] if last in in_use else []
    stem = begin.key.partition(" ")[0]
    whole = f"{stem} {begin.suffix}-{last}"
    return NumberPart((whole, *(f"{stem} {letter}" for letter in inside[: MOST_KEYS - 1])), Doubt.RANGE)
