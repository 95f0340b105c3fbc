"""The summary sheet of the workbook: a row a community, the totals, the chart, and the place for signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from .figures import MonthLine
from .progress_chart import progress_chart
from .workbook_community import CommunitySheet
from .workbook_look import (
    ANSWER,
    FIRST,
    HEADING_HEIGHTS,
    HEADINGS,
    PALE_BAR,
    ROW_HEIGHT,
    SUMMARY_ROW_HEIGHT,
    TITLE,
    UNKNOWN,
    Paper,
    column_width,
    quoted,
)

# In pixels: the table fills the width of the paper at the scale at which 44 rows fill its height.
PAPER_WIDTH = 895
CHART_COLUMNS, CHART_COLUMN_WIDTH = 10, 88
# Rows below the chart's bars, for its scale and its legend.
ROWS_UNDER_BARS = 3
SIGNATURE_LINES = 4


class _Column(NamedTuple):
    """A column of counts in the summary: its heading, and what a community's month says in it."""

    heading: str
    count_of: Callable[[MonthLine], int | None]
    total: int


class Summary:
    """The summary: a row a community and the totals, beside it the chart and the place for signatures."""

    def __init__(self, paper: Paper, sheet: Worksheet, sheets: Sequence[CommunitySheet]) -> None:
        self.paper, self.sheet, self.sheets, self.formats = paper, sheet, sheets, paper.formats
        figures = paper.figures
        self.columns = [
            _Column(_("Expected"), lambda line: line.at_end.expected, figures.at_end.expected),
            _Column(_("This month"), lambda line: line.this_month, figures.this_month),
        ]
        if figures.moved_in or figures.moved_out:
            self.columns += [
                _Column(_("Moved in"), lambda line: line.moved_in, figures.moved_in),
                _Column(_("Moved out"), lambda line: line.moved_out, figures.moved_out),
            ]
        self.expected, self.this_month = 4, 5
        self.tagged = self.expected + len(self.columns)
        self.share, self.remaining = self.tagged + 1, self.tagged + 2
        self.chart_column = self.remaining + 2
        self.total_row = FIRST + len(sheets)
        # Under the totals: the live houses where some are struck off, a free row, and the signatures.
        self.last_row = self.total_row + bool(self.struck) + 1 + SIGNATURE_LINES

    @property
    def struck(self) -> int:
        """Houses counted that are struck off by now, in the whole district."""
        return sum(community.struck for community in self.sheets)

    def total_of(self, column: int) -> str:
        """The formula by which another sheet shows the total of that column."""
        return f"={quote_sheetname(self.sheet.name)}!{self._cell(self.total_row, column)}"

    def write(self) -> None:
        """Write the whole sheet."""
        paper, sheet = self.paper, self.sheet
        paper.set_up_page(sheet)
        self._set_sizes()
        paper.head(sheet, 0, paper.title, paper.month)
        self._write_headings()
        for row, community in enumerate(self.sheets, FIRST):
            self._write_line(row, community)
        self._write_totals()
        self._write_answer()
        self._write_live()
        if self.sheets:
            self._mark_lines()
            self._write_chart()
        self._write_signatures()
        self._set_print_areas()

    def _set_sizes(self) -> None:
        sheet, communities = self.sheet, [community.line.at_end for community in self.sheets]
        sheet.set_default_row(SUMMARY_ROW_HEIGHT)
        # LibreOffice takes a default height as a wish; the chart's bars and the one page need each row's own.
        rows = range(FIRST, self.last_row + 1)
        for row, height in (HEADING_HEIGHTS | dict.fromkeys(rows, SUMMARY_ROW_HEIGHT)).items():
            sheet.set_row(row, height)
        code = column_width((line.code for line in communities), 11)
        subdistrict = column_width((line.subdistrict for line in communities), 14)
        counts = 10 * (self.remaining - self.expected + 1)
        # A column of n characters is 7n + 5 pixels wide.
        rest = (PAPER_WIDTH - 5 * (self.remaining + 1)) / 7 - (6 + code + subdistrict + counts)
        name = column_width((line.name for line in communities), max(rest, 20))
        for column, width in enumerate((6, code, name, subdistrict)):
            sheet.set_column(column, column, width)
        sheet.set_column(self.expected, self.remaining, 10)
        sheet.set_column(self.remaining + 1, self.remaining + 1, 3)
        sheet.set_column_pixels(self.chart_column, self.chart_column + CHART_COLUMNS - 1, CHART_COLUMN_WIDTH)

    def _write_headings(self) -> None:
        headings = (
            _("No."),
            _("Community code"),
            _("Community"),
            _("Sub-district"),
            *(column.heading for column in self.columns),
            _("Cumulative"),
            _("Per cent"),
            _("Remaining"),
        )
        for column, heading in enumerate(headings):
            self.sheet.write_string(HEADINGS, column, heading, self.formats.heading)

    def _write_line(self, row: int, community: CommunitySheet) -> None:
        sheet, formats, line = self.sheet, self.formats, community.line.at_end
        sheet.write_number(row, 0, row - FIRST + 1, formats.order)
        sheet.write_string(row, 1, line.code, formats.code)
        sheet.write_url(row, 2, community.address, formats.link, line.name or community.name)
        sheet.write_string(row, 3, line.subdistrict, formats.text)
        for column, (_heading, count_of, _total) in enumerate(self.columns, self.expected):
            self._write_count(row, column, count_of(community.line))
        tagged = f"={community.cell(community.count_row)}"
        sheet.write_formula(row, self.tagged, tagged, formats.count, line.tagged)
        self._write_share(row, self._cell(row, self.tagged), line.share, formats.share)
        remaining = f"=MAX({self._cell(row, self.expected)}-{self._cell(row, self.tagged)},0)"
        sheet.write_formula(row, self.remaining, remaining, formats.count, line.remaining)

    def _write_count(self, row: int, column: int, count: int | None) -> None:
        if count is None:
            self.sheet.write_blank(row, column, None, self.formats.count)
        else:
            self.sheet.write_number(row, column, count, self.formats.count)

    def _write_share(self, row: int, part: str, share: float | None, look: Format) -> None:
        whole = self._cell(row, self.expected)
        formula = f"=IF({whole}>0,{part}/{whole},{quoted(UNKNOWN)})"
        self.sheet.write_formula(row, self.share, formula, look, UNKNOWN if share is None else share)

    def _write_totals(self) -> None:
        sheet, formats, at_end = self.sheet, self.formats, self.paper.figures.at_end
        for column in range(self.expected):
            sheet.write_blank(self.total_row, column, None, formats.foot)
        sheet.write_string(self.total_row, 2, _("Total"), formats.foot)
        for column, (_heading, _count, total) in enumerate(self.columns, self.expected):
            self._write_sum(column, total)
        self._write_sum(self.tagged, at_end.houses_tagged)
        # Tagged houses count towards the expected only where a number of them was said.
        part = f'SUMIF({self._of_communities(self.expected)},">=0",{self._of_communities(self.tagged)})'
        self._write_share(self.total_row, part, at_end.share, formats.foot_share)
        self._write_sum(self.remaining, at_end.remaining)

    def _write_sum(self, column: int, total: int) -> None:
        formula = f"=SUM({self._of_communities(column)})"
        self.sheet.write_formula(self.total_row, column, formula, self.formats.foot_count, total)

    def _of_communities(self, column: int) -> str:
        """The column's cells of all communities; without any the heading, whose text counts as nothing."""
        return f"{self._cell(min(FIRST, self.total_row - 1), column)}:{self._cell(self.total_row - 1, column)}"

    def _write_answer(self) -> None:
        """Say in one line above the table how far the district is, by formulas over the totals."""
        figures, at_end = self.paper.figures, self.paper.figures.at_end
        sentence = _(
            "%(tagged)s houses tagged (%(share)s of the %(expected)s expected) · %(this_month)s this month"
            " · lists settled in %(complete)s of %(communities)s communities"
        )
        facts = {"complete": str(at_end.communities_complete), "communities": str(at_end.communities_total)}
        counts = {"tagged": at_end.houses_tagged, "expected": at_end.expected, "this_month": figures.this_month}
        shown = {name: f"{count:,}" for name, count in counts.items()}
        shown["share"] = UNKNOWN if at_end.share is None else f"{at_end.share:.1%}"
        cells = {name: self._cell(self.total_row, getattr(self, name)) for name in shown}
        looks = dict.fromkeys(counts, "#,##0") | {"share": "0.0%"}
        marked = sentence % (facts | {name: f"\0TEXT({cell},{quoted(looks[name])})\0" for name, cell in cells.items()})
        pieces = [piece if place % 2 else quoted(piece) for place, piece in enumerate(marked.split("\0"))]
        formula = "=" + "&".join(piece for piece in pieces if piece != '""')
        self.sheet.write_formula(ANSWER, 0, formula, self.formats.answer, sentence % (facts | shown))

    def _write_live(self) -> None:
        if not self.struck:
            return
        row, at_end = self.total_row + 1, self.paper.figures.at_end
        struck = "".join(f"-{one.cell(one.count_row + 1)}" for one in self.sheets if one.struck)
        formula = f"={self._cell(self.total_row, self.tagged)}{struck}"
        self.sheet.write_string(row, 2, _("of them still in the register"), self.formats.below)
        self.sheet.write_formula(row, self.tagged, formula, self.formats.below_count, at_end.houses_live)

    def _mark_lines(self) -> None:
        last = self.total_row - 1
        bar = {"bar_solid": True, "bar_color": PALE_BAR, "bar_border_color": PALE_BAR}
        scale = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
        self.sheet.conditional_format(FIRST, self.share, last, self.share, {"type": "data_bar"} | bar | scale)
        self.sheet.ignore_errors({"number_stored_as_text": f"B{FIRST + 1}:B{last + 1}"})

    def _write_chart(self) -> None:
        """Draw each community's bars beside its own row, and on a page of their own when printed."""
        paper, sheet, left = self.paper, self.sheet, self.chart_column
        paper.head(sheet, left, _("Progress by community"), f"{paper.title} · {paper.month}")
        heading = _("Houses expected, and houses tagged so far")
        sheet.merge_range(HEADINGS, left, HEADINGS, left + CHART_COLUMNS - 1, heading, self.formats.heading)
        # A point is 4/3 pixels.
        height = (len(self.sheets) + ROWS_UNDER_BARS) * SUMMARY_ROW_HEIGHT * 4 / 3
        names, expected, tagged = (self._communities_cells(column) for column in (2, self.expected, self.tagged))
        height_of_bars = len(self.sheets) / (len(self.sheets) + ROWS_UNDER_BARS)
        chart = progress_chart(paper.workbook, names, expected, tagged, height_of_bars)
        chart.set_size({"width": CHART_COLUMNS * CHART_COLUMN_WIDTH, "height": height})
        sheet.insert_chart(FIRST, left, chart, {"object_position": 1, "description": heading})

    def _communities_cells(self, column: int) -> tuple[str, int, int, int, int]:
        """What the column says of every community, as a chart names cells."""
        return self.sheet.name, FIRST, column, self.total_row - 1, column

    def _write_signatures(self) -> None:
        dots = "." * 44
        halves = ((0, 3, _("who drew up the report")), (4, self.remaining, _("head of the registry section")))
        for first, last, who in halves:
            signed, dated = _("(signed) %(dots)s") % {"dots": dots}, _("date %(dots)s") % {"dots": dots[:28]}
            for row, line in enumerate((signed, f"({dots})", who, dated), self.last_row - SIGNATURE_LINES + 1):
                self.sheet.merge_range(row, first, row, last, line, self.formats.signature)
                self.sheet.set_row(row, ROW_HEIGHT)

    def _set_print_areas(self) -> None:
        """Print the table with the signatures, and then the chart, each on pages of its own."""
        name = quote_sheetname(self.sheet.name)
        areas = [(0, self.last_row, self.remaining)]
        if self.sheets:
            last_column = self.chart_column + CHART_COLUMNS - 1
            areas.append((self.chart_column, self.total_row + ROWS_UNDER_BARS, last_column))
        ranges = [f"{name}!{self._fixed(TITLE, first)}:{self._fixed(row, column)}" for first, row, column in areas]
        # One print area is all that XlsxWriter's own method takes.
        self.paper.workbook.define_name(f"{name}!_xlnm.Print_Area", f"={','.join(ranges)}")

    def _cell(self, row: int, column: int) -> str:
        return xl_rowcol_to_cell(row, column)

    def _fixed(self, row: int, column: int) -> str:
        return xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
