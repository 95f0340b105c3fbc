from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_calendar import (
    NotADate,
    add_months,
    buddhist_year,
    fiscal_year,
    long_date,
    month_end,
    month_name,
    month_start,
    parse_date,
    parse_month,
    short_date,
    short_month,
    working_days_since,
)
from communities.thai_text import to_thai_digits

days = st.dates(date(1900, 1, 1), date(2300, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "2015-02-06",
        "2558-02-06",
        "2558-2-6",
        "๒๕๕๘-๐๒-๐๖",
        "6/2/2558",
        "06/02/2558",
        "6.2.2015",
        "6-2-2558",
        "6 ก.พ. 2558",
        "6 กพ 2558",
        "6ก.พ.2558",
        "๖ กุมภาพันธ์ ๒๕๕๘",
        "6 กุมภาพันธ์ พ.ศ. 2558",
        "6 กุมภาพันธ์ ค.ศ. 2015",
        "วันที่ 6 เดือนกุมภาพันธ์ พ.ศ. 2558",
        "วันศุกร์ที่ 6 กุมภาพันธ์ 2558",
        "  6  กุมภาพันธ์\u00a02558 ",
    ],
)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert parse_date(written) == date(2015, 2, 6)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "6/2/58",
        "6 ก.พ. 58",
        "2558",
        "2558-02",
        "31/2/2558",
        "29/2/2558",
        "0/1/2558",
        "1/13/2558",
        "6 xx 2558",
        "6 กุมพา 2558",
        "6/2-2558",
        "6 กุมภาพันธ์ ค.ศ. 2558",
        "6 กุมภาพันธ์ พ.ศ. 2015",
        "0000-01-01",
        "6 ก.พ. 2558 ถึง 7 ก.พ. 2558",
    ],
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(NotADate):
        parse_date(written)


def test_a_leap_day_is_judged_in_the_christian_year() -> None:
    assert parse_date("29/2/2559") == date(2016, 2, 29)


def test_years_from_2400_are_buddhist() -> None:
    assert parse_date("2399-01-01") == date(2399, 1, 1)
    assert parse_date("2400-01-01") == date(1857, 1, 1)


@pytest.mark.parametrize(
    "written", ["2558-03", "2015-03", "๒๕๕๘-๐๓", "3/2558", "มี.ค. 2558", "มีนาคม ๒๕๕๘", "เดือนมีนาคม พ.ศ. 2558"]
)
def test_a_month_is_read_as_its_first_day(written: str) -> None:
    assert parse_month(written) == date(2015, 3, 1)


@pytest.mark.parametrize("written", ["", "2558", "2558-13", "2558-00", "มี.ค. 58", "6 มี.ค. 2558", "2558-03-01"])
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(NotADate):
        parse_month(written)


@given(st.text())
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    for parse in (parse_date, parse_month):
        with suppress(NotADate):
            parse(text)


@given(days)
def test_every_form_shown_reads_back_as_the_same_day(day: date) -> None:
    for shown in (short_date(day), long_date(day), to_thai_digits(long_date(day)), day.isoformat()):
        assert parse_date(shown) == day
    assert parse_month(month_name(day)) == month_start(day)


def test_dates_are_shown_in_buddhist_years() -> None:
    day = date(2015, 2, 6)
    assert short_date(day) == "6 ก.พ. 2558"
    assert long_date(day) == "6 กุมภาพันธ์ 2558"
    assert month_name(day) == "กุมภาพันธ์ 2558"
    assert short_month(day) == "ก.พ. 58"
    assert short_month(date(1957, 12, 1)) == "ธ.ค. 00"
    assert buddhist_year(day) == 2558


@pytest.mark.parametrize(
    ("day", "year"), [(date(2014, 9, 30), 2557), (date(2014, 10, 29), 2558), (date(2015, 2, 11), 2558)]
)
def test_the_fiscal_year_begins_in_october_and_is_named_by_the_following_year(day: date, year: int) -> None:
    assert fiscal_year(day) == year


@given(days)
def test_a_month_runs_from_its_first_day_to_the_day_before_the_next(day: date) -> None:
    assert month_start(day) <= day <= month_end(day)
    assert (add_months(month_start(day), 1) - month_end(day)).days == 1


@given(days, st.integers(-600, 600))
def test_adding_months_moves_by_whole_months(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, month_end(later).day)


def test_a_shorter_month_ends_on_its_last_day() -> None:
    assert add_months(date(2015, 1, 31), 1) == date(2015, 2, 28)
    assert add_months(date(2015, 1, 31), -2) == date(2014, 11, 30)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2015-02-06", "2015-02-06", 0),
        ("2015-02-06", "2015-02-09", 1),  # from Friday to Monday
        ("2015-02-06", "2015-02-08", 0),
        ("2015-02-02", "2015-02-09", 5),
        ("2015-02-07", "2015-02-23", 11),
        ("2015-02-09", "2015-02-06", 0),
    ],
)
def test_the_age_of_work_is_counted_from_monday_to_friday(first, last, days):
    assert working_days_since(date.fromisoformat(first), date.fromisoformat(last)) == days


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2015-04-10", "2015-04-16", 1),  # Songkran, 13 to 15 April
        ("2015-12-04", "2015-12-08", 1),  # 5 December was a Saturday: the Monday after stands in for it
        ("2014-12-30", "2015-01-05", 1),  # over New Year and the bridge day that the cabinet gave
        ("2015-04-30", "2015-05-01", 1),  # Labour Day is a holiday of firms, not of offices
        ("2015-05-12", "2015-05-13", 0),  # the Royal Ploughing Ceremony is one of offices
    ],
)
def test_on_public_holidays_work_does_not_age(first, last, days):
    assert working_days_since(date.fromisoformat(first), date.fromisoformat(last)) == days


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(0, 800), st.integers(0, 800))
def test_working_days_add_up_whichever_day_parts_them(first, more, further):
    between, last = first + timedelta(days=more), first + timedelta(days=more + further)
    whole = working_days_since(first, last)
    assert whole == working_days_since(first, between) + working_days_since(between, last)
    assert 0 <= whole <= (last - first).days
