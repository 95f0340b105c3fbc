"""The office's days in a real browser: officer, head, president and administrator, by mouse, keyboard and phone."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from communities.models import ClosedMonth, Person
from communities.thai_calendar import add_months, month_start
from households.models import HouseNumberRecord, HouseRegistration, RowDecision
from households.row_reasons import Grade, Outcome
from reports.models import KpiReport
from thonburi_registry.tests.office import (
    DESK,
    faults_at_each_size,
    give_password,
    open_office,
    sign_in,
    teach_a_name,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path)


@pytest.fixture
def visit(page, live_server):
    """Signs a person in and returns how to go to a page by its name."""

    def visit_as(username):
        sign_in(page, live_server.url, username)
        return lambda name, *arguments, query="": page.goto(live_server.url + reverse(name, args=arguments) + query)

    return visit_as


def _receive(page, visit_page, office):
    visit_page("households:list_receive", query=f"?community={office.community.codes.get().code}")
    page.set_input_files("input[type=file]", str(office.list_file))
    with page.expect_navigation():
        page.click("main form button.first")
    expect(page).to_have_url(re.compile(r"/lists/\d+/$"))


def _tag_what_is_certain(page):
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".notice.success")).to_be_visible()


def test_an_officer_takes_a_list_from_file_to_complete_and_back(page, visit, office):
    # Given the clerk's file
    go = visit("officer")
    _receive(page, go, office)
    assert "บัญชีบ้าน.xlsx" in page.content()
    assert HouseRegistration.objects.filter(community=office.community).count() == 0

    # When the officer tags what is certain, with one key
    _tag_what_is_certain(page)
    assert HouseRegistration.objects.filter(community=office.community).count() == 8

    # And takes it back, and does it again
    with page.expect_navigation():
        page.click(".notice.success button")
    assert HouseRegistration.objects.filter(community=office.community).count() == 0
    house_list = HouseNumberRecord.objects.first().house_list
    go("households:list", house_list.pk)
    _tag_what_is_certain(page)

    # And confirms the likely row after looking at both addresses
    go("households:list_likely", house_list.pk)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert HouseRegistration.objects.filter(community=office.community).count() == 9

    # And decides the row that may mean two houses by a key, and closes the one that means none by another
    several = HouseNumberRecord.objects.get(grade=Grade.SEVERAL)
    go("households:list_bench", house_list.pk)
    page.keyboard.press("1")
    page.get_by_text("ลงรหัสบ้าน 10/1").wait_for()
    assert RowDecision.objects.filter(record=several, outcome=Outcome.TAGGED).exists()
    page.keyboard.press("n")
    page.get_by_text("ไม่มีแถวค้าง").wait_for()

    # And moves the house of the other community only with a reason
    claimed = HouseNumberRecord.objects.get(outcome=Outcome.CLAIMED)
    go("households:row", claimed.pk)
    with page.expect_navigation():
        page.keyboard.press("d")
    page.check(f"input[name=in_favour_of][value='{office.community.pk}']")
    page.fill("input[name=reason]", "ประธานชุมชนสวนพลูแจ้งว่าไม่ใช่")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    # Then nothing of the list waits
    assert not house_list.records.undecided().exists()
    go("households:home")
    assert HouseRegistration.objects.filter(community=office.community).count() == 11


def test_a_list_is_asked_for_sent_back_and_comes_corrected(page, visit, office, tmp_path):
    # Given a community whose list was asked for
    go = visit("community_development")
    go("households:lists_missing")
    page.check("tbody tr:has-text('สวนพลู') input[data-tick]")
    page.fill("input[name=letter]", "กท ๕๕๐๒/๓๑")
    with page.expect_navigation():
        page.click(".selection-bar button.first")
    assert "ขอแล้ว ยังไม่ได้บัญชี" in page.inner_text("tbody tr:has-text('สวนพลู')")

    # When the other one's list goes back with the workbook of findings
    page.context.clear_cookies()
    go = visit("officer")
    _receive(page, go, office)
    first = HouseNumberRecord.objects.first().house_list
    go("households:list_send_back", first.pk)
    with page.expect_download() as download:
        page.click("a[href$='findings.xlsx']")
    page.fill("textarea[name=note]", "เลขที่ ๙๙ ไม่พบ")
    with page.expect_navigation():
        page.click("main form button.first")
    assert "เลขที่ ๙๙ ไม่พบ" in page.inner_text("main")

    # And returns with the faulty row mended
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    mended = next(cell for cell in book.worksheets[0]["B"] if cell.value == "99")
    mended.value = "11/1"
    book.save(tmp_path / "แก้ไข.xlsx")
    with page.expect_navigation():
        page.click("a[href*='corrects=']")
    page.set_input_files("input[type=file]", str(tmp_path / "แก้ไข.xlsx"))
    with page.expect_navigation():
        page.click("main form button.first")

    # Then it stands in the place of the first, with that row certain
    second = first.corrected_by
    assert second.records.get(house_no="11/1").grade == Grade.EXACT
    assert not first.records.undecided().exists()


def test_houses_found_by_number_are_tagged_after_a_look_and_undone(page, visit, office):
    go = visit("officer")
    go("households:houses", query="?soi=เทอดไท 6")
    page.check("input[data-tick] >> nth=0")
    page.check("input[data-tick] >> nth=1")
    page.select_option(".selection-bar select", index=1)
    with page.expect_navigation():
        page.click(".selection-bar button.first")
    assert HouseRegistration.objects.filter(soi="เทอดไท 6", community__isnull=False).count() == 0
    with page.expect_navigation():
        page.click("main form button.first")
    expect(page.locator(".notice.success")).to_be_visible()
    assert HouseRegistration.objects.filter(soi="เทอดไท 6", community__isnull=False).count() == 2
    with page.expect_navigation():
        page.click(".notice.success button")
    assert HouseRegistration.objects.filter(soi="เทอดไท 6", community__isnull=False).count() == 0


def test_the_head_checks_and_issues_the_last_month_and_the_file_stays(page, visit, office):
    month = add_months(month_start(timezone.localdate()), -1)
    go = visit("head")
    go("reports:kpi_month", f"{month:%Y-%m}")
    with page.expect_navigation():
        page.click("form[action*='/check/'] button")
    go("reports:kpi_issue", f"{month:%Y-%m}")
    page.fill("input[name=letter_no]", "กท ๕๕๐๒/๑๒")
    page.fill("input[name=letter_date]", timezone.localdate().isoformat())
    with page.expect_navigation():
        page.click("main form button.first")
    assert not KpiReport.objects.exists()
    with page.expect_navigation():
        page.click("main form button.first")
    report = KpiReport.objects.get()
    assert ClosedMonth.objects.get().month == month
    assert report.workbook_sha256[:12] in page.content()
    with page.expect_download() as download:
        page.click("a[href*='workbook.xlsx']")
    assert download.value.path().read_bytes() == bytes(report.workbook)


def test_a_forgotten_password_is_reset_on_paper(page, visit, office):
    go = visit("administrator")
    go("communities:people", query="?q=officer")
    go("communities:person_reset", Person.objects.get(username="officer").pk)
    with page.expect_navigation():
        page.click("main form button")
    temporary = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", page.inner_text("main"))[0]
    page.context.clear_cookies()
    page.goto(page.url.split("/people")[0] + reverse("account_login"))
    give_password(page, "officer", temporary)
    expect(page).to_have_url(re.compile(reverse("account_change_password")))


PAGES = [
    ("officer", "households:home", []),
    ("officer", "households:lists", []),
    ("officer", "households:list_receive", []),
    ("officer", "households:list", ["list"]),
    ("officer", "households:list_likely", ["list"]),
    ("officer", "households:list_send_back", ["list"]),
    ("officer", "households:lists_missing", []),
    ("officer", "households:list_bench", ["list"]),
    ("officer", "households:district_bench", []),
    ("officer", "households:claims", []),
    ("officer", "households:claim", ["claimed"]),
    ("officer", "households:aliases", []),
    ("officer", "households:quality", []),
    ("officer", "households:trust", []),
    ("officer", "households:duplicates", []),
    ("officer", "households:row", ["row"]),
    ("officer", "households:houses", []),
    ("officer", "households:house", ["house"]),
    ("officer", "households:batches", []),
    ("officer", "households:batch", ["batch"]),
    ("officer", "households:register_load", []),
    ("head", "reports:kpi", []),
    ("head", "reports:kpi_month", ["month"]),
    ("head", "reports:kpi_houses", ["month"]),
    ("head", "reports:kpi_issue", ["month"]),
    ("administrator", "communities:people", []),
    ("president", "verification:my_community", []),
]


def test_every_page_is_accessible_and_fits_the_screen(page, visit, office):
    page.set_viewport_size(DESK)
    go = visit("officer")
    _receive(page, go, office)
    _tag_what_is_certain(page)
    things = {
        "list": HouseNumberRecord.objects.first().house_list_id,
        "row": HouseNumberRecord.objects.get(grade=Grade.SEVERAL).pk,
        "house": HouseRegistration.objects.filter(community=office.community).first().pk,
        "claimed": RowDecision.objects.get(outcome=Outcome.CLAIMED).house_id,
        "batch": RowDecision.objects.filter(outcome=Outcome.TAGGED).first().batch_id,
        "month": f"{add_months(month_start(timezone.localdate()), -1):%Y-%m}",
    }
    teach_a_name(office)
    found, signed_in = {}, "officer"
    for who, name, arguments in PAGES:
        if who != signed_in:
            page.context.clear_cookies()
            go, signed_in = visit(who), who
        assert go(name, *[things[thing] for thing in arguments]).status == 200, name
        found[name] = faults_at_each_size(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
