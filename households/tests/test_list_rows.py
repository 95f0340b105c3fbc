import datetime
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.models import District
from households.columns import Header, find_header
from households.list_rows import RowReader, as_text, subdistrict_name
from households.models import HouseList
from households.row_reasons import Reason

USUAL = ["ลำดับ", "บ้านเลขที่", "หมู่ที่", "ตรอก", "ซอย", "ถนน", "แขวง", "หมายเหตุ"]
SUBDISTRICTS = {"ตลาดพลู": 5, "บางยี่เรือ": 3}


def cells(
    house_no="12/3", *, count=1, moo=None, trok=None, soi="เทอดไท 5", road="เทอดไท", subdistrict="ตลาดพลู", note=None
):
    """The cells of a row under the usual header."""
    return [count, house_no, moo, trok, soi, road, subdistrict, note]


@pytest.fixture
def reader():
    return RowReader(HouseList(district=District(name_th="ธนบุรี")), SUBDISTRICTS)


@pytest.fixture
def read(reader):
    """Reads rows one below the other and gives the last one's record."""

    def _read(*rows: list, words=USUAL) -> object:
        header: Header = find_header([words])
        records = [reader.read(number, row, row, header) for number, row in enumerate(rows, start=2)]
        return records[-1]

    return _read


def test_a_plain_row_is_read_to_keys(read):
    row = read(cells("๑๒/๓", moo="หมู่ที่ 4", soi="ซ.เทอดไท๕", road="ถ.เทอดไท", subdistrict="แขวงตลาดพลู", note=" มุม "))
    assert (row.row, row.number_keys, row.soi_key, row.road_key) == (2, ["12/3"], "เทอดไท 5", "เทอดไท")
    assert (row.moo, row.subdistrict_id, row.doubt, row.reason) == ("4", 5, "", Reason.NOT_FOUND)
    assert (row.house_no, row.soi, row.note) == ("๑๒/๓", "ซ.เทอดไท๕", "มุม")


@pytest.mark.parametrize(
    "number",
    [
        "12/3",
        " 12 / 3 ",
        "12\u200b/3",
        "\u200e12/3",
        "12\u20443",
        "１２／３",
        "๑๒/๓",
        "'12/3",
        "เลขที่ 12/3",
        "12\\3",
        "012/03",
    ],
)
def test_noise_in_the_number_does_not_change_it(read, number):
    row = read(cells(number))
    assert (row.number_keys, row.doubt) == (["12/3"], "")


@pytest.mark.parametrize(
    "soi",
    [
        "เทอดไท 5",
        "เทอดไท5",
        "ซอยเทอดไท 5",
        "เทอดไท\u00a0๕",
        "ซ. เทอดไท  5",
        "เทอด\u200bไท 5",
        "5",
    ],
)
def test_noise_in_the_soi_does_not_change_it(read, soi):
    assert read(cells(soi=soi)).soi_key == "เทอดไท 5"


@pytest.mark.parametrize("name", ["ตลาดพลู", " แขวงตลาดพลู", "ต.ตลาดพลู", "แขวง ตลาด\u200bพลู", "ตำบลตลาดพลู\u00a0"])
def test_noise_in_the_subdistrict_does_not_change_it(read, name):
    assert read(cells(subdistrict=name)).subdistrict_id == 5


