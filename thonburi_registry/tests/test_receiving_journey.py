"""Files that need a word from a person, in a real browser: which column is which, whose list is which."""

import re

import pytest
from django.urls import reverse

from households.models import HouseList, RememberedColumns
from households.tests.intake import book_file
from thonburi_registry.tests.office import faults_at_each_size, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = ["ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง"]


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path)


@pytest.fixture
def desk(page, live_server, office):
    """The officer's browser."""
    sign_in(page, live_server.url, "officer")
    return page


def rows(*numbers):
    return [[number, f"{number}/1", "ซ.เทอดไท 5", "เทอดไท", "ตลาดพลู"] for number in numbers]


def send(page, live_server, tmp_path, sheets, query=""):
    file = tmp_path / "บัญชี.xlsx"
    file.write_bytes(book_file(sheets))
    page.goto(live_server.url + reverse("households:list_receive") + query)
    page.set_input_files("input[type=file]", str(file))
    page.fill("input[name=sender]", "ฝ่ายพัฒนาชุมชน")
    with page.expect_navigation():
        page.click("main form button.first")


def test_a_sheet_without_a_header_is_read_as_the_officer_says(desk, live_server, tmp_path, office):
    send(desk, live_server, tmp_path, {"บัญชี": rows(*range(1, 9))}, f"?community={office.community.codes.get().code}")
    assert "/columns/" in desk.url
    assert desk.input_value("#id_column_1") == "house_no"
    assert faults_at_each_size(desk) == []
    with desk.expect_navigation():
        desk.click("main form button.first")
    assert re.search(r"/lists/\d+/$", desk.url)
    assert HouseList.objects.get().records.filter(grade="exact").count() == 8
    assert RememberedColumns.objects.get().sender.name == "ฝ่ายพัฒนาชุมชน"
    assert faults_at_each_size(desk) == []


def test_a_file_of_two_communities_is_received_with_one_button(desk, live_server, tmp_path, office):
    sheets = {"10150011": [HEADER, *rows(1, 2)], "สวนพลู": [HEADER, *rows(3)], "ปก": [["บัญชีบ้าน"]]}
    send(desk, live_server, tmp_path, sheets)
    assert desk.url.endswith("/lists/")
    assert desk.locator("main section select").count() == 2
    assert faults_at_each_size(desk) == []
    with desk.expect_navigation():
        desk.click("main form button.first")
    assert set(HouseList.objects.values_list("community", flat=True)) == {office.community.pk, office.neighbour.pk}
    assert desk.locator("table.rows tbody tr").count() == 2


def test_an_officer_says_by_keys_alone_which_column_is_which(desk, live_server, tmp_path, office):
    # Given a list whose header misleads: the numbers of an old survey stand below the better word
    header = ["ลำดับ", "บ้านเลขที่", "เลขที่ปัจจุบัน", "ซอย", "ถนน", "แขวง"]
    typed = [[number, f"{number}/9", *one] for number, (_count, *one) in enumerate(rows(*range(1, 9)), start=1)]
    sheets = {"ปก": [["บัญชีบ้าน"]], "บัญชี": [header, *typed]}
    send(desk, live_server, tmp_path, sheets, f"?community={office.community.codes.get().code}")
    first = HouseList.objects.get()
    assert first.records.filter(grade="none").count() == 8
    assert faults_at_each_size(desk) == []

    # When the officer goes the way from its page to the file, the sheet and the columns
    desk.focus("a[href*='corrects='][href*='again=']")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert desk.is_checked("input[name=names_columns]")
    assert faults_at_each_size(desk) == []
    desk.set_input_files("input[type=file]", str(tmp_path / "บัญชี.xlsx"))
    desk.focus("input[name=sender]")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert desk.inner_text(".switch [aria-current]") == "บัญชี"
    assert faults_at_each_size(desk) == []
    desk.focus("#id_column_1")
    desk.keyboard.press("Home")
    desk.keyboard.press("Tab")
    desk.keyboard.press("ArrowDown")
    assert [desk.input_value(f"#id_column_{index}") for index in (1, 2)] == ["", "house_no"]
    desk.focus("#id_first_row")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")

    # Then the list stands in the place of the first, and its rows are certain
    second = first.corrected_by
    assert second.records.filter(grade="exact").count() == 8
    assert desk.url.endswith(reverse("households:list", args=[second.pk]))
    assert faults_at_each_size(desk) == []
    desk.goto(live_server.url + reverse("households:list", args=[first.pk]))
    assert faults_at_each_size(desk) == []
