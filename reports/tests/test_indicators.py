"""What the figures mean, by days in which houses are tagged, moved, untagged and struck off."""

import datetime

import pytest

from communities.models import ClosedMonth
from communities.tests.factories import CommunityFactory, SubdistrictFactory, command_line
from households.models import LifeEvent, TaggingBatch
from households.row_reasons import Outcome
from households.tagging import tag
from households.tests.factories import BatchFactory, HouseFactory, tag_event
from reports.indicators import Indicator, houses_behind, months_until
from reports.tests.counting import figures_as_at, month_figures
from reports.tests.days import DEC, FEB, JAN, MAR, day
from reports.tests.factories import decide, life_event, receive_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return CommunityFactory(code="10150001", name="ชุมชนหนึ่ง", expected=4)


@pytest.fixture
def there(here):
    return CommunityFactory(code="10150002", name="ชุมชนสอง", expected=3)


def line_of(figures, community):
    return next(line for line in figures.communities if line.community == community.pk)


def month_of(community, month):
    return next(
        line for line in month_figures(community.district, month).lines if line.at_end.community == community.pk
    )


def tagged_on(community, the_day):
    return line_of(figures_as_at(community.district, the_day), community).tagged


# --- as at a day ---


def test_a_house_counts_from_the_day_of_its_tag(here):
    tag_event(HouseFactory(), here, on=day(JAN, 20))
    assert [tagged_on(here, day(JAN, 19)), tagged_on(here, day(JAN, 20)), tagged_on(here, day(FEB, 1))] == [0, 1, 1]


def test_a_house_counts_where_its_newest_tag_puts_it(here, there):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, there, on=day(FEB, 3))
    assert (tagged_on(here, day(FEB, 2)), tagged_on(there, day(FEB, 2))) == (1, 0)
    assert (tagged_on(here, day(FEB, 3)), tagged_on(there, day(FEB, 3))) == (0, 1)


def test_the_last_event_of_a_day_decides(here, there):
    house = HouseFactory()
    for community in (here, there, None, there):
        tag_event(house, community, on=day(JAN, 20))
    assert (tagged_on(here, day(JAN, 20)), tagged_on(there, day(JAN, 20))) == (0, 1)


def test_a_late_fact_counts_in_the_first_open_day(here):
    ClosedMonth.objects.create(district=here.district, month=JAN, closed_by=command_line())
    house = HouseFactory()
    tag([house.pk], community=here, by=command_line(), expected=1, happened_on=day(JAN, 20))
    assert (tagged_on(here, day(JAN, 31)), tagged_on(here, day(FEB, 1))) == (0, 1)


def test_a_house_struck_off_later_stays_tagged_and_is_live_no_more(here):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    life_event(house, LifeEvent.Kind.STRUCK, on=day(FEB, 10))
    life_event(house, LifeEvent.Kind.RESTORED, on=day(MAR, 10))
    lives = [line_of(figures_as_at(here.district, on), here).live for on in (day(FEB, 9), day(FEB, 10), day(MAR, 10))]
    assert lives == [1, 0, 1]
    assert tagged_on(here, day(FEB, 10)) == 1


def test_an_address_changed_after_striking_off_revives_no_house(here):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    life_event(house, LifeEvent.Kind.STRUCK, on=day(FEB, 10))
    life_event(house, LifeEvent.Kind.CHANGED, on=day(FEB, 11))
    assert line_of(figures_as_at(here.district, day(FEB, 12)), here).live == 0


def test_machines_and_officers_tags_are_told_apart(here):
    exact = BatchFactory(
        kind=TaggingBatch.Kind.LIST_EXACT, district=here.district, community=here, happened_on=day(JAN, 20)
    )
    tag_event(HouseFactory(), here, on=day(JAN, 20), batch=exact)
    tag_event(HouseFactory(), here, on=day(JAN, 21))
    tag_event(HouseFactory(), here, on=day(JAN, 21))
    line = line_of(figures_as_at(here.district, day(JAN, 31)), here)
    assert (line.tagged_by_machine, line.tagged_by_officers) == (1, 2)


def test_expected_and_listed_stand_beside_the_tagged(here):
    receive_list(here, on=day(JAN, 16), rows=5)
    line = line_of(figures_as_at(here.district, day(JAN, 16)), here)
    assert (line.code, line.name, line.expected, line.listed, line.remaining) == ("10150001", "ชุมชนหนึ่ง", 4, 5, 4)
    assert line_of(figures_as_at(here.district, day(JAN, 15)), here).listed == 0


