"""Houses said to be in no community add nothing to the figures of communities, nor a month to the district's."""

import datetime

import pytest

from communities.tests.factories import CommunityFactory, command_line
from households.models import HouseRegistration
from households.tagging import say_in_no_community, tag, untag
from households.tests.factories import HouseFactory
from reports.indicators import months_until
from reports.tests.counting import figures_as_at, month_figures

pytestmark = pytest.mark.django_db

BEFORE, DAY = datetime.date(2014, 11, 10), datetime.date(2015, 1, 20)


@pytest.fixture
def community():
    return CommunityFactory()


def said(house, on):
    reason = HouseRegistration.Outside.PRIVATE_ESTATE
    say_in_no_community([house.pk], by=command_line(), expected=1, reason=reason, happened_on=on)


def test_a_word_on_a_house_is_no_tag(community):
    house = HouseFactory()
    said(house, BEFORE)
    assert figures_as_at(community.district, DAY).houses_tagged == 0
    assert months_until(community.district, DAY) == []


def test_a_house_that_comes_back_from_it_is_new_in_the_month_of_its_tag(community):
    house, by = HouseFactory(), command_line()
    said(house, BEFORE)
    tag([house.pk], community=community, by=by, expected=1, happened_on=DAY)
    figures = month_figures(community.district, DAY)
    assert (figures.this_month, figures.at_end.houses_tagged) == (1, 1)
    assert [month.tagged for month in months_until(community.district, DAY)] == [0, 1]


def test_a_house_that_leaves_its_community_for_none_is_one_less(community):
    house, by = HouseFactory(), command_line()
    tag([house.pk], community=community, by=by, expected=1, happened_on=DAY)
    later = DAY + datetime.timedelta(days=15)
    untag([house.pk], by=by, expected=1, reason="ไม่ใช่", happened_on=later)
    said(house, later)
    assert figures_as_at(community.district, later).houses_tagged == 0
    assert [month.tagged for month in months_until(community.district, later)] == [0, 1, 0]
