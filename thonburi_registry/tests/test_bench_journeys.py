"""The bench and the likely rows in a real browser: by keys, by touch, without JavaScript, and when things go wrong."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.models import Role
from communities.tests.factories import CommunityFactory, SubdistrictFactory, appoint
from households.models import HouseNumberRecord, HouseRegistration, RowDecision
from households.row_decisions import close_row
from households.row_reasons import Outcome, Reason
from households.tests.factories import HouseFactory
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
NONE = object()


@pytest.fixture
def community():
    subdistrict = SubdistrictFactory(code="101505", name_th=SUBDISTRICT)
    made = CommunityFactory.create(subdistrict=subdistrict, code="10150011", name="โรงเจ 1")
    appoint(Role.OFFICER, made.district, username="officer")
    return made


def typed(number, soi=None, subdistrict=SUBDISTRICT):
    return line(number, soi=soi, subdistrict=subdistrict)


@pytest.fixture
def truth(community):
    """Twenty open rows, each with the house meant or NONE: the numbers stand in three sois, every fourth in none."""
    houses = {
        (number, soi): HouseFactory(subdistrict=community.subdistrict, house_no=f"{number}/9", soi=f"เทอดไท {soi}")
        for number in range(1, 21)
        if number % 4
        for soi in (5, 6, 7)
    }
    house_list = received(community, *[typed(f"{number}/9") for number in range(1, 21)])
    rows = house_list.records.order_by("row")
    return {row.pk: houses.get((place, 5 + place % 3), NONE) for place, row in enumerate(rows, start=1)}


@pytest.fixture
def house_list(truth):
    return HouseNumberRecord.objects.first().house_list


@pytest.fixture
def bench(page, live_server, house_list):
    """The page of an officer who sits down at the bench."""
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:list_bench", args=[house_list.pk]))
    return page


def row_shown(page):
    """The id of the row on the bench, None when nothing is left."""
    field = page.locator(".deed-bar input[name=row]").first
    return int(field.get_attribute("value")) if field.count() else None


def until_another_row(page, before):
    page.wait_for_function(
        "row => document.querySelector('.deed-bar input[name=row]')?.value !== String(row)", arg=before
    )


def key_for(page, house):
    """The key that leads to the house among those shown."""
    return "n" if house is NONE else page.locator(f"li:has(input[name=house][value='{house.pk}']) kbd").inner_text()


def is_settled(row, house):
    decision = RowDecision.objects.filter(record=row).latest("id")
    if house is NONE:
        return (decision.outcome, decision.reason) == (Outcome.CLOSED, Reason.NO_SUCH_HOUSE)
    return (decision.outcome, decision.house) == (Outcome.TAGGED, house)


def test_twenty_open_rows_are_settled_with_twenty_key_presses(bench, truth):
    keys = []
    for _ in truth:
        row = row_shown(bench)
        keys.append(key_for(bench, truth[row]))
        bench.keyboard.press(keys[-1])
        until_another_row(bench, row)
        assert bench.evaluate("document.activeElement !== document.body")
    assert len(keys) == 20
    assert set(keys) == {"1", "2", "3", "n"}
    assert all(is_settled(row, house) for row, house in truth.items())
    bench.get_by_text("ไม่มีแถวค้าง").wait_for()


def test_a_keyboard_switched_to_thai_settles_them_as_well(bench, truth):
    row = row_shown(bench)
    bench.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "ๅ", code: "Digit1", bubbles: true}))"""
    )
    until_another_row(bench, row)
    assert RowDecision.objects.get().outcome == Outcome.TAGGED
    row = row_shown(bench)
    bench.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "ื", code: "KeyN", bubbles: true}))"""
    )
    until_another_row(bench, row)
    assert RowDecision.objects.latest("id").outcome == Outcome.CLOSED


def test_a_key_pressed_twice_decides_one_row(bench):
    row = row_shown(bench)
    # Both in one breath, however slow the machine: a second press that comes late is meant for the next row.
    bench.evaluate(
        """for (const _press of [1, 2])
            document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "1", code: "Digit1", bubbles: true}))"""
    )
    until_another_row(bench, row)
    bench.wait_for_timeout(400)
    assert RowDecision.objects.count() == 1


def test_undo_later_and_search_by_keys(bench, truth):
    first = row_shown(bench)
    bench.keyboard.press("1")
    until_another_row(bench, first)
    second = row_shown(bench)
    bench.keyboard.press("u")
    until_another_row(bench, second)
    assert row_shown(bench) == first
    assert not HouseRegistration.objects.exclude(community=None).exists()

    bench.keyboard.press("s")
    until_another_row(bench, first)
    expect(bench.locator(".bench-count")).to_contain_text("ไว้ทีหลัง")

    bench.keyboard.press("o")
    bench.keyboard.type("1/9")
    bench.keyboard.press("Tab")
    bench.keyboard.type("เทอดไท 7")
    bench.keyboard.press("Enter")
    bench.get_by_text("บ้านที่ค้นพบ").wait_for()
    row = row_shown(bench)
    bench.keyboard.press("1")
    until_another_row(bench, row)
    decided = RowDecision.objects.latest("id")
    assert (decided.record_id, decided.house.house_no, decided.house.soi) == (row, "1/9", "เทอดไท 7")


def unfold_the_other_reasons(page):
    page.keyboard.press("x")
    until_reasons_are_asked(page)


def test_other_reasons_for_closing_are_two_keys_away_and_never_one(bench):
    row = row_shown(bench)
    bench.keyboard.press("m")
    bench.wait_for_timeout(200)
    assert not RowDecision.objects.exists()
    unfold_the_other_reasons(bench)
    reasons = bench.locator("details[open] button[name=reason]").last.bounding_box()
    assert reasons["y"] + reasons["height"] <= bench.locator(".deed-bar").bounding_box()["y"]
    bench.keyboard.press("m")
    until_another_row(bench, row)
    assert RowDecision.objects.get().reason == Reason.MISTYPED


def test_a_row_that_a_colleague_decided_gives_way_to_the_next(bench, community, truth):
    row = row_shown(bench)
    colleague = appoint(Role.OFFICER, community.district)
    close_row(HouseNumberRecord.objects.get(pk=row), reason=Reason.MISTYPED, by=colleague)
    bench.keyboard.press("1")
    until_another_row(bench, row)
    expect(bench.locator("[role=alert]:visible")).to_contain_text("มีผู้ตัดสินไปก่อนแล้ว")
    assert RowDecision.objects.count() == 1


def test_whoever_is_signed_out_comes_to_the_sign_in_page_and_back_to_the_same_row(bench, live_server):
    row = row_shown(bench)
    bench.context.clear_cookies()
    bench.keyboard.press("1")
    bench.wait_for_url(lambda url: "sign-in" in url)
    assert not RowDecision.objects.exists()
    give_password(bench, "officer")
    assert row_shown(bench) == row


def test_without_a_connection_nothing_is_lost_and_it_is_said(bench):
    row = row_shown(bench)
    bench.context.set_offline(True)
    bench.keyboard.press("1")
    bench.locator("[data-bench-failed]").wait_for(state="visible")
    bench.context.set_offline(False)
    assert row_shown(bench) == row
    bench.wait_for_timeout(200)  # sooner the same key would be a slip of the finger
    bench.keyboard.press("1")
    until_another_row(bench, row)
    expect(bench.locator("[data-bench-failed]")).to_be_hidden()


def test_the_back_button_leads_out_and_forward_shows_what_is_open_now(bench, live_server, house_list):
    row = row_shown(bench)
    bench.keyboard.press("1")
    until_another_row(bench, row)
    now = row_shown(bench)
    bench.go_back()
    expect(bench).not_to_have_url(re.compile("/bench/"))
    bench.go_forward()
    expect(bench).to_have_url(re.compile("/bench/"))
    assert row_shown(bench) == now


@pytest.fixture
def touched(new_context, live_server, house_list):
    """An officer's phone."""
    page = new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:list_bench", args=[house_list.pk]))
    return page


