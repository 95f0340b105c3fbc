"""Which column holds what where no row says so: a guess from the values, for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from communities.thai_text import clean, to_arabic_digits

from ..house_numbers import UnreadableHouseNumber, parse
from .list_lines import count_the_rows

_MOST_ROWS_LOOKED_AT = 300
_FEWEST_ROWS = 3
_MOSTLY = 0.8
_SOMETIMES = 0.3
_WHOLE_ADDRESS = re.compile(
    r"^(?:บ้านเลขที่|เลขที่)?\s*[0-9]{1,5}(?:/[0-9]+)*\s+.*(?:ซอย|ซ\.|ถนน|ถ\.|ตรอก|แขวง|ตำบล|หมู่|ม\.)|^(?:ซอย|ซ\.|ถนน|ถ\.).*เลขที่\s*[0-9]"
)
_OF_SUBDISTRICT = re.compile(r"^(?:แขวง|ตำบล|ต\.)\s*")
_ROUND_THE_NAME = re.compile(r"^(?:ซอย|ซ\.|ซ(?=\s))\s*|\s*[0-9๐-๙/]+$")
_SAYS: Mapping[str, re.Pattern[str]] = {
    "soi": re.compile(r"^(?:ซอย|ซ\.|ซ(?=[\s0-9])|soi)|[^0-9/]\s*[0-9]{1,3}(?:/[0-9]{1,3})?$", re.IGNORECASE),
    "road": re.compile(r"^(?:ถนน|ถ\.|road)", re.IGNORECASE),
    "trok": re.compile(r"^ตรอก"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What each column seems to hold, the index of the first row with a house, and whether anything else is unlikely.

    `is_certain`: one column alone holds house numbers or addresses, and the lanes and sub-districts are known by
    their words. Even then a person should look: without one its rows are never exact.
    """

    columns: Mapping[str, int]
    first_row: int
    is_certain: bool


def guess_columns(rows: Sequence[Sequence[object]], subdistricts: Collection[str]) -> Guess | None:
    """The guess for a sheet without a header; None where no column looks like house numbers or addresses.

    `subdistricts` are the names of the district's sub-districts, cleaned.
    """
    table = [row for row in rows if sum(cell is not None for cell in row) > 1][:_MOST_ROWS_LOOKED_AT] or list(rows)
    values = _values(table)
    numbers = [index for index, column in values.items() if _share(column, _is_number) >= _MOSTLY]
    numbers = [index for index in numbers if len(values[index]) >= _FEWEST_ROWS]
    counting = {index for index in numbers if len(numbers) > 1 and count_the_rows(values[index])}
    numbers = [index for index in numbers if index not in counting and not _is_flat(values[index])] or numbers
    addresses = [index for index, column in values.items() if _share(column, _is_address) >= _MOSTLY]
    columns = _parts(values, {*numbers, *addresses, *counting}, subdistricts)
    if addresses and not any(_has_slash(values[index]) for index in numbers):
        columns = {"address": addresses[0]} | {part: at for part, at in columns.items() if part == "subdistrict"}
    elif numbers:
        columns = {"house_no": min(numbers, key=lambda index: not _has_slash(values[index]))} | columns
    else:
        return None
    named = "address" in columns or bool(columns.keys() & {"soi", "road", "trok"})
    is_certain = len(addresses if "address" in columns else numbers) == 1 and named
    return Guess(columns, _first_row(rows, columns), is_certain)


def holds_numbers(rows: Sequence[Sequence[object]], column: int) -> bool:
    """Whether a column of a table holds house numbers, by its values, and does not count the rows."""
    values = _values(rows).get(column, [])
    if len(values) < _FEWEST_ROWS or count_the_rows(values) or _is_flat(values):
        return False
    return _share(values, _is_number) >= _MOSTLY


def _values(table: Sequence[Sequence[object]]) -> dict[int, list[object]]:
    values: dict[int, list[object]] = {}
    for row in table:
        for index, cell in enumerate(row):
            if cell is not None and not (isinstance(cell, str) and not cell.strip()):
                values.setdefault(index, []).append(cell)
    return values


def _parts(values: Mapping[int, list[object]], taken: Collection[int], subdistricts: Collection[str]) -> dict[str, int]:
    """The columns of the address beside the number: each part is the column that says it most often."""
    parts: dict[str, int] = {}
    texts = {index: column for index, column in values.items() if index not in taken}
    tests = {"subdistrict": lambda cell: _is_subdistrict(cell, subdistricts)}
    tests |= {part: _matches(pattern) for part, pattern in _SAYS.items()}
    for part, test in tests.items():
        shares = {index: _share(column, test) for index, column in texts.items() if index not in parts.values()}
        best = max(shares, key=lambda index: shares[index], default=None)
        if best is not None and shares[best] >= _SOMETIMES:
            parts[part] = best
    return parts | _road_of_the_soi(texts, parts)


def _road_of_the_soi(texts: Mapping[int, list[object]], parts: Mapping[str, int]) -> dict[str, int]:
    """The column whose values are the names before the numbers of the soi: "เทอดไท" beside "เทอดไท 5"."""
    if "road" in parts or "soi" not in parts:
        return {}
    names = [_ROUND_THE_NAME.sub("", clean(str(cell))) for cell in texts[parts["soi"]]]
    for index, column in texts.items():
        if index not in parts.values():
            roads = {clean(str(cell)) for cell in column}
            if sum(name in roads for name in names) >= _SOMETIMES * len(names):
                return {"road": index}
    return {}


def _matches(pattern: re.Pattern[str]):
    return lambda cell: isinstance(cell, str) and pattern.search(to_arabic_digits(clean(cell))) is not None


def _share(column: Sequence[object], test) -> float:
    return sum(map(bool, map(test, column))) / len(column)


def _is_number(cell: object) -> bool:
    if not isinstance(cell, str):
        return cell is not None
    try:
        parse(cell)
    except UnreadableHouseNumber:
        return False
    return True


def _is_address(cell: object) -> bool:
    return isinstance(cell, str) and _WHOLE_ADDRESS.search(to_arabic_digits(clean(cell))) is not None


def _is_subdistrict(cell: object, subdistricts: Collection[str]) -> bool:
    return isinstance(cell, str) and _OF_SUBDISTRICT.sub("", clean(cell)) in subdistricts


def _has_slash(column: Sequence[object]) -> bool:
    return any(isinstance(cell, str) and "/" in cell for cell in column)


def _is_flat(column: Sequence[object]) -> bool:
    """Whether one value fills the column, as the village number or the postcode does."""
    return len(set(map(str, column))) <= max(1, len(column) // 10)


def _first_row(rows: Sequence[Sequence[object]], columns: Mapping[str, int]) -> int:
    """The first row with a house: the first where the column holds what houses are named by, and another holds text."""
    at = columns.get("house_no", columns.get("address", 0))
    test = _is_number if "house_no" in columns else _is_address
    for index, row in enumerate(rows):
        if at < len(row) and test(row[at]) and sum(cell is not None for cell in row) >= min(2, len(columns)):
            return index
    return 0
