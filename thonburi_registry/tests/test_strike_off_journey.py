"""One house from the president's tap to the account of struck-off houses, by everybody whose hands it goes through."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfWriter

from communities.models import Role
from communities.tests.factories import AppointmentFactory, CommunityFactory, PersonFactory, SubdistrictFactory, appoint
from households.tests.factories import HouseFactory, tag_event
from thonburi_registry.tests.office import DESK, PHONE, faults, sign_in
from thonburi_registry.tests.test_review_journey import until
from verification.models import Case, ListedHouse, Verdict
from verification.tests.factories import pledged, review_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house():
    """A house of a community under review, with the people of its district."""
    community = CommunityFactory.create(subdistrict=SubdistrictFactory(), name="ชุมชนโรงเจ 1")
    houses = [HouseFactory(subdistrict=community.subdistrict, house_no=f"12/{nth}") for nth in (1, 3, 5)]
    for one in houses:
        tag_event(one, community, on=timezone.localdate().replace(day=1))
        one.refresh_from_db()
    review = review_of(community, houses)
    pledged(review, appoint(Role.PRESIDENT, community, username="president", full_name="นายบุญมี ตัวอย่าง"))
    appoint(Role.OFFICER, community.district, username="officer", full_name="นางสาวสมพร ตัวอย่าง")
    AppointmentFactory.create(
        person=PersonFactory.create(username="director", full_name="นายธนา ตัวอย่าง"),
        role=Role.DIRECTOR,
        district=community.district,
        is_registrar=True,
    )
    return houses[1]


def test_a_demolished_house_goes_from_the_tap_to_the_account(new_context, live_server, house):
    president, officer, director = (
        _signed_in(new_context, live_server, name, size)
        for name, size in (("president", PHONE), ("officer", DESK), ("director", DESK))
    )
    given_a_president_who_says_that_the_house_is_gone(president, live_server, house)
    case = when_the_officer_has_it_verified_on_the_spot(officer, live_server, house)
    when_the_team_goes_there(officer, live_server, case)
    when_the_papers_are_made(officer, live_server, case)
    when_the_officer_proposes_and_may_not_approve(officer, live_server, case)
    when_a_registrar_approves(director, live_server, case)
    then_the_account_shows_the_house(director, live_server, case)
    then_the_president_reads_how_it_ended(president, live_server)


def _signed_in(new_context, live_server, name: str, size) -> Page:
    page = new_context(viewport=size).new_page()
    sign_in(page, live_server.url, name)
    return page


def _case_page(page: Page, live_server, case: Case) -> None:
    page.goto(live_server.url + reverse("verification:case", args=[case.pk]))


def given_a_president_who_says_that_the_house_is_gone(page, live_server, house):
    listed = ListedHouse.objects.get(house=house)
    page.goto(live_server.url + reverse("verification:review", args=[listed.review_id]))
    card = page.locator(f"#house-{listed.pk}")
    card.locator(".kinds [value=demolished]").click()
    expect(card).to_have_attribute("data-verdict", "demolished")
    expect(card.locator("[data-save]")).to_be_visible()
    until(lambda: Verdict.objects.filter(listed=listed).exists())


def when_the_officer_has_it_verified_on_the_spot(page, live_server, house) -> Case:
    page.goto(live_server.url + reverse("verification:answers"))
    page.locator("[data-rows] button[value=case]").first.click()
    expect(page.locator("[data-rows]")).to_have_count(0)
    case = Case.objects.get()
    assert (case.house, case.kind) == (house, "demolished")
    _case_page(page, live_server, case)
    page.locator("#next button.first").click()
    expect(page.locator("#next h2")).to_contain_text("นัดตรวจในพื้นที่")
    return case


def when_the_team_goes_there(page, live_server, case):
    page.locator("#visits a.btn").click()
    page.locator("button.first").click()
    _case_page(page, live_server, case)
    page.set_viewport_size(PHONE)
    page.locator("#visits a.btn:not(.quiet)").click()
    assert faults(page) == []
    page.locator("[name=code][value=demolished]").check()
    page.locator("[name=photos]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _photo()})
    page.locator("[name=note]").fill("เหลือแต่พื้นซีเมนต์")
    page.locator("[name=present]").first.check()
    page.locator("#record button.first").click()
    expect(page.locator(".recorded, .notice.success").first).to_be_visible()
    page.set_viewport_size(DESK)
    _case_page(page, live_server, case)
    page.locator("#next button.first").click()
    expect(page.locator("#next h2")).to_contain_text("ท.ร.31")


def when_the_papers_are_made(page, live_server, case):
    page.locator("#form31 a.btn").first.click()
    assert faults(page) == []
    page.locator("[name=applicant_name]").fill("ทองใบ ตัวอย่าง")
    page.locator("[name=citizen_number]").fill("1-2345-67890-12-1")
    page.locator("form button.first").click()
    with page.expect_popup() as printed:
        page.locator("#form31 form[target=_blank] button").click()
    printed.value.close()
    page.locator("[name=signed-number]").fill("31/2569")
    page.locator("[name=signed-dated]").fill("24/11/2569")
    page.locator("[name=signed-file]").set_input_files(
        {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": _scan()}
    )
    page.locator("[name=signed-file] >> xpath=ancestor::form").locator("button").click()
    expect(page.locator("#form31")).to_contain_text("31/2569")
    page.locator("#next").get_by_role("button").first.click()
    expect(page.locator("#next h2")).to_contain_text("เสนอจำหน่าย")


def when_the_officer_proposes_and_may_not_approve(page, live_server, case):
    page.locator("#outcome").select_option("nobody")
    page.locator("#residents button").click()
    page.locator("#strike_off-day").fill("1/8/2569")
    page.locator("#proposal button.first").click()
    expect(page.locator("#proposal .proposed")).to_be_visible()
    expect(page.locator("#proposal form[action*=approve]")).to_have_count(0)


def when_a_registrar_approves(page, live_server, case):
    _case_page(page, live_server, case)
    assert faults(page) == []
    page.locator("#proposal form[action*=approve] button").click()
    expect(page.locator(".page-top .chip")).to_contain_text("จำหน่ายแล้ว")


def then_the_account_shows_the_house(page, live_server, case):
    page.goto(live_server.url + reverse("verification:struck_houses", query={"month": "2569-08"}))
    assert faults(page) == []
    line = page.locator("tbody tr", has_text="12/3")
    expect(line).to_contain_text("1 ส.ค. 2569")
    line.locator("a[href*='/cases/']").first.click()
    expect(page).to_have_url(live_server.url + reverse("verification:case", args=[case.pk]))
    case.refresh_from_db()
    event = case.life_event
    assert (event.reference, event.house.state) == (str(case), "struck")
    assert (event.proposed_by.username, event.recorded_by.username) == ("officer", "director")


def then_the_president_reads_how_it_ended(page, live_server):
    page.goto(live_server.url + reverse("verification:my_cases"))
    assert faults(page) == []
    expect(page.locator(".house-card")).to_contain_text("จำหน่ายทะเบียนบ้านแล้ว")


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "brown").save(out, "JPEG")
    return out.getvalue()


def _scan() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
