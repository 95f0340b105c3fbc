"""What all sheets of the workbook share: fonts, colours and formats, the lines at their head, the set-up for paper."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from communities.thai_calendar import long_date, month_name

from .figures import MonthFigures
from .report_letter import ReportLetter, reference

# Rows of every sheet, from 0: three lines about the sheet, one with the answer, then the table.
TITLE, MONTH, REFERENCE, ANSWER, HEADINGS, FIRST = range(6)
# XlsxWriter's number for the size of the paper.
A4 = 9

INK, GREEN, PALE_GREEN, HAIRLINE = "#1b2430", "#0b6b4f", "#e6f1ed", "#b9c7c1"
AMBER, RED, BLUE, GREY, PALE_BAR = "#8a4b00", "#b3261e", "#1d5fa8", "#5b6770", "#c3d5cd"

FONT = "TH Sarabun New"
# Heights in points. The summary's are lower, so that a district of 44 communities fits on one sheet of paper.
ROW_HEIGHT, SUMMARY_ROW_HEIGHT = 18.75, 16.5
HEADING_HEIGHTS = {TITLE: 27, MONTH: 19.5, REFERENCE: 19.5, ANSWER: 24, HEADINGS: 24}
# What stands where nothing is known.
UNKNOWN = "–"
# The most that a column is wide, in characters.
WIDEST = 44


class Paper:
    """The workbook in the making: its formats, and the lines that stand at the head of every sheet."""

    def __init__(self, workbook: xlsxwriter.Workbook, figures: MonthFigures, letter: ReportLetter | None) -> None:
        self.workbook, self.figures, self.letter = workbook, figures, letter
        self.cover_name = _("Cover")
        self.summary_name = _("Summary")
        self.struck_name = _("Struck-off houses")
        self.central_name = _("Central register")
        self.district = figures.at_end.district.name_th
        self.title = _("Community codes in the house register, %(district)s district") % {"district": self.district}
        self.month = _("Month of %(month)s, counted up to %(day)s") % {
            "month": month_name(figures.month),
            "day": long_date(figures.at_end.day),
        }
        self.reference = reference(letter)
        self.formats = Formats(workbook)
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

    @property
    def own_names(self) -> list[str]:
        """The names of the sheets that every report may have: no other sheet takes one."""
        return [self.cover_name, self.summary_name, self.struck_name, self.central_name]

    @property
    def cover_address(self) -> str:
        """The target of a link to the cover."""
        return f"internal:{quote_sheetname(self.cover_name)}!A1"

    def head(self, sheet: Worksheet, column: int, title: str, under: str) -> None:
        """Write the lines that say what a sheet is, from `column` on."""
        sheet.write_string(TITLE, column, title, self.formats.title)
        sheet.write_string(MONTH, column, under, self.formats.line)
        kind = self.formats.line if self.letter else self.formats.draft
        sheet.write_string(REFERENCE, column, self.reference, kind)

    def set_up_page(self, sheet: Worksheet) -> None:
        """Set a sheet with a table up for A4, with its headings on every page and in sight while it is scrolled."""
        self.set_up_paper(sheet)
        sheet.repeat_rows(HEADINGS)
        sheet.freeze_panes(FIRST, 0)

    def set_up_paper(self, sheet: Worksheet) -> None:
        """Set a sheet up for A4: as wide as the paper, page numbers in the footer, a draft marked on each page."""
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.55)
        sheet.hide_gridlines(2)
        font = f'&"{FONT},Regular"&12'
        pages = _("page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
        # In a footer & starts a command; the blank keeps a digit of the text from being read as part of the size.
        sheet.set_footer(f"&L{font} {_as_footer(self.office)}&R{font} {pages}", {"margin": 0.25})
        if not self.letter:
            sheet.set_header(f'&R&"{FONT},Bold"&16&K{AMBER[1:].upper()} {_as_footer(self.reference)}', {"margin": 0.12})


def _as_footer(text: str) -> str:
    return text.replace("&", "&&")


class Formats:
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
        self.tenths = look(**row, align="right", num_format="#,##0.0")
        self.foot_tenths = look(**foot, align="right", num_format="#,##0.0")
        self.late = look(**row, font_color=AMBER, bold=True, align="center")
        self.wrapped = look(text_wrap=True, valign="top")
        self.band = look(font_size=20, bold=True, font_color="#ffffff", bg_color=GREEN, indent=1)
        self.cover_title = look(font_size=26, bold=True, font_color=GREEN)
        tile = {"bg_color": PALE_GREEN, "align": "center", "font_color": GREEN, "bold": True, "font_size": 28}
        self.tile = look(**tile, num_format="#,##0")
        self.tile_share = look(**tile, num_format="0.0%")
        self.caption = look(bg_color=PALE_GREEN, align="center", font_color=GREY)


def _letters(text: str) -> float:
    """How many letters wide the text is: Thai vowels and tone marks above and below take no room."""
    return sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") for sign in text)


def column_width(texts: Iterable[str], least: float) -> float:
    """A column's width in characters, from what stands in it."""
    return min(max(max(map(_letters, texts), default=0) * 1.08 + 2, least), WIDEST)


def quoted(text: str) -> str:
    """The text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'
