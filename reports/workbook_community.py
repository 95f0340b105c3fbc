"""The sheet of a community in the workbook: its houses, and under them how many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from communities.thai_calendar import short_date
from households.house_codes import show_house_code

from .figures import CommunityFigures, HouseLine, MonthFigures, MonthLine
from .sheet_names import sheet_names
from .workbook_look import (
    ANSWER,
    FIRST,
    HEADING_HEIGHTS,
    HEADINGS,
    ROW_HEIGHT,
    TITLE,
    Formats,
    Paper,
    column_width,
    quoted,
)

ORDER, HOUSE_NO, LANE, ROAD, SUBDISTRICT, HOUSE_CODE, TAGGED_ON, TAGGED_BY, STATE = range(9)


@dataclass(frozen=True)
class CommunitySheet:
    """A community's sheet: its name, its houses, and where its counts stand."""

    name: str
    line: MonthLine
    houses: Sequence[HouseLine]

    @property
    def count_row(self) -> int:
        """The row of the count: under the houses, or under the one line that says there are none."""
        return FIRST + max(len(self.houses), 1)

    @property
    def struck(self) -> int:
        """How many of the houses are struck off."""
        return self.line.at_end.tagged - self.line.at_end.live

    def cell(self, row: int) -> str:
        """How another sheet points at the count in that row."""
        return f"{quote_sheetname(self.name)}!{xl_rowcol_to_cell(row, HOUSE_CODE)}"

    @property
    def address(self) -> str:
        """The target of a link to the sheet."""
        return f"internal:{quote_sheetname(self.name)}!A1"


def community_sheets(
    figures: MonthFigures, houses: Mapping[int, Sequence[HouseLine]], taken: Sequence[str]
) -> list[CommunitySheet]:
    """A sheet for each community of the month, none with a name of another or with one of those `taken`."""
    titles = (f"{line.at_end.code} {line.at_end.name}" for line in figures.lines)
    names = sheet_names(titles, taken)
    return [
        CommunitySheet(name, line, houses.get(line.at_end.community, ()))
        for name, line in zip(names, figures.lines, strict=True)
    ]


def write_community(paper: Paper, community: CommunitySheet) -> None:
    """Add the sheet with the community's houses to the workbook, behind those already in it."""
    sheet = paper.workbook.add_worksheet(community.name)
    paper.set_up_page(sheet)
    _write_community_head(paper, sheet, community.line.at_end)
    _set_house_columns(sheet, community.houses)
    if community.houses:
        _write_houses(sheet, community.houses, paper.formats)
    else:
        sheet.write_string(FIRST, HOUSE_NO, _("No house carries this community's code yet."), paper.formats.nothing)
    last = _write_community_foot(sheet, community, paper.formats)
    sheet.print_area(TITLE, ORDER, last, STATE)


def _write_community_head(paper: Paper, sheet: Worksheet, community: CommunityFigures) -> None:
    sheet.set_default_row(ROW_HEIGHT)
    for row, height in HEADING_HEIGHTS.items():
        sheet.set_row(row, height)
    where = _("%(subdistrict)s sub-district, %(district)s district") % {
        "subdistrict": community.subdistrict,
        "district": paper.district,
    }
    paper.head(sheet, ORDER, f"{community.code} {community.name}".strip(), f"{where} · {paper.month}")
    back = f"internal:{quote_sheetname(paper.summary_name)}!A1"
    sheet.write_url(ANSWER, STATE, back, paper.formats.back, _("‹ back to the summary"))
    headings = (
        _("No."),
        _("House number"),
        _("Trok / soi"),
        _("Road"),
        _("Sub-district"),
        _("House code"),
        _("Tagged on"),
        _("By"),
        _("State"),
    )
    for column, heading in enumerate(headings):
        sheet.write_string(HEADINGS, column, heading, paper.formats.heading)


