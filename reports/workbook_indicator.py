"""The sheet of an indicator in the workbook: its reading by community, and under it the facts that were counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from communities.thai_calendar import fiscal_quarter, fiscal_year, short_date

from .indicator_list import Measure, Reading, Told, Unit
from .indicators import Indicator
from .sheet_names import sheet_names
from .workbook_community import CommunitySheet
from .workbook_look import ANSWER, FIRST, HEADING_HEIGHTS, HEADINGS, ROW_HEIGHT, TITLE, UNKNOWN, Paper, quoted

ORDER, CODE, NAME, READING, ROWS, EXPECTED = range(6)
# Of the facts under the table: the community by its number there, what it is, what was measured, the day, whether
# a per cent counts it.
PLACE, MEASURED, DAY, COUNTS = CODE, READING, ROWS, EXPECTED
# Free rows between the totals and the facts.
GAP = 2


@dataclass(frozen=True)
class IndicatorSheet:
    """An indicator's sheet: its name, what it tells, and the sheets of the communities in the order of its rows."""

    name: str
    told: Told
    communities: Sequence[CommunitySheet]

    @property
    def total_row(self) -> int:
        """The row of the district's reading."""
        return FIRST + len(self.communities)

    @property
    def reading(self) -> str:
        """How another sheet points at the district's reading."""
        return f"{quote_sheetname(self.name)}!{xl_rowcol_to_cell(self.total_row, READING)}"

    @property
    def address(self) -> str:
        """The target of a link to the sheet."""
        return f"internal:{quote_sheetname(self.name)}!A1"

    @property
    def first_fact(self) -> int:
        """The row of the first fact, under the headings of the facts."""
        return self.total_row + GAP + 2

    def facts(self, column: int) -> str:
        """The cells of the facts in that column; one empty cell where there are none."""
        last = self.first_fact + max(len(self.told.facts), 1) - 1
        return xl_range_abs(self.first_fact, column, last, column)

    def of_communities(self, column: int) -> str:
        """The cells of the communities in that column; without any the heading, whose text counts as nothing."""
        return xl_range_abs(min(FIRST, self.total_row - 1), column, self.total_row - 1, column)


def indicator_sheets(
    told: Sequence[Told], communities: Sequence[CommunitySheet], taken: Sequence[str]
) -> list[IndicatorSheet]:
    """A sheet for each indicator, numbered in their order, none with one of the names `taken`."""
    names = sheet_names((f"{number} {one.kpi.name}" for number, one in enumerate(told, 1)), taken)
    return [IndicatorSheet(name, one, communities) for name, one in zip(names, told, strict=True)]


def looks_of(paper: Paper, unit: Unit) -> tuple[Format, Format]:
    """The look of a reading in that unit, in a row and in the totals."""
    formats = paper.formats
    return (formats.tenths, formats.foot_tenths) if unit == Unit.PER_CENT else (formats.count, formats.foot_count)


def write_indicator(paper: Paper, indicator: IndicatorSheet) -> None:
    """Add the sheet to the workbook, behind those already in it."""
    sheet = paper.workbook.add_worksheet(indicator.name)
    _write_head(paper, sheet, indicator)
    _write_communities(paper, sheet, indicator)
    _write_total(paper, sheet, indicator)
    last = indicator.total_row
    if indicator.told.kpi.facts is not None:
        last = _write_facts(paper, sheet, indicator)
    sheet.print_area(TITLE, ORDER, last, EXPECTED)


def _write_head(paper: Paper, sheet: Worksheet, indicator: IndicatorSheet) -> None:
    paper.set_up_page(sheet)
    sheet.set_default_row(ROW_HEIGHT)
    for row, height in HEADING_HEIGHTS.items():
        sheet.set_row(row, height)
    for column, width in ((ORDER, 7), (CODE, 16), (NAME, 44), (READING, 16), (ROWS, 16), (EXPECTED, 14)):
        sheet.set_column(column, column, width)
    kpi = indicator.told.kpi
    paper.head(sheet, ORDER, str(kpi.name), paper.month)
    sheet.write_string(ANSWER, ORDER, _target_in_words(paper, indicator.told), paper.formats.answer)
    sheet.write_url(ANSWER, EXPECTED, paper.cover_address, paper.formats.back, _("‹ back to the cover"))
    headings = [_("No."), _("Community code"), _("Community"), str(kpi.unit.label), _("Counted")]
    headings.append(_("Expected") if kpi.measure is Measure.SHARE_OF_PLAN else "")
    for column, heading in enumerate(headings):
        sheet.write_string(HEADINGS, column, heading, paper.formats.heading)


