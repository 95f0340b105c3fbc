"""The keying list in a real browser: by keys alone, by touch, without JavaScript, and as seen by a screen reader."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint, command_line
from households.keying import key
from households.models import HouseRegistration, KeyingEvent
from households.tests.factories import HouseFactory, seen_code, tag_event
from thonburi_registry.tests.office import PHONE, faults_at_each_size, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY = datetime.date(2015, 1, 20)
HOUSES = 14


@pytest.fixture
def community():
    """Fourteen houses to key, in two communities, and an officer."""
    subdistrict = SubdistrictFactory(code="101505", name_th="ตลาดพลู")
    made, other = (
        CommunityFactory.create(subdistrict=subdistrict, code=f"1015001{n}", name=f"โรงเจ {n}") for n in (1, 2)
    )
    for number in range(1, HOUSES + 1):
        tag_event(
            HouseFactory(subdistrict=subdistrict, house_no=f"{number}/1"), other if number > 9 else made, on=JANUARY
        )
    appoint(Role.OFFICER, made.district, username="officer")
    return made


@pytest.fixture
def signed_in(page, live_server, community):
    sign_in(page, live_server.url, "officer")
    return page


def open_page(page, live_server, name, *arguments, query=""):
    page.goto(live_server.url + reverse(f"households:{name}", args=arguments) + query)
    return page


@pytest.fixture
def run(signed_in, live_server):
    return open_page(signed_in, live_server, "keying")


def shown(page):
    return page.locator("[data-house-code]").get_attribute("data-house-code")


def press(page, pressed):
    """Presses the key and waits until another house, or none, is there."""
    before = shown(page)
    page.keyboard.press(pressed)
    expect(page.locator(f"[data-house-code='{before}']")).to_have_count(0)


def codes_in_order():
    houses = HouseRegistration.objects.order_by("community", "lane_order", "number_order")
    return list(houses.values_list("house_code", flat=True))


def test_all_houses_are_keyed_by_keys_alone_in_the_order_of_the_list(run):
    met = []
    for turn in range(HOUSES):
        met.append(shown(run))
        press(run, "Enter" if turn % 2 else "1")
    assert met == codes_in_order()
    expect(run.get_by_text("Nothing to key").or_(run.get_by_text("ไม่มีบ้านที่ต้องคีย์"))).to_be_visible()
    assert KeyingEvent.objects.count() == HOUSES


def test_undo_and_later_by_keys(run):
    first = shown(run)
    press(run, "Enter")
    second = shown(run)
    press(run, "u")
    assert shown(run) == first
    assert [event.kind for event in KeyingEvent.objects.order_by("id")] == ["keyed", "taken_back"]
    press(run, "s")
    assert shown(run) == second


def test_the_codes_are_copied_by_a_key_each_and_enter_still_means_keyed(run, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    run.reload()
    code = shown(run)
    run.keyboard.press("c")
    expect(run.locator("[data-copied]")).not_to_be_empty()
    assert run.evaluate("navigator.clipboard.readText()") == code
    run.keyboard.press("v")
    run.wait_for_function("async () => await navigator.clipboard.readText() === '10150011'")
    press(run, "Enter")
    assert KeyingEvent.objects.get().house.house_code == code


def test_a_key_pressed_twice_keys_one_house(run):
    before = shown(run)
    run.keyboard.press("1")
    run.keyboard.press("1")
    expect(run.locator(f"[data-house-code='{before}']")).to_have_count(0)
    run.wait_for_load_state("networkidle")
    assert KeyingEvent.objects.count() == 1


def test_a_house_that_a_colleague_keyed_meanwhile_is_said_and_the_next_one_stands_there(run, community):
    house = HouseRegistration.objects.get(house_code=shown(run))
    key({house.pk: community.pk}, by=command_line())
    press(run, "Enter")
    expect(run.locator(".form-errors")).to_be_visible()
    assert KeyingEvent.objects.count() == 1


def test_without_javascript_each_deed_is_a_page(browser, live_server, signed_in):
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in.context.storage_state())
    page = open_page(context.new_page(), live_server, "keying")
    first = shown(page)
    expect(page.locator("[data-copy]").first).to_be_hidden()
    with page.expect_navigation():
        page.click("button[data-key='1']")
    assert shown(page) != first
    with page.expect_navigation():
        page.click("#undo button")
    assert shown(page) == first
    context.close()


def test_a_list_is_ticked_by_touch_and_recorded_after_a_check(browser, live_server, signed_in):
    context = browser.new_context(has_touch=True, viewport=PHONE, storage_state=signed_in.context.storage_state())
    page = open_page(context.new_page(), live_server, "keying_list")
    for box in page.locator("[data-tick]").all()[:3]:
        box.tap()
    with page.expect_navigation():
        page.locator(".selection-bar button").tap()
    with page.expect_navigation():
        page.locator("main form button.first").tap()
    expect(page.locator(".notice.success")).to_be_visible()
    assert KeyingEvent.objects.count() == 3
    context.close()


def test_axe_finds_nothing(signed_in, live_server, community):
    key({HouseRegistration.objects.first().pk: community.pk}, by=command_line())
    seen_code(HouseRegistration.objects.first(), "10150012", on=JANUARY)
    seen_code(HouseFactory(subdistrict=community.subdistrict), "10150011", on=JANUARY)
    pages = [
        ("keying", ()),
        ("keying_list", ()),
        ("reconciliation", ()),
        *(("reconciled_houses", (finding,)) for finding in ("agree", "differ", "missing", "untagged")),
    ]
    for name, arguments in pages:
        open_page(signed_in, live_server, name, *arguments)
        assert faults_at_each_size(signed_in) == [], (name, arguments)
