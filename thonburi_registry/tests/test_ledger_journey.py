"""A scan dragged into the ledger in a real browser, and the paper found by its number in two writings."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from communities.models import DocumentFile
from thonburi_registry.tests.office import faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
DRAGGED = """
() => {
  const carried = new DataTransfer();
  carried.items.add(new File(["%PDF-1.7\\n%%EOF"], "scan.pdf", { type: "application/pdf" }));
  document.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried }));
}
"""


def test_a_scan_is_dragged_in_and_its_paper_found_in_thai_and_arabic_digits(page: Page, live_server, tmp_path):
    open_office(tmp_path)
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("ledger:paper_add"))
    assert faults_at_each_size(page) == []
    page.evaluate(DRAGGED)
    expect(page.locator("[data-chosen]")).to_contain_text("scan.pdf")
    page.fill("[name=number]", "กท ๕๕๐๒/๔๗๓")
    page.fill("[name=dated]", "3 ธ.ค. 2557")
    page.fill("[name=subject]", "รายงานผลตามตัวชี้วัด ครั้งที่ ๑")
    with page.expect_navigation():
        page.click("main form button.first")
    assert DocumentFile.objects.get().content_type == "application/pdf"
    assert faults_at_each_size(page) == []
    for sought in ("๔๗๓", "473"):
        page.goto(live_server.url + reverse("ledger:ledger"))
        page.fill("[name=q]", sought)
        with page.expect_navigation():
            page.press("[name=q]", "Enter")
        expect(page.locator(".papers > li")).to_have_count(1)
        expect(page.get_by_role("link", name="scan.pdf")).to_be_visible()
    assert faults_at_each_size(page) == []
