"""A corrected list changes the figures from the day it came, never those of a day before."""

import datetime

import pytest

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists
from households.row_decisions import close_row
from households.row_reasons import Reason
from households.tagging import tag_matching
from households.tests.factories import HouseFactory
from households.tests.intake import line, list_file
from reports.months import months_of
from reports.tests.counting import figures_as_at

pytestmark = pytest.mark.django_db

FIRST, DAY_BEFORE, SECOND = (datetime.date(2015, *day) for day in ((1, 16), (2, 2), (2, 3)))


def receive(community, *rows, on, corrects=None):
    [house_list] = house_lists.receive(
        data=list_file(*rows), file_name="list.xlsx", community=community, by=command_line(),
        received_on=on, corrects=corrects,
    ).lists  # fmt: skip
    tag_matching(house_list, by=command_line(), happened_on=on)
    return house_list


def test_figures_of_earlier_days_stay_as_they_were():
    community = CommunityFactory.create()
    for number in ("12/3", "12/4", "12/5"):
        HouseFactory(house_no=number)
    first = receive(community, line("12/3"), line("12/4"), line("98"), line("99"), on=FIRST)
    close_row(first.records.get(house_no="99"), reason=Reason.NO_SUCH_HOUSE, by=command_line(), happened_on=FIRST)
    before = figures_as_at(community.district, DAY_BEFORE)

    receive(community, line("12/3"), line("12/5"), line("99"), corrects=first, on=SECOND)

    assert figures_as_at(community.district, DAY_BEFORE) == before
    [then] = before.communities
    assert (then.is_complete, then.tagged, then.listed) == (False, 2, 4)
    [now] = figures_as_at(community.district, SECOND).communities
    assert (now.is_complete, now.tagged, now.listed) == (True, 3, 3)
    complete = {month.month.month: month.complete for month in months_of(community.district, SECOND)}
    assert (complete[1], complete[2]) == (0, 1)