def test_on_a_phone_the_thumb_decides(touched, truth):
    for _ in range(6):
        row = row_shown(touched)
        key = key_for(touched, truth[row]) if truth[row] is not NONE else ""
        named = (
            f".deed-numbers button[form='choose-{key}']" if key else ".deed-bar form:has([value=no_such_house]) button"
        )
        target = touched.locator(named)
        box = target.bounding_box()
        assert box["height"] >= 48
        assert box["y"] + box["height"] <= PHONE["height"]
        target.tap()
        until_another_row(touched, row)
        assert is_settled(row, truth[row])
    last = row_shown(touched)
    touched.locator(".deed-bar button[form=undo]").tap()
    until_another_row(touched, last)
    assert RowDecision.objects.latest("id").outcome == Outcome.OPEN


def test_without_javascript_the_same_forms_decide(new_context, live_server, truth, house_list):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:list_bench", args=[house_list.pk]))
    for _ in range(5):
        row = row_shown(page)
        house = truth[row]
        with page.expect_navigation():
            page.click(
                ".deed-bar form:has([value=no_such_house]) button"
                if house is NONE
                else f"form:has(input[name=house][value='{house.pk}']) button"
            )
        assert is_settled(row, house)
    with page.expect_navigation():
        page.click("#undo button")
    assert row_shown(page) == row
    with page.expect_navigation():
        page.click(".deed-bar form:has([value=later]) button")
    assert row_shown(page) != row
    page.fill("#q", "1/9")
    with page.expect_navigation():
        page.press("#q", "Enter")
    expect(page.get_by_text("บ้านที่ค้นพบ")).to_be_visible()


