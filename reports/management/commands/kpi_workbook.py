"""Write a month's KPI workbook to a file."""

from __future__ import annotations

import argparse
import datetime
import hashlib
import pathlib
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand, day, district_of_code
from communities.thai_calendar import NotADate, month_end, parse_month
from households.dates import refuse_future
from reports.issuing import issued_by, workbook_of


class Command(OfficeCommand):
    """Last line: JSON with the file, its SHA-256 and whether it is the issued, frozen one."""

    help = "Write the KPI workbook of a month."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--month", required=True, help="2558-03 or 2015-03")
        parser.add_argument("--as-at", help="a day of the month (default: its last); ISO or Buddhist")
        parser.add_argument("--output", required=True, type=pathlib.Path)
        parser.add_argument("--district", default="1015", help="the district's area code")

    def carry_out(
        self, *, month: str, as_at: str | None, output: pathlib.Path, district: str, **_options: Any
    ) -> dict[str, Any]:
        """Write the frozen workbook where the report is issued, else a draft; of an earlier day always a draft.

        Raises ValidationError `not_a_month`, `future_date`, `not_in_the_month`.
        """
        try:
            first = parse_month(month)
        except NotADate as problem:
            raise ValidationError(
                _("“%(text)s” is not a month; write it as 2558-03."), code="not_a_month", params={"text": month}
            ) from problem
        refuse_future(first)
        until = _day_of(first, as_at)
        place = district_of_code(district)
        workbook = workbook_of(place, first, until)
        output.write_bytes(workbook)
        return {
            "file": str(output),
            "sha256": hashlib.sha256(workbook).hexdigest(),
            "issued": issued_by(place, first, until) is not None,
        }


def _day_of(month: datetime.date, text: str | None) -> datetime.date:
    if text is None:
        return month_end(month)
    asked = day(text)
    refuse_future(asked)
    if not month <= asked <= month_end(month):
        raise ValidationError(_("The day is not one of that month."), code="not_in_the_month")
    return asked
