"""Which sheets of a workbook are lists, which parts of them belong to which community, and what is passed over."""

from __future__ import annotations

import enum
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from communities.thai_text import clean

from ..workbook import Sheet
from .column_guess import guess_columns, holds_numbers
from .columns import (
    HEADER_SOUGHT_IN_ROWS,
    Header,
    find_headers,
    header_of_columns,
    headers_as_said,
    names_house,
)
from .community_names import CommunityNames
from .list_lines import count_the_rows
from .list_tables import Line, SheetLines

_SET_ASIDE = re.compile(
    r"(?:แบบฟอร์ม|ตัวอย่าง(?:การกรอก)?|คำอธิบาย|คำชี้แจง|ยกเลิก|เก่า|เดิม|สำรอง|ของเก่า|template|example|old|backup|readme)",
    re.IGNORECASE,
)
_FEWEST_HOUSES = 0.3
_MOST_ROWS_LOOKED_AT = 300


class Basis(enum.Enum):
    """How it is known which column holds what."""

    HEADER = "header"
    REMEMBERED = "remembered"
    SAID = "said"
    GUESSED = "guessed"


class WhyPassed(enum.Enum):
    """Why a sheet is not read."""

    NO_COLUMNS = "no_columns"
    NO_HOUSES = "no_houses"
    HIDDEN = "hidden"
    SET_ASIDE = "set_aside"
    COPY = "copy"
    OTHER_COMMUNITY = "other_community"
    NOT_NAMED = "not_named"
    NOT_CHOSEN = "not_chosen"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a person said a sheet's columns hold, by index; the houses stand below `row`, counted from 1.

    `headings` are the cleaned texts over the columns; a sheet whose row says the same is laid out in the same way. All
    empty, they stand for a sheet of that width without a header.
    """

    columns: Mapping[str, int]
    headings: tuple[str, ...] = ()
    row: int = 0


@dataclass(frozen=True)
class ListPart:
    """The lines of a sheet that belong to the same communities: those `named`, or none that is named."""

    place: int
    sheet: Sheet
    headers: tuple[Header, ...]
    basis: Basis
    named: frozenset[int]
    lines: list[Line]

    @property
    def key(self) -> str:
        """Tells the part apart from the other parts of the file."""
        return "-".join(map(str, [self.place, *sorted(self.named)]))

    @property
    def houses(self) -> list[Line]:
        """The lines that stand for a house."""
        return [line for line in self.lines if not line.why]


@dataclass(frozen=True)
class PassedSheet:
    """A sheet that is not read, and why."""

    name: str
    why: WhyPassed


@dataclass
class FoundLists:
    """What a workbook holds. `without_columns` are sheets that may be lists: a person has to say which column is which.

    `doubled` name a column of house numbers twice; `headers_without_houses` are what their name says.
    """

    parts: list[ListPart] = field(default_factory=list)
    passed: list[PassedSheet] = field(default_factory=list)
    without_columns: list[tuple[int, Sheet]] = field(default_factory=list)
    headers_without_houses: list[tuple[Sheet, Header]] = field(default_factory=list)
    doubled: list[tuple[Sheet, Header]] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What is known beforehand: names of communities and sub-districts, the sender's layouts, what a person said.

    `said` maps the place of a sheet in the file, from 0, to its layout.
    """

    names: CommunityNames
    subdistricts: Collection[str] = ()
    layouts: Sequence[Layout] = ()
    said: Mapping[int, Layout] = field(default_factory=dict)


