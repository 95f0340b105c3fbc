import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.tests.factories import CommunityFactory, command_line
from households import house_lists
from households.models import HouseList, HouseNumberRecord, RowMatch
from households.reading import list_reading
from households.row_reasons import Reason
from households.tests.factories import HouseFactory
from households.tests.intake import HEADER, line, list_file, received, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory()


def receive(community, data, **more):
    return house_lists.receive(data=data, file_name="list.xlsx", community=community, by=command_line(), **more)


def refusal(community, data, **more):
    with pytest.raises(ValidationError) as caught:
        receive(community, data, **more)
    assert HouseList.objects.count() == HouseNumberRecord.objects.count() == 0
    assert len(caught.value.messages) == 1
    return caught.value


def test_every_row_is_kept_as_typed_with_the_row_number_of_the_spreadsheet(community):
    house_list = received(community, line(" ๑๒/๓ ", "ซ.เทอดไท5"), line("12/4"), above=[["บัญชีบ้าน"], []])
    [first, second] = house_list.records.order_by("row")
    assert (first.row, second.row, house_list.header_row) == (4, 5, 3)
    assert first.cells == [1, " ๑๒/๓ ", "ซ.เทอดไท5", "เทอดไท", "บางยี่เรือ", None]


def test_where_it_came_from_is_kept(community):
    day = datetime.date(2015, 1, 20)
    data = list_file(line("12/3"))
    got = receive(community, data, sender="ฝ่ายพัฒนาชุมชน", letter="กท ๕๕๐๒/๓๑", received_on=day)
    assert got.is_new
    kept = HouseList.objects.get()
    assert (str(kept.sender), kept.letter, kept.received_on) == ("ฝ่ายพัฒนาชุมชน", "กท ๕๕๐๒/๓๑", day)
    assert (kept.sheet, kept.file_name, kept.received_by) == ("รายชื่อ", "list.xlsx", command_line())
    assert got.lists == got.new == [kept]


def test_the_same_file_again_changes_nothing(community):
    data = list_file(line("12/3"))
    first = receive(community, data)
    again = receive(community, data)
    assert (again.lists, again.new) == (first.lists, [])
    assert HouseNumberRecord.objects.count() == 1


def test_the_same_file_for_another_community_is_another_list(community):
    data = list_file(line("12/3"))
    receive(community, data)
    assert receive(CommunityFactory(), data).is_new


@pytest.mark.parametrize("rows", [[], [[]], [["", " "]], [["", "รวม 0 หลัง"]], [["ซอยเทอดไท 5"]]])
def test_a_list_without_houses_is_refused(community, rows):
    assert refusal(community, list_file(*rows)).code == "no_rows"


@pytest.mark.parametrize("header", [("ชื่อ", "นามสกุล"), ("ลำดับ", "ซอย", "ถนน"), ()])
def test_without_a_header_the_sentence_names_what_was_looked_for(community, header):
    problem = refusal(community, list_file(line("12/3"), header=header))
    assert problem.code == "no_header"
    assert "บ้านเลขที่" in problem.messages[0]
    assert "list.xlsx" in problem.messages[0]


def test_an_empty_sheet_is_refused(community):
    assert refusal(community, list_file(header=None)).code == "no_table"


def test_a_wrong_sheet_name_is_refused(community):
    problem = refusal(community, list_file(line("12/3")), sheet_name="ไม่มี")
    assert problem.code == "no_such_sheet"
    assert "ไม่มี" in problem.messages[0]


def test_two_columns_of_house_numbers_in_one_table_are_refused(community):
    header = ("ลำดับ", "บ้านเลขที่", "ซอย", "บ้านเลขที่")
    assert refusal(community, list_file([1, "1", "เทอดไท 5", "2"], header=header)).code == "two_tables"


def test_two_tables_side_by_side_are_read_each_by_its_own_header(community):
    HouseFactory(house_no="12/3")
    HouseFactory(house_no="12/4")
    house_list = received(community, line("12/3") + line("12/4"), line("9") + line(None), header=HEADER * 2)
    assert list(house_list.records.values_list("row", "part", "house_no", "grade")) == [
        (2, 1, "12/3", "exact"),
        (2, 2, "12/4", "exact"),
        (3, 1, "9", "none"),
        (3, 2, "", "none"),
    ]


@time_machine.travel(datetime.datetime(2015, 1, 20, 20, tzinfo=datetime.UTC), tick=False)
def test_a_date_in_the_future_is_refused_by_the_clock_of_bangkok(community):
    assert refusal(community, list_file(line("12/3")), received_on=datetime.date(2015, 1, 22)).code == "future_date"
    assert receive(community, list_file(line("12/3")), received_on=datetime.date(2015, 1, 21)).is_new


def test_more_rows_than_a_community_can_have_are_refused(community, monkeypatch):
    monkeypatch.setattr(list_reading, "MOST_ROWS", 3)
    problem = refusal(community, list_file(*[line(str(n)) for n in range(1, 5)]))
    assert problem.code == "too_many_rows"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"%PDF-1.4", b"\xff\xd8\xff\xe0" * 50])
def test_what_is_no_workbook_is_refused(community, data):
    refusal(community, data)


def test_a_community_without_a_code_in_force_sends_its_list_all_the_same():
    assert received(CommunityFactory(code=None), line("12/3")).records.count() == 1


