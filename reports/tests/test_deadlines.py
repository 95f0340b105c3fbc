"""The clock of the 25th."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_calendar import fiscal_quarter, is_working_day, working_days_since
from reports.deadlines import REMIND_WORKING_DAYS_BEFORE, due_day, last_working_day, remind_on, working_days_left

months = st.dates(datetime.date(2010, 1, 1), datetime.date(2040, 12, 31)).map(lambda day: day.replace(day=1))


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2015-02-01", "2015-02-25"),  # a Wednesday
        ("2015-01-01", "2015-01-23"),  # a Sunday: the Friday before
        ("2026-07-01", "2026-07-24"),  # a Saturday
    ],
)
def test_where_the_25th_is_a_holiday_the_entry_is_wanted_on_the_working_day_before(month, last):
    assert last_working_day(datetime.date.fromisoformat(month)) == datetime.date.fromisoformat(last)


@given(months)
def test_the_last_working_day_is_one_and_not_after_the_25th(month):
    last = last_working_day(month)
    assert is_working_day(last)
    assert last <= due_day(month)
    assert working_days_since(last, due_day(month)) == 0


@given(months)
def test_the_reminder_comes_some_working_days_before(month):
    assert is_working_day(remind_on(month))
    assert working_days_left(remind_on(month), last_working_day(month)) == REMIND_WORKING_DAYS_BEFORE


def test_no_day_is_left_once_the_due_day_has_come():
    due = due_day(datetime.date(2015, 2, 1))
    assert working_days_left(due, due) == 0
    assert working_days_left(due + datetime.timedelta(days=3), due) == 0


@pytest.mark.parametrize(("month", "quarter"), [(10, 1), (12, 1), (1, 2), (3, 2), (4, 3), (7, 4), (9, 4)])
def test_the_fiscal_year_begins_in_october(month, quarter):
    assert fiscal_quarter(datetime.date(2015, month, 15)) == quarter
