"""The last sheet of the workbook: how far the tags stand in the central register, and the houses in no community."""

from __future__ import annotations

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from .figures import CentralFigures
from .workbook_look import FIRST, HEADING_HEIGHTS, HEADINGS, ROW_HEIGHT, TITLE, Paper, column_width

ORDER, CODE, NAME, TAGGED, KEYED, CONFIRMED, TO_KEY = range(7)


def write_central(paper: Paper, central: CentralFigures) -> None:
    """Add the sheet behind those already in the workbook."""
    sheet = paper.workbook.add_worksheet(paper.central_name)
    paper.set_up_page(sheet)
    sheet.set_default_row(ROW_HEIGHT)
    for row, height in HEADING_HEIGHTS.items():
        sheet.set_row(row, height)
    paper.head(sheet, ORDER, _("Codes in the central register"), f"{paper.title} · {paper.month}")
    _write_headings(paper, sheet)
    last = _write_lines(paper, sheet, central)
    _write_foot(paper, sheet, central, last + 1)
    sheet.print_area(TITLE, ORDER, last + 2, TO_KEY)


def _write_headings(paper: Paper, sheet: Worksheet) -> None:
    headings = (
        _("No."),
        _("Community code"),
        _("Community"),
        _("Tagged"),
        _("Keyed there"),
        _("Confirmed"),
        _("Still to key"),
    )
    names = (line.at_end.name for line in paper.figures.lines)
    widths = (7, 16, column_width(names, 30), 13, 13, 13, 13)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADINGS, column, heading, paper.formats.heading)


def _write_lines(paper: Paper, sheet: Worksheet, central: CentralFigures) -> int:
    """A row a community; returns the last row, that of the headings where there are none."""
    formats, row = paper.formats, HEADINGS
    for row, line in enumerate(paper.figures.lines, FIRST):
        at_end, stands = line.at_end, central.of(line.at_end.community)
        sheet.write_number(row, ORDER, row - FIRST + 1, formats.order)
        sheet.write_string(row, CODE, at_end.code, formats.code)
        sheet.write_string(row, NAME, at_end.name, formats.text)
        for column, count in ((TAGGED, at_end.tagged), (KEYED, stands.keyed), (CONFIRMED, stands.confirmed)):
            sheet.write_number(row, column, count, formats.count)
        _write_to_key(sheet, row, at_end.tagged - stands.keyed, formats.count)
    sheet.ignore_errors({"number_stored_as_text": f"B{FIRST + 1}:B{row + 1}"})
    return row


def _write_to_key(sheet: Worksheet, row: int, value: int, look) -> None:
    tagged, keyed = (xl_rowcol_to_cell(row, column) for column in (TAGGED, KEYED))
    sheet.write_formula(row, TO_KEY, f"={tagged}-{keyed}", look, value)


def _write_foot(paper: Paper, sheet: Worksheet, central: CentralFigures, row: int) -> None:
    formats, at_end = paper.formats, paper.figures.at_end
    for column in (ORDER, CODE):
        sheet.write_blank(row, column, None, formats.foot)
    sheet.write_string(row, NAME, _("Total"), formats.foot)
    sums = ((TAGGED, at_end.houses_tagged), (KEYED, central.houses_keyed), (CONFIRMED, central.houses_confirmed))
    for column, total in sums:
        cells = f"{xl_rowcol_to_cell(FIRST, column)}:{xl_rowcol_to_cell(max(row - 1, FIRST), column)}"
        sheet.write_formula(row, column, f"=SUM({cells})", formats.foot_count, total)
    _write_to_key(sheet, row, at_end.houses_tagged - central.houses_keyed, formats.foot_count)
    sheet.write_string(row + 1, NAME, _("Houses in no community, as a person said"), formats.below)
    sheet.write_number(row + 1, TAGGED, central.in_no_community, formats.below_count)
