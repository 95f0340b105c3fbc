"""The months in a row agree with each month counted by itself, and with what was issued."""

import datetime

import pytest

from communities.models import ClosedMonth
from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory
from communities.thai_calendar import add_months
from households.models import HouseList
from households.row_reasons import Outcome
from households.tests.factories import HouseFactory, tag_event
from reports.models import Figure
from reports.months import Month, expected_of, in_the_picture, months_of, worth_listing
from reports.tests.counting import figures_as_at, month_figures
from reports.tests.days import DEC, FEB, JAN, MAR, day
from reports.tests.factories import decide, issue_report, receive_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", expected=3)


@pytest.fixture
def worked_on(here, there):
    """A quarter with tags, a move, a code taken off, lists settled, and one opened again."""
    first, second, third = HouseFactory.create_batch(3)
    tag_event(first, here, on=day(JAN, 20))
    tag_event(second, here, on=day(JAN, 31))
    tag_event(second, there, on=day(FEB, 3))
    tag_event(third, there, on=day(FEB, 5))
    tag_event(third, None, on=day(MAR, 1))
    mine, also_mine = receive_list(here, on=day(JAN, 5), rows=2)
    [theirs] = receive_list(there, on=day(FEB, 1))
    decide(mine, Outcome.CLOSED, on=day(JAN, 20))
    decide(also_mine, Outcome.CLOSED, on=day(FEB, 28))
    decide(theirs, Outcome.CLOSED, on=day(FEB, 5))
    decide(theirs, Outcome.OPEN, on=day(MAR, 1))
    return here.district


def test_each_month_in_the_row_says_what_it_says_by_itself(worked_on):
    months = months_of(worked_on, day(MAR, 31))
    assert [month.month for month in months] == [DEC, JAN, FEB, MAR]
    for month in months:
        alone = month_figures(worked_on, month.month)
        end = alone.at_end
        assert (month.this_month, month.tagged) == (alone.this_month, end.houses_tagged), month.month
        assert month.complete == end.communities_complete, month.month
    assert [month.complete for month in months] == [0, 0, 2, 1]


def test_the_running_month_counts_up_to_the_day(worked_on):
    assert months_of(worked_on, day(FEB, 4))[-1] == Month(FEB, 0, 2, 0)


def test_an_issued_month_is_shown_as_it_was_frozen(worked_on, here):
    report = issue_report(worked_on, JAN)
    tag_event(HouseFactory(), here, on=day(FEB, 1))
    [january] = [month for month in months_of(worked_on, day(MAR, 31)) if month.month == JAN]
    assert january.report == report
    frozen = Figure.objects.get(report=report, community=here)
    assert (january.this_month, january.tagged) == (frozen.this_month, frozen.tagged) == (2, 2)


def test_a_list_that_comes_to_hand_late_opens_no_issued_month_again(here):
    [record] = receive_list(here, on=day(JAN, 5))
    decide(record, Outcome.CLOSED, on=day(JAN, 6))
    issue_report(here.district, JAN)
    receive_list(here, on=day(JAN, 7))
    late = HouseList.objects.latest("pk")
    assert late.received_at > ClosedMonth.objects.get().closed_at
    assert figures_as_at(here.district, day(JAN, 31)).communities_complete == 1
    assert figures_as_at(here.district, FEB).communities_complete == 0
    assert [month.complete for month in months_of(here.district, FEB)][-2:] == [1, 0]


def test_a_house_that_a_list_names_twice_is_one_house_of_the_list(here):
    for record in receive_list(here, on=day(JAN, 5), rows=3)[:2]:
        record.number_keys = ["12/1"]
        record.save()
    assert figures_as_at(here.district, FEB).communities[0].listed == 2


def test_a_district_without_anything_has_its_running_month(here):
    assert months_of(here.district, day(MAR, 9)) == [Month(MAR, 0, 0, 0)]


def test_quiet_months_are_left_out_of_the_list_but_not_the_last_two(worked_on):
    today = day(MAR, 9).replace(year=2016)
    shown = [month.month for month in worth_listing(months_of(worked_on, today), today)]
    assert shown == [datetime.date(2016, 3, 1), datetime.date(2016, 2, 1), MAR, FEB, JAN]


def test_a_quiet_month_that_was_issued_stays_in_the_list(worked_on, here):
    for round_no, month in enumerate((JAN, FEB, MAR, add_months(MAR, 3)), start=1):
        issue_report(worked_on, month, round_no=round_no)
    today = datetime.date(2016, 3, 9)
    shown = [month.month for month in worth_listing(months_of(worked_on, today), today)]
    assert add_months(MAR, 3) in shown
    assert add_months(MAR, 2) not in shown


def test_the_picture_ends_with_the_month_after_the_last_change(worked_on):
    months = months_of(worked_on, datetime.date(2016, 3, 9))
    assert [month.month for month in in_the_picture(months, 7)] == [DEC, JAN, FEB, MAR, add_months(MAR, 1)]
    assert [month.month for month in in_the_picture(months, 2)] == [MAR, add_months(MAR, 1)]


def test_a_month_in_which_as_many_came_as_went_is_a_change(here):
    first, second = HouseFactory.create_batch(2)
    tag_event(first, here, on=day(JAN, 20))
    tag_event(first, None, on=day(FEB, 3))
    tag_event(second, here, on=day(FEB, 3))
    months = months_of(here.district, day(MAR, 31))
    assert [month.month for month in in_the_picture(months, 7)] == [DEC, JAN, FEB, MAR]
    assert FEB in [month.month for month in worth_listing(months, datetime.date(2016, 3, 9))]


def test_the_expected_houses_of_a_district_are_those_that_somebody_said(here, there):
    assert expected_of(here.district, MAR) == 7
    CommunityFactory(code="10150003", expected=None)
    assert expected_of(here.district, MAR) == 7


def test_a_district_of_whose_communities_nobody_said_a_number_expects_none():
    community = CommunityFactory(expected=None)
    assert expected_of(community.district, MAR) is None


def test_months_of_two_districts_are_counted_apart(worked_on):
    other = SubdistrictFactory(district=DistrictFactory(code="1016"))
    community = CommunityFactory(subdistrict=other, code="10160001")
    tag_event(HouseFactory(subdistrict=other), community, on=day(FEB, 9))
    receive_list(community, on=day(FEB, 9))
    assert months_of(other.district, day(FEB, 28))[-1] == Month(FEB, 1, 1, 0)
    assert months_of(worked_on, day(FEB, 28))[-1].tagged == 3


def test_the_months_take_three_statements_however_many_there_are(worked_on, django_assert_num_queries):
    for until in (day(JAN, 31), datetime.date(2025, 1, 1)):
        with django_assert_num_queries(3):
            months_of(worked_on, until)