def _target_in_words(paper: Paper, told: Told) -> str:
    if told.target is None:
        return _("No target was set for this quarter.")
    day = paper.figures.at_end.day
    return _("Target of quarter %(quarter)s/%(year)s: %(target)s %(unit)s") % {
        "quarter": fiscal_quarter(day),
        "year": fiscal_year(day),
        "target": f"{told.target.normalize():,f}",
        "unit": told.kpi.unit.label,
    }


def _write_communities(paper: Paper, sheet: Worksheet, indicator: IndicatorSheet) -> None:
    formats, by_community = paper.formats, indicator.told.readings.by_community
    look, _foot = looks_of(paper, indicator.told.kpi.unit)
    for row, community in enumerate(indicator.communities, FIRST):
        line = community.line.at_end
        sheet.write_number(row, ORDER, row - FIRST + 1, formats.order)
        sheet.write_string(row, CODE, line.code, formats.code)
        sheet.write_url(row, NAME, community.address, formats.link, line.name or community.name)
        reading = by_community[line.community]
        reads, counts = _formulas(indicator, row)
        _write_reading(sheet, (row, READING), reads, reading, look)
        sheet.write_formula(row, ROWS, counts, formats.count, reading.rows)
        if indicator.told.kpi.measure is Measure.SHARE_OF_PLAN:
            _write_expected(sheet, row, line.expected, formats.count)
    last = max(indicator.total_row, FIRST + 1)
    sheet.ignore_errors({"number_stored_as_text": f"B{FIRST + 1}:B{last}"})


def _write_expected(sheet: Worksheet, row: int, expected: int | None, look: Format) -> None:
    if expected is None:
        sheet.write_blank(row, EXPECTED, None, look)
    else:
        sheet.write_number(row, EXPECTED, expected, look)


def _formulas(indicator: IndicatorSheet, row: int) -> tuple[str | None, str]:
    """What gives a community's reading, and how many it counts; None where a formula could not be followed."""
    kpi, place = indicator.told.kpi, xl_rowcol_to_cell(row, ORDER)
    if kpi.houses is not None:
        counted = _houses_of(indicator.communities[row - FIRST], kpi.houses)
        if kpi.measure is not Measure.SHARE_OF_PLAN:
            return counted, counted
        part, whole = xl_rowcol_to_cell(row, ROWS), xl_rowcol_to_cell(row, EXPECTED)
        return _share(part, whole), counted
    of_place = f"COUNTIF({indicator.facts(PLACE)},{place})"
    if kpi.measure is Measure.SHARE:
        in_time = f"COUNTIFS({indicator.facts(PLACE)},{place},{indicator.facts(COUNTS)},1)"
        return _share(in_time, of_place), f"={of_place}"
    return (f"={of_place}" if kpi.measure is Measure.NUMBER else None), f"={of_place}"


def _houses_of(community: CommunitySheet, houses: Indicator) -> str:
    """The count of the community's houses, as it stands on its own sheet."""
    tagged, struck, live = (community.cell(community.count_row + below) for below in range(3))
    if houses == Indicator.TAGGED:
        return f"={tagged}"
    if houses == Indicator.LIVE:
        return f"={live}" if community.struck else f"={tagged}"
    return f"={struck}" if community.struck else "=0"


def _share(part: str, whole: str) -> str:
    return f"=IF({whole}>0,ROUND(100*{part}/{whole},1),{quoted(UNKNOWN)})"


