"""The workbook that goes back to a list's sender: their own layout, with a finding on each faulty row."""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from communities.thai_calendar import short_date

from .findings_in_sheets import EXPLANATION, HEADING, MARK, is_finding
from .kept_file import bare, cells_of, forget_people, guard, last_column, reopened, saved, sheet_of, write
from .models import HouseList, HouseNumberRecord
from .reading.header_words import HEADINGS
from .row_findings import Finding, findings_of

AT_FAULT = "FFFFD98A"
FINDING = "FFFFF3D6"
COLUMN_WIDTH = 70
LETTERS_A_LINE, POINTS_A_LINE = 64, 18
EXPLANATION_WIDTHS = (22, 90)
_LINE = Border(left=Side(style="medium", color="FFB26A00"))


def error_workbook(house_list: HouseList) -> bytes:
    """The list as it came, with the column of findings, the cells at fault coloured, and a page that explains it.

    It is written in the office's language, whatever language the page is shown in: the sender reads it.
    """
    with translation.override(settings.LANGUAGE_CODE):
        findings = findings_of(house_list)
        book = _book(house_list)
        sheet = sheet_of(book, house_list.sheet)
        for other in set(book.worksheets) - {sheet}:
            book.remove(other)
        bare(sheet)
        _empty_rows_of_others(sheet, house_list)
        _forget_earlier_findings(sheet)
        for cell in cells_of(sheet):
            guard(cell)
        _add_findings(sheet, house_list, findings)
        _explain(book, house_list, findings)
        forget_people(book)
        return saved(book)


def file_name(house_list: HouseList, *, code: str, community: str, day: datetime.date | None = None) -> str:
    """The workbook's name: the community by code and name, and the day in the Buddhist calendar."""
    day = day or timezone.localdate()
    named = " ".join(filter(None, [code, community]))
    return f"{named} ผลการตรวจ {day.year + 543}-{day:%m-%d}.xlsx".replace("/", "-")


def _book(house_list: HouseList) -> Workbook:
    if house_list.file is None:
        return _rebuilt(house_list)
    return reopened(house_list.file)


def _rebuilt(house_list: HouseList) -> Workbook:
    """The rows of a list that came before files were kept, each in its row, below the usual headings."""
    book = Workbook()
    sheet = book.active
    for name, column in house_list.columns.items():
        if house_list.header_row and name in HEADINGS:
            write(sheet, house_list.header_row, column + 1, HEADINGS[name][0])
    for record in house_list.records.filter(part=1).order_by("row"):
        for column, value in enumerate(record.cells):
            if value is not None:
                write(sheet, record.row, column + 1, value)
    return book


def _empty_rows_of_others(sheet: Worksheet, house_list: HouseList) -> None:
    """A sheet may hold the lists of several communities: each gets back its own rows alone."""
    if house_list.file_id is None:
        return
    others = HouseNumberRecord.objects.filter(house_list__file=house_list.file_id, house_list__sheet=house_list.sheet)
    for row in others.exclude(house_list=house_list.pk).values_list("row", flat=True).distinct():
        for cell in sheet[row]:
            if isinstance(cell, Cell):
                cell.value = None


def _forget_earlier_findings(sheet: Worksheet) -> None:
    """Takes off what the office added when this list's forerunner went back."""
    for cell in cells_of(sheet):
        if is_finding(cell.value):
            cell.value = None
            cell.border = Border()
        if cell.fill.fill_type and cell.fill.fgColor.rgb in (AT_FAULT, FINDING):
            cell.fill = PatternFill()


