"""The month's KPI workbook: a summary of the communities with a chart, and a sheet for each with its houses.

Every total is a formula with its value stored beside it: a reader can follow the sum, and a phone's preview, which
computes nothing, shows it all the same. The same figures give the same bytes.
"""

from __future__ import annotations

import datetime
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from communities.thai_calendar import long_date, month_name, short_date
from communities.thai_text import clean
from households.house_codes import show_house_code

from .figures import CommunityFigures, HouseLine, MonthFigures, MonthLine

# Rows of every sheet, from 0: three lines about the sheet, one with the answer, then the table.
TITLE, MONTH, REFERENCE, ANSWER, HEADINGS, FIRST = range(6)
A4 = 9
SHEET_NAME_LIMIT = 31
UNKNOWN = "–"

INK, GREEN, PALE_GREEN, HAIRLINE = "#1b2430", "#0b6b4f", "#e6f1ed", "#b9c7c1"
AMBER, RED, BLUE, GREY, PALE_BAR = "#8a4b00", "#b3261e", "#1d5fa8", "#5b6770", "#c3d5cd"

FONT = "TH Sarabun New"
# Heights in points. The summary's are lower, so that a district of 44 communities fits on one sheet of paper.
ROW_HEIGHT, SUMMARY_ROW_HEIGHT = 18.75, 16.5
HEADING_HEIGHTS = {TITLE: 27, MONTH: 19.5, REFERENCE: 19.5, ANSWER: 24, HEADINGS: 24}
# Widths in characters of a column, and in pixels: the table of the summary fills the width of the paper at the scale
# at which 44 rows fill its height.
WIDEST, PAPER_WIDTH = 44, 895
CHART_COLUMNS, CHART_COLUMN_WIDTH = 10, 88
# Rows below the chart's bars, for its scale and its legend.
ROWS_UNDER_BARS = 3
SIGNATURE_LINES = 4


@dataclass(frozen=True)
class ReportLetter:
    """The letter that a month's report goes out with."""

    round_no: int
    letter_no: str
    letter_date: datetime.date


def build_workbook(
    figures: MonthFigures, houses: Mapping[int, Sequence[HouseLine]], letter: ReportLetter | None
) -> bytes:
    """The .xlsx of a month: `houses` are those behind the figures, by community (id); without a letter it is a draft.

    Raises ValidationError `figures_disagree` where a community's houses are not as many as its figure says.
    """
    _refuse_disagreement(figures, houses)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with translation.override("th"), xlsxwriter.Workbook(buffer, options) as workbook:
        paper = _Paper(workbook, figures, letter)
        sheets = _community_sheets(figures, houses, paper.summary_name)
        summary = workbook.add_worksheet(paper.summary_name)
        for sheet in sheets:
            _write_community(paper, sheet)
        _Summary(paper, summary, sheets).write()
    return buffer.getvalue()


def _refuse_disagreement(figures: MonthFigures, houses: Mapping[int, Sequence[HouseLine]]) -> None:
    for line in figures.lines:
        if len(houses.get(line.at_end.community, ())) != line.at_end.tagged:
            raise ValidationError(
                _("The figure of %(community)s and its houses disagree; nothing was written. Try again."),
                code="figures_disagree",
                params={"community": line.at_end.name or line.at_end.code},
            )


# What all sheets share.