def _write_reading(
    sheet: Worksheet, cell: tuple[int, int], formula: str | None, reading: Reading, look: Format
) -> None:
    value = UNKNOWN if reading.value is None else float(reading.value)
    if formula is not None:
        sheet.write_formula(*cell, formula, look, value)
    elif isinstance(value, str):
        sheet.write_string(*cell, value, look)
    else:
        sheet.write_number(*cell, value, look)


def _write_total(paper: Paper, sheet: Worksheet, indicator: IndicatorSheet) -> None:
    row, formats, told = indicator.total_row, paper.formats, indicator.told
    for column in (ORDER, CODE, EXPECTED):
        sheet.write_blank(row, column, None, formats.foot)
    sheet.write_string(row, NAME, _("The whole district"), formats.foot)
    _row, foot = looks_of(paper, told.kpi.unit)
    counted = _all_counted(indicator)
    _write_reading(sheet, (row, READING), _total_formula(indicator), told.readings.total, foot)
    sheet.write_formula(row, ROWS, f"={counted}", formats.foot_count, told.readings.total.rows)
    if told.kpi.measure is Measure.SHARE_OF_PLAN:
        expected = f"=SUM({indicator.of_communities(EXPECTED)})"
        sheet.write_formula(row, EXPECTED, expected, formats.foot_count, paper.figures.at_end.expected)


def _all_counted(indicator: IndicatorSheet) -> str:
    measure = indicator.told.kpi.measure
    if measure is Measure.SHARE_OF_PLAN:
        # Houses count towards the expected only where a number of them was said.
        return f'SUMIF({indicator.of_communities(EXPECTED)},">=0",{indicator.of_communities(ROWS)})'
    if indicator.told.kpi.houses is not None:
        return f"SUM({indicator.of_communities(ROWS)})"
    return f"COUNTA({indicator.facts(DAY)})"


def _total_formula(indicator: IndicatorSheet) -> str:
    """The district's reading: over the communities where houses are counted, else over the facts themselves."""
    row, measured = indicator.total_row, indicator.facts(MEASURED)
    counted = xl_rowcol_to_cell(row, ROWS)
    in_time = f"COUNTIF({indicator.facts(COUNTS)},1)"
    formulas: Mapping[Measure, str] = {
        Measure.NUMBER: f"={counted}",
        Measure.SHARE_OF_PLAN: _share(counted, f"SUM({indicator.of_communities(EXPECTED)})"),
        Measure.SHARE: _share(in_time, counted),
        Measure.MEDIAN: f"=IF({counted}>0,ROUND(MEDIAN({measured}),0),{quoted(UNKNOWN)})",
        Measure.P95: f"=IF({counted}>0,SMALL({measured},ROUNDUP(95*{counted}/100,0)),{quoted(UNKNOWN)})",
    }
    return formulas[indicator.told.kpi.measure]


def _write_facts(paper: Paper, sheet: Worksheet, indicator: IndicatorSheet) -> int:
    """Write the facts that the formulas above count; returns the last row written."""
    formats, facts, first = paper.formats, indicator.told.facts, indicator.first_fact
    heading = _("What was counted")
    headings = (_("No."), _("No. of the community"), heading, _("Measured"), _("Date"), _("Counts"))
    for column, text in enumerate(headings):
        sheet.write_string(first - 1, column, text, formats.heading)
    if not facts:
        sheet.write_string(first, NAME, _("Nothing was counted up to this day."), formats.nothing)
        return first
    places = {one.line.at_end.community: number for number, one in enumerate(indicator.communities, 1)}
    days = {day: short_date(day) for day in {fact.day for fact in facts}}
    has_numbers = indicator.told.kpi.measure is not Measure.NUMBER
    for row, fact in enumerate(facts, first):
        sheet.write_number(row, ORDER, row - first + 1, formats.order)
        if fact.community in places:
            sheet.write_number(row, PLACE, places[fact.community], formats.order)
        sheet.write_string(row, NAME, fact.name, formats.text)
        if has_numbers:
            sheet.write_number(row, MEASURED, fact.number, formats.count)
        sheet.write_string(row, DAY, days[fact.day], formats.code)
        if fact.counts:
            sheet.write_number(row, COUNTS, 1, formats.order)
    return first + len(facts) - 1
