"""The sheet with the month's account of struck-off houses (product.md V8)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from verification.struck_houses import Account, columns, title_of

from .workbook_look import ANSWER, FIRST, HEADING_HEIGHTS, HEADINGS, ROW_HEIGHT, TITLE, Paper, column_width

ORDER, HOUSE_NO, COUNT = 0, 1, 3


def write_struck_off(paper: Paper, account: Account) -> None:
    """Add the sheet behind those already in the workbook."""
    sheet = paper.workbook.add_worksheet(paper.struck_name)
    paper.set_up_page(sheet)
    sheet.set_landscape()
    sheet.set_default_row(ROW_HEIGHT)
    for row, height in HEADING_HEIGHTS.items():
        sheet.set_row(row, height)
    paper.head(sheet, ORDER, title_of(account), paper.title)
    width = _write_lines(paper, sheet, account)
    sheet.write_url(ANSWER, width - 1, paper.cover_address, paper.formats.back, _("‹ back to the cover"))
    last = _write_foot(paper, sheet, account, width)
    sheet.print_area(TITLE, ORDER, last, width - 1)


def _write_lines(paper: Paper, sheet: Worksheet, account: Account) -> int:
    """Write the headings and a row a house; returns how many columns there are."""
    formats, named = paper.formats, columns(with_codes=True)
    for column, (heading, text_of) in enumerate(named):
        texts = [text_of(line) for line in account.lines]
        sheet.write_string(HEADINGS, column, heading, formats.heading)
        sheet.set_column(column, column, column_width([heading, *texts], 7))
        if column != ORDER:
            for row, text in enumerate(texts, FIRST):
                sheet.write_string(row, column, text, formats.text)
    for row, line in enumerate(account.lines, FIRST):
        sheet.write_number(row, ORDER, line.number, formats.order)
    if not account.lines:
        sheet.write_string(FIRST, HOUSE_NO, _("The office struck no house off in this month."), formats.nothing)
    sheet.ignore_errors({"number_stored_as_text": xl_range(FIRST, HOUSE_NO, _last(account), len(named) - 1)})
    return len(named)


def _last(account: Account) -> int:
    return FIRST + max(len(account.lines), 1) - 1


def _write_foot(paper: Paper, sheet: Worksheet, account: Account, width: int) -> int:
    """Write how many there are, in all and by ground; returns the last row written."""
    formats, row = paper.formats, _last(account) + 1
    for column in range(width):
        sheet.write_blank(row, column, None, formats.foot)
    numbers = xl_range(FIRST, ORDER, row - 1, ORDER)
    sheet.write_string(row, HOUSE_NO, _("Houses in all"), formats.foot)
    sheet.write_formula(row, COUNT, f"=COUNT({numbers})", formats.foot_count, len(account.lines))
    by_ground = list(account.totals)
    if account.central:
        by_ground.append((_("beside them struck off by the central register itself"), len(account.central)))
    for place, (ground, houses) in enumerate(by_ground, row + 1):
        sheet.write_string(place, HOUSE_NO, ground, formats.below)
        sheet.write_number(place, COUNT, houses, formats.below_count)
    return row + len(by_ground)
