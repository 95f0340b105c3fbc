import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_text import to_thai_digits
from households.reading.columns import (
    HEADER_SOUGHT_IN_ROWS,
    find_headers,
    headers_as_said,
    headers_at,
    names_columns_anew,
)
from households.reading.list_lines import count_the_rows, heading_in, why_no_house
from households.tests.intake import find_header

TITLE = ["บัญชีข้อมูลเลขที่บ้าน ชุมชนตัวอย่าง", None, None, None, None]
USUAL = ["ลำดับ", "บ้านเลขที่", "ซอย", "ถนน", "แขวง", "หมายเหตุ"]
PLACES = {"house_no": 1, "soi": 2, "road": 3, "subdistrict": 4, "note": 5}


@pytest.fixture
def header():
    return find_header([USUAL])


def test_a_header_below_titles_and_blank_rows_is_found():
    found = find_header([TITLE, [], [None] * 5, USUAL, [1, "5", "", "เทอดไท", "ตลาดพลู"]])
    assert (found.row, dict(found.columns)) == (4, PLACES)


@pytest.mark.parametrize(
    "word",
    [
        "บ้านเลขที่",
        " บ้าน เลขที่ ",
        "บ้านเลขที่ :",
        "บ้าน\nเลขที่",
        "เลขที่บ้าน",
        "เลขบ้าน",
        "เลขที่",
        "House No.",
        "HOUSE_NUMBER",
        "บ้านเลขที่ (ตามทะเบียนบ้าน)",
        "บ้าน\u200bเลขที่",
    ],
)
def test_the_house_number_column_is_known_by_many_words(word):
    assert find_header([["ลำดับ", word, "ซอย"]]).columns["house_no"] == 1


@pytest.mark.parametrize("word", ["ชื่อ-สกุล", "บ้านเลขที่เดิม", "บ้านเลขที่ (เดิม)", "เลขรหัสประจำบ้าน", 7, None])
def test_other_columns_are_not_taken_for_house_numbers(word):
    assert find_header([["ลำดับ", word, "ซอย", "ถนน"]]) is None


@pytest.mark.parametrize("counting", ["เลขที่", "ลำดับที่", "ที่", "ลำดับ"])
@pytest.mark.parametrize("numbers", ["บ้านเลขที่", "เลขบ้าน", "หมายเลขบ้าน", "เลขประจำบ้าน"])
def test_the_column_that_counts_rows_is_never_the_house_number(counting, numbers):
    header = find_header([[counting, numbers, "ซอย"]])
    assert header.columns["house_no"] == 1
    assert not header.is_plain


def test_a_bare_number_column_without_a_counting_column_is_marked():
    assert find_header([["เลขที่", "ซอย", "ถนน"]]).is_plain
    assert not find_header([["ลำดับ", "เลขที่", "ซอย"]]).is_plain
    assert not find_header([["บ้านเลขที่", "ซอย"]]).is_plain


def test_a_letter_number_above_the_table_is_not_the_header():
    rows = [["เลขที่", "กท ๕๕๐๒/๓๑"], TITLE, USUAL]
    assert find_header(rows).row == 3


def test_a_column_of_house_numbers_alone_is_a_list():
    assert dict(find_header([TITLE, ["บ้านเลขที่"], ["5"]]).columns) == {"house_no": 0}


