"""A list of houses as a workbook, stamped with who took it, when and what for (product.md S3).

Every cell is written as text: what a clerk typed into a register must never run as a formula on somebody's desk.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from communities.models import Community, District, Person
from communities.thai_calendar import long_date, short_date

from .house_codes import show_house_code
from .models import HouseRegistration

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_PURPOSE = 200
FONT = "TH Sarabun New"
STAMP_ROWS = 3
A4 = 9
WIDEST = 40


def refuse_no_purpose(purpose: str) -> None:
    """Raises ValidationError `purpose_needed`, `too_long`: a list of houses leaves the office for something."""
    if not purpose.strip():
        raise ValidationError(_("Say what the file is for; it is written on it."), code="purpose_needed")
    if len(purpose) > LONGEST_PURPOSE:
        raise ValidationError(
            _("Say in at most %(longest)s letters what the file is for."),
            code="too_long",
            params={"longest": LONGEST_PURPOSE},
        )


class HouseSheet:
    """A workbook in the making: its title, its stamp, and then one table of houses."""

    def __init__(self, title: str, district: District, *, by: Person, purpose: str) -> None:
        self.title = f"{title} · {district}"
        now = timezone.localtime()
        self.stamp = _("Taken by %(person)s on %(day)s at %(time)s for: %(purpose)s") % {
            "person": by,
            "day": long_date(now.date()),
            "time": date_format(now, "H:i"),
            "purpose": purpose.strip(),
        }

    def of(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
        """The .xlsx with these rows of texts under these headings."""
        buffer = io.BytesIO()
        texts = [[str(text) for text in row] for row in rows]
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
            plain = workbook.add_format({"font_name": FONT, "font_size": 14, "bottom": 7})
            bold = workbook.add_format({"font_name": FONT, "font_size": 18, "bold": True})
            head = workbook.add_format({"font_name": FONT, "font_size": 14, "bold": True, "bottom": 1})
            sheet = workbook.add_worksheet()
            self._set_up(sheet)
            sheet.write_string(0, 0, self.title, bold)
            sheet.write_string(1, 0, self.stamp, workbook.add_format({"font_name": FONT, "font_size": 14}))
            for row, cells in enumerate([headings, *texts], STAMP_ROWS):
                look = head if row == STAMP_ROWS else plain
                for column, text in enumerate(cells):
                    sheet.write_string(row, column, text, look)
            for column, heading in enumerate(headings):
                longest = max((len(cells[column]) for cells in texts), default=0)
                sheet.set_column(column, column, min(max(longest, len(heading)) + 3, WIDEST))
            last = STAMP_ROWS + max(len(texts), 1)
            sheet.autofilter(STAMP_ROWS, 0, last, len(headings) - 1)
            sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last + 1}"})
            workbook.set_properties({"title": self.title, "comments": self.stamp})
        return buffer.getvalue()

    def _set_up(self, sheet) -> None:
        """A4, as wide as the paper, the stamp and the headings on every page."""
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, STAMP_ROWS)
        sheet.freeze_panes(STAMP_ROWS + 1, 0)
        sheet.set_footer(f"&L{self.stamp.replace('&', '&&')[:200]}&R&P / &N")

    def of_houses_to_key(self, houses: Iterable[HouseRegistration], communities: Mapping[int, Community]) -> bytes:
        """The keying list: what to type for each house, what stands there, and a column to tick."""
        headings = [_("House code"), _("Type this code"), _("Stands there"), _("Community"), *_address_headings()]
        return self.of(
            [*headings, _("Keyed")],
            (
                [
                    show_house_code(house.house_code),
                    label(communities, house.community_id) or _("take the code out"),
                    label(communities, house.keyed_community_id),
                    name(communities, house.community_id or house.keyed_community_id),
                    *_address(house),
                    "",
                ]
                for house in houses
            ),
        )

    def of_houses_compared(self, houses: Iterable, communities: Mapping[int, Community]) -> bytes:
        """Houses beside what the extract shows; each has `keyed_on`, the day of its last keying, or None."""
        headings = [_("House code"), _("Our code"), _("Code in the central register"), _("Community")]
        return self.of(
            [*headings, *_address_headings(), _("Keyed on")],
            (
                [
                    show_house_code(house.house_code),
                    label(communities, house.community_id),
                    house.central_code,
                    name(communities, house.community_id),
                    *_address(house),
                    short_date(house.keyed_on) if house.keyed_on else "",
                ]
                for house in houses
            ),
        )


def label(communities: Mapping[int, Community], community: int | None) -> str:
    """The community's code; "" for none."""
    found = communities.get(community) if community else None
    return (found.label_code or "") if found else ""


def name(communities: Mapping[int, Community], community: int | None) -> str:
    """The community's name; "" for none."""
    found = communities.get(community) if community else None
    return (found.name_th or "") if found else ""


def _address_headings() -> list[str]:
    return [_("House number"), _("Trok"), _("Soi"), _("Road"), _("Sub-district")]


def _address(house: HouseRegistration) -> list[str]:
    return [house.house_no, house.trok, house.soi, house.road, str(house.subdistrict)]


def file_answer(workbook: bytes, title: str, district: District) -> HttpResponse:
    """The workbook as a download, named for what it is, where, and the day in the Buddhist calendar."""
    today = timezone.localdate()
    file_name = f"{title} {district} {today.year + 543}-{today:%m-%d}.xlsx".replace("/", "-")
    answer = HttpResponse(workbook, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name)
    answer["Cache-Control"] = "private, no-store"
    return answer
