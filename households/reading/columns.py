"""What a list may contain: which row names the columns, and what stands in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from communities.thai_text import clean, to_arabic_digits

from ..house_numbers import UnreadableHouseNumber, parse
from .header_words import (
    COMMUNITY,
    DISTRICT,
    LANES,
    MORE_OF_ADDRESS,
    RUNNING,
    UNWANTED,
    bare_word,
    read_heading,
)
from .named_columns import BARE_NUMBER_RANK, Meanings, columns_counted_in, columns_named_in, columns_of, said_over
from .whole_addresses import gives_a_house

HEADER_SOUGHT_IN_ROWS = 30
PARTS_OF_ADDRESS = ("moo", *LANES, "subdistrict")
_NUMBERS = ("house_no", "address")
_HOUSES_SOUGHT_BELOW = 10

COUNT_OF_HOUSES = re.compile(r"^(?:จำนวน\s*)?[0-9,]+\s*(?:หลัง|หลังคาเรือน)")
_ADDRESS_BEGINS = re.compile(r"^(?:บ้านเลขที่|บ้าน|เลขที่)?\s*[0-9]{1,5}(?![0-9])|เลขที่\s*[0-9]")


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's columns are named: the (last) header row as the spreadsheet shows it, each column's index from 0.

    `columns` maps HEADINGS to indexes; it holds "house_no", or "address" (the whole address in one cell), or both.
    `not_compared` are columns with a part of the address that nothing is compared with, or a second
    column for the same part; `district` and `community` are the columns of these. `is_plain` is whether the house
    numbers stand under a bare "เลขที่" and no column counts the rows; `names_two` whether the same
    word heads two columns of house numbers that are not two tables. `kept` are the indexes whose cells mean something
    to the register and are stored; whatever stands elsewhere (names, telephones) is not. `texts` is what heads each
    column. `window` is the first and the last-but-one column of a table that has another beside it. `is_said`: a
    person said what the columns hold, whatever the words over them say.
    """

    row: int
    columns: Mapping[str, int]
    not_compared: tuple[int, ...] = ()
    district: int | None = None
    community: int | None = None
    is_plain: bool = False
    names_two: bool = False
    kept: frozenset[int] = frozenset()
    texts: Mapping[int, str] = field(default_factory=dict)
    window: tuple[int, int] | None = None
    is_said: bool = False

    @property
    def number(self) -> int:
        """The index of the column that says which house a row means."""
        return self.columns["house_no"] if "house_no" in self.columns else self.columns["address"]

    def own(self, row: Sequence[object]) -> Sequence[object]:
        """The row as the table sees it: what stands in a table beside it is empty, a line across both is not."""
        if self.window is None:
            return row
        begin, end = self.window
        if len(row) <= end and not begin:
            return row
        filled = [cell for cell in row if cell is not None]
        if len(filled) == 1 and not reads_as_number(filled[0]):
            return row
        return [cell if begin <= index < end else None for index, cell in enumerate(row)]


def find_headers(rows: Sequence[Sequence[object]]) -> tuple[Header, ...]:
    """The headers of the tables that begin first, side by side from the left; () where no row names its columns.

    A row that names several columns counts before one that names a single one, a row with houses below it before one
    without. A header below the top rows has to name several.
    """
    on_top = list(_headers_among(rows, range(min(len(rows), HEADER_SOUGHT_IN_ROWS))))
    for wanted in (_heads_houses_by_several, _names_several, _heads_houses):
        if found := next((row for row, names in on_top if wanted(rows, row, names)), None):
            return headers_at(rows, found - 1)
    far_down = _headers_among(rows, range(HEADER_SOUGHT_IN_ROWS, len(rows)))
    found = next((row for row, names in far_down if names > 1), on_top[0][0] if on_top else None)
    return headers_at(rows, found - 1) if found else ()


def _headers_among(rows: Sequence[Sequence[object]], among: range) -> Iterator[tuple[int, int]]:
    """The row numbers that may be headers, each with how many columns it names."""
    for index in among:
        named = columns_named_in([rows[index]])
        if "house_no" in named or ("address" in named and not _heads_a_group(rows, index, named)):
            yield index + 1, columns_counted_in(rows[index])


def _heads_a_group(rows: Sequence[Sequence[object]], index: int, named: Mapping[str, int]) -> bool:
    """Whether "ที่อยู่" stands above the parts of the address, or alone in a line of a letter."""
    below = columns_named_in([rows[index + 1]]) if index + 1 < len(rows) else {}
    known = [cell for cell in rows[index] if isinstance(cell, str) and read_heading(cell)]
    return "house_no" in below or len(known) < 2


