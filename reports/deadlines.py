"""The clock of the 25th: when a month's Daily Plan entry is due and when to remind of it (domain.md section 8).

What holds where the 25th is a holiday is not in the sources: the entry is then wanted on the working day before.
"""

from __future__ import annotations

import datetime

from communities.thai_calendar import is_working_day, working_days_since

DUE_DAY = 25
REMIND_WORKING_DAYS_BEFORE = 3
_A_DAY = datetime.timedelta(days=1)


def due_day(month: datetime.date) -> datetime.date:
    """The day by which the entry of the month is due: the 25th, whatever day of the week it is."""
    return month.replace(day=DUE_DAY)


def last_working_day(month: datetime.date) -> datetime.date:
    """The last day by the 25th on which the office is open."""
    day = due_day(month)
    while not is_working_day(day):
        day -= _A_DAY
    return day


def remind_on(month: datetime.date) -> datetime.date:
    """The day from which the office is reminded: some working days before the last that is left."""
    last = last_working_day(month)
    day = last
    while not is_working_day(day) or working_days_since(day, last) < REMIND_WORKING_DAYS_BEFORE:
        day -= _A_DAY
    return day


def working_days_left(today: datetime.date, due: datetime.date) -> int:
    """Working days from tomorrow up to and with the due day; 0 once it has come."""
    return working_days_since(today, due)
