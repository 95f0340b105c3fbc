"""March is issued; then 50 codes are taken off and 20 houses struck off with true dates in March."""

import hashlib
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, PersonFactory, appoint
from households import register, tagging
from households.models import HouseRegistration
from households.tests.factories import BatchFactory, HouseFactory, tag_event
from reports.found_later import counted_from_before, found_later
from reports.issuing import figures_of, workbook_of
from reports.tests.counting import month_figures
from reports.tests.days import MAR, day
from reports.tests.factories import issue_report

pytestmark = pytest.mark.django_db

APRIL = MAR.replace(month=4)
HOUSES, UNTAGGED, STRUCK = 80, 50, 20


def told(as_at):
    out = io.StringIO()
    call_command("figures", as_at=as_at, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_issued_march_stays_and_april_shows_the_change_and_says_why(client):
    community = CommunityFactory.create(code="10150001", name="โรงเจ 1", expected=HOUSES)
    district = community.district
    batch = BatchFactory(district=district, community=community, happened_on=day(MAR, 9))
    for house in HouseFactory.create_batch(HOUSES, subdistrict=community.subdistrict):
        tag_event(house, community, on=day(MAR, 9), batch=batch)
    head, officer = appoint(Role.HEAD, district), appoint(Role.OFFICER, district)
    report = issue_report(district, MAR, by=head)
    figures, workbook, as_at = figures_of(report), workbook_of(district, MAR), told("2558-03-31")
    houses = list(HouseRegistration.objects.order_by("pk"))

    tagging.untag(
        [house.pk for house in houses[:UNTAGGED]],
        by=officer,
        expected=UNTAGGED,
        reason="ลงรหัสผิดชุมชน",
        happened_on=day(MAR, 20),
    )
    registrar = AppointmentFactory(
        person=PersonFactory(), role=Role.DIRECTOR, district=district, is_registrar=True
    ).person
    for house in houses[UNTAGGED : UNTAGGED + STRUCK]:
        register.strike_off(
            house,
            ground="demolished",
            happened_on=day(MAR, 25),
            reference="12/2558",
            proposed_by=officer,
            by=registrar,
        )

    report.refresh_from_db()
    assert hashlib.sha256(workbook_of(district, MAR)).hexdigest() == report.workbook_sha256
    assert workbook_of(district, MAR) == workbook
    assert figures_of(report) == figures
    assert month_figures(district, MAR) == figures
    assert told("2558-03-31") == as_at
    april = month_figures(district, APRIL)
    assert (april.before, april.moved_out, april.this_month) == (HOUSES, UNTAGGED, 0)
    assert (april.at_end.houses_tagged, april.at_end.houses_live) == (30, 10)

    of_march = found_later(district, MAR)
    assert (of_march.struck, of_march.untagged, of_march.counts_in) == (STRUCK, UNTAGGED, (APRIL,))
    [before] = counted_from_before(district, APRIL)
    assert (before.month, before.found) == (MAR, of_march)
    client.force_login(head)
    page = client.get(reverse("reports:kpi_month", args=[APRIL])).content.decode()
    assert "มีนาคม 2558" in page
    assert "จำหน่ายบ้าน 20 หลัง" in page
    assert "ถอนรหัส 50 หลัง" in page
    assert "จำหน่ายบ้าน 20 หลัง" in client.get(reverse("reports:kpi_month", args=[MAR])).content.decode()


def test_a_month_of_its_own_facts_holds_nothing_of_months_before():
    community = CommunityFactory.create()
    tag_event(HouseFactory(subdistrict=community.subdistrict), community, on=day(MAR, 9))
    assert counted_from_before(community.district, MAR) == []
    assert found_later(community.district, MAR) is None
