"""The register's changes in a real browser: settled by keys, undone, without JavaScript; the queue and a house's page
read by everybody."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.models import Community
from households.models import HouseRegistration
from households.register_changes import waiting
from households.tests.test_register_changes import Register, tag
from thonburi_registry.tests.office import DESK, LONG_NAME, PHONE, faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register(tmp_path):
    """Houses 101 to 111 of soi ตากสิน 9, tagged; then a new one, a divided one, one struck off and one renumbered."""
    office = open_office(tmp_path)
    HouseRegistration.objects.update(state="vanished")  # the office's own houses are in no extract
    place = {"soi": "ตากสิน 9", "road": "ตากสิน"}
    register = Register(office.district).has(*(str(number) for number in range(101, 112)), **place)
    register.extract()
    tag(register, office.community, *(str(number) for number in range(101, 112)))
    register.has("105", status="จำหน่าย", **place).extract()
    register.has("107", now="107/2", **place).extract()
    for number in ("103/1", "103/2", "106/4"):
        register.has(number, **place).extract()
    return register


@pytest.fixture
def queue(page, live_server, register):
    """The officer's browser on the queue."""
    page.set_viewport_size(DESK)
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:register_changes"))
    return page


def numbers(page):
    return page.locator("a[data-open]")


def community_of(register, number):
    return register[number].community


def test_changes_are_settled_by_keys_and_undone(queue, register):
    # Given what the newest extract brought first, divided houses together
    expect(numbers(queue)).to_have_text(["106/4", "103/2", "103/1", "107/2", "105"])

    # When it is tagged with the suggested community after a look
    queue.keyboard.press("j")
    with queue.expect_navigation():
        queue.keyboard.press("t")
    expect(queue.locator("main h2").first).to_contain_text(LONG_NAME)
    with queue.expect_navigation():
        queue.keyboard.press("Enter")
    expect(queue.locator(".notice.success")).to_be_visible()
    assert community_of(register, "106/4") == Community.objects.get(names__name_th=LONG_NAME)

    # And the undo key takes it back
    with queue.expect_navigation():
        queue.keyboard.press("u")
    expect(numbers(queue).first).to_have_text("106/4")
    assert community_of(register, "106/4") is None

    # And the house struck off is right as it is
    for _step in range(5):
        queue.keyboard.press("j")
    with queue.expect_navigation():
        queue.keyboard.press("r")
    expect(numbers(queue)).to_have_text(["106/4", "103/2", "103/1", "107/2"])
    with queue.expect_navigation():
        queue.keyboard.press("u")
    expect(numbers(queue)).to_have_count(5)


def test_many_are_tagged_as_suggested_after_one_look(queue, register):
    for nth in range(3):
        queue.check(f"input[name=change] >> nth={nth}")
    with queue.expect_navigation():
        queue.click(".selection-bar button.first")
    expect(queue.locator("main tbody tr")).to_have_count(3)
    with queue.expect_navigation():
        queue.keyboard.press("t")
    expect(queue.locator(".notice.success")).to_be_visible()
    assert {community_of(register, number) for number in ("103/1", "103/2", "106/4")} == {community_of(register, "101")}
    expect(numbers(queue)).to_have_text(["107/2", "105"])


def test_enter_opens_the_house_and_its_page_settles_the_change(queue, register):
    for _step in range(4):
        queue.keyboard.press("j")
    with queue.expect_navigation():
        queue.keyboard.press("Enter")
    queue.wait_for_url(re.compile(r"/houses/\d+/$"))
    expect(queue.locator(".notice.change")).to_contain_text("107/2")
    with queue.expect_navigation():
        queue.keyboard.press("r")
    expect(queue.locator(".notice.success")).to_be_visible()
    expect(queue.locator(".notice.change")).to_have_count(0)


def test_it_works_without_javascript(browser, live_server, register):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:register_changes"))
    page.check("input[name=change] >> nth=0")
    with page.expect_navigation():
        page.click(".selection-bar button.first")
    with page.expect_navigation():
        page.click("main form button.first")
    expect(page.locator(".notice.success")).to_be_visible()
    with page.expect_navigation():
        page.locator("button[data-key=r]").first.click()
    assert [register.number_of(change.house) for change in waiting(register.district)] == ["103/1", "107", "105"]
    context.close()


def test_the_queue_and_the_houses_are_accessible_and_fit_the_screen(queue, register, live_server):
    assert faults_at_each_size(queue) == []
    for number in ("106/4", "103", "105", "107"):
        queue.goto(live_server.url + reverse("households:house", args=[register[number].pk]))
        assert faults_at_each_size(queue) == [], number
    queue.goto(live_server.url + reverse("households:register_changes"))
    queue.check("input[name=change] >> nth=0")
    with queue.expect_navigation():
        queue.click(".selection-bar button.first")
    assert faults_at_each_size(queue) == []