def _heads_houses_by_several(rows: Sequence[Sequence[object]], row: int, names: int) -> bool:
    return names > 1 and _heads_houses(rows, row, names)


def _names_several(_rows: Sequence[Sequence[object]], _row: int, names: int) -> bool:
    return names > 1


def _heads_houses(rows: Sequence[Sequence[object]], row: int, _names: int) -> bool:
    headers = headers_at(rows, row - 1)
    return any(names_house(below, headers[0]) for below in rows[row : row + _HOUSES_SOUGHT_BELOW])


def headers_at(rows: Sequence[Sequence[object]], index: int) -> tuple[Header, ...]:
    """The headers in `rows[index]`, with the half of them in the row above or below, one for each table."""
    band, last = _band_at(rows, index)
    if not columns_named_in(band).keys() & set(_NUMBERS):
        # "ที่อยู่" over a part of the address is that part; in a row of its own it may still be the address.
        band, last = [rows[index]], index
    said = said_over(band)
    windows = _windows(said) or [None]
    headers = [_header_of(band, said, last + 1, window) for window in windows]
    # Tables side by side share their rows, and so what is stored of a row.
    kept = frozenset[int]().union(*(header.kept for header in headers))
    return tuple(replace(header, kept=kept) for header in headers)


def header_of_columns(columns: Mapping[str, int], *, row: int, texts: Mapping[int, str]) -> Header:
    """The header of a table whose columns a person named, or a guess; the first house stands below row `row`."""
    return Header(row=row, columns=dict(columns), kept=frozenset(columns.values()), texts=dict(texts))


def headers_as_said(
    columns: Mapping[str, int], rows: Sequence[Sequence[object]], *, row: int, texts: Mapping[int, str]
) -> tuple[Header, ...]:
    """The headers of tables whose columns a person named; the first house stands below row `row`.

    Nobody is asked for a district, a building, or a second column for one part: these are taken from their words as in
    a header that nobody named, so that a row which states more than is compared stays uncertain. What a person
    named of the leftmost of several tables side by side holds for the others.
    """
    said = replace(header_of_columns(columns, row=row, texts=texts), is_said=True)
    found = _headers_down_to(rows, row)
    if not found:
        return (said,)
    headers = [_beside_what_was_said(said, header, shift) for header, shift in _shifts(found, columns)]
    named = {index for header in headers for index in header.columns.values()}
    not_needed = {index for header in found for index in header.columns.values()} - named
    # Tables side by side share their rows, and so what is stored of a row.
    kept = frozenset(named | (found[0].kept - not_needed))
    return tuple(replace(header, kept=kept) for header in headers)


def _headers_down_to(rows: Sequence[Sequence[object]], row: int) -> tuple[Header, ...]:
    """The headers whose last row is `row`, by the words that are known."""
    found = find_headers(rows)
    return found if found and found[0].row == row else headers_at(rows, row - 1) if 0 < row <= len(rows) else ()


def _shifts(found: Sequence[Header], columns: Mapping[str, int]) -> list[tuple[Header, int]]:
    """The tables for which the columns hold, each with how far its columns stand to the right of the first one's."""
    windows = [header.window for header in found if header.window]
    if len(windows) < len(found) or not all(windows[0][0] <= index < windows[0][1] for index in columns.values()):
        return [(replace(found[0], window=None), 0)]
    return [(header, window[0] - windows[0][0]) for header, window in zip(found, windows, strict=True)]


def _beside_what_was_said(said: Header, recognised: Header, shift: int) -> Header:
    columns = {meaning: index + shift for meaning, index in said.columns.items()}
    named = set(columns.values())
    return replace(
        said,
        columns=columns,
        not_compared=tuple(index for index in recognised.not_compared if index not in named),
        district=recognised.district if recognised.district not in named else None,
        community=recognised.community if recognised.community not in named else None,
        window=recognised.window,
    )


def _band_at(rows: Sequence[Sequence[object]], index: int) -> tuple[list[Sequence[object]], int]:
    """The rows over which the header is spread, and the index of the last."""
    band = [rows[index]]
    above = rows[index - 1] if index else ()
    if columns_counted_in(above) and "house_no" not in columns_named_in([above]):
        band.insert(0, above)
    if index + 1 < len(rows) and _continues_header(band, rows[index + 1]):
        return [*band, rows[index + 1]], index + 1
    return band, index


def _continues_header(band: list[Sequence[object]], below: Sequence[object]) -> bool:
    """Whether the row below names columns itself, and so holds no house."""
    named = columns_named_in(band)
    number = named.get("house_no", named.get("address"))
    return bool(columns_named_in([below])) and number is not None and not reads_as_number(_cell(below, number))


