"""The head's desk in a real browser: whole on the phone and at the desk, and on one sheet of paper."""

import io

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from communities.tests.factories import CommunityFactory
from households.tests.factories import HouseFactory, tag_event
from thonburi_registry.tests.office import JANUARY, faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_desk_of_44_communities_is_whole_at_each_size_and_prints_on_one_sheet(page: Page, live_server, tmp_path):
    office = open_office(tmp_path)
    for number in range(13, 55):
        more = CommunityFactory.create(
            subdistrict=office.subdistrict, code=f"101500{number}", name=f"ชุมชนตัวอย่าง {number}", expected=9
        )
        if number % 7 == 0:
            tag_event(HouseFactory(subdistrict=office.subdistrict), more, on=JANUARY)
    sign_in(page, live_server.url, "head")
    page.goto(live_server.url)
    assert page.locator("tbody tr").count() == 44
    assert faults_at_each_size(page) == []
    paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(paper.pages) == 1
