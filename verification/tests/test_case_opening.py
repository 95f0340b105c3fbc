"""Cases opened at the counter, for a whole event, and what their reporters are told."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from communities.models import Role
from communities.tests.factories import CommunityFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from verification.case_reports import PLAIN_WORDS
from verification.models import Case, Occurrence
from verification.tests.factories import president_of
from verification.workflow import State

from .case_factories import case_of, photo_of, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return HouseFactory.create(house_no="12/3")


@pytest.fixture
def officer(client, house):
    person = appoint(Role.OFFICER, house.district)
    client.force_login(person)
    return person


def opening(**query) -> str:
    """The address of the opening page."""
    return reverse("verification:case_open", query=query)


def test_a_house_is_found_by_number_and_lane_and_its_case_opened(client, officer, house):
    HouseFactory.create(subdistrict=house.subdistrict, house_no="12/3", soi="เทอดไท 7")
    assert client.get(opening(number="๑๒/๓", lane="เทอดไท 5")).context["found"] == [house]
    page = client.post(opening(house=house.pk), {"kind": "demolished", "told": "รื้อแล้ว", "source": "own"})
    case = Case.objects.get()
    assert page.url == reverse("verification:case", args=[case.pk])
    assert (case.house, case.source, case.told, case.receipt) == (house, "officer", "รื้อแล้ว", None)


def test_what_cannot_be_read_is_said_and_a_missing_house_is_reported_by_its_number(client, officer, house):
    assert client.get(opening(number="บ้าน", lane="")).context["refusal"]
    assert client.get(opening(number="", lane="")).context["refusal"]
    assert client.get(opening(number="99/1", lane="เทอดไท 5")).context["found"] == []
    client.post(opening(missing=1, number="99/1", lane="เทอดไท 5"), {"kind": "missing", "source": "own"})
    case = Case.objects.get()
    assert (case.kind, case.house, case.house_no, case.lane) == ("missing", None, "99/1", "เทอดไท 5")


def test_the_same_report_twice_is_one_case(client, officer, house):
    for _click in range(2):
        client.post(opening(house=house.pk), {"kind": "demolished", "source": "own"})
    assert Case.objects.count() == 1


def test_a_citizen_gets_a_receipt_and_reads_there_how_it_ended(client, officer, house):
    said = {"kind": "wrong_community", "told": "อยู่อีกชุมชน", "source": "citizen"}
    assert client.post(opening(house=house.pk), said).status_code == 422  # nobody is named
    page = client.post(opening(house=house.pk), {**said, "reporter_name": "นางสาวสมหญิง ตัวอย่าง"}, follow=True)
    case = Case.objects.get()
    written = page.context["receipt"]
    assert written.replace("-", "") == case.receipt
    client.logout()
    told = client.post(reverse("verification:receipt"), {"number": written.lower()})
    assert str(PLAIN_WORDS[State.RECEIVED]) in told.content.decode()
    for hidden in ("สมหญิง", "12/3", house.house_code):
        assert hidden not in told.content.decode()
    filled_in = client.get(reverse("verification:receipt"), {"number": case.receipt}).content.decode()
    assert case.receipt in filled_in
    assert str(PLAIN_WORDS[State.RECEIVED]) not in filled_in
    assert "ไม่มี" in client.post(reverse("verification:receipt"), {"number": "AAAAA-AAAAA"}).content.decode()


def test_nobody_tries_all_numbers(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "receipt": "2/m/ip"}
    cache.clear()
    answers = [client.post(reverse("verification:receipt"), {"number": "X"}).status_code for _try in range(3)]
    assert answers == [200, 200, 429]
    cache.clear()


def test_a_president_sees_the_cases_of_the_own_community_alone(client, house):
    community, other = (CommunityFactory.create(subdistrict=house.subdistrict) for _nth in range(2))
    case_of(house, community=community, state="stands", reporter_name="นายคนอื่น", told="คำของคนอื่น")
    case_of(HouseFactory.create(subdistrict=house.subdistrict, house_no="77/7"), community=other)
    client.force_login(president_of(community))
    page = client.get(reverse("verification:my_cases")).content.decode()
    assert "12/3" in page
    assert str(PLAIN_WORDS[State.STANDS]) in page
    for hidden in ("77/7", "นายคนอื่น", "คำของคนอื่น", house.house_code):
        assert hidden not in page


def test_every_state_has_its_plain_words():
    assert set(PLAIN_WORDS) == set(State.values)


# --- one event ---


def test_a_fire_opens_a_case_for_each_ticked_house(client, officer, house):
    others = [HouseFactory.create(subdistrict=house.subdistrict, house_no=f"12/{nth}") for nth in (4, 5, 6)]
    burnt = [house, *others]
    case_of(burnt[1], kind="destroyed")
    address = reverse("verification:occurrence_open", query={"lane": "เทอดไท 5, เทอดไท 99"})
    assert client.get(address).context["houses"] == burnt
    event = {"name": "ไฟไหม้ซอยเทอดไท 5", "happened_on": "24/5/2566", "kind": "destroyed", "told": "ไฟไหม้ทั้งซอย"}
    page = client.post(address, {**event, "house": [one.pk for one in burnt]}, follow=True)
    fire = Occurrence.objects.get()
    assert fire.cases.count() == 3
    assert "ค้างอยู่แล้ว" in "".join(str(message) for message in page.context["messages"])


@pytest.mark.parametrize("wrong", [{"happened_on": "1/1/2599"}, {"name": " "}, {"house": []}, {"kind": "wrong_number"}])
def test_a_fire_that_is_not_said_right_opens_nothing(client, officer, house, wrong):
    address = reverse("verification:occurrence_open", query={"lane": "เทอดไท 5"})
    event = {"name": "ไฟไหม้", "happened_on": "24/5/2566", "kind": "destroyed", "told": "x", "house": [house.pk]}
    assert client.post(address, {**event, **wrong}).status_code == 422
    assert not Occurrence.objects.exists()


def test_houses_of_another_district_are_not_found(client, officer):
    other = HouseFactory.create(subdistrict__district__code="1099", subdistrict__code="109901")
    assert client.get(opening(house=other.pk)).context["house"] is None
    client.post(opening(house=other.pk), {"kind": "demolished", "source": "own"})
    assert not Case.objects.exists()


# --- the desk, and the house's history ---


def test_the_page_of_a_case_says_what_the_papers_say(client, officer, house):
    here, there = (CommunityFactory.create(subdistrict=house.subdistrict) for _nth in range(2))
    for number, community in (("12/1", there), ("12/3", here), ("12/5", there)):
        one = house if number == "12/3" else HouseFactory.create(subdistrict=house.subdistrict, house_no=number)
        tag_event(one, community, on=datetime.date(2026, 11, 2))
    house.refresh_from_db()
    case = case_of(house, kind="wrong_community", state="under_review")
    desk = client.get(reverse("verification:case", args=[case.pk])).context["desk"]
    assert (desk.proposal.next, desk.proposal.leaning, desk.community.pk) == ("desk", "report", there.pk)


def test_the_house_tells_of_its_cases_visits_and_photos(client, officer, house):
    case = case_of(house, state="visited")
    photo = photo_of(case, result=seen(case, note="เหลือแต่เสา"))
    page = client.get(reverse("households:house", args=[house.pk])).content.decode()
    for told in ("เหลือแต่เสา", reverse("verification:case_photo_small", args=[case.pk, photo.pk])):
        assert told in page
