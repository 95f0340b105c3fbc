"""The workbook that goes back to the sender: what is wrong with each row, in their own layout."""

import datetime
import io

import openpyxl
import pytest

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists
from households.error_workbook import AT_FAULT, error_workbook, file_name
from households.findings_in_sheets import EXPLANATION, HEADING, MARK
from households.models import HouseList, HouseNumberRecord
from households.row_decisions import close_row
from households.row_findings import findings_of
from households.row_reasons import Reason
from households.tagging import tag_matching
from households.tests.factories import HouseFactory
from households.tests.intake import HEADER, line, list_file, outcomes, received, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DAY = datetime.date(2015, 2, 6)


@pytest.fixture
def community():
    return CommunityFactory.create()


def opened(house_list):
    return openpyxl.load_workbook(io.BytesIO(error_workbook(house_list)))


def said(house_list):
    return {finding.row: finding.sentence for finding in findings_of(house_list)}


def test_each_fault_is_said_to_the_sender_and_fine_rows_are_left_alone(community):
    for soi in ("เทอดไท 5", "เทอดไท 7"):
        HouseFactory(house_no="12/3", soi=soi)
    HouseFactory(house_no="12/4")
    HouseFactory(house_no="9", state="struck")
    HouseFactory(house_no="3/12")
    HouseFactory(house_no="88")
    tag_matching(received(CommunityFactory.create(), line("88")), by=command_line(), happened_on=DAY)
    house_list = received(
        community,
        line("12/4"),
        line("12/3", soi=None),
        line("ไม่ทราบ"),
        line("9"),
        line("12/4"),
        line("88"),
        line("777"),
        line(datetime.date(2015, 12, 3)),
        line("12/4", subdistrict=None),
    )
    tag_matching(house_list, by=command_line(), happened_on=DAY)
    found = said(house_list)
    assert 2 not in found
    assert "ซอยเทอดไท 5" in found[3]
    assert "ซอยเทอดไท 7" in found[3]
    assert "“ไม่ทราบ”" in found[4]
    assert "no longer in the house register" in found[5]
    assert "row 2" in found[6]
    assert "another community's list" in found[7]
    assert "777 is not in the house register" in found[8]
    assert "format the cell as text" in found[9]
    assert "no sub-district" in found[10]


def test_no_house_code_and_no_name_of_another_community_leaves_the_office(community):
    other = CommunityFactory.create(name="ชุมชนลับ", code="10150099")
    house = HouseFactory(house_no="88")
    tag_matching(received(other, line("88")), by=command_line(), happened_on=DAY)
    house_list = received(community, line("88"), line("99"))
    tag_matching(house_list, by=command_line(), happened_on=DAY)
    every = " ".join(str(cell.value) for sheet in opened(house_list) for row in sheet for cell in row)
    assert MARK in every
    for kept_back in (house.house_code, "ชุมชนลับ", "10150099"):
        assert kept_back not in every


def test_a_register_with_two_equal_houses_asks_nothing_of_the_sender(community):
    HouseFactory(house_no="7"), HouseFactory(house_no="7")
    assert "nothing needs to be changed" in said(received(community, line("7")))[2]


def test_the_layout_is_the_senders_with_one_column_more(community):
    HouseFactory(house_no="12/4")
    house_list = received(community, line("12/4"), line("99"), above=[["บัญชีบ้านชุมชน", *[None] * 5]], merged=["A1:F1"])
    book = opened(house_list)
    sheet = book.worksheets[0]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:F1"]
    assert [cell.value for cell in sheet[2]] == [*HEADER, HEADING]
    assert (sheet["B3"].fill.fill_type, sheet["G3"].value) == (None, None)
    assert sheet["B4"].fill.fgColor.rgb == AT_FAULT
    assert sheet["G4"].value.startswith(MARK)
    assert book.sheetnames == ["รายชื่อ", EXPLANATION]


