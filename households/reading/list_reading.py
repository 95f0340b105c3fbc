"""From the lines of a sheet to the records of a community's list, and what there is to tell about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..list_notices import Notices
from ..models import HouseList, HouseNumberRecord
from ..row_reasons import Reason
from ..workbook import Sheet
from .cell_texts import as_text
from .list_lines import count_the_rows
from .list_rows import RowReader
from .list_sheets import Basis, ListPart
from .list_tables import Line
from .private_numbers import without_private_numbers
from .signatures import is_signed, without_names

MOST_ROWS = 20_000


def read_part(house_list: HouseList, part: ListPart, subdistricts: Mapping[str, int]) -> list[HouseNumberRecord]:
    """The unsaved records of a list, table by table; lines that are no houses go to the list's `passed_over`.

    `subdistricts` maps the names of the district's sub-districts, cleaned, to their ids. Adds to the list's notices
    what the reading came upon. Raises ValidationError `too_many_rows`.
    """
    _refuse_too_many(house_list, part)
    records: list[HouseNumberRecord] = []
    for table in sorted({line.table for line in part.lines}):
        lines = [line for line in part.lines if line.table == table]
        read = list(_read_table(lines, part, RowReader(house_list, subdistricts)))
        records += [record for _line, record in read]
        _doubt_running_numbers(read)
    house_list.passed_over = _passed_over(part.lines)
    house_list.notices = [*house_list.notices, *_notices_of(part, records)]
    return records


def _refuse_too_many(house_list: HouseList, part: ListPart) -> None:
    if len(part.houses) > MOST_ROWS:
        raise ValidationError(
            _("%(file)s has %(rows)s rows; a community's list has at most %(most)s."),
            code="too_many_rows",
            params={"file": house_list.file_name, "rows": len(part.houses), "most": MOST_ROWS},
        )


def _read_table(lines: Sequence[Line], part: ListPart, reader: RowReader) -> Iterator[tuple[Line, HouseNumberRecord]]:
    hidden, formats = part.sheet.hidden_rows, _formats_by_row(part.sheet)
    for line in lines:
        if not line.why:
            typed = [without_private_numbers(cell) for cell in part.sheet.rows[line.at]]
            cells = typed if line.cells is part.sheet.rows[line.at] else [*map(without_private_numbers, line.cells)]
            for record in reader.read(
                line.at + 1,
                typed,
                cells,
                line.header,
                is_hidden=line.at in hidden,
                formats=formats.get(line.at, {}),
            ):
                if line.is_above or part.basis is Basis.GUESSED:
                    record.doubt = record.doubt or Reason.COLUMNS_GUESSED
                yield line, record
        if line.heading is not None:
            reader.take_heading(line.heading)


def _formats_by_row(sheet: Sheet) -> dict[int, dict[int, str]]:
    formats: dict[int, dict[int, str]] = {}
    for (row, column), number_format in sheet.number_formats.items():
        formats.setdefault(row, {})[column] = number_format
    return formats


def _doubt_running_numbers(read: Sequence[tuple[Line, HouseNumberRecord]]) -> None:
    plain = [(line, record) for line, record in read if line.header.is_plain]
    if plain and count_the_rows([line.cells[line.header.number] for line, _record in plain]):
        for _line, record in plain:
            record.doubt = record.doubt or Reason.RUNNING_NUMBER


def _passed_over(lines: Sequence[Line]) -> list[dict[str, object]]:
    houses = {line.at for line in lines if not line.why}
    rows = {line.at: line for line in reversed(lines) if line.why and line.at not in houses}
    return [
        {"row": index + 1, "why": line.why, "text": "" if is_signed(line.cells) else _line_of_text(line.cells)}
        for index, line in sorted(rows.items())
    ]


def _line_of_text(cells: Sequence[object]) -> str:
    return " ".join(filter(None, map(as_text, map(without_names, cells))))[:200]


def _notices_of(part: ListPart, records: Sequence[HouseNumberRecord]) -> Iterator[dict[str, object]]:
    notices = Notices()
    notices.add_rows("hidden_rows", sorted({record.row for record in records if record.is_hidden}))
    notices.add_rows("rows_above_header", [line.at + 1 for line in part.lines if line.is_above])
    notices.add_cells("unvalued_formulas", part.sheet.unvalued)
    notices.add_columns("columns_not_stored", _columns_not_stored(part))
    if part.sheet.is_hidden:
        notices.add("sheet_hidden")
    if part.basis is not Basis.HEADER:
        notices.add(f"columns_{part.basis.value}")
    return iter(notices)


def _columns_not_stored(part: ListPart) -> dict[int, str]:
    """The columns that hold something in a row of a house but are not stored, each with what stands over it."""
    found: dict[int, str] = {}
    for line in part.houses:
        for index, cell in enumerate(line.cells):
            if cell is not None and index not in line.header.kept and index not in found:
                found[index] = as_text(without_names(line.header.texts.get(index, "")))
    return found
