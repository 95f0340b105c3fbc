"""A house demolished in a month whose report is issued: the true date stays, the issued figures do not move."""

import datetime

import pytest
from django.utils import timezone

from communities.models import Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, PersonFactory, appoint
from communities.thai_calendar import add_months, month_start
from households.tests.factories import HouseFactory, tag_event
from reports.issuing import figures_of, workbook_of
from reports.tests.counting import month_figures
from reports.tests.factories import issue_report
from verification.strike_off import approve, propose
from verification.struck_houses import account_of
from verification.tests.case_factories import case_of, proved

pytestmark = pytest.mark.django_db


def test_a_strike_off_found_late_counts_in_the_first_open_month_and_the_issued_report_stays():
    this_month = month_start(timezone.localdate())
    issued_month = add_months(this_month, -2)
    gone_on = issued_month + datetime.timedelta(days=11)
    community = CommunityFactory.create()
    district = community.district
    house, neighbour = (HouseFactory(subdistrict=community.subdistrict) for _each in range(2))
    for each in (house, neighbour):
        tag_event(each, community, on=datetime.date(2015, 1, 20))
    house.refresh_from_db()
    report = issue_report(district, issued_month)
    figures, workbook = figures_of(report), workbook_of(district, issued_month)

    officer = appoint(Role.OFFICER, district)
    post = {"role": Role.HEAD, "district": district, "is_registrar": True}
    registrar = AppointmentFactory(person=PersonFactory(), **post).person
    case = proved(case_of(house, state="tr31_filed", by=officer))
    event = approve(propose(case, act="strike_off", happened_on=gone_on, by=officer), by=registrar).life_event

    first_open = add_months(issued_month, 1)
    assert (event.happened_on, event.counted_on) == (gone_on, first_open)
    report.refresh_from_db()
    assert figures_of(report) == figures
    assert workbook_of(district, issued_month) == workbook
    assert month_figures(district, first_open).at_end.houses_live == figures.at_end.houses_live - 1
    assert account_of(district, first_open).late == [issued_month]
