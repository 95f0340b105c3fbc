"""Tables that came as text: CSV in the encodings and with the signs between columns that offices use."""

from __future__ import annotations

import csv
import io
import re

from households.files.raw_sheets import Bounds, Cell, Content, Unreadable

_SIGNS = "\t;,|"
_BLANK = _SIGNS + " \r\n"
_NO_SIGN = "\x1f"
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
# What Excel writes or obeys at the beginning: which sign stands between the columns.
_NAMED_SIGN = re.compile(r'"?sep=([,;\t|])"?(\r\n|\r|\n)', re.IGNORECASE)
# Letters that a list in Thai or English has.
_USUAL = re.compile("[\t\r\n\x20-\x7e\u0e00-\u0e7f\u2000-\u206f\ufeff]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_DIGIT = re.compile("[0-9๐-๙]")

_MOSTLY = 0.9
_PAIRS_OF_HIGH = 0.25
_LINES_LOOKED_AT = 200
_LETTERS_LOOKED_AT = 200_000
# A sign between columns stands in most lines; titles above the table have none.
_SIGN_IN_LINES = 0.3
# A table of one column: house numbers or addresses, most with a digit, none as long as a paragraph.
_DIGITS_IN_LINES = 0.5
_LONGEST_ADDRESS = 200


def text_of(data: bytes) -> str | None:
    """The text of the bytes; None where they are none.

    UTF-16 and UTF-8 by their marks or by their look, else Windows-874. A letter of damaged UTF-8 becomes "\ufffd".
    """
    text = _decoded(data)
    return None if text is None or _NOT_IN_TEXT.search(text) else text


def is_table(text: str) -> bool:
    """Whether the text can be a table: it has columns, or it is a list of one column and no prose."""
    return bool(_NAMED_SIGN.match(text)) or _sign_of(text) != _NO_SIGN or _is_one_column(text)


def rows_of(text: str, bounds: Bounds) -> list[list[Cell]]:
    """The cells, all text, empty ones None, down to the last row that has any.

    Raises `Unreadable`: "too_many_cells", "long_text", "zip_bomb", "open_quote" where a quotation mark is not closed.
    """
    named = _NAMED_SIGN.match(text)
    sign = named[1] if named else _sign_of(text)
    table = text[named.end() if named else 0 :].rstrip(_BLANK)  # now the last row holds something
    lines = csv.reader(io.StringIO(table, newline=""), delimiter=sign)
    content = Content("", bounds)
    rows: list[list[Cell]] = []
    try:
        for row, line in enumerate(lines):
            if row >= bounds.rows:
                raise Unreadable("too_many_cells", content.place(row, 0))
            if _count(line, row, content):
                rows.extend([] for _blank in range(row - len(rows)))
                rows.append([value or None for value in line[: bounds.columns]])
    except csv.Error as problem:
        raise Unreadable("long_text", content.place(len(rows), 0)) from problem
    _refuse_open_quote(table, rows, content)
    return rows


def _count(line: list[str], row: int, content: Content) -> bool:
    """Whether the line holds anything; every value of it is counted."""
    places = [column for column, value in enumerate(line) if value]
    for column in places:
        content.take(row, column, len(line[column]))
    return bool(places)


def _refuse_open_quote(text: str, rows: list[list[Cell]], content: Content) -> None:
    """A quotation mark that nothing closes takes all lines after it into its cell."""
    last = rows[-1][-1] if rows else None
    if isinstance(last, str) and "\n" in last and not text.endswith('"'):
        raise Unreadable("open_quote", content.place(len(rows) - 1, len(rows[-1]) - 1))


# --- which sign stands between the columns ---


def _sign_of(text: str) -> str:
    """The sign that most lines have, and have most of; `_NO_SIGN` where hardly any has one."""
    lines = _first_lines(text)
    best = max(_SIGNS, key=lambda sign: (sum(sign in line for line in lines), sum(line.count(sign) for line in lines)))
    return best if sum(best in line for line in lines) > _SIGN_IN_LINES * len(lines) else _NO_SIGN


def _is_one_column(text: str) -> bool:
    lines = _first_lines(text)
    with_digit = sum(bool(_DIGIT.search(line)) for line in lines)
    short = all(len(line) <= _LONGEST_ADDRESS for line in lines)
    return len(lines) > 1 and short and with_digit >= _DIGITS_IN_LINES * len(lines)


def _first_lines(text: str) -> list[str]:
    beginning = text[:_LETTERS_LOOKED_AT].splitlines()[:_LINES_LOOKED_AT]
    return [line for line in beginning if line.strip()]


# --- encodings ---


def _decoded(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as("utf-16", data)
    if b"\0" in data:
        return _decoded_as_utf_16(data)
    text = _decoded_as("utf-8-sig", data)
    if text is None and _looks_like_utf_8(data):
        return data.decode("utf-8-sig", errors="replace")
    return _decoded_as("cp874", data) if text is None else text


def _decoded_as(encoding: str, data: bytes) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decoded_as_utf_16(data: bytes) -> str | None:
    """UTF-16 without a mark: a digit or a line's end has its zero byte first or last."""
    first, last = data[::2].count(0), data[1::2].count(0)
    text = _decoded_as("utf-16-be" if first > last else "utf-16-le", data)
    if text is None or len(_USUAL.findall(beginning := text[:_LETTERS_LOOKED_AT])) < _MOSTLY * len(beginning):
        return None
    return text


def _looks_like_utf_8(data: bytes) -> bool:
    """Thai in UTF-8 begins each letter with one of two pairs of bytes; Windows-874 has them in few words."""
    high = sum(len(run) for run in _HIGH_BYTES.findall(data))
    return data.count(b"\xe0\xb8") + data.count(b"\xe0\xb9") > _PAIRS_OF_HIGH * high
