"""An electoral roll issued in a real browser, and a later change seen beside it."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from households.models import HouseRegistration
from households.tagging import untag
from reports.models import ElectoralRoll
from thonburi_registry.tests.office import faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_roll_is_issued_after_a_last_look_and_tells_what_changed_since(page: Page, live_server, tmp_path):
    office = open_office(tmp_path)
    sign_in(page, live_server.url, "head")
    page.goto(live_server.url + reverse("rolls:rolls"))
    assert faults_at_each_size(page) == []
    page.keyboard.press("i")
    page.wait_for_url("**/issue/**")
    page.select_option("[name=community]", str(office.neighbour.pk))
    page.fill("[name=election_day]", "15 ก.พ. 2558")
    page.fill("[name=letter_no]", "กท ๕๕๐๒/๓๐๐")
    page.fill("[name=letter_date]", "20 ก.พ. 2558")
    assert faults_at_each_size(page) == []
    with page.expect_navigation():
        page.click("main form button.first")
    assert faults_at_each_size(page) == []
    with page.expect_navigation():
        page.click("main form button.first")
    roll = ElectoralRoll.objects.get()
    assert roll.house_count == 1
    assert faults_at_each_size(page) == []
    house = HouseRegistration.objects.get(community=office.neighbour)
    untag([house.pk], by=roll.issued_by, expected=1, reason="อยู่นอกชุมชน")
    page.reload()
    expect(page.locator(".chip.no")).to_have_count(1)
    page.fill("[name=purpose]", "ส่งชุมชน")
    with page.expect_download() as taken:
        page.click("button[value=xlsx]")
    assert taken.value.suggested_filename.endswith(".xlsx")
