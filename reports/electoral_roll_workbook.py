"""The electoral roll as a workbook: the houses in the order of their lanes, their count, and the place to sign."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from communities.models import District
from communities.thai_calendar import long_date
from households.house_codes import show_house_code
from verification.house_list_print import lane_in_words

from .committee_size import committee_size
from .workbook_look import A4, FIRST, HEADING_HEIGHTS, HEADINGS, ROW_HEIGHT, TITLE, Formats, column_width

if TYPE_CHECKING:
    from .electoral_roll import ProposedRoll

ORDER, HOUSE_NO, LANE, SUBDISTRICT, HOUSE_CODE, NOTE = range(6)
SIGNATURE_LINES = 4
DOTS = "." * 44


def build_roll_workbook(roll: ProposedRoll, *, district: District, letter_no: str, letter_date: datetime.date) -> bytes:
    """The .xlsx of a roll, in Thai; the same houses and letter give the same bytes."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with translation.override("th"), xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties(
            {
                "title": _("Electoral roll of houses"),
                "author": str(district),
                # The clock would make every copy of one roll another file.
                "created": datetime.datetime.combine(letter_date, datetime.time()),
            }
        )
        letter = _("Letter %(number)s dated %(day)s") % {"number": letter_no, "day": long_date(letter_date)}
        _Roll(workbook, roll, district, letter).write()
    return buffer.getvalue()


class _Roll:
    """The one sheet of the workbook in the making."""

    def __init__(self, workbook: xlsxwriter.Workbook, roll: ProposedRoll, district: District, letter: str) -> None:
        self.roll, self.district, self.letter = roll, district, letter
        self.formats = Formats(workbook)
        self.sheet: Worksheet = workbook.add_worksheet(_("Electoral roll"))

    def write(self) -> None:
        self._set_up_page()
        self._write_head()
        self._write_houses()
        last = self._write_foot(FIRST + len(self.roll.houses))
        self.sheet.print_area(TITLE, ORDER, last, NOTE)

    def _set_up_page(self) -> None:
        sheet = self.sheet
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADINGS)
        sheet.freeze_panes(FIRST, 0)
        sheet.hide_gridlines(2)
        pages = _("page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
        sheet.set_footer(f"&R {pages}")
        sheet.set_default_row(ROW_HEIGHT)
        for row, height in HEADING_HEIGHTS.items():
            sheet.set_row(row, height)

    def _write_head(self) -> None:
        roll, sheet, formats = self.roll, self.sheet, self.formats
        name = f"{roll.code} {roll.community.name_th}"
        sheet.write_string(TITLE, 0, _("Electoral roll of houses, %(community)s") % {"community": name}, formats.title)
        day = _("Election day %(day)s, houses as at %(counted)s") % {
            "day": long_date(roll.election_day),
            "counted": long_date(roll.counted_to),
        }
        sheet.write_string(1, 0, day, formats.line)
        sheet.write_string(2, 0, f"{self.district} · {self.letter}", formats.line)
        hint = _("By the number of houses the committee has %(size)s members (a hint)")
        sheet.write_string(3, 0, hint % {"size": committee_size(len(roll.houses))}, formats.answer)
        headings = (_("No."), _("House number"), _("Soi, trok or road"), _("Sub-district"), _("House code"), _("Note"))
        for column, heading in enumerate(headings):
            sheet.write_string(HEADINGS, column, heading, formats.heading)

    def _write_houses(self) -> None:
        sheet, formats = self.sheet, self.formats
        rows = [
            (house.house_no, lane_in_words(house), house.subdistrict, show_house_code(house.house_code))
            for house in self.roll.houses
        ]
        for row, texts in enumerate(rows, FIRST):
            sheet.write_number(row, ORDER, row - FIRST + 1, formats.order)
            for column, text in enumerate(texts, HOUSE_NO):
                sheet.write_string(row, column, text, formats.text)
            sheet.write_blank(row, NOTE, None, formats.text)
        widths = [column_width({texts[place] for texts in rows}, 13) for place in range(4)]
        for column, width in enumerate([7, *widths, 20]):
            sheet.set_column(column, column, width)
        sheet.ignore_errors({"number_stored_as_text": xl_range(FIRST, HOUSE_NO, FIRST + len(rows), HOUSE_CODE)})

    def _write_foot(self, row: int) -> int:
        """Write the count and the signatures; returns the last row written."""
        sheet, formats, houses = self.sheet, self.formats, len(self.roll.houses)
        for column in range(ORDER, NOTE + 1):
            sheet.write_blank(row, column, None, formats.foot)
        codes = xl_range(FIRST, HOUSE_CODE, row - 1, HOUSE_CODE)
        sheet.write_string(row, HOUSE_NO, _("Houses in all"), formats.foot)
        sheet.write_formula(row, HOUSE_CODE, f"=COUNTA({codes})", formats.foot_count, houses)
        signed, dated = _("(signed) %(dots)s") % {"dots": DOTS}, _("date %(dots)s") % {"dots": DOTS[:28]}
        for first, last, who in ((ORDER, LANE, _("head of the registry section")), (SUBDISTRICT, NOTE, _("Registrar"))):
            for line, text in enumerate((signed, f"({DOTS})", who, dated), row + 2):
                sheet.merge_range(line, first, line, last, text, formats.signature)
        return row + 1 + SIGNATURE_LINES
