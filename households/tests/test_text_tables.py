"""Tables that came as text: which encoding, which sign between the columns, and which text is no table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.files.raw_sheets import Bounds, Unreadable
from households.files.text_tables import is_table, rows_of, text_of

BOUNDS = Bounds(rows=10, columns=5, values=40, letters=10_000)


def rows(text):
    return rows_of(text, BOUNDS)


def refusal(text):
    with pytest.raises(Unreadable) as refused:
        rows(text)
    return refused.value.code, refused.value.place


# --- encodings ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16", "utf-16-le", "utf-16-be"])
def test_thai_is_read_whatever_the_encoding(encoding):
    text = "บ้านเลขที่,ซอย\r\n12/5,เนินเธอ เนตร\r\n"
    assert text_of(text.encode(encoding)) == text


def test_one_damaged_letter_does_not_turn_utf_8_into_windows_874():
    data = "บ้านเลขที่,ซอย\n๑๒/๕,เทอดไท\n".encode()
    assert text_of(data[:1] + data[2:]).endswith("\n๑๒/๕,เทอดไท\n")
    assert "\ufffd" in text_of(data[:1] + data[2:])


@pytest.mark.parametrize("noise", [b"a,b\0\1\2\n", bytes(range(256)), b"a\0b\0\x07\0", b"\xff\xfea"])
def test_bytes_that_are_no_text_are_told_as_such(noise):
    assert text_of(noise) is None


# --- signs between the columns ---


def test_the_first_line_may_name_the_sign_and_is_no_row():
    assert rows("sep=;\r\n12,5;เทอดไท\r\n") == [["12,5", "เทอดไท"]]
    assert rows('"sep=|"\n12|5\n') == [["12", "5"]]


def test_the_sign_is_the_one_that_most_lines_have():
    assert rows("a;b\n1, 2, 3;c\n4;d\n") == [["a", "b"], ["1, 2, 3", "c"], ["4", "d"]]
    assert rows("รายชื่อบ้าน, ชุมชน ก, ข, ค\nเลขที่\tซอย\n1\tเทอดไท 5\n")[1] == ["เลขที่", "ซอย"]


@pytest.mark.parametrize(
    "lines", [["12/3", "12/5", "7"], ["บ้านเลขที่", "๑๒/๓", "๗"], ["12/3 ซ.เทอดไท 5", "12/5, 12/7", "7 ถ.อิสรภาพ", "8"]]
)
def test_a_list_of_one_column_is_a_table(lines):
    assert is_table("\n".join(lines))
    assert rows("\n".join(lines)) == [[line] for line in lines]


@pytest.mark.parametrize(
    "prose",
    ["ขอส่งบัญชีเลขที่บ้าน", "เรียน หัวหน้าฝ่ายทะเบียน\nขอส่งบัญชี\nจึงเรียนมาเพื่อทราบ", "12/5", "5 " * 200 + "\n" + "6 " * 200],
)
def test_prose_is_no_table(prose):
    assert not is_table(prose)


# --- rows ---


def test_blank_lines_keep_their_places_and_those_at_the_end_are_none():
    assert rows("a,b\n,\n\nc,d\n,,\n\n") == [["a", "b"], [], [], ["c", "d"]]


def test_rows_and_columns_that_hold_nothing_do_not_count():
    assert rows("a,b\n" + ",,,,,,,\n" * 50) == [["a", "b"]]
    assert rows("a,b,,,,,,,\nc,d\n") == [["a", "b", None, None, None], ["c", "d"]]


def test_what_is_too_long_or_too_wide_is_refused_where_it_begins():
    assert refusal("a,b\n" * 11) == ("too_many_cells", "A11")
    assert refusal("a,b\n1,2,3,4,5,6\n") == ("too_many_cells", "F2")
    assert refusal("a,b\n" + "\n" * 50 + "c,d\n") == ("too_many_cells", "A11")
    assert refusal("a,b,c,d,e\n" * 9)[0] == "zip_bomb"


def test_a_quotation_mark_that_is_not_closed_is_told():
    assert refusal('a,b\n1,"2\n3,4\n5,6\n') == ("open_quote", "B2")
    assert rows('a,b\n1,"2\n3"\n') == [["a", "b"], ["1", "2\n3"]]


def test_a_cell_that_takes_the_whole_file_is_refused():
    assert refusal("a,b\n" + '"' + "x" * 200_000)[0] == "long_text"


@given(st.text(alphabet='12/ก,;\t"\n\r ', max_size=80))
def test_any_text_is_rows_or_a_reason(text):
    assert outcome(text) in ("rows", "too_many_cells", "open_quote", "zip_bomb")


def outcome(text):
    try:
        return "rows" if all(len(row) <= BOUNDS.columns for row in rows(text)) else "too wide"
    except Unreadable as refused:
        return refused.code