def _set_house_columns(sheet: Worksheet, houses: Sequence[HouseLine]) -> None:
    sheet.set_column(ORDER, ORDER, 7)
    sheet.set_column(HOUSE_NO, HOUSE_NO, column_width({line.house_no for line in houses}, 13))
    sheet.set_column(LANE, LANE, column_width({_lane(line) for line in houses}, 18))
    sheet.set_column(ROAD, ROAD, column_width({line.road for line in houses}, 16))
    sheet.set_column(SUBDISTRICT, SUBDISTRICT, column_width({line.subdistrict for line in houses}, 13))
    sheet.set_column(HOUSE_CODE, HOUSE_CODE, 17)
    sheet.set_column(TAGGED_ON, TAGGED_ON, 14)
    sheet.set_column(TAGGED_BY, STATE, 11)


def _lane(line: HouseLine) -> str:
    if not line.trok:
        return line.soi
    return " · ".join(filter(None, (_("trok %(trok)s") % {"trok": line.trok}, line.soi)))


def _write_houses(sheet: Worksheet, houses: Sequence[HouseLine], formats: Formats) -> None:
    text, number, blank = sheet.write_string, sheet.write_number, sheet.write_blank
    days = {day: short_date(day) for day in {line.tagged_on for line in houses}}
    doers = {True: _("the system"), False: _("officer")}
    states = {True: (_("struck off"), formats.struck), False: (_("in the register"), formats.code)}
    plain, centred, order = formats.text, formats.code, formats.order
    for row, line in enumerate(houses, FIRST):
        number(row, ORDER, row - FIRST + 1, order)
        text(row, HOUSE_NO, line.house_no, plain)
        for column, part in ((LANE, _lane(line) if line.trok else line.soi), (ROAD, line.road)):
            (text if part else blank)(row, column, part, plain)
        text(row, SUBDISTRICT, line.subdistrict, plain)
        text(row, HOUSE_CODE, show_house_code(line.house_code), centred)
        text(row, TAGGED_ON, days[line.tagged_on], centred)
        text(row, TAGGED_BY, doers[line.by_machine], centred)
        text(row, STATE, *states[line.is_struck])
    last = FIRST + len(houses) - 1
    sheet.autofilter(HEADINGS, ORDER, last, STATE)
    # House numbers without a slash are text on purpose; without this every one of them wears a warning.
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST + 1}:I{last + 1}"})


def _write_community_foot(sheet: Worksheet, community: CommunitySheet, formats: Formats) -> int:
    """Write the counts under the houses; returns the last row written."""
    row, at_end = community.count_row, community.line.at_end
    for column in range(ORDER, STATE + 1):
        sheet.write_blank(row, column, None, formats.foot)
    codes = f"{xl_rowcol_to_cell(FIRST, HOUSE_CODE)}:{xl_rowcol_to_cell(row - 1, HOUSE_CODE)}"
    sheet.write_string(row, HOUSE_NO, _("Houses in all"), formats.foot)
    sheet.write_formula(row, HOUSE_CODE, f"=COUNTA({codes})", formats.foot_count, at_end.tagged)
    if not community.struck:
        return row
    states = f"{xl_rowcol_to_cell(FIRST, STATE)}:{xl_rowcol_to_cell(row - 1, STATE)}"
    struck = f"=COUNTIF({states},{quoted(_('struck off'))})"
    live = f"={xl_rowcol_to_cell(row, HOUSE_CODE)}-{xl_rowcol_to_cell(row + 1, HOUSE_CODE)}"
    sheet.write_string(row + 1, HOUSE_NO, _("of them struck off since"), formats.below)
    sheet.write_formula(row + 1, HOUSE_CODE, struck, formats.below_count, community.struck)
    sheet.write_string(row + 2, HOUSE_NO, _("still in the register"), formats.below)
    sheet.write_formula(row + 2, HOUSE_CODE, live, formats.below_count, at_end.live)
    return row + 2
