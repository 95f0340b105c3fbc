"""Finding and ticking houses in a real browser: live results, keys, shift-click ranges, saved searches."""

import re

import pytest
from playwright.sync_api import expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households.models import HouseRegistration
from households.tests.factories import HouseFactory
from thonburi_registry.tests.office import faults_at_each_size, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    subdistrict = SubdistrictFactory(code="101505", name_th="ตลาดพลู")
    made = CommunityFactory.create(subdistrict=subdistrict, code="10150011", name="โรงเจ 1")
    appoint(Role.OFFICER, made.district, username="officer")
    for number in range(1, 11):
        HouseFactory(subdistrict=subdistrict, house_no=str(number), soi="เทอดไท 5")
    HouseFactory(subdistrict=subdistrict, house_no="3", soi="เทอดไท 6")
    return made


@pytest.fixture
def desk(page, live_server, community):
    """The houses page of an officer."""
    sign_in(page, live_server.url, "officer")
    page.goto(f"{live_server.url}/houses/")
    return page


def rows(page):
    return page.locator("table[data-rows] tbody tr")


def says_chosen(page, number):
    expect(page.locator("output[data-says]")).to_have_text(re.compile(rf"(?<!\d){number}(?!\d)"))


def test_results_come_while_typing_and_the_box_keeps_the_focus(desk) -> None:
    desk.keyboard.press("/")
    expect(desk.locator("[data-search]")).to_be_focused()
    desk.keyboard.type("3 เทอดไท 5", delay=20)
    expect(rows(desk)).to_have_count(1)
    expect(desk).to_have_url(re.compile(r"/houses/\?q=3"))
    expect(desk.locator("[data-search]")).to_be_focused()
    desk.locator("a.removable").first.click()
    expect(rows(desk)).to_have_count(10)


def test_what_is_not_understood_is_said_and_a_likely_name_leads_on(desk) -> None:
    desk.fill("[data-search]", "เทิดไท 5")
    notice = desk.locator("#found .notice.error")
    expect(notice).to_contain_text("เทิดไท 5")
    desk.get_by_role("link", name="เทอดไท 5", exact=True).click()
    expect(rows(desk)).to_have_count(10)


def test_a_range_is_ticked_by_shift_click_and_by_shift_arrow_after_a_live_search(desk) -> None:
    desk.fill("[data-search]", "เทอดไท 5")
    expect(rows(desk)).to_have_count(10)
    boxes = desk.locator("[data-tick]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    says_chosen(desk, 4)
    desk.locator("h1").click()
    desk.keyboard.press("j")
    for _step in range(2):
        desk.keyboard.press("Shift+ArrowDown")
    says_chosen(desk, 5)
    desk.keyboard.press(" ")
    says_chosen(desk, 4)
    desk.locator("[data-tick-all]").click()
    says_chosen(desk, 10)
    desk.locator("[data-tick-all]").click()
    says_chosen(desk, 0)
    desk.locator("[data-tick-matching]").click()
    says_chosen(desk, 10)


def test_houses_are_found_ticked_tagged_and_given_back_by_keys(desk, community) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("1-5 คี่ เทอดไท 5", delay=20)
    expect(rows(desk)).to_have_count(3)
    desk.locator("h1").click()
    desk.keyboard.press("j")
    desk.keyboard.press(" ")
    desk.keyboard.press("Shift+ArrowDown")
    says_chosen(desk, 2)
    desk.select_option(".selection-bar select[name=community]", "10150011")
    desk.locator("h1").click()
    with desk.expect_navigation():
        desk.keyboard.press("t")
    with desk.expect_navigation():
        desk.locator("main button.first").click()
    expect(desk.locator(".notice.success")).to_be_visible()
    assert HouseRegistration.objects.filter(community=community).count() == 2
    with desk.expect_navigation():
        desk.keyboard.press("u")
    assert HouseRegistration.objects.filter(community=community).count() == 0


def test_the_keys_are_told_on_asking(desk) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#keys")).to_be_hidden()


def test_a_search_is_saved_and_opened_from_the_menu(desk) -> None:
    desk.fill("[data-search]", "3")
    expect(rows(desk)).to_have_count(2)
    desk.locator(".save-search summary").click()
    with desk.expect_navigation():
        desk.fill("#search-name", "เลขที่ 3")
        desk.locator(".save-search button").click()
    desk.goto(desk.url.partition("?")[0])
    desk.locator(".saved-searches summary").click()
    with desk.expect_navigation():
        desk.locator("#saved-searches").get_by_role("link", name="เลขที่ 3").click()
    expect(rows(desk)).to_have_count(2)


def test_the_pages_of_finding_are_accessible_and_fit_their_screen(desk) -> None:
    site = desk.url.partition("/houses/")[0]
    for address in ("/houses/", "/houses/?q=3&state=untagged", "/houses/?q=เทิดไท", "/houses/searches/"):
        desk.goto(site + address)
        assert faults_at_each_size(desk) == [], address
