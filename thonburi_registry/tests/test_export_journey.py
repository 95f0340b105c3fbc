"""What was searched for, taken out as a file in a real browser."""

import csv
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from communities.models import ListAccess, Role
from communities.tests.factories import SubdistrictFactory, appoint
from households.tests.factories import HouseFactory
from thonburi_registry.tests.office import faults_at_each_size, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("form", ["CSV", "XLSX"])
def test_houses_found_while_typing_are_taken_out_and_the_page_stays(page: Page, live_server, form):
    subdistrict = SubdistrictFactory(code="101505", name_th="ตลาดพลู")
    appoint(Role.OFFICER, subdistrict.district, username="officer")
    for number in range(1, 11):
        HouseFactory(subdistrict=subdistrict, house_no=str(number), soi="เทอดไท 5")
    sign_in(page, live_server.url, "officer")
    page.goto(live_server.url + reverse("households:houses"))
    page.fill("[data-search]", "3")
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(1)
    page.locator(".export summary").click()
    assert faults_at_each_size(page) == []
    page.fill(".export [name=purpose]", "ส่งผู้อำนวยการเขต")
    with page.expect_download() as download:
        page.get_by_role("button", name=form, exact=True).click()
    file = Path(download.value.path())
    assert download.value.suggested_filename.endswith(f".{form.lower()}")
    if form == "CSV":
        _headings, row, last = csv.reader(file.read_text("utf-8-sig").splitlines())
        assert row[0] == "3"
        assert "ส่งผู้อำนวยการเขต" in last[2]
    else:
        assert file.read_bytes()[:2] == b"PK"
    expect(page.locator("table[data-rows] tbody tr")).to_have_count(1)
    assert ListAccess.objects.get().houses == 1