def test_more_tagged_than_expected_leaves_nothing_and_says_how_many_more(here):
    for _number in range(6):
        tag_event(HouseFactory(), here, on=day(JAN, 20))
    line = line_of(figures_as_at(here.district, day(JAN, 20)), here)
    assert (line.remaining, line.beyond_expected) == (0, 2)


def test_two_districts_are_counted_apart(here):
    elsewhere = SubdistrictFactory(district__code="1016", code="101601")
    other = CommunityFactory(subdistrict=elsewhere, code="10160001")
    tag_event(HouseFactory(), here, on=day(JAN, 20))
    tag_event(HouseFactory(subdistrict=elsewhere), other, on=day(JAN, 20))
    receive_list(other, on=day(JAN, 20))
    figures = figures_as_at(here.district, day(JAN, 31))
    assert (figures.houses_tagged, figures.communities_total) == (1, 1)
    assert line_of(figures, here).listed == 0
    assert houses_behind(here.district, day(JAN, 31)).keys() == {here.pk}


# --- complete ---


def complete_on(community, the_day):
    return line_of(figures_as_at(community.district, the_day), community).is_complete


def test_a_community_without_a_list_is_not_complete(here):
    assert not complete_on(here, day(JAN, 31))


@pytest.mark.parametrize("outcome", [Outcome.TAGGED, Outcome.UNCHANGED, Outcome.CLOSED])
def test_a_community_is_complete_when_each_row_is_settled(here, outcome):
    first, second = receive_list(here, on=day(JAN, 16), rows=2)
    house = HouseFactory()
    decide(first, outcome, on=day(JAN, 20), house=house)
    assert not complete_on(here, day(JAN, 20))
    decide(second, outcome, on=day(JAN, 21), house=house)
    assert [complete_on(here, day(JAN, 20)), complete_on(here, day(JAN, 21))] == [False, True]


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.CLAIMED])
def test_a_row_that_waits_again_reopens_the_community(here, outcome):
    (row,) = receive_list(here, on=day(JAN, 16))
    decide(row, Outcome.CLOSED, on=day(JAN, 20))
    decide(row, outcome, on=day(FEB, 2))
    assert [complete_on(here, day(FEB, 1)), complete_on(here, day(FEB, 2))] == [True, False]


def test_a_second_list_reopens_the_community_from_its_day(here):
    (row,) = receive_list(here, on=day(JAN, 16))
    decide(row, Outcome.CLOSED, on=day(JAN, 20))
    receive_list(here, on=day(FEB, 2))
    assert [complete_on(here, day(FEB, 1)), complete_on(here, day(FEB, 2))] == [True, False]


def test_striking_off_later_does_not_undo_completeness(here):
    (row,) = receive_list(here, on=day(JAN, 16))
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    decide(row, Outcome.TAGGED, on=day(JAN, 20), house=house)
    life_event(house, LifeEvent.Kind.STRUCK, on=day(FEB, 10))
    assert complete_on(here, day(FEB, 28))


# --- over a month ---


def counts(line):
    return line.before, line.this_month, line.moved_in, line.moved_out, line.at_end.tagged


def test_this_month_counts_first_tags(here):
    tag_event(HouseFactory(), here, on=day(JAN, 20))
    tag_event(HouseFactory(), here, on=day(FEB, 20))
    assert counts(month_of(here, JAN)) == (0, 1, 0, 0, 1)
    assert counts(month_of(here, FEB)) == (1, 1, 0, 0, 2)
    assert counts(month_of(here, MAR)) == (2, 0, 0, 0, 2)


def test_a_move_adds_nothing_to_the_district(here, there):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, there, on=day(FEB, 3))
    assert counts(month_of(here, FEB)) == (1, 0, 0, 1, 0)
    assert counts(month_of(there, FEB)) == (0, 0, 1, 0, 1)
    district = month_figures(here.district, FEB)
    assert (district.before, district.this_month, district.at_end.houses_tagged) == (1, 0, 1)


def test_a_house_first_tagged_and_moved_in_one_month_came_to_its_first_community(here, there):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, there, on=day(JAN, 28))
    assert counts(month_of(here, JAN)) == (0, 1, 0, 1, 0)
    assert counts(month_of(there, JAN)) == (0, 0, 1, 0, 1)


