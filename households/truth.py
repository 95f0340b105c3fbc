"""What the rows of lists truly mean, as people who know it wrote it down in a CSV file: the measure of matching."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

COLUMNS = ("community", "file", "row", "kind", "house_code")
STRUCK = "struck:"

# A list by its community's code and its file name, and a row of it as the spreadsheet shows it.
ListName = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class Meant:
    """What one row means: `houses` are the codes of the live houses; none where no such house exists or it is struck.

    `kind` is whatever the writer of the file sorts rows by, such as the kind of mess in them.
    """

    kind: str
    houses: frozenset[str]


def read_truth(path: Path) -> dict[ListName, dict[int, Meant]]:
    """What each row means, list by list. Several lines for one row are several houses that it means.

    Raises ValidationError `not_csv`, `columns_missing`, `not_a_row`, `no_rows`; OSError where the file cannot be read.
    """
    truth: dict[ListName, dict[int, Meant]] = {}
    for line_number, line in _lines(path):
        rows = truth.setdefault((line["community"].strip(), line["file"].strip()), {})
        row = _row_number(line["row"], path.name, line_number)
        houses = frozenset(filter(None, [_live_house(line["house_code"])]))
        known = rows.get(row)
        rows[row] = Meant(known.kind, known.houses | houses) if known else Meant(line["kind"].strip(), houses)
    if not truth:
        raise ValidationError(_("%(file)s has no row below its header."), code="no_rows", params={"file": path.name})
    return truth


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines below the header with the number that an editor shows for each."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _not_csv(path.name) from problem
    if "\x00" in text:
        raise _not_csv(path.name)
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True)
    try:
        _refuse_missing(reader.fieldnames or (), path.name)
        for line in reader:
            yield reader.line_num, line
    except csv.Error as problem:
        raise _not_csv(path.name) from problem


def _refuse_missing(found: Iterable[str], file_name: str) -> None:
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise ValidationError(
            _("%(file)s: the column %(missing)s is missing. Looked for: %(wanted)s."),
            code="columns_missing",
            params={"file": file_name, "missing": ", ".join(missing), "wanted": ", ".join(COLUMNS)},
        )


def _row_number(text: str, file_name: str, line_number: int) -> int:
    if not (text := text.strip()).isascii() or not text.isdecimal() or len(text) > 9:
        raise ValidationError(
            _("%(file)s, line %(line)s, column row: “%(text)s” is not the number of a row."),
            code="not_a_row",
            params={"file": file_name, "line": line_number, "text": text},
        )
    return int(text)


def _live_house(text: str) -> str:
    """The code without hyphens; "" where the row means no live house."""
    code = text.strip().replace("-", "")
    return "" if code.startswith(STRUCK) else code


def _not_csv(file_name: str) -> ValidationError:
    return ValidationError(_("%(file)s is not a CSV file in UTF-8."), code="not_csv", params={"file": file_name})
