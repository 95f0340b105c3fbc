"""Codes asked for and recorded in a real browser: ticking, the letter's number, a column pasted from a sheet."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from communities.models import CommunityCode
from communities.tests.factories import CommunityFactory
from thonburi_registry.tests.office import faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PASTED = """
(text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  const field = document.querySelector("[data-paste-down]");
  field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: carried }));
}
"""


def test_codes_are_asked_for_by_letter_and_pasted_from_the_answer(page: Page, live_server, tmp_path):
    office = open_office(tmp_path)
    for name in ("กุฎีขาว", "กุฎีจีน"):
        CommunityFactory.create(subdistrict=office.subdistrict, code=None, name=name)
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("codes:codes"))
    assert faults_at_each_size(page) == []
    for box in page.locator("[name=community]").all():
        box.check()
    with page.expect_navigation():
        page.click("main form button.first")
    assert faults_at_each_size(page) == []
    page.fill("[name=letter_no]", "กท ๕๕๐๒/๖๕๘๙")
    page.fill("[name=letter_date]", "19 ธ.ค. 2557")
    with page.expect_navigation():
        page.click("main form button.first")
    page.fill("[name=answer_no]", "มท ๐๓๑๐.๑/๑")
    page.fill("[name=answer_date]", "8 ม.ค. 2558")
    page.fill("[name=in_force_from]", "8 ม.ค. 2558")
    page.evaluate(PASTED, "10150001\n10150002\n")
    expect(page.locator("[data-paste-down]").last).to_have_value("10150002")
    assert faults_at_each_size(page) == []
    with page.expect_navigation():
        page.click("main form button.first")
    expect(page.locator(".chip.done").first).to_be_visible()
    assert CommunityCode.objects.filter(community__names__name_th__startswith="กุฎี").count() == 2
    assert faults_at_each_size(page) == []
