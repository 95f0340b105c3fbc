"""Record the communities of a list, with their codes in force from a day."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from communities.announcing import record_announced
from communities.management.office_command import OfficeCommand, day, doer
from households.workbook import open_workbook


class Command(OfficeCommand):
    """Last line: JSON with new, changed, unchanged. The command stands beside the reader of workbooks that it needs."""

    help = "Record communities with code, name, sub-district, type and expected houses (CSV or workbook)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--in-force-from", help="the day all this is true from (default: today)")
        parser.add_argument("--letter", default="", help="number of the letter that gave the codes")
        parser.add_argument("--by", help="the person who does it (default: the command line's account)")

    def carry_out(self, **options: Any) -> dict[str, int]:
        in_force_from = day(options["in_force_from"])
        file_name = options["file"].name
        book = open_workbook(options["file"], file_name=file_name)
        result = record_announced(
            sheets=[(sheet.name, sheet.rows) for sheet in book.sheets],
            file_name=file_name,
            by=doer(options["by"]),
            in_force_from=in_force_from,
            letter=options["letter"],
        )
        if not (result.new or result.changed):
            self.stdout.write(_("Nothing changed: the communities are recorded like this already."))
        return {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}
