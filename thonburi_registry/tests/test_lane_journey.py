"""Lane strips in a real browser: houses chosen by shift, by drag and by keys, tagged, undone; a stray settled."""

import datetime
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from households.models import DeskCheck, HouseRegistration, TagEvent
from households.tests.factories import tag_event
from thonburi_registry.tests.office import DESK, PHONE, faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.date(2015, 1, 20)
SOI = "เทอดไท 5"


@pytest.fixture
def office(tmp_path):
    """Houses 1/1 to 12/1 of two sois. In soi 5, house 12/1 is the neighbour's, and so is 3/1 between two of ours."""
    office = open_office(tmp_path)
    for number, community in (("1/1", office.community), ("3/1", office.neighbour), ("5/1", office.community)):
        tag_event(house(number), community, on=DAY)
    return office


def house(number):
    return HouseRegistration.objects.get(house_no=number, soi=SOI)


@pytest.fixture
def lanes(page, live_server, office):
    """The officer's browser on the lane strips."""
    sign_in(page, live_server.url, "officer")
    page.set_viewport_size(DESK)
    page.goto(live_server.url + reverse("households:lanes"))
    return page


def cell(page, number):
    return page.locator(f'.cell:has(a[href="{reverse("households:house", args=[house(number).pk])}"])')


def chosen(page):
    return page.locator(".cell:has(:checked) span").all_inner_texts()


def communities_of(*numbers):
    return [house(number).community_id for number in numbers]


def confirm(page):
    with page.expect_navigation():
        page.keyboard.press("t")
    expect(page.locator("main form button.first")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("t")
    expect(page.locator(".notice.success")).to_be_visible()


def test_a_click_opens_the_house(lanes):
    with lanes.expect_navigation():
        cell(lanes, "7/1").click()
    assert lanes.url.endswith(reverse("households:house", args=[house("7/1").pk]))


def test_houses_are_chosen_with_shift_tagged_to_what_the_neighbours_have_and_untagged_by_undo(lanes, office):
    cell(lanes, "7/1").click(modifiers=["Shift"])
    cell(lanes, "11/1").click(modifiers=["Shift"])
    expect(lanes.locator(".cell:has(:checked)")).to_have_count(3)
    assert chosen(lanes) == ["7/1", "9/1", "11/1"]
    expect(lanes.locator("[data-strips] select")).to_have_value("10150011")
    confirm(lanes)
    assert reverse("households:lanes") in lanes.url
    assert communities_of("7/1", "9/1", "11/1") == [office.community.pk] * 3
    with lanes.expect_navigation():
        lanes.keyboard.press("u")
    expect(lanes.locator(".notice").first).to_be_visible()
    assert communities_of("7/1", "9/1", "11/1") == [None] * 3


def test_houses_are_chosen_by_drag_along_one_side(lanes, office):
    first, last = cell(lanes, "2/1"), cell(lanes, "8/1")
    first.hover()
    lanes.mouse.down()
    last.hover()
    lanes.mouse.up()
    expect(lanes.locator(".cell:has(:checked)")).to_have_count(4)
    assert chosen(lanes) == ["2/1", "4/1", "6/1", "8/1"]
    lanes.select_option("[data-strips] select", "10150012")
    confirm(lanes)
    assert communities_of("2/1", "8/1") == [office.neighbour.pk] * 2


def test_a_drag_from_a_chosen_house_takes_the_choice_back(lanes):
    for _twice in range(2):
        cell(lanes, "2/1").hover()
        lanes.mouse.down()
        cell(lanes, "6/1").hover()
        lanes.mouse.up()
    expect(lanes.locator(".cell:has(:checked)")).to_have_count(0)


def test_the_keys_walk_choose_and_open(lanes):
    lanes.locator(".cell input").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        lanes.keyboard.press(key)
    assert chosen(lanes) == ["7/1", "9/1"]
    lanes.keyboard.press("ArrowDown")
    expect(lanes.locator(".lane").first.locator(".side").nth(1).locator("input:focus")).to_have_count(1)
    lanes.keyboard.press("Escape")
    expect(lanes.locator(".cell:has(:checked)")).to_have_count(0)
    lanes.keyboard.press("Home")
    lanes.keyboard.press("Space")
    assert chosen(lanes) == ["2/1"]
    with lanes.expect_navigation():
        lanes.keyboard.press("Enter")
    assert lanes.url.endswith(reverse("households:house", args=[house("2/1").pk]))


def test_houses_are_chosen_by_touch(browser, live_server, office):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:lanes"))
    page.locator("[data-choosing]").tap()
    for number in ("7/1", "9/1"):
        cell(page, number).tap()
    expect(page.locator(".cell:has(:checked)")).to_have_count(2)
    assert chosen(page) == ["7/1", "9/1"]
    page.locator("[data-choosing]").tap()
    with page.expect_navigation():
        cell(page, "7/1").tap()
    assert page.url.endswith(reverse("households:house", args=[house("7/1").pk]))
    context.close()


def test_without_javascript_the_cells_are_boxes_and_links(browser, live_server, office):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:lanes"))
    cell(page, "7/1").locator("input").check()
    page.select_option("[data-strips] select", "10150011")
    page.locator(".selection-bar button.first").click()
    page.locator("main form button.first").click()
    expect(page.locator(".notice.success")).to_be_visible()
    assert communities_of("7/1") == [office.community.pk]
    context.close()


def test_a_stray_is_moved_to_its_neighbours_or_found_right(lanes, live_server, office):
    lanes.goto(live_server.url + reverse("households:strays"))
    with lanes.expect_navigation():
        lanes.get_by_role("button", name=re.compile("บ้านข้าง|Move")).click()
    assert reverse("households:houses_tag") in lanes.url
    lanes.goto(live_server.url + reverse("households:strays"))
    lanes.keyboard.press("j")
    lanes.keyboard.press("r")
    expect(lanes.locator("input[name=note]")).to_be_focused()
    lanes.keyboard.type("ร้านของชุมชนข้าง ๆ")
    with lanes.expect_navigation():
        lanes.locator("main details button").click()
    expect(lanes.locator(".notice.success")).to_be_visible()
    assert DeskCheck.objects.get().note == "ร้านของชุมชนข้าง ๆ"
    with lanes.expect_navigation():
        lanes.keyboard.press("u")
    expect(lanes.locator("summary[data-key=r]")).to_be_visible()
    assert TagEvent.objects.filter(house=house("3/1")).count() == 1


def test_the_pages_are_accessible_and_fit_the_screen(lanes, live_server, office):
    assert faults_at_each_size(lanes) == []
    cell(lanes, "7/1").click(modifiers=["Shift"])
    assert faults_at_each_size(lanes) == []
    for query in ("?community=10150011", "?holding=strays", "?soi=ไม่มี"):
        lanes.goto(live_server.url + reverse("households:lanes") + query)
        assert faults_at_each_size(lanes) == []
    lanes.goto(live_server.url + reverse("households:strays"))
    lanes.locator("summary[data-key=r]").click()
    assert faults_at_each_size(lanes) == []
