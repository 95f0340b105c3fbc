import datetime
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.models import District
from households.models import HouseList
from households.reading.cell_texts import as_text
from households.reading.columns import Header
from households.reading.list_rows import RowReader
from households.reading.row_places import subdistrict_name
from households.row_reasons import Reason
from households.tests.intake import find_header

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
        [record] = records[-1]
        return record

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
        (0, Reason.UNREADABLE_NUMBER),
        (-5, Reason.UNREADABLE_NUMBER),
        (123456, Reason.UNREADABLE_NUMBER),
        (1e300, Reason.UNREADABLE_NUMBER),
        (math.inf, Reason.UNREADABLE_NUMBER),
        (True, Reason.UNREADABLE_NUMBER),
        ("1" * 5000, Reason.UNREADABLE_NUMBER),
    ],
)
def test_what_cannot_be_read_as_one_number_is_no_number(read, number, doubt):
    row = read(cells(number))
    assert (row.number_keys, row.doubt) == ([], doubt)


@pytest.mark.parametrize(
    ("number", "keys", "doubt"),
    [
        ("12/3-5", ["12/3-5", "12/3", "12/4", "12/5"], Reason.RANGE),
        ("12/3 ถึง 12/5", ["12/3-5", "12/3", "12/4", "12/5"], Reason.RANGE),
        ("12.0", ["12"], Reason.NUMBER_REPAIRED),
        (12.5, ["12/5", "12/50"], Reason.NUMBER_REPAIRED),
        ("21-ม.ค.", ["21/1", "1/21"], Reason.EXCEL_DATE),
        ("12/3 ยกเลิก", ["12/3"], Reason.NOTE_SPEAKS_AGAINST),
    ],
)
def test_a_number_read_with_doubt_says_so(read, number, keys, doubt):
    row = read(cells(number))
    assert (row.number_keys, row.doubt) == (keys, doubt)


def test_a_date_says_which_numbers_it_may_have_been_and_its_format_which_rather(reader):
    header = find_header([USUAL])
    row = cells(datetime.date(2015, 5, 1))
    [plain] = reader.read(2, row, row, header)
    [of_month] = reader.read(3, row, row, header, formats={1: "mmm-yy"})
    assert (plain.number_keys[:4], plain.doubt) == (["1/5", "5/1", "5/15", "5/58"], Reason.EXCEL_DATE)
    assert (of_month.number_keys, of_month.doubt) == (["5/15", "5/58"], Reason.EXCEL_DATE)


@pytest.mark.parametrize("number", ["12/3, 12/5", "12/3,12/5", "12/3 และ 12/5", "12/3\n12/5", "เลขที่ 12/3 กับ 12/5"])
def test_a_cell_of_several_numbers_is_as_many_records(reader, number):
    row = cells(number, note="มุม")
    one, other = reader.read(2, row, row, find_header([USUAL]))
    assert (one.row, one.part, one.house_no, one.number_keys, one.doubt) == (2, 1, "12/3", ["12/3"], "")
    assert (other.row, other.part, other.house_no, other.number_keys, other.doubt) == (2, 2, "12/5", ["12/5"], "")
    assert one.cells == other.cells
    assert one.soi_key == other.soi_key == "เทอดไท 5"
    assert (one.note, other.note) == ("มุม", "มุม")


def test_a_short_form_leaves_a_doubt_and_both_readings(reader):
    row = cells("12/3, 5")
    one, other = reader.read(2, row, row, find_header([USUAL]))
    assert (one.number_keys, one.doubt) == (["12/3"], Reason.SEVERAL_NUMBERS)
    assert (other.number_keys, other.doubt) == (["12/5", "5"], Reason.SEVERAL_NUMBERS)


@pytest.mark.parametrize(
    ("number", "note", "hint", "doubt"),
    [
        ("12/3 (รื้อแล้ว)", "รื้อแล้ว", "demolished", Reason.NOTE_SPEAKS_AGAINST),
        ("12/3 รื้อ", "รื้อ", "demolished", Reason.NOTE_SPEAKS_AGAINST),
        ("12/3 (ที่ว่าง)", "ที่ว่าง", "empty_plot", Reason.NOTE_SPEAKS_AGAINST),
        ("12/3 ย้ายออกแล้ว", "ย้ายออกแล้ว", "moved", Reason.NOTE_SPEAKS_AGAINST),
        ("12/3 ?", "?", "", Reason.NOTE_SPEAKS_AGAINST),
        ("12/3 (ใหม่)", "ใหม่", "", Reason.NOTE_SPEAKS_AGAINST),
        ("12/3*", "*", "", Reason.NUMBER_REPAIRED),
        ("12/3 บ้านนายก", "บ้านนายก", "", ""),
        ("12/3 ร้านค้า", "ร้านค้า", "", ""),
        ("๑๒/๓  ร้านค้า", "ร้านค้า", "", ""),
    ],
)
def test_a_remark_beside_the_number_becomes_a_note_and_a_hint_never_more(read, number, note, hint, doubt):
    row = read(cells(number))
    assert (row.number_keys, row.note, row.hint, row.doubt) == (["12/3"], note, hint, doubt)
    assert row.house_no == row.cells[1] == number


