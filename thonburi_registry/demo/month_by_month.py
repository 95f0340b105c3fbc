"""What the head's section of the demo does every month beside the work: targets, and the entry by the 25th."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from communities.models import District, Person
from communities.thai_calendar import fiscal_year
from reports.daily_plan import PLAN, approve_entry, submit_entry, suggest, write_entry
from reports.deadlines import last_working_day
from reports.targets import QUARTERS, set_targets

FIRST_MONTH = datetime.date(2014, 10, 1)
# Per cent of the expected houses at the end of each quarter, as districts report them (domain.md section 8).
TARGETS = (30, 60, 75, 100)


def aim(district: District, *, by: Person) -> None:
    """Sets the targets of the project's fiscal year."""
    wanted = {(PLAN, quarter): Decimal(target) for quarter, target in zip(QUARTERS, TARGETS, strict=True)}
    set_targets(district=district, fiscal_year_be=fiscal_year(FIRST_MONTH), wanted=wanted, by=by)


def key_in_daily_plan(
    district: District, month: datetime.date, *, reference: str, people: Mapping[str, Person]
) -> None:
    """Writes, approves and keys in the month's entry on the last working day by the 25th, as the figures suggest it."""
    day = last_working_day(month)
    suggested = suggest(district, month, day)
    officer = people["officer"]
    write_entry(
        district=district,
        month=month,
        result=suggested.result,
        obstacles=suggested.obstacles,
        remedies=suggested.remedies,
        reporter=str(officer),
        reported_on=day,
        reference=reference,
        seen=None,
        by=officer,
    )
    approve_entry(district=district, month=month, seen=1, by=people["head"])
    submit_entry(district=district, month=month, submitted_on=day, seen=2, by=officer)