def test_frozen_panes_and_filters_stay_and_the_filter_covers_the_findings(community):
    book = openpyxl.load_workbook(io.BytesIO(list_file(line("99"))))
    book.active.freeze_panes, book.active.auto_filter.ref = "A2", "$A$1:$F$2"
    file = io.BytesIO()
    book.save(file)
    [house_list] = house_lists.receive(
        data=file.getvalue(), file_name="l.xlsx", community=community, by=command_line()
    ).lists
    sheet = opened(house_list).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref.replace("$", "")) == ("A2", "A1:G2")


def test_what_begins_like_a_formula_stays_text(community):
    data = "บ้านเลขที่,ซอย,หมายเหตุ\n99,=HYPERLINK(1),@SUM(A1)\n+1,-2,=1+1\n".encode()
    [house_list] = house_lists.receive(data=data, file_name="a.csv", community=community, by=command_line()).lists
    cells = [cell for row in opened(house_list).worksheets[0] for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value[0] in "=+-@")


def test_the_sender_reads_thai_whatever_language_the_officer_reads(community):
    sheet = opened(received(community, line("99"))).worksheets[0]
    assert "not in the house register" not in sheet["G2"].value


def test_what_came_back_is_read_without_the_offices_own_words(community):
    """Its sentences speak of houses struck off and repeated, which a sender's remark would be held against."""
    HouseFactory(house_no="12/4")
    house_list = received(community, line("12/4"), line("99"))
    returned = io.BytesIO(error_workbook(house_list))
    book = openpyxl.load_workbook(returned)
    book.worksheets[0]["B3"] = "12/4"
    corrected = io.BytesIO()
    book.save(corrected)
    again = house_lists.receive(
        data=corrected.getvalue(), file_name="l.xlsx", community=community, by=command_line(), corrects=house_list
    )
    assert again.is_new
    [second] = again.lists
    assert verdicts(second) == [("exact", Reason.ALL_PARTS), ("exact", Reason.REPEATED)]
    assert second.records.first().cells == house_list.records.first().cells[:5]
    sheet = opened(second).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*HEADER, HEADING]
    assert (sheet["B3"].fill.fgColor.rgb, sheet["G2"].value) == (AT_FAULT, None)
    assert "2" in sheet["G3"].value


def test_rows_a_person_closed_are_told_and_replaced_ones_are_not(community):
    first = received(community, line("98"), line("99"))
    close_row(first.records.get(house_no="98"), reason=Reason.OTHER_COMMUNITY, by=command_line())
    assert "does not belong to your community" in said(first)[2]
    house_lists.receive(
        data=list_file(line("97")), file_name="l.xlsx", community=community, by=command_line(), corrects=first
    )
    assert (list(said(first)), outcomes(first)) == ([2], ["closed", "closed"])


def test_of_a_sheet_with_two_communities_each_gets_back_its_own_rows(community):
    house_list = received(community, line("98"), line("99"))
    house_list.records.filter(house_no="99").update(house_list=received(CommunityFactory.create(), line("1")))
    HouseList.objects.update(file=house_list.file, sheet=house_list.sheet)
    house_list.refresh_from_db()
    HouseNumberRecord.objects.filter(house_no="1").update(row=9)
    sheet = opened(house_list).worksheets[0]
    assert (sheet["B2"].value, sheet["B3"].value, sheet["G3"].value) == ("98", None, None)


def test_a_list_that_came_before_files_were_kept_is_rebuilt_from_its_rows(community):
    house_list = received(community, line("99"))
    HouseList.objects.update(file=None)
    sheet = opened(HouseList.objects.get(pk=house_list.pk)).worksheets[0]
    assert (sheet["B1"].value, sheet["B2"].value) == ("บ้านเลขที่", "99")
    assert sheet["G2"].value.startswith(MARK)


def test_the_file_is_named_by_community_and_day(community):
    name = file_name(HouseList(), code="10150007", community="โรงเจ 1", day=DAY)
    assert name == "10150007 โรงเจ 1 ผลการตรวจ 2558-02-06.xlsx"
