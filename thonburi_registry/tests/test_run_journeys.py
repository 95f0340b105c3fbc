"""House by house in a real browser: by keys, by touch, without JavaScript, and when things go wrong."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households import tagging
from households.models import HouseRegistration, TagEvent
from households.tests.factories import HouseFactory, tag_event
from households.tests.intake import line, received
from thonburi_registry.tests.office import (
    PHONE,
    faults_at_each_size,
    give_password,
    sign_in,
    until_reasons_are_asked,
)

pytestmark = pytest.mark.django_db(transaction=True)

SUBDISTRICT = "ตลาดพลู"
JANUARY = datetime.date(2015, 1, 20)
NONE = object()
# Sooner the same key would be a slip of the finger.
BETWEEN_KEYS = 200  # milliseconds
# Sooner a tap at the same place would be the second of a double tap.
BETWEEN_TAPS = 800


@pytest.fixture
def communities():
    subdistrict = SubdistrictFactory(code="101505", name_th=SUBDISTRICT)
    names = ("โรงเจ 1", "สวนพลู", "ตากสินสัมพันธ์", "บางไส้ไก่")
    made = [
        CommunityFactory.create(subdistrict=subdistrict, code=f"101500{place}", name=name)
        for place, name in enumerate(names, start=11)
    ]
    appoint(Role.OFFICER, made[0].district, username="officer")
    return made


@pytest.fixture
def truth(communities):
    """Sixty houses of a soi, every second one of each side tagged; for the thirty others, where they belong.

    Both sides have a border; 7 belongs to a community that has no other house here, and 24 to none. A list names 31.
    """
    first, second, third, far = communities
    where = {}
    for number in range(1, 61):
        here = (first if number < 30 else second) if number % 2 else (third if number <= 40 else first)
        house = HouseFactory(subdistrict=first.subdistrict, house_no=str(number))
        if number // 2 % 2:
            where[house.pk] = {7: far, 22: NONE}.get(number, here)
        else:
            tag_event(house, here, on=JANUARY)
    received(second, line("31", subdistrict=SUBDISTRICT))
    return where


@pytest.fixture
def run(page, live_server, truth):
    """The page of an officer who begins the lane."""
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:run"))
    with page.expect_navigation():
        page.locator("tbody a").click()
    return page


def house_shown(page):
    """The id of the house shown, None when nothing is left."""
    field = page.locator(".deed-bar input[name=house]").first
    return int(field.get_attribute("value")) if field.count() else None


def until_another_house(page, before):
    page.wait_for_function(
        "house => document.querySelector('.deed-bar input[name=house]')?.value !== String(house)", arg=before
    )


def press(page, *keys):
    for key in keys:
        page.wait_for_timeout(BETWEEN_KEYS)
        page.keyboard.press(key)


def keys_of(page):
    """The community (id) behind each key that is shown."""
    buttons = page.locator(".run-choices form").evaluate_all(
        "forms => forms.map(form => [form.elements.community.value, form.querySelector('button').dataset.key])"
    )
    return {int(community): key for community, key in buttons}


def say(page, community):
    """Says by keys alone where the house shown belongs; gives the keys that it took."""
    before = house_shown(page)
    if community is NONE:
        keys = ["n", "c"]
        press(page, "n")
        until_reasons_are_asked(page)
        press(page, "c")
    elif page.locator(f".suggested input[name=community][value='{community.pk}']").count():
        keys = ["Enter"]
        press(page, "Enter")
    elif community.pk in keys_of(page):
        keys = [keys_of(page)[community.pk]]
        press(page, *keys)
    else:
        keys = ["o", community.name_th, "Enter", "1"]
        press(page, "o")
        page.keyboard.type(community.name_th)
        page.keyboard.press("Enter")
        expect(page.locator(".run-choices .choice")).to_have_count(1)
        press(page, "1")
    until_another_house(page, before)
    return keys


def belongs(house):
    found = HouseRegistration.objects.get(pk=house)
    return NONE if found.outside else found.community


def test_thirty_houses_come_to_their_communities_by_keys_alone(run, truth, communities):
    for community in communities:
        community.name_th = community.names.get().name_th
    named = {community.pk: community for community in communities}
    pressed = []
    for _ in truth:
        where = truth[house_shown(run)]
        pressed.append(say(run, where if where is NONE else named[where.pk]))
        assert run.evaluate("document.activeElement !== document.body")

    assert len(truth) == 30
    assert {house: belongs(house) for house in truth} == truth
    assert sum(keys == ["Enter"] for keys in pressed) >= 24
    assert ["n", "c"] in pressed
    assert "o" in [keys[0] for keys in pressed]
    expect(run.locator(".empty")).to_be_visible()


def test_a_keyboard_switched_to_thai_tags_as_well(run, truth):
    house = house_shown(run)
    run.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "ๅ", code: "Digit1", bubbles: true}))"""
    )
    until_another_house(run, house)
    assert belongs(house) == truth[house]


def test_a_key_pressed_twice_tags_one_house(run):
    house = house_shown(run)
    # Both in one breath, however slow the machine: a second press that comes late is meant for the next house.
    run.evaluate(
        """for (const _press of [1, 2])
            document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "1", code: "Digit1", bubbles: true}))"""
    )
    until_another_house(run, house)
    before = TagEvent.objects.count()
    run.wait_for_timeout(400)
    assert TagEvent.objects.count() == before


def test_undo_and_later_by_keys(run, truth):
    first = house_shown(run)
    press(run, "1")
    until_another_house(run, first)
    second = house_shown(run)
    press(run, "u")
    until_another_house(run, second)
    assert house_shown(run) == first
    assert belongs(first) is None

    press(run, "s")
    until_another_house(run, first)
    expect(run.locator(".bench-count .dim").first).to_be_visible()
    assert house_shown(run) == second
    assert belongs(first) is None