def test_there_and_back_within_a_month_is_no_move(here, there):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, there, on=day(FEB, 3))
    tag_event(house, here, on=day(FEB, 5))
    assert counts(month_of(here, FEB)) == (1, 0, 0, 0, 1)
    assert counts(month_of(there, FEB)) == (0, 0, 0, 0, 0)


def test_a_code_taken_off_is_moved_out_and_given_back_is_moved_in(here):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, None, on=day(FEB, 3))
    tag_event(house, here, on=day(MAR, 3))
    assert counts(month_of(here, FEB)) == (1, 0, 0, 1, 0)
    assert counts(month_of(here, MAR)) == (0, 0, 1, 0, 1)


def test_a_tag_undone_before_its_days_end_was_no_first_tag(here):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, None, on=day(JAN, 20))
    assert counts(month_of(here, JAN)) == (0, 0, 0, 0, 0)
    tag_event(house, here, on=day(FEB, 3))
    assert counts(month_of(here, FEB)) == (0, 1, 0, 0, 1)


def test_a_tag_undone_on_a_later_day_was_the_first_tag(here):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(house, None, on=day(JAN, 21))
    assert counts(month_of(here, JAN)) == (0, 1, 0, 1, 0)


def test_the_months_of_a_district_add_up(here, there):
    house = HouseFactory()
    tag_event(house, here, on=day(JAN, 20))
    tag_event(HouseFactory(), there, on=day(FEB, 20))
    tag_event(house, None, on=day(MAR, 3))
    months = [(total.month, total.this_month, total.tagged) for total in months_until(here.district, day(MAR, 31))]
    assert months == [(DEC, 0, 0), (JAN, 1, 1), (FEB, 1, 2), (MAR, 0, 1)]
    for month, this_month, tagged in months:
        figures = month_figures(here.district, month)
        assert (figures.this_month, figures.at_end.houses_tagged) == (this_month, tagged)


def test_a_district_without_tags_has_no_months(here):
    assert months_until(here.district, day(MAR, 31)) == []


# --- the rows behind ---


def test_every_figure_opens_as_many_rows_as_it_counts(here, there):
    houses = [HouseFactory() for _number in range(5)]
    for house in houses[:4]:
        tag_event(house, here, on=day(JAN, 20))
    tag_event(houses[0], there, on=day(FEB, 3))
    tag_event(houses[1], None, on=day(FEB, 3))
    tag_event(houses[4], there, on=day(FEB, 4))
    tag_event(houses[4], here, on=day(FEB, 5))
    life_event(houses[2], LifeEvent.Kind.STRUCK, on=day(FEB, 10))
    for line in month_figures(here.district, FEB).lines:
        figures = {
            Indicator.TAGGED: line.at_end.tagged,
            Indicator.LIVE: line.at_end.live,
            Indicator.BY_MACHINE: line.at_end.tagged_by_machine,
            Indicator.BY_OFFICERS: line.at_end.tagged_by_officers,
            Indicator.THIS_MONTH: line.this_month,
            Indicator.MOVED_IN: line.moved_in,
            Indicator.MOVED_OUT: line.moved_out,
        }
        for indicator, figure in figures.items():
            rows = houses_behind(here.district, day(FEB, 28), indicator=indicator)
            assert len(rows.get(line.at_end.community, [])) == figure, (line.at_end.name, indicator)


def test_the_rows_behind_say_when_and_by_whom(here):
    house = HouseFactory(house_no="12/3", soi="เทอดไท 5")
    tag_event(house, here, on=day(JAN, 20))
    ((line,),) = houses_behind(here.district, day(JAN, 31), community=here).values()
    assert (line.house_no, line.soi, line.tagged_on, line.by_machine, line.is_struck) == (
        "12/3",
        "เทอดไท 5",
        datetime.date(2015, 1, 20),
        False,
        False,
    )


# --- how much is asked of the database ---


def test_a_months_figures_take_four_statements_at_any_size(here, there, django_assert_num_queries):
    district = here.district
    for _number in range(3):
        tag_event(HouseFactory(), here, on=day(JAN, 20))
    receive_list(here, on=day(JAN, 16), rows=3)
    with django_assert_num_queries(4):
        month_figures(district, JAN)
    with django_assert_num_queries(1):
        months_until(district, day(JAN, 31))
