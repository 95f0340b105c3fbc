"""Days of the office's first year, by which the tests of figures are written."""

import datetime

DEC, JAN, FEB, MAR = (datetime.date(2014, 12, 1), *(datetime.date(2015, month, 1) for month in (1, 2, 3)))


def day(month: datetime.date, number: int) -> datetime.date:
    """The day of that number in a month given by its first day."""
    return month.replace(day=number)