def _add_findings(sheet: Worksheet, house_list: HouseList, findings: Sequence[Finding]) -> None:
    column = last_column(sheet) + 1
    sheet.column_dimensions[get_column_letter(column)].width = COLUMN_WIDTH
    # One column more, and still one sheet of paper wide.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = False
    if house_list.header_row:
        _head(sheet.cell(house_list.header_row, column), sheet.cell(house_list.header_row, max(column - 1, 1)))
    for finding in findings:
        cell = sheet.cell(finding.row, column, f"{MARK}{finding.sentence}")
        cell.fill = _solid(FINDING)
        cell.border = _LINE
        cell.font = Font(name=sheet.cell(finding.row, 1).font.name, size=sheet.cell(finding.row, 1).font.sz)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        _make_room(sheet, finding)
        sheet.cell(finding.row, _column_at_fault(house_list.columns, finding.column)).fill = _solid(AT_FAULT)
    if sheet.auto_filter.ref and house_list.header_row:
        begin, _colon, end = sheet.auto_filter.ref.partition(":")
        sheet.auto_filter.ref = f"{begin}:{get_column_letter(column)}{end.lstrip('$ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"


def _make_room(sheet: Worksheet, finding: Finding) -> None:
    """Programs do not all fit a row to wrapped text by themselves."""
    letters = sum(not unicodedata.category(letter).startswith("M") for letter in finding.sentence)
    lines = math.ceil(letters / LETTERS_A_LINE)
    room = sheet.row_dimensions[finding.row]
    if lines > 1:
        room.height = max(room.height or 0, lines * POINTS_A_LINE)


def _head(cell: Cell, beside: Cell) -> None:
    """The heading in the look of the one beside it."""
    cell.value = HEADING
    if beside.has_style:
        cell._style = beside._style.__copy__()
    cell.font = Font(name=beside.font.name, size=beside.font.sz, bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.fill = _solid(FINDING)


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


def _column_at_fault(columns: Mapping[str, int], name: str) -> int:
    """The column counted from 1: the one at fault if the list has it, else that of the whole address or number."""
    found = next((columns[one] for one in (name, "address", "house_no") if one in columns), 0)
    return found + 1


def _explain(book: Workbook, house_list: HouseList, findings: Sequence[Finding]) -> None:
    sheet = book.create_sheet(EXPLANATION)
    for letter, width in zip("AB", EXPLANATION_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["A1"] = _("Result of checking the list of house numbers against the house register")
    sheet["A1"].font = Font(size=14, bold=True)
    rows = house_list.records.values("row").distinct().count()
    to_correct = ngettext("%(rows)s row", "%(rows)s rows", len(findings)) % {"rows": f"{len(findings):,}"}
    lines = [
        (_("Community"), str(house_list.community)),
        (_("List"), house_list.file_name),
        (_("Received"), short_date(house_list.received_on)),
        (_("Checked"), short_date(timezone.localdate())),
        (_("Rows on the list"), f"{rows:,}"),
        (_("To look at"), to_correct),
    ]
    for nth, (label, text) in enumerate(lines, start=3):
        write(sheet, nth, 1, label)
        write(sheet, nth, 2, text)
    _advise(sheet, 10, house_list)
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _advise(sheet: Worksheet, first_row: int, house_list: HouseList) -> None:
    advice = [
        (AT_FAULT, _("The cell in this colour is the one to look at.")),
        (FINDING, _("The sentence at the end of the row says what was found and what to do.")),
        ("", _("Rows without a colour are in order and need nothing.")),
        ("", _("Please correct the list in this very file and send it back; leave the other rows as they are.")),
        (
            "",
            _("The column of findings and this page need not be deleted: they are passed over when the list returns."),
        ),
    ]
    emptied = sorted(
        {column["heading"] or column["column"] for column in house_list.file.emptied} if house_list.file else ()
    )
    if emptied:
        advice.append(
            (
                "",
                _("The office does not keep what the work does not need; these columns came back empty: %(columns)s.")
                % {"columns": ", ".join(emptied)},
            )
        )
    for nth, (colour, sentence) in enumerate(advice, start=first_row):
        if colour:
            sheet.cell(nth, 1).fill = _solid(colour)
        write(sheet, nth, 2, sentence)