# --- the likely rows ---


@pytest.fixture
def likely_list(community):
    """Two rows of soi 5 and two of soi 6, all without a sub-district."""
    for number, soi in ((1, 5), (2, 5), (3, 6), (4, 6)):
        HouseFactory(subdistrict=community.subdistrict, house_no=f"{number}/9", soi=f"เทอดไท {soi}")
    rows = [typed(f"{number}/9", f"เทอดไท {soi}", None) for number, soi in ((1, 5), (2, 5), (3, 6), (4, 6))]
    return received(community, *rows)


def tagged(house_list):
    settled = HouseNumberRecord.objects.filter(house_list=house_list, outcome=Outcome.TAGGED)
    return list(settled.order_by("row").values_list("house_no", flat=True))


def test_one_key_confirms_the_rows_of_a_soi_that_stand(page, live_server, likely_list):
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:list_likely", args=[likely_list.pk]))
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    page.locator("h2", has_text="เทอดไท 6").wait_for()
    assert tagged(likely_list) == ["2/9"]

    page.keyboard.press("u")
    page.locator("h2", has_text="เทอดไท 5").wait_for()
    assert tagged(likely_list) == []
    expect(page.locator("input[data-tick]:checked")).to_have_count(1)

    page.keyboard.press("Enter")
    page.locator("h2", has_text="เทอดไท 6").wait_for()
    with page.expect_navigation():
        page.keyboard.press("s")
    page.locator("h2", has_text="เทอดไท 5").wait_for()
    expect(page.locator("input[data-tick]:checked")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert tagged(likely_list) == ["2/9"]


def test_likely_rows_are_confirmed_without_javascript(new_context, live_server, likely_list):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:list_likely", args=[likely_list.pk]))
    page.uncheck("input[data-tick] >> nth=0")
    for confirmed in (["2/9"], ["2/9", "3/9", "4/9"]):
        with page.expect_navigation():
            page.click(".selection-bar button.first")
        assert tagged(likely_list) == confirmed


def test_the_bench_stays_accessible_whatever_it_shows(bench):
    row = row_shown(bench)
    bench.keyboard.press("1")
    until_another_row(bench, row)
    assert faults_at_each_size(bench) == []
    unfold_the_other_reasons(bench)
    bench.keyboard.press("o")
    bench.keyboard.type("1/9")
    bench.keyboard.press("Enter")
    bench.get_by_text("บ้านที่ค้นพบ").wait_for()
    assert faults_at_each_size(bench) == []