class _Paper:
    """The workbook in the making: its formats, and the lines that stand at the head of every sheet."""

    def __init__(self, workbook: xlsxwriter.Workbook, figures: MonthFigures, letter: ReportLetter | None) -> None:
        self.workbook, self.figures, self.letter = workbook, figures, letter
        self.summary_name = _("Summary")
        self.district = figures.at_end.district.name_th
        self.title = _("Community codes in the house register, %(district)s district") % {"district": self.district}
        self.month = _("Month of %(month)s, counted up to %(day)s") % {
            "month": month_name(figures.month),
            "day": long_date(figures.at_end.day),
        }
        self.reference = _reference(letter)
        self.formats = _Formats(workbook)
        self._set_properties()

    def _set_properties(self) -> None:
        made_on = self.letter.letter_date if self.letter else self.figures.month
        self.workbook.set_properties(
            {
                "title": self.title,
                "subject": self.month,
                "author": self.office,
                "comments": self.reference,
                # The clock would make every copy of one report another file.
                "created": datetime.datetime.combine(made_on, datetime.time()),
            }
        )

    @property
    def office(self) -> str:
        """Who writes the report, as the footer has it."""
        return _("Registry section, %(district)s district office") % {"district": self.district}

    def head(self, sheet: Worksheet, column: int, title: str, under: str) -> None:
        """Write the lines that say what a sheet is, from `column` on."""
        sheet.write_string(TITLE, column, title, self.formats.title)
        sheet.write_string(MONTH, column, under, self.formats.line)
        kind = self.formats.line if self.letter else self.formats.draft
        sheet.write_string(REFERENCE, column, self.reference, kind)

    def set_up_page(self, sheet: Worksheet) -> None:
        """Set the sheet up for A4: as wide as the paper, headings on every page, page numbers in the footer."""
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.55)
        sheet.repeat_rows(HEADINGS)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(FIRST, 0)
        font = f'&"{FONT},Regular"&12'
        pages = _("page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
        # In a footer & starts a command; the blank keeps a digit of the text from being read as part of the size.
        sheet.set_footer(f"&L{font} {_as_footer(self.office)}&R{font} {pages}", {"margin": 0.25})
        if not self.letter:
            sheet.set_header(f'&R&"{FONT},Bold"&16&K{AMBER[1:].upper()} {_as_footer(self.reference)}', {"margin": 0.12})


def _reference(letter: ReportLetter | None) -> str:
    if letter is None:
        return _("DRAFT: the report is not issued yet")
    return _("Report round %(round)s, letter %(number)s dated %(day)s") % {
        "round": letter.round_no,
        "number": letter.letter_no,
        "day": long_date(letter.letter_date),
    }


def _as_footer(text: str) -> str:
    return text.replace("&", "&&")


class _Formats:
    """Every look that a cell can have, made once: a format a cell would double the file and the time."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        def look(**properties: Any) -> Format:
            return workbook.add_format(
                {"font_name": FONT, "font_size": 14, "font_color": INK, "valign": "vcenter"} | properties
            )

        row = {"bottom": 7, "bottom_color": HAIRLINE}
        head = {"bold": True, "font_color": "#ffffff", "bg_color": GREEN, "align": "center", "text_wrap": True}
        foot = {"bold": True, "bg_color": PALE_GREEN, "top": 1, "top_color": GREEN}
        count, share = {"num_format": "#,##0", "align": "right"}, {"num_format": "0.0%", "align": "right"}
        self.title = look(font_size=20, bold=True, font_color=GREEN)
        self.line = look(font_size=16)
        self.draft = look(font_size=16, bold=True, font_color=AMBER)
        self.answer = look(font_size=16, bold=True)
        self.back = look(font_color=BLUE, align="right")
        self.heading = look(**head)
        self.order = look(**row, font_color=GREY, align="center", num_format="#,##0")
        self.text = look(**row)
        self.code = look(**row, align="center")
        self.link = look(**row, font_color=BLUE)
        self.count = look(**row, **count)
        self.share = look(**row, **share)
        self.struck = look(**row, font_color=RED, bold=True, align="center")
        self.foot = look(**foot)
        self.foot_count = look(**foot, **count)
        self.foot_share = look(**foot, **share)
        self.below = look()
        self.below_count = look(**count)
        self.nothing = look(font_color=GREY, italic=True)
        self.signature = look(align="center")


def _letters(text: str) -> float:
    """How many letters wide the text is: Thai vowels and tone marks above and below take no room."""
    return sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") for sign in text)


def _column_width(texts: Iterable[str], least: float) -> float:
    """A column's width in characters, from what stands in it."""
    return min(max(max(map(_letters, texts), default=0) * 1.08 + 2, least), WIDEST)


# Names of sheets.

FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# Excel keeps this name for itself.
RESERVED_NAMES = ("history",)


def _sheet_names(communities: Iterable[CommunityFigures], taken: Iterable[str]) -> list[str]:
    """A name for each community's sheet that Excel accepts: safe, short, and of no other sheet whatever its case."""
    used = {name.casefold() for name in (*taken, *RESERVED_NAMES)}
    names = []
    for community in communities:
        wanted = _safe_name(f"{community.code} {community.name}") or _("Community")
        name = next(name for name in _numbered(wanted) if name.casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names


def _numbered(name: str) -> Iterable[str]:
    """The name as it is, then with (2), (3) … at its end."""
    yield _shortened(name, SHEET_NAME_LIMIT)
    for number in itertools.count(2):
        suffix = f" ({number})"
        yield _shortened(name, SHEET_NAME_LIMIT - len(suffix)) + suffix


def _safe_name(text: str) -> str:
    return clean(FORBIDDEN_IN_NAMES.sub(" ", clean(text))).strip("' ")


def _shortened(text: str, limit: int) -> str:
    """The text cut to `limit` units as Excel counts them, never between a letter and the marks on it."""
    end = len(text)
    while len(text[:end].encode("utf-16-le")) // 2 > limit or _cuts_a_letter(text, end):
        end -= 1
    return text[:end].rstrip("' ")


def _cuts_a_letter(text: str, end: int) -> bool:
    return end < len(text) and unicodedata.category(text[end]) == "Mn"


# The sheet of a community.


@dataclass(frozen=True)
class _CommunitySheet:
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


ORDER, HOUSE_NO, LANE, ROAD, SUBDISTRICT, HOUSE_CODE, TAGGED_ON, TAGGED_BY, STATE = range(9)


def _community_sheets(
    figures: MonthFigures, houses: Mapping[int, Sequence[HouseLine]], summary_name: str
) -> list[_CommunitySheet]:
    names = _sheet_names((line.at_end for line in figures.lines), [summary_name])
    return [
        _CommunitySheet(name, line, houses.get(line.at_end.community, ()))
        for name, line in zip(names, figures.lines, strict=True)
    ]


def _write_community(paper: _Paper, community: _CommunitySheet) -> None:
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


def _write_community_head(paper: _Paper, sheet: Worksheet, community: CommunityFigures) -> None:
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
    sheet.set_column(HOUSE_NO, HOUSE_NO, _column_width({line.house_no for line in houses}, 13))
    sheet.set_column(LANE, LANE, _column_width({_lane(line) for line in houses}, 18))
    sheet.set_column(ROAD, ROAD, _column_width({line.road for line in houses}, 16))
    sheet.set_column(SUBDISTRICT, SUBDISTRICT, _column_width({line.subdistrict for line in houses}, 13))
    sheet.set_column(HOUSE_CODE, HOUSE_CODE, 17)
    sheet.set_column(TAGGED_ON, TAGGED_ON, 14)
    sheet.set_column(TAGGED_BY, STATE, 11)


def _lane(line: HouseLine) -> str:
    if not line.trok:
        return line.soi
    return " · ".join(filter(None, (_("trok %(trok)s") % {"trok": line.trok}, line.soi)))


def _write_houses(sheet: Worksheet, houses: Sequence[HouseLine], formats: _Formats) -> None:
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


def _write_community_foot(sheet: Worksheet, community: _CommunitySheet, formats: _Formats) -> int:
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
    struck = f"=COUNTIF({states},{_quoted(_('struck off'))})"
    live = f"={xl_rowcol_to_cell(row, HOUSE_CODE)}-{xl_rowcol_to_cell(row + 1, HOUSE_CODE)}"
    sheet.write_string(row + 1, HOUSE_NO, _("of them struck off since"), formats.below)
    sheet.write_formula(row + 1, HOUSE_CODE, struck, formats.below_count, community.struck)
    sheet.write_string(row + 2, HOUSE_NO, _("still in the register"), formats.below)
    sheet.write_formula(row + 2, HOUSE_CODE, live, formats.below_count, at_end.live)
    return row + 2


def _quoted(text: str) -> str:
    """The text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'


# The summary.


class _Column(NamedTuple):
    """A column of counts in the summary: its heading, and what a community's month says in it."""

    heading: str
    count_of: Callable[[MonthLine], int | None]
    total: int


class _Summary:
    """The first sheet: a row a community and the totals, beside it the chart and the place for signatures."""

    def __init__(self, paper: _Paper, sheet: Worksheet, sheets: Sequence[_CommunitySheet]) -> None:
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
        sheet.activate()

    def _set_sizes(self) -> None:
        sheet, communities = self.sheet, [community.line.at_end for community in self.sheets]
        sheet.set_default_row(SUMMARY_ROW_HEIGHT)
        # LibreOffice takes a default height as a wish; the chart's bars and the one page need each row's own.
        rows = range(FIRST, self.last_row + 1)
        for row, height in (HEADING_HEIGHTS | dict.fromkeys(rows, SUMMARY_ROW_HEIGHT)).items():
            sheet.set_row(row, height)
        code = _column_width((line.code for line in communities), 11)
        subdistrict = _column_width((line.subdistrict for line in communities), 14)
        counts = 10 * (self.remaining - self.expected + 1)
        # A column of n characters is 7n + 5 pixels wide.
        rest = (PAPER_WIDTH - 5 * (self.remaining + 1)) / 7 - (6 + code + subdistrict + counts)
        name = _column_width((line.name for line in communities), max(rest, 20))
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

    def _write_line(self, row: int, community: _CommunitySheet) -> None:
        sheet, formats, line = self.sheet, self.formats, community.line.at_end
        sheet.write_number(row, 0, row - FIRST + 1, formats.order)
        sheet.write_string(row, 1, line.code, formats.code)
        sheet.write_url(row, 2, community.address, formats.link, line.name or community.name)
        sheet.write_string(row, 3, line.subdistrict, formats.text)
        for column, (_heading, count_of, _total) in enumerate(self.columns, self.expected):
            self._write_count(row, column, count_of(community.line))
        tagged = f"={community.cell(community.count_row)}"
        sheet.write_formula(row, self.tagged, tagged, formats.count, line.tagged)
        self._write_share(row, line.tagged, line.expected or 0, formats.share)
        remaining = f"=MAX({self._cell(row, self.expected)}-{self._cell(row, self.tagged)},0)"
        sheet.write_formula(row, self.remaining, remaining, formats.count, line.remaining)

    def _write_count(self, row: int, column: int, count: int | None) -> None:
        if count is None:
            self.sheet.write_blank(row, column, None, self.formats.count)
        else:
            self.sheet.write_number(row, column, count, self.formats.count)

    def _write_share(self, row: int, tagged: int, expected: int, look: Format) -> None:
        whole, part = self._cell(row, self.expected), self._cell(row, self.tagged)
        formula = f"=IF({whole}>0,{part}/{whole},{_quoted(UNKNOWN)})"
        self.sheet.write_formula(row, self.share, formula, look, tagged / expected if expected else UNKNOWN)

    def _write_totals(self) -> None:
        sheet, formats, at_end = self.sheet, self.formats, self.paper.figures.at_end
        for column in range(self.expected):
            sheet.write_blank(self.total_row, column, None, formats.foot)
        sheet.write_string(self.total_row, 2, _("Total"), formats.foot)
        for column, (_heading, _count, total) in enumerate(self.columns, self.expected):
            self._write_sum(column, total)
        self._write_sum(self.tagged, at_end.houses_tagged)
        self._write_share(self.total_row, at_end.houses_tagged, at_end.expected, formats.foot_share)
        self._write_sum(self.remaining, at_end.remaining)

    def _write_sum(self, column: int, total: int) -> None:
        # Without a community the sum is over the heading, whose text counts as nothing.
        first, last = self._cell(min(FIRST, self.total_row - 1), column), self._cell(self.total_row - 1, column)
        self.sheet.write_formula(self.total_row, column, f"=SUM({first}:{last})", self.formats.foot_count, total)

    def _write_answer(self) -> None:
        """Say in one line above the table how far the district is, by formulas over the totals."""
        figures, at_end = self.paper.figures, self.paper.figures.at_end
        sentence = _(
            "%(tagged)s houses tagged of %(expected)s expected (%(share)s) · %(this_month)s this month"
            " · lists settled in %(complete)s of %(communities)s communities"
        )
        facts = {"complete": str(at_end.communities_complete), "communities": str(at_end.communities_total)}
        counts = {"tagged": at_end.houses_tagged, "expected": at_end.expected, "this_month": figures.this_month}
        shown = {name: f"{count:,}" for name, count in counts.items()}
        shown["share"] = f"{at_end.houses_tagged / at_end.expected:.1%}" if at_end.expected else UNKNOWN
        cells = {name: self._cell(self.total_row, getattr(self, name)) for name in shown}
        looks = dict.fromkeys(counts, "#,##0") | {"share": "0.0%"}
        marked = sentence % (facts | {name: f"\0TEXT({cell},{_quoted(looks[name])})\0" for name, cell in cells.items()})
        pieces = [piece if place % 2 else _quoted(piece) for place, piece in enumerate(marked.split("\0"))]
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
        chart = self._chart(len(self.sheets) / (len(self.sheets) + ROWS_UNDER_BARS))
        chart.set_size({"width": CHART_COLUMNS * CHART_COLUMN_WIDTH, "height": height})
        sheet.insert_chart(FIRST, left, chart, {"object_position": 1, "description": heading})

    def _chart(self, height_of_bars: float) -> Any:
        chart = self.paper.workbook.add_chart({"type": "bar"})
        for heading, column, colour in (
            (_("Expected"), self.expected, PALE_BAR),
            (_("Cumulative"), self.tagged, GREEN),
        ):
            chart.add_series(
                {
                    "name": heading,
                    "categories": [self.sheet.name, FIRST, 2, self.total_row - 1, 2],
                    "values": [self.sheet.name, FIRST, column, self.total_row - 1, column],
                    "fill": {"color": colour},
                    "border": {"none": True},
                    "gap": 35,
                    "overlap": 0,
                }
            )
        font = {"name": FONT, "size": 12, "color": INK}
        chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
        chart.set_x_axis(
            {
                "num_font": font,
                "num_format": "#,##0",
                "min": 0,
                "label_position": "high",
                "line": {"none": True},
                "major_gridlines": {"visible": True, "line": {"color": "#e1e7e4", "width": 0.75}},
            }
        )
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_plotarea({"layout": {"x": 0.24, "y": 0, "width": 0.73, "height": height_of_bars}})
        chart.set_chartarea({"border": {"none": True}})
        return chart

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