def find_lists(sheets: Sequence[Sheet], known: Known, *, only: str = "") -> FoundLists:
    """The lists of a workbook. `only` names the one sheet to read, which then is read whatever it is."""
    chosen = [(place, sheet) for place, sheet in enumerate(sheets) if not only or sheet.name == only]
    put_away = {place: why for place, sheet in chosen if not only and (why := _put_away(sheet))}
    found = _find([one for one in chosen if one[0] not in put_away], known)
    if put_away and not found.parts and not _has_numbers(found, known):
        spare = _find([one for one in chosen if one[0] in put_away], known)
        if spare.parts:
            spare.passed = found.passed + spare.passed
            return spare
    found.passed += [PassedSheet(sheets[place].name, why) for place, why in put_away.items()]
    if only:
        found.passed += [PassedSheet(sheet.name, WhyPassed.NOT_CHOSEN) for sheet in sheets if sheet.name != only]
    return found


def _has_numbers(found: FoundLists, known: Known) -> bool:
    """Whether a sheet without known columns looks like a list: then it is to be asked about, not another one read."""
    return any(guess_columns(sheet.rows, known.subdistricts) for _place, sheet in found.without_columns)


def _put_away(sheet: Sheet) -> WhyPassed | None:
    if sheet.is_hidden:
        return WhyPassed.HIDDEN
    return WhyPassed.SET_ASIDE if _SET_ASIDE.fullmatch(clean(sheet.name)) else None


def _find(sheets: Iterable[tuple[int, Sheet]], known: Known) -> FoundLists:
    found, seen = FoundLists(), []
    for place, sheet in sheets:
        if not any(cell is not None for row in sheet.rows for cell in row):
            continue
        if sheet.rows in seen:
            found.passed.append(PassedSheet(sheet.name, WhyPassed.COPY))
            continue
        seen.append(sheet.rows)
        _add_sheet(found, place, sheet, known)
    return _without_covers(_without_needless_guesses(found))


def _add_sheet(found: FoundLists, place: int, sheet: Sheet, known: Known) -> None:
    headers, basis = _layout_of(place, sheet, known)
    if not headers:
        found.without_columns.append((place, sheet))
        found.passed.append(PassedSheet(sheet.name, WhyPassed.NO_COLUMNS))
        return
    if any(header.names_two for header in headers):
        found.doubled.append((sheet, headers[0]))
        found.without_columns.append((place, sheet))
        return
    named = known.names.in_sheet_name(sheet.name) | known.names.in_titles(_titles(sheet, headers[0]))
    lines = SheetLines(sheet.rows, headers, merged=sheet.below_merged(), names=known.names, named=named)
    by_named: dict[frozenset[int], list[Line]] = defaultdict(list)
    for line in lines:
        by_named[line.named].append(line)
    parts = [ListPart(place, sheet, headers, basis, whose, own) for whose, own in by_named.items()]
    parts = [part for part in parts if part.houses]
    found.parts += parts
    if not parts:
        found.headers_without_houses.append((sheet, headers[0]))
        found.passed.append(PassedSheet(sheet.name, WhyPassed.NO_HOUSES))


def recognised_header(place: int, sheet: Sheet, known: Known) -> Header | None:
    """By which header the (leftmost) table of a sheet would be read; None where nothing is recognised."""
    headers, _basis = _layout_of(place, sheet, known)
    return headers[0] if headers else None


def _layout_of(place: int, sheet: Sheet, known: Known) -> tuple[tuple[Header, ...], Basis]:
    if place in known.said:
        layout = known.said[place]
        return _headers_of(layout, sheet, layout.row), Basis.SAID
    if remembered := _headers_like(sheet, known.layouts):
        return remembered, Basis.REMEMBERED
    if headers := find_headers(sheet.rows):
        if len(headers) == 1 and (other := _number_beside_a_count(sheet.rows, headers[0])) is not None:
            columns = {**headers[0].columns, "house_no": other}
            kept = headers[0].kept | {other}
            return (replace(headers[0], columns=columns, kept=kept, is_plain=False),), Basis.GUESSED
        return headers, Basis.HEADER
    return _without_header(sheet, known)