def test_a_remark_beside_the_number_stands_behind_the_note(read):
    assert read(cells("12/3 ร้านค้า", note="มุม")).note == "มุม; ร้านค้า"


@pytest.mark.parametrize("number", ["12/3 นายสมชาย ใจดี", "12/3 (น.ส.สมศรี)", "12/3 บ้านคุณแดง"])
def test_a_persons_name_beside_the_number_is_not_stored(read, number):
    row = read(cells(number))
    assert (row.number_keys, row.doubt) == (["12/3"], "")
    stored = json.dumps([row.cells, row.house_no, row.note], ensure_ascii=False)
    assert not any(name in stored for name in ("สมชาย", "ใจดี", "สมศรี", "แดง"))


WHOLE = "12/3 ซ.เทอดไท 5 ถ.เทอดไท แขวงตลาดพลู เขตธนบุรี กทม. 10600"


@pytest.mark.parametrize("words", [["ลำดับ", "บ้านเลขที่"], ["ลำดับ", "ที่อยู่"], ["ลำดับ", "บ้านเลขที่", "ซอย", "ถนน"]])
def test_a_whole_address_in_one_cell_is_taken_apart(read, words):
    row = read([1, WHOLE], words=words)
    assert (row.number_keys, row.soi_key, row.road_key, row.subdistrict_id) == (["12/3"], "เทอดไท 5", "เทอดไท", 5)
    assert (row.doubt, row.soi, row.road, row.subdistrict_text) == ("", "เทอดไท 5", "เทอดไท", "ตลาดพลู")
    assert row.cells[1] == WHOLE


def test_own_columns_win_over_the_address_in_a_cell_and_a_contradiction_is_a_doubt(read):
    assert read(cells(WHOLE)).doubt == ""
    row = read(cells(WHOLE, soi="เทอดไท 7"))
    assert (row.soi_key, row.doubt) == ("เทอดไท 7", Reason.PART_NOT_COMPARED)
    assert read(cells(WHOLE, subdistrict="บางยี่เรือ")).doubt == Reason.PART_NOT_COMPARED
    assert read(cells(WHOLE.replace("ธนบุรี", "คลองสาน"))).doubt == Reason.PART_NOT_COMPARED
    assert read(cells(WHOLE, moo=3)).doubt == ""
    assert read(cells(f"{WHOLE[:4]} หมู่ 2{WHOLE[4:]}", moo=3)).doubt == Reason.PART_NOT_COMPARED


def test_an_address_column_beside_the_number_tells_where_and_may_contradict_it(read):
    words = ["บ้านเลขที่", "ที่อยู่", "แขวง"]
    assert read(["12/3", "ซอยเทอดไท 5 ถนนเทอดไท", "ตลาดพลู"], words=words).soi_key == "เทอดไท 5"
    assert read(["12/3", WHOLE, "ตลาดพลู"], words=words).doubt == ""
    assert read(["12/4", WHOLE, "ตลาดพลู"], words=words).doubt == Reason.PART_NOT_COMPARED
    assert read([None, WHOLE, None], words=words).number_keys == ["12/3"]


def test_what_no_word_announces_is_a_doubt(read):
    words = ["ลำดับ", "ที่อยู่"]
    assert read([1, "12/3 เทอดไท 5 ถ.เทอดไท แขวงตลาดพลู"], words=words).doubt == ""
    row = read([1, "12/3 เทอดไท 5 แขวงตลาดพลู"], words=words)
    assert (row.number_keys, row.soi_key, row.doubt) == (["12/3"], "เทอดไท 5", Reason.NUMBER_REPAIRED)


@pytest.mark.parametrize(
    "soi", ["หมู่ 2 ซ.เทอดไท 5", "5 แขวงตลาดพลู เขตธนบุรี", "ซอยเทอดไท 5 ม.2", "ซ.5 ถ.เทอดไท แขวงตลาดพลู"]
)
def test_a_lanes_cell_that_says_more_is_taken_apart(read, soi):
    row = read(cells(soi=soi, subdistrict=None))
    assert (row.soi_key, row.road_key, row.doubt) == ("เทอดไท 5", "เทอดไท", "")
    assert row.moo == ("2" if "2" in soi else "")
    assert row.subdistrict_id == (5 if "ตลาดพลู" in soi else None)