def test_the_reasons_for_no_community_are_two_keys_away_and_never_one(run):
    house = house_shown(run)
    events = TagEvent.objects.count()
    press(run, "c")
    run.wait_for_timeout(300)
    assert TagEvent.objects.count() == events

    press(run, "n")
    until_reasons_are_asked(run)
    reasons = run.locator("details[open] button[name=reason]").first.bounding_box()
    assert reasons["y"] + reasons["height"] <= run.locator(".deed-bar").bounding_box()["y"]
    press(run, "p")
    until_another_house(run, house)
    assert HouseRegistration.objects.get(pk=house).outside == "private_estate"


def test_a_house_that_a_colleague_tagged_gives_way_to_the_next_and_the_run_goes_on(run, communities):
    house = house_shown(run)
    colleague = appoint(Role.OFFICER, communities[0].district)
    shown = HouseRegistration.objects.get(pk=house)
    tagging.tag_house(shown, community=communities[3], by=colleague, shown_community=None)

    press(run, "1")
    until_another_house(run, house)

    alert = run.locator("[role=alert]:visible")
    expect(alert).to_contain_text("10150014")
    expect(alert).to_contain_text(shown.house_no)
    assert belongs(house) == communities[3]
    following = house_shown(run)
    press(run, "1")
    until_another_house(run, following)
    expect(run.locator("[role=alert]:visible")).to_have_count(0)


def test_whoever_is_signed_out_comes_to_the_sign_in_page_and_back_to_the_same_lane(run):
    house = house_shown(run)
    run.context.clear_cookies()
    press(run, "1")
    run.wait_for_url(lambda url: "sign-in" in url)
    assert belongs(house) is None
    give_password(run, "officer")
    assert house_shown(run) == house


def test_without_a_connection_nothing_is_lost_and_it_is_said(run, truth):
    house = house_shown(run)
    run.context.set_offline(True)
    press(run, "1")
    run.locator("[data-bench-failed]").wait_for(state="visible")
    run.context.set_offline(False)
    assert house_shown(run) == house
    press(run, "1")
    until_another_house(run, house)
    expect(run.locator("[data-bench-failed]")).to_be_hidden()
    assert belongs(house) == truth[house]


def test_at_the_end_of_a_lane_enter_leads_into_the_next(run, communities):
    following = HouseFactory(subdistrict=communities[0].subdistrict, house_no="1", soi="เทอดไท 7")
    officer = appoint(Role.OFFICER, communities[0].district)
    last = house_shown(run)
    others = HouseRegistration.objects.filter(soi="เทอดไท 5", community=None).exclude(pk=last)
    tagging.tag(list(others.values_list("pk", flat=True)), community=communities[0], by=officer, expected=29)
    press(run, "1")
    until_another_house(run, last)
    expect(run.locator(".empty")).to_be_visible()

    run.wait_for_timeout(BETWEEN_KEYS)
    with run.expect_navigation():
        run.keyboard.press("Enter")

    assert house_shown(run) == following.pk


@pytest.fixture
def touched(new_context, live_server, truth):
    """An officer's phone."""
    page = new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:run"))
    with page.expect_navigation():
        page.locator("tbody a").tap()
    return page


def test_on_a_phone_the_thumb_tags(touched, truth):
    for _ in range(3):
        house = house_shown(touched)
        target = touched.locator(".run-numbers button").first
        box = target.bounding_box()
        assert box["height"] >= 48
        assert box["y"] + box["height"] <= PHONE["height"]
        touched.wait_for_timeout(BETWEEN_TAPS)
        target.tap()
        until_another_house(touched, house)
        assert belongs(house) == truth[house]
    last = house_shown(touched)
    assert all(button.bounding_box()["height"] >= 48 for button in touched.locator(".deed-bar .btn").all())
    touched.wait_for_timeout(BETWEEN_TAPS)
    touched.locator(".deed-bar button[form=undo]").tap()
    until_another_house(touched, last)
    assert belongs(house_shown(touched)) is None


def test_without_javascript_the_same_forms_tag(new_context, live_server, truth, communities):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:run"))
    with page.expect_navigation():
        page.click("tbody a")
    first = house_shown(page)
    with page.expect_navigation():
        page.locator(".run-choices .choice").first.click()
    assert belongs(first) == truth[first]
    with page.expect_navigation():
        page.click("#undo button")
    assert (house_shown(page), belongs(first)) == (first, None)
    with page.expect_navigation():
        page.click(".deed-bar form:has([value=later]) button")
    second = house_shown(page)
    assert second != first
    page.fill("#q", "10150014")
    with page.expect_navigation():
        page.press("#q", "Enter")
    with page.expect_navigation():
        page.click(".run-choices .choice")
    assert belongs(second) == communities[3]
    third = house_shown(page)
    page.click("summary[data-key=n]")
    with page.expect_navigation():
        page.click("button[value=not_a_dwelling]")
    assert belongs(third) is NONE


def test_the_run_stays_accessible_whatever_it_shows(run, live_server):
    house = house_shown(run)
    press(run, "1")
    until_another_house(run, house)
    assert faults_at_each_size(run) == []
    press(run, "n")
    until_reasons_are_asked(run)
    press(run, "o")
    run.keyboard.type("บาง")
    run.keyboard.press("Enter")
    expect(run.locator(".run-choices .choice")).to_have_count(1)
    assert faults_at_each_size(run) == []
    run.goto(live_server.url + reverse("households:run"))
    run.locator("tbody a").wait_for()
    assert faults_at_each_size(run) == []