def _number_beside_a_count(rows: Sequence[Sequence[object]], header: Header) -> int | None:
    """The one unnamed column of house numbers, where the column that is named for them only counts the rows."""
    if not header.is_plain:
        return None
    below = rows[header.row : header.row + _MOST_ROWS_LOOKED_AT]
    if not count_the_rows([row[header.number] for row in below if header.number < len(row) and row[header.number]]):
        return None
    others = set(range(max(map(len, below), default=0))) - header.kept
    numbers = [column for column in sorted(others) if holds_numbers(below, column)]
    return numbers[0] if len(numbers) == 1 else None


def _without_header(sheet: Sheet, known: Known) -> tuple[tuple[Header, ...], Basis]:
    guess = guess_columns(sheet.rows, known.subdistricts)
    for layout in known.layouts:
        if not any(layout.headings) and len(layout.headings) == _width(sheet):
            headers = _headers_of(layout, sheet, guess.first_row if guess else 0)
            if any(names_house(row, headers[0]) for row in sheet.rows):
                return headers, Basis.REMEMBERED
    if guess and guess.is_certain:
        return (header_of_columns(guess.columns, row=guess.first_row, texts={}),), Basis.GUESSED
    return (), Basis.GUESSED


def _headers_of(layout: Layout, sheet: Sheet, row: int) -> tuple[Header, ...]:
    texts = dict(enumerate(headings_of(sheet, row))) if row else {}
    return headers_as_said(layout.columns, sheet.rows, row=row, texts=texts)


def _headers_like(sheet: Sheet, layouts: Sequence[Layout]) -> tuple[Header, ...]:
    """The headers of the first row that says what one of the sender's layouts has over its columns."""
    for layout in layouts:
        if any(layout.headings):
            for row in range(1, min(len(sheet.rows), HEADER_SOUGHT_IN_ROWS) + 1):
                if _texts_of(sheet.rows[row - 1], len(layout.headings)) == layout.headings:
                    return _headers_of(layout, sheet, row)
    return ()


def headings_of(sheet: Sheet, row: int) -> tuple[str, ...]:
    """The cleaned texts of a row, counted from 1, over all the sheet's columns; all empty where it is row 0."""
    return _texts_of(sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else (), _width(sheet))


def _texts_of(cells: Sequence[object], width: int) -> tuple[str, ...]:
    texts = [clean(cell) if isinstance(cell, str) else "" for cell in cells[:width]]
    return tuple(texts + [""] * (width - len(texts)))


def _width(sheet: Sheet) -> int:
    """The number of columns up to the last that holds anything."""
    filled = (index for row in sheet.rows for index, cell in enumerate(row) if cell is not None)
    return max(filled, default=-1) + 1


def _titles(sheet: Sheet, header: Header) -> list[str]:
    above = sheet.rows[: max(header.row - 1, 0)]
    return [text for row in above if (text := " ".join(cell for cell in row if isinstance(cell, str)))]


def _without_covers(found: FoundLists) -> FoundLists:
    """Passes over sheets with few houses among many other lines (covers, summaries) where true lists are left."""
    covers = [part for part in found.parts if _readable(part) < _FEWEST_HOUSES * len(part.lines)]
    if len(covers) < len(found.parts):
        found.parts = [part for part in found.parts if part not in covers]
        found.passed += [PassedSheet(part.sheet.name, WhyPassed.NO_HOUSES) for part in covers]
    return found


def _readable(part: ListPart) -> int:
    """How many of the lines hold a house number that can be read."""
    return sum(names_house(line.cells, line.header) for line in part.houses)


def _without_needless_guesses(found: FoundLists) -> FoundLists:
    """Where one sheet names its columns, another that does not is more likely a summary than a list."""
    guessed = [part for part in found.parts if part.basis is Basis.GUESSED]
    if len(guessed) < len(found.parts):
        found.parts = [part for part in found.parts if part.basis is not Basis.GUESSED]
        found.without_columns += [(part.place, part.sheet) for part in guessed]
        found.passed += [PassedSheet(part.sheet.name, WhyPassed.NO_COLUMNS) for part in guessed]
    return found