@pytest.mark.parametrize(
    ("number", "doubt"),
    [
        (None, Reason.NO_NUMBER),
        ("", Reason.NO_NUMBER),
        ("\u200b ", Reason.NO_NUMBER),
        ('"', Reason.UNREADABLE_NUMBER),
        ("-", Reason.UNREADABLE_NUMBER),
        ("12/3, 12/5", Reason.UNREADABLE_NUMBER),
        ("12/3,12/5", Reason.UNREADABLE_NUMBER),
        ("12/3 และ 12/5", Reason.UNREADABLE_NUMBER),
        ("12/3\n12/5", Reason.UNREADABLE_NUMBER),
        ("12/3 ถึง 12/5", Reason.UNREADABLE_NUMBER),
        ("12/3 (รื้อแล้ว)", Reason.UNREADABLE_NUMBER),
        ("12/3 ยกเลิก", Reason.UNREADABLE_NUMBER),
        ("21-ม.ค.", Reason.UNREADABLE_NUMBER),
        ("21 ม.ค. 2558", Reason.UNREADABLE_NUMBER),
        ("2015-01-21", Reason.UNREADABLE_NUMBER),
        ("12.5", Reason.UNREADABLE_NUMBER),
        (12.5, Reason.UNREADABLE_NUMBER),
        (0, Reason.UNREADABLE_NUMBER),
        (-5, Reason.UNREADABLE_NUMBER),
        (123456, Reason.UNREADABLE_NUMBER),
        (1e300, Reason.UNREADABLE_NUMBER),
        (math.inf, Reason.UNREADABLE_NUMBER),
        (True, Reason.UNREADABLE_NUMBER),
        (datetime.time(12, 3), Reason.UNREADABLE_NUMBER),
        ("1" * 5000, Reason.UNREADABLE_NUMBER),
    ],
)
def test_what_cannot_be_read_as_one_number_is_no_number(read, number, doubt):
    row = read(cells(number))
    assert (row.number_keys, row.doubt) == ([], doubt)


@pytest.mark.parametrize(
    ("number", "keys", "doubt"),
    [
        ("12/3-5", ["12/3-5"], Reason.RANGE),
        ("12-14", ["12-14"], Reason.RANGE),
        ("12.0", ["12"], Reason.NUMBER_REPAIRED),
        (datetime.date(2015, 1, 21), ["21/1", "1/21"], Reason.EXCEL_DATE),
        (datetime.datetime.fromisoformat("2015-02-01"), ["1/2", "2/1", "2/15"], Reason.EXCEL_DATE),
        (datetime.datetime.fromisoformat("2015-02-03T12:00"), ["3/2", "2/3"], Reason.EXCEL_DATE),
    ],
)
def test_a_number_read_with_doubt_says_so(read, number, keys, doubt):
    row = read(cells(number))
    assert (row.number_keys, row.doubt) == (keys, doubt)


@pytest.mark.parametrize("ditto", ['"', "”", "''", "ซอยเดียวกัน", "เหมือนข้างบน", "ๆ"])
def test_a_ditto_mark_is_followed_and_leaves_a_doubt(read, ditto):
    row = read(cells(), cells("12/4", soi=ditto))
    assert (row.soi_key, row.road_key, row.doubt) == ("เทอดไท 5", "เทอดไท", Reason.DITTO)


def test_dittos_below_dittos_point_to_the_last_stated_cell(read):
    row = read(
        cells(), cells("12/4", soi='"', road='"', subdistrict='"'), cells("12/5", soi='"', road='"', subdistrict='"')
    )
    assert (row.soi_key, row.road_key, row.subdistrict_id, row.doubt) == ("เทอดไท 5", "เทอดไท", 5, Reason.DITTO)


def test_a_ditto_in_the_first_row_says_nothing(read):
    row = read(cells(soi='"'))
    assert (row.soi_key, row.doubt) == ("", Reason.DITTO)


def test_a_ditto_for_the_subdistrict_alone_is_a_doubt(read):
    row = read(cells(), cells("12/4", subdistrict='"'))
    assert (row.subdistrict_id, row.doubt) == (5, Reason.DITTO)


def test_an_empty_soi_is_not_filled_in_by_itself(read):
    row = read(cells(), cells("12/4", soi=None))
    assert (row.soi_key, row.doubt) == ("", "")


def test_rows_under_a_lane_written_as_a_heading_stand_in_it_with_a_doubt(reader, read):
    reader.take_heading("ซอยเทอดไท 7")
    row = read(cells(soi=None))
    assert (row.soi_key, row.doubt) == ("เทอดไท 7", Reason.DITTO)
    row = read(cells(soi="เทอดไท 5"))
    assert (row.soi_key, row.doubt) == ("เทอดไท 5", "")


def test_rows_under_a_heading_of_unknown_meaning_are_in_doubt_unless_they_state_their_lane(reader, read):
    reader.take_heading("ริมคลอง")
    assert read(cells(soi=None)).doubt == Reason.DITTO
    assert read(cells(soi=None)).soi_key == ""
    assert read(cells()).doubt == ""