def test_lines_that_are_no_houses_are_passed_over_and_named(community):
    house_list = received(
        community,
        ["ซอยเทอดไท 5"],
        line("12/3"),
        HEADER,
        line("12/4"),
        [None, "รวม 2 หลัง"],
        [],
        [None, None, None, "(ลงชื่อ) ............"],
        ["รวม", 2, "หลัง"],
    )
    assert [(passed["row"], passed["why"]) for passed in house_list.passed_over] == [
        (2, "heading"),
        (4, "header"),
        (6, "total"),
        (8, "signature"),
        (9, "total"),
    ]
    assert house_list.passed_over[0]["text"] == "ซอยเทอดไท 5"
    assert list(house_list.records.values_list("row", flat=True)) == [3, 5]


def test_a_second_table_in_another_order_is_read_by_its_own_header(community):
    HouseFactory(house_no="12/3", soi="เทอดไท 5")
    HouseFactory(house_no="5", soi="เทอดไท 12/3")
    house_list = received(
        community, line("7"), ["ลำดับ", "ซอย", "บ้านเลขที่", "ถนน", "แขวง"], [2, "5", "12/3", "เทอดไท", "บางยี่เรือ"]
    )
    second = house_list.records.order_by("row").last()
    assert (second.house_no, second.soi_key, second.grade) == ("12/3", "เทอดไท 5", "exact")


def test_merged_cells_are_one_cell_for_all_their_rows(community):
    HouseFactory(house_no="12/3")
    HouseFactory(house_no="12/3", soi="")
    HouseFactory(house_no="12/4")
    house_list = received(
        community,
        line("12/4"),
        line("12/3", soi=None, road=None),
        merged=["C2:C3", "D2:D3"],
    )
    assert verdicts(house_list) == [("exact", "all_parts")] * 2
    assert house_list.records.get(row=3).cells[2] is None


def test_an_area_merged_over_two_columns_states_its_lane_for_all_its_rows(community):
    HouseFactory(house_no="12/3")
    house_list = received(
        community, line("12/4", "ซอยเทอดไท 5 ถนนเทอดไท", None), line("12/3", None, None), merged=["C2:D3"]
    )
    assert verdicts(house_list)[1] == ("exact", "all_parts")


def test_a_house_number_merged_over_two_rows_is_one_house(community):
    HouseFactory(house_no="12/3")
    house_list = received(community, line("12/3"), line(None, count=2), merged=["B2:B3"])
    assert verdicts(house_list) == [("exact", "all_parts"), ("exact", "repeated")]


def test_merged_titles_are_not_filled_into_rows(community):
    house_list = received(community, line("12/3", soi=None), above=[["ซอยเทอดไท 5"]], merged=["A1:F1"])
    assert house_list.records.get().soi_key == ""


def test_a_header_over_two_merged_lines_is_read(community):
    HouseFactory(house_no="12/3")
    house_list = received(
        community,
        ["", "", "ซอย", "ถนน", "แขวง", ""],
        line("12/3"),
        header=("ลำดับ", "บ้านเลขที่", "ที่อยู่", None, None, "หมายเหตุ"),
        merged=["A1:A2", "B1:B2", "C1:E1", "F1:F2"],
    )
    assert verdicts(house_list) == [("exact", "all_parts")]


def test_a_count_of_rows_under_a_bare_heading_is_never_taken_for_house_numbers_silently(community):
    for number in range(1, 13):
        HouseFactory(house_no=str(number))
    rows = [[number, "เทอดไท 5", "เทอดไท", "บางยี่เรือ"] for number in range(1, 13)]
    house_list = received(community, *rows, header=("เลขที่", "ซอย", "ถนน", "แขวง"))
    assert set(verdicts(house_list)) == {("likely", Reason.RUNNING_NUMBER)}


def test_houses_numbered_from_one_are_certain_where_their_heading_is(community):
    for number in range(1, 13):
        HouseFactory(house_no=str(number))
    house_list = received(community, *[line(number) for number in range(1, 13)])
    assert set(verdicts(house_list)) == {("exact", Reason.ALL_PARTS)}


def test_a_windows_874_file_is_read(community):
    HouseFactory(house_no="12/3")
    text = "ลำดับ,บ้านเลขที่,ซอย,ถนน,แขวง\r\n1,12/3,ซ.เทอดไท ๕,ถ.เทอดไท,บางยี่เรือ\r\n"
    [house_list] = receive(community, text.encode("cp874")).lists
    assert verdicts(house_list) == [("exact", "all_parts")]


def test_receiving_takes_the_same_number_of_queries_at_any_size(community, django_assert_num_queries):
    small = list_file(line("12/3"))
    large = list_file(*[line(f"12/{n}") for n in range(1, 301)])
    receive(CommunityFactory(), list_file(line("12/1")))  # whatever a process asks for once, it has by now
    with django_assert_num_queries(_queries(community, small)):
        receive(community, large)


def _queries(community, data):
    with CaptureQueriesContext(connection) as captured:
        receive(community, data)
    return len(captured)


def test_grading_leaves_no_match_of_another_list(community):
    HouseFactory(house_no="12/3")
    received(community, line("12/3"))
    received(CommunityFactory(), line("12/3"))
    assert RowMatch.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_send_one_file_at_once_make_one_list():
    community, by, data = CommunityFactory(), command_line(), list_file(line("12/3"))
    start, made = threading.Barrier(2), []

    def send():
        start.wait()
        try:
            made.append(house_lists.receive(data=data, file_name="list.xlsx", community=community, by=by))
        finally:
            connection.close()

    clerks = [threading.Thread(target=send) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(received.is_new for received in made) == [False, True]
    assert HouseList.objects.count() == HouseNumberRecord.objects.count() == 1
