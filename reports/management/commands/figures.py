"""The figures of a district as at a day."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from communities.management.office_command import OfficeCommand, day, district_of_code
from households.dates import refuse_future
from reports.indicators import figures_as_at


class Command(OfficeCommand):
    """Last line: JSON with houses_tagged, houses_live, communities_complete, communities_total and communities."""

    help = "Print the figures of a district as at a day."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--as-at", help="the day (default: today); ISO or Buddhist")
        parser.add_argument("--district", default="1015", help="the district's area code")

    def carry_out(self, *, as_at: str | None, district: str, **_options: Any) -> dict[str, Any]:
        """Count what counts on or before the day; raises ValidationError `future_date` for a day to come."""
        until = day(as_at)
        refuse_future(until)
        figures = figures_as_at(district_of_code(district), until)
        return {
            "district": district,
            "as_at": figures.day.isoformat(),
            "houses_tagged": figures.houses_tagged,
            "houses_live": figures.houses_live,
            "communities_complete": figures.communities_complete,
            "communities_total": figures.communities_total,
            "communities": [_line(line) for line in figures.communities],
        }


def _line(line: Any) -> dict[str, Any]:
    told = dataclasses.asdict(line)
    del told["community"]
    return told | {"tagged_by_officers": line.tagged_by_officers}
