"""The figures of a district as at a day."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from communities.management.office_command import OfficeCommand, day, district_of_code
from households.dates import refuse_future
from reports.figures import CentralLine, CommunityFigures
from reports.indicators import count_month


class Command(OfficeCommand):
    """Last line: JSON with the district's figures (houses_tagged, houses_live, …) and those of its communities."""

    help = "Print the figures of a district as at a day."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--as-at", help="the day (default: today); ISO or Buddhist")
        parser.add_argument("--district", default="1015", help="the district's area code")

    def carry_out(self, *, as_at: str | None, district: str, **_options: Any) -> dict[str, Any]:
        """Count what counts on or before the day; raises ValidationError `future_date` for a day to come."""
        until = day(as_at)
        refuse_future(until)
        place = district_of_code(district)
        month, central = count_month(place, until, until=until)
        figures = month.at_end
        return {
            "district": district,
            "as_at": figures.day.isoformat(),
            "houses_tagged": figures.houses_tagged,
            "houses_live": figures.houses_live,
            "houses_keyed": central.houses_keyed,
            "houses_confirmed": central.houses_confirmed,
            "houses_in_no_community": central.in_no_community,
            "communities_complete": figures.communities_complete,
            "communities_total": figures.communities_total,
            "communities": [_line(line, central.of(line.community)) for line in figures.communities],
        }


def _line(line: CommunityFigures, central: CentralLine) -> dict[str, Any]:
    told = dataclasses.asdict(line)
    del told["community"]
    return told | {"tagged_by_officers": line.tagged_by_officers} | dataclasses.asdict(central)
