"""A house demolished in an issued month: its true day stays, it counts later, the issued figures do not move."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory, act_of_the_office, tag_event
from reports.found_later import found_later
from reports.issuing import figures_of, issue, workbook_of
from reports.models import KpiReport
from reports.tests.factories import check_figures

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)


def test_the_issued_figures_and_bytes_do_not_move_and_the_page_says_so(client):
    house = HouseFactory.create()
    community = CommunityFactory.create(subdistrict=house.subdistrict)
    tag_event(house, community, on=datetime.date(2026, 9, 3))
    head = appoint(Role.HEAD, house.district)
    letter = {"round_no": 1, "letter_no": "กท 5502/900", "letter_date": datetime.date(2026, 10, 5)}
    check_figures(house.district, SEPTEMBER)
    report = issue(district=house.district, month=SEPTEMBER, by=head, **letter)
    figures, content = figures_of(report), workbook_of(house.district, SEPTEMBER)
    assert found_later(house.district, SEPTEMBER) is None

    act = act_of_the_office(house, head, happened_on=datetime.date(2026, 9, 20))

    assert (act.happened_on, act.counted_on) == (datetime.date(2026, 9, 20), OCTOBER)
    assert figures_of(KpiReport.objects.get(pk=report.pk)) == figures
    assert workbook_of(house.district, SEPTEMBER) == content
    client.force_login(head)
    page = client.get(reverse("reports:kpi_month", args=[SEPTEMBER]))
    found = page.context["page"].found_later
    assert (found.struck, found.restored, found.counts_in) == (1, 0, (OCTOBER,))
    assert page.context["page"].figures.at_end.houses_live == 1
    assert "ต.ค. 2569" in page.content.decode() or "ตุลาคม 2569" in page.content.decode()
    october = client.get(reverse("reports:kpi_month", args=[OCTOBER])).context["page"]
    assert (october.figures.at_end.houses_tagged, october.figures.at_end.houses_live) == (1, 0)
