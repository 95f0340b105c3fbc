"""Write a month's KPI workbook to a file."""

from __future__ import annotations

import argparse
import hashlib
import pathlib
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand, district_of_code
from communities.thai_calendar import NotADate, parse_month
from households.dates import refuse_future
from reports.issuing import workbook_of
from reports.models import KpiReport


class Command(OfficeCommand):
    """Last line: JSON with the file, its SHA-256 and whether it is the issued, frozen one."""

    help = "Write the KPI workbook of a month."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--month", required=True, help="2558-03 or 2015-03")
        parser.add_argument("--output", required=True, type=pathlib.Path)
        parser.add_argument("--district", default="1015", help="the district's area code")

    def carry_out(self, *, month: str, output: pathlib.Path, district: str, **_options: Any) -> dict[str, Any]:
        """Write the frozen workbook where the report is issued, else a draft."""
        try:
            first = parse_month(month)
        except NotADate as problem:
            raise ValidationError(
                _("“%(text)s” is not a month; write it as 2558-03."), code="not_a_month", params={"text": month}
            ) from problem
        refuse_future(first)
        place = district_of_code(district)
        workbook = workbook_of(place, first)
        output.write_bytes(workbook)
        return {
            "file": str(output),
            "sha256": hashlib.sha256(workbook).hexdigest(),
            "issued": KpiReport.objects.filter(district=place, month=first).exists(),
        }