def test_rows_under_a_subdistrict_as_a_heading_take_it_with_a_doubt(reader, read):
    reader.take_heading("แขวงบางยี่เรือ")
    row = read(cells(subdistrict=None))
    assert (row.subdistrict_id, row.doubt) == (3, Reason.DITTO)
    row = read(cells())
    assert (row.subdistrict_id, row.doubt) == (5, "")


@pytest.mark.parametrize(
    ("soi", "trok", "road", "keys"),
    [
        ("ตรอกเทวดา", None, None, ("เทวดา", "", "")),
        ("ถนนเทอดไท", None, None, ("", "", "เทอดไท")),
        (None, None, "ซอยเทอดไท 5", ("", "เทอดไท 5", "")),
        (None, "ซอยเทอดไท 5", "เทอดไท", ("", "เทอดไท 5", "เทอดไท")),
    ],
)
def test_a_part_in_another_column_is_read_by_its_own_word(read, soi, trok, road, keys):
    row = read(cells(soi=soi, trok=trok, road=road))
    assert (row.trok_key, row.soi_key, row.road_key) == keys


@pytest.mark.parametrize("soi", ["เทอดไท 5 หรือ เทอดไท 7 ซอยตากสิน 2", "?", "ไม่ทราบ"])
def test_an_unclear_lane_is_a_doubt(read, soi):
    row = read(cells(soi=soi))
    assert row.doubt or row.soi_key not in ("", "เทอดไท 5")


@pytest.mark.parametrize("note", ["รื้อถอนแล้ว", "ย้ายไปอยู่ จ.นนทบุรี", "ยกเลิก", "ไม่ใช่ชุมชนเรา", "ซ้ำ"])
def test_a_note_against_the_house_is_a_doubt_wherever_it_stands(read, note):
    assert read(cells(note=note)).doubt == Reason.NOTE_SPEAKS_AGAINST
    assert read([*cells(), None, note]).doubt == Reason.NOTE_SPEAKS_AGAINST


@pytest.mark.parametrize("note", [None, "", "-", "ไม่มี", "บ้านเช่า"])
def test_other_notes_leave_the_row_certain(read, note):
    assert read(cells(note=note)).doubt == ""


def test_an_own_lane_is_not_taken_for_a_note(read):
    assert read(cells(soi="ย้ายใหม่ 5")).doubt == ""


@pytest.mark.parametrize("more", ["แยก", "อาคาร", "หมู่บ้าน", "ห้องเลขที่", "ตรอก/ซอย"])
def test_a_part_that_is_not_compared_is_a_doubt_where_it_is_stated(read, more):
    words = [*USUAL, more]
    assert read([*cells(), "2"], words=words).doubt == Reason.PART_NOT_COMPARED
    assert read([*cells(), "-"], words=words).doubt == ""
    assert read([*cells(), None], words=words).doubt == ""


def test_another_district_is_a_doubt(read):
    words = [*USUAL, "เขต"]
    assert read([*cells(), "เขตคลองสาน"], words=words).doubt == Reason.PART_NOT_COMPARED
    assert read([*cells(), "เขตธนบุรี"], words=words).doubt == ""
    assert read([*cells(), "ธนบุรี"], words=words).doubt == ""


def test_a_subdistrict_that_the_district_does_not_have_is_kept_but_not_known(read):
    row = read(cells(subdistrict="คลองสาน"))
    assert (row.subdistrict_text, row.subdistrict_id) == ("คลองสาน", None)
    assert subdistrict_name("-") == ""


def test_a_row_shorter_than_the_header_is_read(read):
    assert read([1, "12/3"]).number_keys == ["12/3"]


any_cell = (
    st.none()
    | st.text(max_size=40)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)


@given(st.lists(st.lists(any_cell, max_size=9), min_size=1, max_size=4))
def test_any_cells_are_kept_as_json_and_read_without_failing(rows):
    reader = RowReader(HouseList(district=District(name_th="ธนบุรี")), SUBDISTRICTS)
    header = find_header([USUAL])
    for number, row in enumerate(rows, start=2):
        record = reader.read(number, row, row, header)
        json.dumps(record.cells, allow_nan=False)
        assert "\x00" not in json.dumps(record.cells)
        assert record.number_keys or record.doubt


@given(any_cell)
def test_every_value_has_a_text(value):
    assert "\x00" not in as_text(value)
