"""Tagging many houses in a real browser: look, confirm, undo, a page gone stale, a walk undone, a screen reader."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households.models import HouseRegistration
from households.tagging import say_in_no_community, tag, tag_house
from households.tests.factories import HouseFactory, tag_event
from thonburi_registry.tests.office import faults_at_each_size, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY = datetime.date(2015, 1, 20)
CODE = "10150011"


@pytest.fixture
def subdistrict():
    return SubdistrictFactory(code="101505", name_th="ตลาดพลู")


@pytest.fixture
def community(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code=CODE, name="ชุมชนโรงเจ 1")


@pytest.fixture
def other(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150012", name="ชุมชนโรงเจ 2")


@pytest.fixture
def officer(community):
    return appoint(Role.OFFICER, community.district, username="officer")


@pytest.fixture
def colleague(community):
    return appoint(Role.OFFICER, community.district, full_name="นางสาวเพื่อน ร่วมงาน")


@pytest.fixture
def built(subdistrict, community, other, officer):
    """Eight houses: the first five untagged, then one that has the code, one of another community, one in none."""
    made = [HouseFactory(subdistrict=subdistrict, house_no=str(number)) for number in range(1, 9)]
    tag_event(made[5], community, on=JANUARY)
    tag_event(made[6], other, on=JANUARY)
    reason = HouseRegistration.Outside.PRIVATE_ESTATE
    say_in_no_community([made[7].pk], by=officer, expected=1, reason=reason)
    return made


@pytest.fixture
def desk(page, live_server, built):
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:houses"))
    return page


def look_at_all(desk):
    """From the list to what tagging all that match would do."""
    desk.locator("[data-tick-matching]").check()
    desk.locator("main form[data-select] select[name=community]").select_option(CODE)
    with desk.expect_navigation(url=lambda url: "/houses/tag/" in url):
        desk.locator("main form[data-select] button.first").click()


def leave(desk, selector):
    """Presses what leads away from the check."""
    with desk.expect_navigation(url=lambda url: "/houses/?" in url):
        desk.locator(selector).click()


def with_the_code():
    return HouseRegistration.objects.filter(community__codes__code=CODE).count()


def test_all_that_match_are_looked_at_tagged_and_undone_with_the_notice(desk):
    look_at_all(desk)
    expect(desk.locator("h1")).to_contain_text("ลงรหัส 10150011 ชุมชนโรงเจ 1 ให้บ้าน 6 หลัง")
    leave(desk, "main form button.first")
    assert with_the_code() == 7
    undo = desk.locator(".notices form button")
    with desk.expect_navigation():
        undo.click()
    expect(desk.locator(".notice").first).to_be_visible()
    assert with_the_code() == 1


def test_houses_of_other_communities_move_only_with_a_reason(desk):
    look_at_all(desk)
    desk.locator("button[name=move]").click()
    expect(desk.locator("[name=move_reason]:invalid")).to_have_count(1)
    desk.locator("[name=move_reason]").fill("ประธานสองชุมชนตกลงกัน")
    leave(desk, "button[name=move]")
    assert with_the_code() == 8


def test_a_check_gone_stale_is_refused_with_both_values(desk, built, other, colleague):
    look_at_all(desk)
    tag([built[0].pk], community=other, by=colleague, expected=1)
    with desk.expect_navigation(url=lambda url: "/houses/tag/" in url):
        desk.locator("main form button.first").click()
    refusal = desk.locator(".form-errors")
    expect(refusal).to_contain_text(str(built[0]))
    expect(refusal).to_contain_text("ชุมชนโรงเจ 2")
    assert with_the_code() == 1
    leave(desk, "main form button.first")
    assert with_the_code() == 6


def test_houses_are_said_to_be_in_no_community_without_javascript(desk, browser, live_server, built):
    cookies = desk.context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    plain = context.new_page()
    plain.goto(live_server.url + reverse("households:houses"))
    plain.locator(f"input[value^='{built[0].pk}:']").check()
    with plain.expect_navigation(url=lambda url: "in-no-community" in url):
        plain.locator("button[formaction*='in-no-community']").click()
    plain.locator("input[name=reason][value=not_a_dwelling]").check()
    leave(plain, "main form button.first")
    built[0].refresh_from_db()
    assert built[0].outside == "not_a_dwelling"
    context.close()


def test_a_walk_is_one_line_of_the_batches_and_undone_as_one(desk, live_server, built, community, officer):
    for house in built[:3]:
        tag_house(house, community=community, by=officer, shown_community=None)
    desk.goto(live_server.url + reverse("households:batches"))
    with desk.expect_navigation(url=lambda url: url.endswith("/run/")):
        desk.locator("main a[href$='/run/']").click()
    expect(desk.locator("form[action$='/undo/'] button.small")).to_have_count(3)
    with desk.expect_navigation(url=lambda url: url.endswith("/run/")):
        desk.locator("button.refuse").click()
    expect(desk.locator("form[action$='/undo/'] button.small")).to_have_count(0)
    assert with_the_code() == 1


def look_outside(desk):
    desk.locator("[data-tick-matching]").check()
    with desk.expect_navigation(url=lambda url: "in-no-community" in url):
        desk.locator("button[formaction*='in-no-community']").click()


def look_at_taking_off(desk):
    desk.locator("[data-tick-matching]").check()
    with desk.expect_navigation(url=lambda url: "untag" in url):
        desk.locator("button[formaction*='untag']").click()


@pytest.mark.parametrize("look", [look_at_all, look_outside, look_at_taking_off])
def test_a_screen_reader_finds_nothing_amiss_on_the_checks(desk, look):
    look(desk)
    assert faults_at_each_size(desk) == []


def test_a_screen_reader_finds_nothing_amiss_on_the_batches(desk, live_server, built, community, officer):
    done = tag_house(built[0], community=community, by=officer, shown_community=None)
    by_hand = tag([built[1].pk], community=community, by=officer, expected=1)
    for address in (
        reverse("households:batches"),
        reverse("households:batch_run", args=[done.batch.pk]),
        reverse("households:batch", args=[by_hand.batch.pk]),
    ):
        desk.goto(live_server.url + address)
        assert faults_at_each_size(desk) == []
