"""Sharing work out in a real browser: the head gives, hands over and takes back; officers meet their own work first."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.models import Person, Role
from communities.tests.factories import appoint
from households import house_lists, tagging
from households.assignments import officers_of
from households.models import HouseRegistration
from households.tests.factories import AssignmentFactory
from thonburi_registry.tests.office import LONG_NAME, Office, faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(tmp_path) -> Office:
    """The office with the first community's list received and its exact rows tagged by the officer."""
    office = open_office(tmp_path)
    officer = Person.objects.get(username="officer")
    appoint(Role.OFFICER, office.district, username="colleague", full_name="นายวิชัย ตัวอย่าง")
    received = house_lists.receive(
        data=office.list_file.read_bytes(), file_name=office.list_file.name, community=office.community, by=officer
    )
    tagging.tag_matching(received.lists[0], by=officer)
    return office


@pytest.fixture
def heads_desk(page: Page, live_server, office) -> Page:
    sign_in(page, live_server.url, "head")
    page.goto(live_server.url + reverse("households:work_shared_out"))
    return page


def working(office: Office) -> dict[str, str]:
    """Who works on the office's communities today: name of the community → user name."""
    names = {office.community.pk: "first", office.neighbour.pk: "neighbour"}
    found = officers_of(office.district, timezone.localdate())
    return {names[pk]: person.username for pk, person in found.items()}


def give(page: Page, username: str, *communities: str) -> None:
    """Ticks the communities (parts of their names), chooses the officer, confirms with an order."""
    for name in communities:
        page.get_by_role("row", name=name).get_by_role("checkbox").check()
    page.select_option("select[name=officer]", str(Person.objects.get(username=username).pk))
    with page.expect_navigation():
        page.click("button[data-key=t]")
    page.fill("input[name=order_number]", "๔๙/๒๕๕๘")
    with page.expect_navigation():
        page.click("main button.first")


def test_the_head_gives_communities_by_order_and_takes_it_back(heads_desk, office):
    give(heads_desk, "officer", LONG_NAME, "สวนพลู")
    expect(heads_desk.locator(".notice.success")).to_contain_text("2")
    assert working(office) == {"first": "officer", "neighbour": "officer"}
    with heads_desk.expect_navigation():
        heads_desk.keyboard.press("u")
    assert working(office) == {}


def test_an_absent_officers_work_goes_to_a_stand_in_until_the_last_day(heads_desk, office):
    give(heads_desk, "officer", LONG_NAME)
    with heads_desk.expect_navigation():
        heads_desk.get_by_role("link", name=re.compile("ส่งมอบชั่วคราว")).click()
    heads_desk.select_option("select[name=officer]", str(Person.objects.get(username="colleague").pk))
    last_day = timezone.localdate() + datetime.timedelta(days=2)
    heads_desk.fill("input[name=last_day]", f"{last_day.day}/{last_day.month}/{last_day.year + 543}")
    heads_desk.fill("input[name=order_number]", "๕๒/๒๕๕๘")
    with heads_desk.expect_navigation():
        heads_desk.click(".selection-bar button.first")
    assert working(office) == {"first": "colleague"}
    after = officers_of(office.district, last_day + datetime.timedelta(days=1))
    assert after[office.community.pk].username == "officer"


def test_the_officers_home_begins_with_the_own_community_and_its_next_step(page, live_server, office):
    AssignmentFactory(community=office.community, officer=Person.objects.get(username="officer"))
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:home"))
    expect(page.locator("#own")).to_be_visible()
    others = page.locator("details.others")
    expect(others.get_by_text("สวนพลู")).to_be_hidden()
    others.locator("summary").click()
    expect(others.get_by_text("สวนพลู")).to_be_visible()
    to_key = page.get_by_role("link", name="บ้านที่ต้องคีย์")
    expect(to_key).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("c")
    assert "/lists/" in page.url


def test_each_number_of_progress_leads_to_as_many_rows(heads_desk, live_server, office):
    heads_desk.goto(live_server.url + reverse("households:work_progress"))
    tagged = HouseRegistration.objects.filter(community=office.community).count()
    door = heads_desk.locator(".person-days .stat a").first
    expect(door).to_have_text(str(tagged))
    with heads_desk.expect_navigation():
        door.click()
    expect(heads_desk.locator("tbody tr")).to_have_count(tagged)


def test_the_pages_are_in_order_on_the_phone_and_at_the_desk(heads_desk, live_server, office):
    officer = Person.objects.get(username="officer")
    AssignmentFactory(community=office.community, officer=officer)
    colleague = Person.objects.get(username="colleague")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    lent = AssignmentFactory(community=office.community, officer=colleague, stands_in_for=officer, until=tomorrow)
    days = f"?from={timezone.localdate()}&to={timezone.localdate()}"
    found = {}
    for name, address in {
        "shared out": reverse("households:work_shared_out"),
        "hand over": reverse("households:work_hand_over", args=[officer.pk]),
        "end": reverse("households:work_end", args=[lent.pk]),
        "annex": f"{reverse('households:work_annex')}?order={lent.order_number}&date={lent.order_date}",
        "progress": reverse("households:work_progress"),
        "rows": reverse("households:work_done") + days,
        "home": reverse("households:home"),
    }.items():
        heads_desk.goto(live_server.url + address)
        found[name] = faults_at_each_size(heads_desk)
    heads_desk.goto(live_server.url + reverse("households:work_shared_out"))
    heads_desk.get_by_role("row", name="สวนพลู").get_by_role("checkbox").check()
    heads_desk.select_option("select[name=officer]", str(officer.pk))
    with heads_desk.expect_navigation():
        heads_desk.click("button[data-key=t]")
    found["assign"] = faults_at_each_size(heads_desk)
    assert found == {name: [] for name in found}


def test_an_officers_home_is_in_order_on_the_phone_and_at_the_desk(page, live_server, office):
    AssignmentFactory(community=office.community, officer=Person.objects.get(username="officer"))
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:home"))
    expect(page.locator("#to-look-at")).to_be_visible()
    page.locator("details.others summary").click()
    assert faults_at_each_size(page) == []
