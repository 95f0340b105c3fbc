"""The first sheet of the workbook: whose report it is, the figures at a glance, the indicators, the way to the rest."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from .indicator_list import reached
from .workbook_indicator import IndicatorSheet, looks_of
from .workbook_look import ROW_HEIGHT, UNKNOWN, Paper
from .workbook_summary import Summary

COLUMNS, COLUMN_WIDTH = 8, 13
TILE = COLUMNS // 4
BAND, TITLE, MONTH, REFERENCE, CORRECTION, TILES, CAPTIONS, LIST = 0, 2, 3, 4, 5, 7, 8, 10
HEIGHTS = {BAND: 33, TITLE: 39, TILES: 45}
# Of the list of indicators: the name takes the columns before the reading.
READING, UNIT, TARGET, STATE = range(4, COLUMNS)
# In points: the cover has room.
COVER_ROW_HEIGHT = 24
# Letters that fit on a line over the whole width.
LINE = 90


class Cover:
    """The cover in the making: it points at the summary and at the sheets of the indicators."""

    def __init__(self, paper: Paper, sheet: Worksheet, summary: Summary, indicators: Sequence[IndicatorSheet]) -> None:
        self.paper, self.sheet, self.formats = paper, sheet, paper.formats
        self.summary, self.indicators = summary, indicators

    def write(self, others: Sequence[tuple[str, str]]) -> None:
        """Write the cover; `others` are the further sheets: name, and what stands on them."""
        paper, sheet = self.paper, self.sheet
        paper.set_up_paper(sheet)
        sheet.set_default_row(COVER_ROW_HEIGHT)
        sheet.set_column(0, COLUMNS - 1, COLUMN_WIDTH)
        for row, height in HEIGHTS.items():
            sheet.set_row(row, height)
        self._write_names()
        self._write_tiles()
        row = self._write_indicators(LIST)
        row = self._write_sheets(row + 1, others)
        last = self._write_people(row + 1)
        sheet.print_area(0, 0, last, COLUMNS - 1)
        sheet.activate()

    def _across(self, row: int, text: str, look) -> None:
        self.sheet.merge_range(row, 0, row, COLUMNS - 1, "", look)
        self.sheet.write_string(row, 0, text, look)

    def _write_names(self) -> None:
        paper, formats, letter = self.paper, self.formats, self.paper.letter
        self._across(BAND, paper.office, formats.band)
        self._across(TITLE, paper.title, formats.cover_title)
        self._across(MONTH, paper.month, formats.line)
        self._across(REFERENCE, paper.reference, formats.line if letter else formats.draft)
        if letter and letter.correction:
            text = _("What is corrected: %(words)s") % {"words": letter.correction}
            self._across(CORRECTION, text, formats.wrapped)
            self.sheet.set_row(CORRECTION, ROW_HEIGHT * (1 + len(text) // LINE))

    def _write_tiles(self) -> None:
        """Show four figures at a glance, by formulas over the totals of the summary."""
        formats, at_end, summary = self.formats, self.paper.figures.at_end, self.summary
        complete = f"{at_end.communities_complete} / {at_end.communities_total}"
        share = UNKNOWN if at_end.share is None else at_end.share
        tiles = (
            (_("Houses tagged so far"), summary.total_of(summary.tagged), at_end.houses_tagged, formats.tile),
            (_("Per cent of the expected"), summary.total_of(summary.share), share, formats.tile_share),
            (
                _("Houses tagged this month"),
                summary.total_of(summary.this_month),
                self.paper.figures.this_month,
                formats.tile,
            ),
            (_("Communities whose lists are settled"), None, complete, formats.tile),
        )
        for number, (caption, formula, value, look) in enumerate(tiles):
            first = number * TILE
            for row, format_ in ((TILES, look), (CAPTIONS, formats.caption)):
                self.sheet.merge_range(row, first, row, first + TILE - 1, "", format_)
            if formula is None:
                self.sheet.write_string(TILES, first, str(value), look)
            else:
                self.sheet.write_formula(TILES, first, formula, look, value)
            self.sheet.write_string(CAPTIONS, first, caption, formats.caption)

    def _write_indicators(self, row: int) -> int:
        """List the indicators with reading and target; returns the row after the list."""
        if not self.indicators:
            return row
        headings = ((READING, _("Reading")), (UNIT, _("Unit")), (TARGET, _("Target")), (STATE, _("Reached")))
        self.sheet.merge_range(row, 0, row, READING - 1, "", self.formats.heading)
        self.sheet.write_string(row, 0, _("Indicator"), self.formats.heading)
        for column, heading in headings:
            self.sheet.write_string(row, column, heading, self.formats.heading)
        for place, indicator in enumerate(self.indicators, row + 1):
            self._write_indicator(place, indicator)
        return row + 1 + len(self.indicators)

    def _write_indicator(self, row: int, indicator: IndicatorSheet) -> None:
        sheet, formats, told = self.sheet, self.formats, indicator.told
        look, _foot = looks_of(self.paper, told.kpi.unit)
        total = told.readings.total
        sheet.merge_range(row, 0, row, READING - 1, "", formats.link)
        sheet.write_url(row, 0, indicator.address, formats.link, str(told.kpi.name))
        value = UNKNOWN if total.value is None else float(total.value)
        sheet.write_formula(row, READING, f"={indicator.reading}", look, value)
        sheet.write_string(row, UNIT, str(told.kpi.unit.label), formats.code)
        if told.target is None:
            sheet.write_string(row, TARGET, UNKNOWN, look)
        else:
            sheet.write_number(row, TARGET, float(told.target), look)
        says = {True: (_("yes"), formats.code), False: (_("not yet"), formats.late), None: ("", formats.code)}
        sheet.write_string(row, STATE, *says[reached(told.kpi, total, told.target)])

    def _write_sheets(self, row: int, others: Sequence[tuple[str, str]]) -> int:
        """List the further sheets, each a link; returns the row after the list."""
        self._across(row, _("In this workbook"), self.formats.heading)
        for place, (name, what) in enumerate(others, row + 1):
            self.sheet.merge_range(place, 0, place, TILE - 1, "", self.formats.link)
            self.sheet.write_url(place, 0, f"internal:{quote_sheetname(name)}!A1", self.formats.link, name)
            self.sheet.merge_range(place, TILE, place, COLUMNS - 1, "", self.formats.text)
            self.sheet.write_string(place, TILE, what, self.formats.text)
        return row + 1 + len(others)

    def _write_people(self, row: int) -> int:
        """Say who checked and who issued; returns the last row written."""
        letter = self.paper.letter
        people = ((_("Checked by"), letter.checked_by), (_("Issued by"), letter.issued_by)) if letter else ()
        last = row - 1
        for last, (deed, who) in enumerate(((deed, who) for deed, who in people if who), row):
            self._across(last, f"{deed} {who}", self.formats.below)
        return last
