"""Cases, late cases and the account of struck-off houses as files: the page's rows, its filter and its count."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from communities.models import ListAccess, Role
from communities.tests.factories import CommunityFactory, DistrictFactory, appoint
from communities.tests.taken import PURPOSE, csv_of, same_in_both, taken
from households.tests.factories import HouseFactory, tag_event

from .case_factories import case_of
from .test_strike_off import registrar_of
from .test_struck_houses import strike, this_month  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

CASES, LATE, STRUCK = (reverse(f"verification:{name}") for name in ("cases", "cases_late", "struck_houses_export"))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def community():
    return CommunityFactory.create(name="ชุมชนวัดตัวอย่าง")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district)


@pytest.fixture
def registrar(community):
    return registrar_of(community.district)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def old_case(community, officer):
    """A case that has waited for forty days, of a house of the community."""
    house = HouseFactory(subdistrict=community.subdistrict, house_no="12/3")
    tag_event(house, community, on=timezone.localdate())
    house.refresh_from_db()
    then = timezone.now() - datetime.timedelta(days=40)
    return case_of(house, by=officer, opened_at=then, state_since=then)


def column(headings, rows, name):
    return [row[headings.index(name)] for row in rows]


def test_all_cases_of_the_filter_are_taken_and_not_the_page_alone(desk, old_case, officer, monkeypatch):
    monkeypatch.setattr("verification.views.cases.CASES_A_PAGE", 1)
    second = case_of(HouseFactory(subdistrict=old_case.house.subdistrict), by=officer)
    case_of(HouseFactory(subdistrict=old_case.house.subdistrict), state="withdrawn", by=officer)
    headings, rows = same_in_both(desk, CASES)
    assert column(headings, rows, "Case") == [str(old_case), str(second)]
    assert len(rows) == desk.get(CASES).context["number"]
    assert (column(headings, rows, "House number")[0], column(headings, rows, "Late")) == ("12/3", ["late", ""])
    _headings, over, last = csv_of(desk, CASES, state="over", number="")
    assert len(over) == desk.get(CASES, {"state": "over"}).context["number"] == 1
    assert "all that have ended" in last[3]


def test_a_case_of_no_registered_house_has_its_words_made_harmless(desk, community, officer):
    case_of(kind="missing", district=community.district, house_no="=1+1", lane="ซอย 5", by=officer)
    headings, rows, _last = csv_of(desk, CASES)
    assert (column(headings, rows, "House number"), column(headings, rows, "Lane")) == (["'=1+1"], ["ซอย 5"])


def test_late_cases_by_person_and_step(desk, old_case, officer):
    headings, rows = same_in_both(desk, LATE)
    assert column(headings, rows, "Case") == [str(old_case)]
    assert len(rows) == len(desk.get(LATE).context["late"])
    assert column(headings, rows, "Moved last by") == [str(officer)]
    assert str(officer) in csv_of(desk, LATE, person=officer.pk)[2][3]
    assert csv_of(desk, LATE, state="proposed")[1] == []


@pytest.mark.parametrize("address", [CASES, LATE])
def test_taking_cases_is_recorded(desk, old_case, officer, address):
    taken(desk, address)
    access = ListAccess.objects.get()
    assert (access.person, access.deed, access.houses, access.purpose) == (officer, "exported", 1, PURPOSE)
    assert desk.get(address, {"format": "csv"}).status_code == 302
    assert ListAccess.objects.count() == 1


@pytest.mark.parametrize("address", [CASES, LATE])
def test_cases_of_another_district_are_not_there(client, old_case, address):
    client.force_login(appoint(Role.OFFICER, DistrictFactory(code="1099")))
    assert taken(client, address, district=old_case.district.code).status_code == 404
    assert csv_of(client, address)[1] == []


def test_the_account_is_taken_as_csv_too(desk, strike, officer):  # noqa: F811 (the fixture)
    strike(this_month(), house_no="12/3")
    answer = desk.post(STRUCK, {"form": "csv", "purpose": PURPOSE})
    _headings, row, last = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline=""))
    assert "12/3" in row
    assert last[1] == "1 row"
    assert ListAccess.objects.get().deed == "exported"