def test_a_header_far_down_has_to_name_two_columns():
    above = [TITLE] * HEADER_SOUGHT_IN_ROWS
    assert find_header([*above, ["บ้านเลขที่"]]) is None
    assert find_header([*above, USUAL]).row == HEADER_SOUGHT_IN_ROWS + 1
    assert find_header([*above[1:], USUAL]).row == HEADER_SOUGHT_IN_ROWS


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["ลำดับ", "บ้านเลขที่", "ที่อยู่", None, None, "หมายเหตุ"], ["ที่", None, "ซอย", "ถนน", "แขวง", None]),
        (["ลำดับ", "บ้าน", "ซอย", "ถนน", "แขวง", "หมายเหตุ"], ["ที่", "เลขที่", None, None, None, None]),
        (["เลขที่", "บ้าน", "ซอย", "ถนน", "แขวง", "หมายเหตุ"], [None, "เลขที่", None, None, None, None]),
        (["ลำดับ", None, "ซอย", "ถนน", "แขวง", "หมายเหตุ"], [None, "บ้านเลขที่", None, None, None, None]),
    ],
)
def test_a_header_over_two_lines_is_read_as_one(above, below):
    found = find_header([TITLE, above, below, [1, "5", "5", "เทอดไท", "ตลาดพลู"]])
    assert (found.row, dict(found.columns)) == (3, PLACES)


def test_the_first_house_is_not_taken_for_the_second_line_of_the_header():
    found = find_header([USUAL, [1, "5", "ซอย", "ถนน", "แขวง", ""]])
    assert found.row == 1


def test_two_columns_for_one_part_are_both_known():
    found = find_header([["บ้านเลขที่", "ซอย", "ตรอก/ซอย", "ถนน", "แยก", "อาคาร"]])
    assert found.columns["soi"] == 1
    assert found.not_compared == (2, 4, 5)


def test_tables_side_by_side_have_a_header_each():
    left, right = find_headers([["ลำดับ", "บ้านเลขที่", "ซอย", None, "ลำดับ", "บ้านเลขที่", "ซอย"]])
    assert (left.columns, left.window) == ({"house_no": 1, "soi": 2}, (0, 4))
    assert (right.columns, right.window) == ({"house_no": 5, "soi": 6}, (4, 7))
    assert left.own([1, "5", "เทอดไท 5", None, 2, "6", "เทอดไท 7"]) == [1, "5", "เทอดไท 5", None, None, None, None]
    assert right.own(["ซอยเทอดไท 9"]) == ["ซอยเทอดไท 9"]


class TestWhatAPersonSaid:
    """A header whose columns a person named, whatever its words say."""

    WORDS = ["ลำดับ", "บ้านเลขที่", "เลขใหม่", "ซอย", "ซอย", "ถนน", "เขต", "ชุมชน", "อาคาร", "ชื่อ"]

    def said(self, columns, *rows, row=1):
        return headers_as_said(columns, rows, row=row, texts={})

    def test_what_nobody_is_asked_for_is_taken_from_its_words(self):
        [header] = self.said({"house_no": 2, "soi": 3, "road": 5}, self.WORDS)
        assert (header.district, header.community, header.not_compared) == (6, 7, (4, 8))
        assert header.is_said

    def test_a_column_that_was_named_is_never_held_against_the_row(self):
        [header] = self.said({"house_no": 2, "soi": 4, "road": 8}, self.WORDS)
        assert header.not_compared == ()

    def test_a_column_that_a_person_said_is_not_needed_is_not_kept(self):
        [header] = self.said({"house_no": 2, "soi": 4}, self.WORDS)
        assert header.kept == {0, 2, 4, 6, 7, 8}

    def test_a_header_over_two_lines_is_known_by_both(self):
        above, below = ["ลำดับ", "ที่อยู่", None, None], [None, "บ้านเลขที่", "ซอย", "อาคาร"]
        [header] = self.said({"house_no": 2}, above, below, row=2)
        assert (header.not_compared, header.kept) == ((3,), {0, 2, 3})

    def test_it_holds_for_each_of_the_tables_side_by_side(self):
        table = ["ลำดับ", "บ้านเลขที่", "ซอย", "เดิม"]
        headers = self.said({"house_no": 3, "soi": 2}, [*table, *table])
        assert [dict(header.columns) for header in headers] == [{"house_no": 3, "soi": 2}, {"house_no": 7, "soi": 6}]

    @pytest.mark.parametrize("row", [0, 1, 9])
    def test_a_sheet_without_a_header_has_only_what_was_said(self, row):
        [header] = self.said({"house_no": 1}, [1, "12/3", "นายดี"], row=row)
        assert (header.row, header.kept) == (row, {1})


