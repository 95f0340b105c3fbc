"""A month's Daily Plan entry, for cron and for reading."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.management.office_command import OfficeCommand, district_of_code
from communities.thai_calendar import NotADate, parse_month, short_date
from households.dates import refuse_future
from reports.daily_plan import Suggestion, percent_of, suggest
from reports.daily_plan_clock import clock_of


class Command(OfficeCommand):
    """Last line: JSON with the entry's fields, its state, what is missing and whether it is late.

    Before anybody wrote the entry, its fields are those that the figures suggest and its state is null.
    """

    help = "Print the Daily Plan entry of a month, and a reminder while it is wanted."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--month", help="2558-03 or 2015-03 (default: the present month)")
        parser.add_argument("--district", default="1015", help="the district's area code")

    def carry_out(self, *, month: str | None, district: str, **_options: Any) -> dict[str, Any]:
        """Tell what stands; raises ValidationError `not_a_month`, `future_date`, `unknown_district`."""
        today = timezone.localdate()
        try:
            first = parse_month(month) if month else today.replace(day=1)
        except NotADate as problem:
            raise ValidationError(
                _("“%(text)s” is not a month; write it as 2558-03."), code="not_a_month", params={"text": month}
            ) from problem
        refuse_future(first)
        place = district_of_code(district)
        clock = clock_of(place, first, today)
        texts = clock.entry or suggest(place, first)
        figures = texts.figures if isinstance(texts, Suggestion) else texts
        if clock.reminds:
            said = _("The Daily Plan entry is wanted by %(day)s; working days left: %(days)s.")
            self.stdout.write(said % {"day": short_date(clock.last_working_day), "days": clock.days_left})
        share = percent_of(figures)
        return {
            "district": district,
            "month": f"{first:%Y-%m}",
            "state": clock.entry.state if clock.entry else None,
            "target": None if figures.target is None else float(figures.target),
            "expected": figures.expected,
            "this_month": figures.this_month,
            "cumulative": figures.cumulative,
            "per_cent": None if share is None else float(share),
            "counted_until": figures.counted_until.isoformat(),
            "result": texts.result,
            "obstacles": texts.obstacles,
            "remedies": texts.remedies,
            "reporter": clock.entry.reporter if clock.entry else "",
            "reported_on": clock.entry.reported_on.isoformat() if clock.entry else None,
            "reference": clock.entry.reference if clock.entry else "",
            "due": clock.due.isoformat(),
            "wanted_by": clock.last_working_day.isoformat(),
            "missing": clock.missing,
            "late": clock.is_late,
        }