@pytest.mark.parametrize(("moo", "number"), [(2, "2"), ("02", "2"), ("2.0", "2"), ("หมู่ที่ ๒", "2"), ("-", ""), ("0", "")])
def test_a_village_number_is_one_however_it_is_written(read, moo, number):
    assert read(cells(moo=moo)).moo == number


def test_a_soi_that_became_a_date_or_a_float_is_repaired_with_a_doubt(read):
    row = read(cells(soi=datetime.date(2015, 1, 17), road="อิสรภาพ"))
    assert (row.soi_key, row.doubt) == ("อิสรภาพ 17/1", Reason.NUMBER_REPAIRED)
    row = read(cells(soi="5.0"))
    assert (row.soi_key, row.doubt) == ("เทอดไท 5", Reason.NUMBER_REPAIRED)


def test_cells_that_nobody_needs_are_not_kept_but_their_warnings_are(read):
    words = [*USUAL, "ชื่อ-สกุล", "อื่น ๆ"]
    row = read([*cells(), "นายสมชาย ใจดี", "รื้อแล้ว"], words=words)
    assert row.cells[8:] == [None, None]
    assert (row.note, row.hint, row.doubt) == ("รื้อแล้ว", "demolished", Reason.NOTE_SPEAKS_AGAINST)


def test_a_hidden_row_says_so(reader):
    [row] = reader.read(2, cells(), cells(), find_header([USUAL]), is_hidden=True)
    assert row.is_hidden


@pytest.mark.parametrize("ditto", [",,", "do.", "↓", "|", '-"-', "- 〃 -", "ตามบน", "อันเดียวกัน", "เหมือนแถวบน", "ดังกล่าว"])
def test_every_kind_of_ditto_mark_is_followed(read, ditto):
    row = read(cells(), cells("12/4", soi=ditto))
    assert (row.soi_key, row.doubt) == ("เทอดไท 5", Reason.DITTO)


def test_a_heading_may_name_several_parts(reader, read):
    reader.take_heading("แขวงบางยี่เรือ ถนนเทอดไท")
    reader.take_heading("ซอย 7")
    row = read(cells(soi=None, road=None, subdistrict=None))
    assert (row.soi_key, row.road_key, row.subdistrict_id, row.doubt) == ("เทอดไท 7", "เทอดไท", 3, Reason.DITTO)
    reader.take_heading("ถนนตากสิน")
    row = read(cells(soi=None, road=None, subdistrict=None))
    assert (row.soi_key, row.road_key) == ("", "ตากสิน")


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


@pytest.mark.parametrize("mark", ["'", "’", "‘", "`", "´", "＇", " '"])
def test_an_apostrophe_that_forces_text_says_nothing(read, mark):
    typed = {"trok": "ตรอกวัดกลาง", "soi": "ซ.เทอดไท 5", "road": "ถ.เทอดไท", "subdistrict": "แขวงตลาดพลู"}
    plain = cells(**typed)
    forced = cells(f"{mark}12/3", **{part: mark + said for part, said in typed.items()})
    rows = [read([*row, district], words=[*USUAL, "เขต"]) for row, district in
            ((plain, "เขตธนบุรี"), (forced, f"{mark}เขตธนบุรี"))]  # fmt: skip
    said = [(r.number_keys, r.trok_key, r.soi_key, r.road_key, r.subdistrict_id, r.subdistrict_text) for r in rows]
    assert said[0] == said[1]
    assert rows[1].doubt == ""
    assert rows[1].cells[1] == f"{mark}12/3"


def test_an_apostrophe_before_a_whole_address_says_nothing(read):
    row = read([1, "`12/3 ซ.เทอดไท 5 ถ.เทอดไท แขวงตลาดพลู"], words=["ลำดับ", "ที่อยู่"])
    assert (row.number_keys, row.soi_key, row.subdistrict_id, row.doubt) == (["12/3"], "เทอดไท 5", 5, "")


@pytest.mark.parametrize("ditto", ["''", "’’", "' '"])
def test_two_apostrophes_still_point_to_the_row_above(read, ditto):
    assert read(cells(), cells("12/4", soi=ditto)).soi_key == "เทอดไท 5"


@pytest.mark.parametrize("text", ["'ตลาดพลู", "'แขวงตลาดพลู", "แขวง 'ตลาดพลู'", "ตลาดพลู.", "แขวงตลาดพลู,", "- ตลาดพลู"])
def test_signs_round_a_subdistrict_do_not_make_it_another(text):
    assert subdistrict_name(text) == "ตลาดพลู"


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
        for record in reader.read(number, row, row, header):
            json.dumps(record.cells, allow_nan=False)
            assert "\x00" not in json.dumps(record.cells)
            assert record.number_keys or record.doubt


@given(any_cell)
def test_every_value_has_a_text(value):
    assert "\x00" not in as_text(value)
