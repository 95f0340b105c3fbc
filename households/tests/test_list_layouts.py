"""Workbooks as clerks lay them out: headers in any words or none, covers, several sheets, several communities."""

import pytest
from django.core.exceptions import ValidationError

from communities.tests.factories import CommunityFactory, DistrictFactory, SubdistrictFactory, command_line
from households import house_lists
from households.list_notices import sentences
from households.models import HouseList, HouseNumberRecord, Sender
from households.row_reasons import Reason
from households.tests.factories import HouseFactory
from households.tests.intake import HEADER, SUBDISTRICT, book_file, line, list_file, received, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def subdistrict():
    return SubdistrictFactory(district=DistrictFactory(code="1015"), code="101503", name_th=SUBDISTRICT)


@pytest.fixture
def community(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150007", name="ชุมชนโรงเจ 1")


@pytest.fixture
def neighbour(subdistrict):
    return CommunityFactory.create(subdistrict=subdistrict, code="10150008", name="ชุมชนโรงเจ 11")


@pytest.fixture(autouse=True)
def _houses(subdistrict):
    for number in range(1, 13):
        HouseFactory(subdistrict=subdistrict, house_no=f"12/{number}")


def rows(*numbers):
    return [line(f"12/{number}", count=count) for count, number in enumerate(numbers, start=1)]


def receive(community, data, name="list.xlsx", **more):
    return house_lists.receive(data=data, file_name=name, community=community, by=command_line(), **more)


def numbers_of(house_list):
    return list(house_list.records.order_by("row", "part").values_list("house_no", flat=True))


def codes_of(house_list):
    return {notice["code"] for notice in house_list.notices}


def passed(house_list):
    [notice] = [notice for notice in house_list.notices if notice["code"] == "sheets_passed_over"]
    return {one["sheet"]: one["why"] for one in notice["sheets"]}


# --- the header ---


@pytest.mark.parametrize(
    "header",
    [
        ("ที่", "บ้านเลขที", "ซอ ย", "ถนน", "แขวน", "หมายเหต"),
        ("ลำดับ", "เลขท่ี่บ้าน", "ซอย (ถ้ามี)", "[ถนน]", "แขวง/ตำบล", "หมายเหตุ"),
        ("No.", "House No.", "Soi", "Road", "Sub-district", "Remarks"),
        ("ลำดับที่", "บ.เลขที่", "ตรอก/ซอย", "ถ.", "แขวง :", "หมายเหตุ*"),
    ],
)
def test_a_header_in_other_words_or_misspelt_is_read(community, header):
    assert verdicts(received(community, *rows(1, 2), header=header)) == [("exact", Reason.ALL_PARTS)] * 2


def test_a_letter_of_forty_lines_above_the_table_is_passed_over(community):
    letter = [["ที่ กท 5502/31"], ["เรื่อง ส่งบัญชีบ้าน"], ["เลขที่", "31"], *[["ข้อความ"]] * 40]
    house_list = received(community, *rows(1), above=letter)
    assert (house_list.header_row, numbers_of(house_list)) == (44, ["12/1"])


def test_the_whole_address_in_one_column_is_taken_apart(community):
    typed = ["12/1 ซ.เทอดไท 5 ถ.เทอดไท แขวงบางยี่เรือ", "บ้านเลขที่ ๑๒/๒ ซอยเทอดไท ๕ ถนนเทอดไท แขวงบางยี่เรือ"]
    house_list = received(community, *[[1, text] for text in typed], ["", "รวม 2 หลัง"], header=("ลำดับ", "ที่อยู่"))
    assert house_list.columns == {"address": 1}
    assert [grade for grade, _reason in verdicts(house_list)] == ["exact", "exact"]
    assert [one["why"] for one in house_list.passed_over] == ["total"]


def test_houses_above_the_header_are_rows_too_and_never_certain(community):
    lost_header = rows(1, 2, 3)
    house_list = received(community, *rows(4), above=lost_header)
    assert numbers_of(house_list) == ["12/1", "12/2", "12/3", "12/4"]
    assert verdicts(house_list) == [("likely", Reason.COLUMNS_GUESSED)] * 3 + [("exact", Reason.ALL_PARTS)]
    assert "rows_above_header" in codes_of(house_list)


# --- what is stored ---


def test_names_and_telephones_are_not_stored(community):
    header = ("ลำดับ", "บ้านเลขที่", "ชื่อเจ้าบ้าน", "ซอย", "ถนน", "แขวง", "โทรศัพท์", "เลขประจำตัวประชาชน")
    row = [1, "12/1", "นางสมศรี ใจดี", "เทอดไท 5", "เทอดไท", SUBDISTRICT, "081-234-5678", 1234567890123]
    house_list = received(community, row, header=header)
    assert house_list.records.get().cells == [1, "12/1", None, "เทอดไท 5", "เทอดไท", SUBDISTRICT, None, None]
    [notice] = [notice for notice in house_list.notices if notice["code"] == "columns_not_stored"]
    assert [column["letter"] for column in notice["columns"]] == ["C", "G", "H"]
    assert bytes(house_list.file.content).find("สมศรี".encode()) == -1


def test_a_telephone_in_the_note_is_not_stored_either(community):
    house_list = received(community, line("12/1", note="โทร 081-234-5678"), line("12/2", note="1-2345-67890-12-3"))
    stored = [record.note + str(record.cells) for record in house_list.records.all()]
    assert not [text for text in stored if "081" in text or "67890" in text]


# --- several sheets ---


def test_covers_summaries_choices_and_hidden_sheets_are_passed_over_and_told(community):
    sheets = {
        "ปก": [["บัญชีเลขที่บ้าน"], ["เลขที่", "กท 5502/31"], ["เรียน หัวหน้าฝ่ายทะเบียน"]],
        "สรุป": [["ซอย", "จำนวนบ้าน"], ["เทอดไท 5", 12], ["เทอดไท 7", 30], ["เทอดไท 9", 30], ["เทอดไท 11", 4]],
        "ตัวเลือก": [["แขวง"], ["บางยี่เรือ"], ["ตลาดพลู"]],
        "ว่าง": [HEADER],
        "Sheet3": [],
        "เก่า": [HEADER, *rows(7)],
        "ซ่อน": [HEADER, *rows(8)],
        "บัญชี": [HEADER, *rows(1, 2)],
        "สำเนาของบัญชี": [HEADER, *rows(1, 2)],
    }
    received_lists = receive(community, book_file(sheets, hidden=["ซ่อน"]))
    [house_list] = received_lists.lists
    assert (house_list.sheet, numbers_of(house_list)) == ("บัญชี", ["12/1", "12/2"])
    assert passed(house_list) == {
        "ปก": "no_houses",
        "สรุป": "no_columns",
        "ตัวเลือก": "no_columns",
        "ว่าง": "no_houses",
        "เก่า": "set_aside",
        "ซ่อน": "hidden",
        "สำเนาของบัญชี": "copy",
    }
    assert any("สำเนาของบัญชี" in sentence.text for sentence in sentences(house_list))


def test_a_list_spread_over_a_sheet_a_soi_is_read_whole(community):
    found = receive(
        community, book_file({"ซ.5": [HEADER, *rows(1)], "ซ.7": [HEADER, *rows(2)], "ถนน": [HEADER, *rows(3)]})
    )
    assert [(one.sheet, numbers_of(one)) for one in found.lists] == [
        ("ซ.5", ["12/1"]),
        ("ซ.7", ["12/2"]),
        ("ถนน", ["12/3"]),
    ]
    assert found.new == found.lists
    again = receive(community, book_file({"ซ.5": [HEADER, *rows(1)]}), name="other.xlsx")
    assert again.is_new


def test_the_only_list_is_read_though_its_sheet_is_hidden(community):
    [house_list] = receive(
        community, book_file({"ปก": [["บัญชีบ้าน"]], "ข้อมูล": [HEADER, *rows(1)]}, hidden=["ข้อมูล"])
    ).lists
    assert numbers_of(house_list) == ["12/1"]
    assert "sheet_hidden" in codes_of(house_list)


def test_a_hidden_sheet_is_not_read_in_place_of_one_that_only_lacks_its_header(community):
    unclear = [[f"12/{number}", f"9/{number}", "เทอดไท 5"] for number in range(1, 9)]
    data = book_file({"บัญชี": unclear, "ของเดิม": [HEADER, *rows(1)]}, hidden=["ของเดิม"])
    with pytest.raises(ValidationError) as refused:
        receive(community, data)
    assert refused.value.code == "no_header"


def test_a_sheet_that_is_named_is_read_whatever_it_is_called(community):
    data = book_file({"บัญชี": [HEADER, *rows(1)], "เก่า": [HEADER, *rows(2)]})
    [house_list] = receive(community, data, sheet_name="เก่า").lists
    assert numbers_of(house_list) == ["12/2"]
    assert passed(house_list) == {"บัญชี": "not_chosen"}


def test_a_summary_without_a_header_is_no_list_beside_one_that_has(community):
    summary = [["เทอดไท 5", 12], ["เทอดไท 7", 30], ["เทอดไท 9", 31], ["เทอดไท 11", 4]]
    [house_list] = receive(community, book_file({"ยอด": summary, "บัญชี": [HEADER, *rows(1)]})).lists
    assert house_list.sheet == "บัญชี"


# --- several communities ---


def test_each_sheet_goes_to_the_community_that_it_names(community, neighbour):
    data = book_file(
        {
            "โรงเจ 1": [HEADER, *rows(1)],
            "Sheet2": [["บัญชีบ้าน ชุมชนโรงเจ ๑๑ แขวงบางยี่เรือ"], HEADER, *rows(2)],
            "10150007 ต่อ": [HEADER, *rows(3)],
        }
    )
    own, other = receive(community, data), receive(neighbour, data)
    assert [numbers_of(one) for one in own.lists] == [["12/1"], ["12/3"]]
    assert [numbers_of(one) for one in other.lists] == [["12/2"]]
    assert passed(own.lists[0]) == {"Sheet2": "other_community"}


def test_a_file_that_names_another_community_alone_is_received_with_a_warning(community, neighbour):
    [house_list] = receive(community, list_file(*rows(1), sheet="โรงเจ 11")).lists
    [warning] = [sentence for sentence in sentences(house_list) if sentence.is_warning]
    assert warning.code == "names_other_community"
    assert "ชุมชนโรงเจ 11" in warning.text


def test_two_communities_below_each_other_on_one_sheet_are_told_apart(community, neighbour):
    lines = [
        ["ชุมชนโรงเจ 1"], HEADER, *rows(1, 2), [None, "รวม 2 หลัง"], [],
        ["บัญชีบ้านชุมชนโรงเจ 11"], HEADER, *rows(3),
    ]  # fmt: skip
    data = book_file({"บัญชี": lines})
    assert numbers_of(receive(community, data).lists[0]) == ["12/1", "12/2"]
    assert numbers_of(receive(neighbour, data).lists[0]) == ["12/3"]


def test_a_column_of_communities_says_whose_each_row_is(community, neighbour):
    header = (*HEADER, "ชุมชน")
    lines = [
        [*line("12/1"), "โรงเจ 1"],
        [*line("12/2"), "ชุมชนโรงเจ 11"],
        [*line("12/3"), None],
        [*line("12/4"), "โรงเจ 1"],
    ]
    data = list_file(*lines, header=header)
    assert numbers_of(receive(community, data).lists[0]) == ["12/1", "12/4"]
    assert numbers_of(receive(neighbour, data).lists[0]) == ["12/2", "12/3"]


def test_a_lane_beside_another_community_changes_nothing(community, neighbour):
    house_list = received(community, *rows(1), ["ซอยข้างชุมชนโรงเจ 11"], *rows(2))
    assert numbers_of(house_list) == ["12/1", "12/2"]


# --- no header at all ---


def test_without_a_header_an_unmistakable_table_is_read_and_no_row_is_certain(community):
    house_list = received(community, *rows(*range(1, 11)), header=None, above=[["บัญชีเลขที่บ้าน"]])
    assert set(verdicts(house_list)) == {("likely", Reason.COLUMNS_GUESSED)}
    assert numbers_of(house_list) == [f"12/{number}" for number in range(1, 11)]
    assert house_list.columns == {"house_no": 1, "soi": 2, "road": 3, "subdistrict": 4}
    assert {sentence.code for sentence in sentences(house_list) if sentence.is_warning} == {"columns_guessed"}


def test_a_table_that_begins_in_the_first_row_is_read_once(community):
    house_list = received(community, *rows(*range(1, 11)), header=None)
    assert numbers_of(house_list) == [f"12/{number}" for number in range(1, 11)]


def test_without_a_header_two_columns_of_numbers_are_refused(community):
    lines = [[f"12/{number}", f"9/{number}", "เทอดไท 5", "เทอดไท"] for number in range(1, 9)]
    with pytest.raises(ValidationError) as refused:
        receive(community, list_file(*lines, header=None), sender="ฝ่ายพัฒนาชุมชน")
    assert refused.value.code == "no_header"
    assert not Sender.objects.exists()
    assert not HouseList.objects.exists()


def test_a_count_of_rows_under_the_word_for_numbers_gives_way_to_the_numbers_beside_it(community):
    lines = [line(f"12/{number}", count=number) for number in range(1, 11)]
    house_list = received(community, *lines, header=("เลขที่", "บ้าน", "ซอย", "ถนน", "แขวง", "หมายเหตุ"))
    assert numbers_of(house_list) == [f"12/{number}" for number in range(1, 11)]
    assert set(verdicts(house_list)) == {("likely", Reason.COLUMNS_GUESSED)}


# --- what there is to tell ---


def test_hidden_rows_are_read_and_told(community):
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(list_file(*rows(1, 2, 3))))
    book.active.row_dimensions[3].hidden = True
    book.active["F4"] = "=1+1"
    file = io.BytesIO()
    book.save(file)
    [house_list] = receive(community, file.getvalue()).lists
    assert list(HouseNumberRecord.objects.filter(is_hidden=True).values_list("row", flat=True)) == [3]
    assert {"hidden_rows", "unvalued_formulas"} <= codes_of(house_list)
    assert [sentence.is_warning for sentence in sentences(house_list)] == [True, True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files_of_any_kind_are_read(community, encoding, delimiter):
    lines = [HEADER, *rows(1, 2)]
    text = "\r\n".join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in lines)
    [house_list] = receive(community, text.encode(encoding), name="list.csv").lists
    assert verdicts(house_list) == [("exact", Reason.ALL_PARTS)] * 2