def test_a_second_column_of_house_numbers_that_is_no_table_is_noticed():
    assert find_header([["บ้านเลขที่", "บ้านเลขที่", "ซอย"]]).names_two
    assert not find_header([["เลขที่", "บ้านเลขที่", "ซอย"]]).names_two


def test_a_header_of_the_next_page_or_in_another_order_is_noticed(header):
    assert names_columns_anew(USUAL, header)
    assert names_columns_anew(["ซอย", "ถนน", "บ้านเลขที่"], header)
    assert names_columns_anew([None, "บ้านเลขที่"], header)
    assert not names_columns_anew([1, "5", "ซอย", "ถนน"], header)
    assert not names_columns_anew([1, "", "", "", "", "ไม่ทราบบ้านเลขที่"], header)
    moved = headers_at([USUAL, ["ซอย", "ถนน", "บ้านเลขที่"]], 1)[0]
    assert (moved.row, moved.columns["house_no"]) == (2, 2)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ([None, None], "blank"),
        (["  ", "\u200b"], "blank"),
        ([], "blank"),
        (["", "รวม 353 หลัง"], "total"),
        (["รวมทั้งสิ้น", 353], "total"),
        (["รวม", "๓๕๓", "หลัง"], "total"),
        (["", "จำนวน 12 หลังคาเรือน"], "total"),
        (["", "(ลงชื่อ)", "........"], "signature"),
        (["", "", "( .............. )"], "signature"),
        (["", "", "ประธานชุมชน"], "signature"),
        (["ลำดับ", "ซอย", "ถนน"], "header"),
        (["ซอยเทอดไท 5"], "heading"),
        (["", "ซอยเทอดไท 5"], "heading"),
        (["", "", "เทอดไท 5"], "heading"),
        (["บัญชีบ้าน (ต่อ)"], "heading"),
        (["", "หน้า 2"], "heading"),
    ],
)
def test_lines_that_are_no_houses_say_why(header, row, why):
    assert why_no_house(row, header) == why


@pytest.mark.parametrize(
    "row",
    [
        [1, "5"],
        ["", "5", "รวมใจ 3"],
        [1, 5, "รวมใจ 3", "", "", ""],
        [1, None, "เทอดไท 5"],
        [4, "", "", "", "", ""],
        ["", "12/3 และ 12/5"],
        [7, "12/3,12/5", "รวมใจ 3", "", "", "รวมกัน"],
        ["", "5", "", "", "", "รวมกับ 12/4"],
        ["", "12/3,12/5", "", "", "", "ผู้ตรวจ นายดี"],
        ["", "12/3, 12/5", "เทอดไท 5"],
        ["", "?", "", "", "", "ย้ายไป"],
        [1, datetime.date(2015, 1, 2)],
        [1, 12.5],
    ],
)
def test_a_line_with_a_number_or_a_place_in_the_count_stays_a_house(header, row):
    assert why_no_house(row, header) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["ซอยเทอดไท 5"], "ซอยเทอดไท 5"),
        ([None, "ซ.เทอดไท ๕"], "ซ.เทอดไท 5"),
        (["ตรอกเทวดา", None, None, None, None, "20 หลัง"], "ตรอกเทวดา"),
        ([None, None, "เทอดไท 5"], "เทอดไท 5"),
        (["ริมคลอง"], "ริมคลอง"),
        ([3, "ซอยเทอดไท 5"], "ซอยเทอดไท 5"),
        (["หน้า 2"], None),
        (["รวมใจ", "5"], None),
        ([1, "5", "ซอยเทอดไท 5"], None),
        ([1, None, "ซอยเทอดไท 5", "ถนนเทอดไท"], None),
    ],
)
def test_a_line_above_houses_may_name_their_lane(header, row, said):
    assert heading_in(row, header) == said


