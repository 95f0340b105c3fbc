"""Make a city-size data set for measuring."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand, doer
from households.made_city import make_city


class Command(OfficeCommand):
    """Last line: JSON with districts, subdistricts, houses, seconds. Refuses a database that holds anything else."""

    help = "Make 50 districts of made-up registrations for measuring, the same at every run."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--houses", type=int, default=3_200_000, help="registrations in all (default: 3200000)")

    def carry_out(self, *, houses: int, **_options: Any) -> dict[str, Any]:
        begun = time.monotonic()
        self.stdout.write(_("Making %(houses)s houses …") % {"houses": f"{houses:,}"})
        made = make_city(houses=houses, by=doer(None), progress=self.progress())
        return {
            "districts": made.districts,
            "subdistricts": made.subdistricts,
            "houses": made.houses,
            "seconds": round(time.monotonic() - begun, 1),
        }