def reads_as_number(cell: object) -> bool:
    """Whether the cell holds a house number, what a spreadsheet made of one, or an address that has one."""
    if not isinstance(cell, str):
        return cell is not None
    try:
        parse(cell)
    except UnreadableHouseNumber:
        return gives_a_house(cell)
    return True


def names_house(row: Sequence[object], header: Header) -> bool:
    """Whether the row's own cell for it holds a house number, or an address that has one."""
    if "house_no" in header.columns and reads_as_number(_cell(row, header.columns["house_no"])):
        return True
    address = _cell(row, header.columns["address"]) if "address" in header.columns else None
    if not isinstance(address, str):
        return isinstance(address, int) and "house_no" not in header.columns
    text = to_arabic_digits(clean(address))
    return _ADDRESS_BEGINS.search(text) is not None and not COUNT_OF_HOUSES.match(text)


def _header_of(
    band: Sequence[Sequence[object]], said: Mapping[int, Meanings], row: int, window: tuple[int, int] | None
) -> Header:
    said = {index: meanings for index, meanings in said.items() if window is None or window[0] <= index < window[1]}
    columns = columns_of(said)
    others = {index: meanings for index, meanings in said.items() if index not in columns.values()}
    more_of_address = {MORE_OF_ADDRESS, *PARTS_OF_ADDRESS}
    rank = said[columns["house_no"]]["house_no"].rank if "house_no" in columns else None
    return Header(
        row=row,
        columns=columns,
        not_compared=tuple(sorted(index for index, meanings in others.items() if meanings.keys() & more_of_address)),
        district=_first(others, DISTRICT),
        community=_first(others, COMMUNITY),
        is_plain=rank == BARE_NUMBER_RANK and _first(others, RUNNING) is None,
        names_two=any("house_no" in meanings and meanings["house_no"].rank == rank for meanings in others.values()),
        kept=frozenset(index for index, meanings in said.items() if meanings.keys() - {UNWANTED}),
        texts=_texts_over(band, window),
        window=window,
    )


def _first(said: Mapping[int, Meanings], meaning: str) -> int | None:
    return next((index for index in sorted(said) if meaning in said[index]), None)


def _texts_over(band: Sequence[Sequence[object]], window: tuple[int, int] | None) -> dict[int, str]:
    texts: dict[int, str] = {}
    for row in band:
        for index, cell in enumerate(row):
            if isinstance(cell, str) and (window is None or window[0] <= index < window[1]):
                texts[index] = f"{texts.get(index, '')} {clean(cell)}".strip()
    return texts


def _windows(said: Mapping[int, Meanings]) -> list[tuple[int, int] | None]:
    """The columns from and to which tables side by side reach; none where there is one table, or no telling."""
    best = min((m["house_no"].rank for m in said.values() if "house_no" in m), default=None)
    numbers = sorted(i for i, m in said.items() if "house_no" in m and m["house_no"].rank == best)
    if len(numbers) < 2:
        return []
    first = min(said)
    lead = numbers[0] - first
    starts = [number - lead for number in numbers]
    tables = list(itertools.pairwise([*starts, max(said) + 1]))
    contents = [[sorted(said.get(index, {})) for index in range(*table)] for table in tables]
    named = [{word for words in content for word in words} for content in contents]
    alike = all(
        one == named[0] and content[: lead + 1] == contents[0][: lead + 1]
        for one, content in zip(named, contents, strict=True)
    )
    return list(tables) if alike else []


def names_columns_anew(row: Sequence[object], header: Header) -> bool:
    """Whether a line below the header is a header itself: that of the next page, or of a table in another order."""
    if names_house(row, header):
        return False
    columns = columns_named_in([row])
    if "house_no" not in columns:
        return "address" in columns and columns["address"] == header.number and len(columns) > 1
    return len(columns) > 1 or columns["house_no"] == header.number


def repeats(row: Sequence[object], header: Header) -> bool:
    """Whether the line says over two columns or more just what the header says."""
    said = [(index, bare_word(cell)) for index, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
    return len(said) > 1 and all(word == bare_word(header.texts.get(index, "")) for index, word in said)


def same_words(row: Sequence[object], other: Sequence[object]) -> bool:
    """Whether two lines say the same words over the same two columns or more."""
    said = _words_over(row)
    return len(said) > 1 and said == _words_over(other)


def _words_over(row: Sequence[object]) -> dict[int, str]:
    return {at: word for at, cell in enumerate(row) if isinstance(cell, str) and (word := bare_word(cell))}


def _cell(row: Sequence[object], index: int) -> object:
    return row[index] if index < len(row) else None