def test_numbers_that_count_the_rows_are_noticed():
    assert count_the_rows(list(range(1, 30)))
    assert count_the_rows([str(n) for n in range(1, 30)])
    assert count_the_rows([to_thai_digits(str(n)) for n in range(1, 30)])
    assert not count_the_rows(["12/1", "12/2", "12/3", "14", "15", "16", "17", "18", "21"])
    assert not count_the_rows([1, 3, 5, 7, 9, 11, 13, 15, 17])
    assert not count_the_rows([1, 2, 3])


cells = st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.dates() | st.sampled_from(USUAL)


@given(st.lists(st.lists(cells, max_size=6), max_size=8), st.lists(cells, max_size=6))
def test_no_table_makes_the_reader_of_columns_fail(rows, line):
    header = find_header(rows) or find_header([USUAL])
    why_no_house(line, header)
    heading_in(line, header)
    names_columns_anew(line, header)
    for index, row in enumerate(rows):
        if names_columns_anew(row, header):
            header = headers_at(rows, index)[0]


@given(st.permutations(USUAL))
def test_columns_are_known_in_any_order(words):
    found = find_header([words]).columns
    assert {words[index] for index in found.values()} == set(USUAL) - {"ลำดับ"}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("บ้านเลขที", "house_no"),
        ("บานเลขที่", "house_no"),
        ("เลขท่ี่บ้าน", "house_no"),
        ("ซอ ย", "soi"),
        ("ชอย", "soi"),
        ("แขวน", "subdistrict"),
        ("ถนม", "road"),
        ("หมายเหต", "note"),
        ("หมายเหตู", "note"),
    ],
)
def test_a_slip_of_the_pen_is_read_beside_known_words(word, meaning):
    others = [other for other in USUAL if other != USUAL[PLACES[meaning]]]
    assert find_header([[*others, word]]).columns[meaning] == len(others)


@pytest.mark.parametrize("word", ["เลขที่ดิน", "ชื่อ", "อายุ", "บ้านเลขที่ 2", "ห้อง", "ชั้น", "เลขที่โฉนด", "รหัสบ้าน", "โทร."])
def test_other_words_are_no_slips_of_the_pen(word):
    found = find_header([["ลำดับ", word, "ซอย", "ถนน", "แขวง"]])
    assert found is None


def test_a_long_word_without_its_marks_needs_no_other_beside_it():
    assert dict(find_header([["บานเลขที"], ["5"]]).columns) == {"house_no": 0}
    assert find_header([["บานเลกที"], ["5"]]) is None


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("ที่อยู่", "address"),
        ("รายละเอียดที่อยู่", "address"),
        ("บ้านเลขที่/ที่อยู่", "address"),
        ("บ้านเลขที่ ซอย ถนน", None),
        ("บ้านเลขที่/ซอย/ถนน", "address"),
        ("ซอย/ถนน", "soi"),
        ("ตรอก/ซอย/ถนน", "soi"),
        ("แขวง/เขต", "subdistrict"),
        ("ซอย/แขวง", "address"),
    ],
)
def test_a_heading_of_several_words_says_what_the_column_holds(heading, meaning):
    header = find_header([["ลำดับ", "บ้านเลขที่", heading]])
    assert header.columns.get(meaning) == (2 if meaning else None)


def test_what_means_nothing_to_the_register_is_not_kept():
    header = find_header([["ลำดับ", "บ้านเลขที่", "ชื่อ-สกุล", "ซอย", "โทรศัพท์", "อาคาร", "เขต", "จังหวัด", "ของฝาก", "หมายเหตุ"]])
    assert header.kept == {0, 1, 3, 5, 6, 7, 9}


@given(st.permutations(USUAL), st.integers(0, 5))
def test_one_missing_letter_in_a_long_heading_changes_nothing(words, drop):
    """Of the words with four letters or more."""
    place = drop % len(words)
    word = words[place]
    if len(word) > 3:
        misspelt = [*words[:place], word[:-1], *words[place + 1 :]]
        assert find_header([misspelt]).columns == find_header([words]).columns
