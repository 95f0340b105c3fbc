"""How far a month's Daily Plan entry is, what is missing, and how long there is until the 25th."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from communities.models import District
from communities.thai_calendar import add_months, month_start

from .daily_plan import State
from .deadlines import due_day, last_working_day, remind_on, working_days_left
from .models import DailyPlanEntry


@dataclasses.dataclass(frozen=True)
class Clock:
    """A month's entry (None before its first draft) as seen on `today`, and its days."""

    month: datetime.date
    today: datetime.date
    entry: DailyPlanEntry | None

    @property
    def due(self) -> datetime.date:
        """The 25th of the month."""
        return due_day(self.month)

    @property
    def last_working_day(self) -> datetime.date:
        """The last day of work by then: another than the 25th where that is a holiday."""
        return last_working_day(self.month)

    @property
    def days_left(self) -> int:
        """Working days that are left after today; 0 once the last has come."""
        return working_days_left(self.today, self.last_working_day)

    @property
    def is_written(self) -> bool:
        """Whether anybody wrote the entry."""
        return self.entry is not None

    @property
    def is_approved(self) -> bool:
        """Whether the head approved what stands."""
        return self.entry is not None and self.entry.state != State.DRAFT

    @property
    def is_submitted(self) -> bool:
        """Whether it was keyed into the city's screen."""
        return self.entry is not None and self.entry.state == State.SUBMITTED

    @property
    def is_late(self) -> bool:
        """Whether it was keyed in after the 25th, or was not and the 25th is over."""
        if self.entry is not None and self.is_submitted:
            return self.entry.reported_on > self.due
        return self.today > self.due

    @property
    def reminds(self) -> bool:
        """Whether the office is to be reminded on this day."""
        return not self.is_submitted and self.today >= remind_on(self.month)

    @property
    def missing(self) -> list[str]:
        """What is still to be done, in its order: write, approve, submit."""
        done = {"write": self.is_written, "approve": self.is_approved, "submit": self.is_submitted}
        return [step for step, is_done in done.items() if not is_done]


def clock_of(district: District, month: datetime.date, today: datetime.date) -> Clock:
    """The clock of one month; one query."""
    return _clocks(district, [month_start(month)], today)[0]


def clocks_of(district: District, today: datetime.date) -> list[Clock]:
    """The months from the first that has an entry up to the present one, newest first; two queries."""
    first = DailyPlanEntry.objects.filter(district=district).order_by("month").values_list("month", flat=True).first()
    present = month_start(today)
    months = [present]
    while months[-1] > (first or present):
        months.append(add_months(months[-1], -1))
    return _clocks(district, months, today)


def _clocks(district: District, months: Iterable[datetime.date], today: datetime.date) -> list[Clock]:
    months = list(months)
    written = DailyPlanEntry.objects.filter(district=district, month__in=months).select_related("written_by")
    newest = {entry.month: entry for entry in written.order_by("version")}
    return [Clock(month, today, newest.get(month)) for month in months]
