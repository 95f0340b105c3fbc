import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.tests.pace import soon
from communities.thai_text import to_thai_digits
from households.house_numbers import parse
from households.reading.number_cells import read_address_column, read_number_cell
from households.reading.number_parts import MOST_KEYS, Doubt

SUBDISTRICTS = frozenset({"บางยี่เรือ", "ตลาดพลู"})
DAY_ZERO = datetime.date(1899, 12, 30)
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
THAI = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")

parts = st.integers(1, 999)
numbers = st.builds(
    lambda main, sub, letter: f"{main}{f'/{sub}' if sub else ''}{f' {letter}' if letter else ''}",
    parts,
    st.none() | parts,
    st.sampled_from(["", "", "ก", "ข", "ฮ"]),
)


def keys_and_doubts(value: object, number_format: str = "") -> list[tuple[list[str], str]]:
    return [(list(part.keys), part.doubt.value) for part in read_number_cell(value, number_format).parts]


def only(value: object, number_format: str = "") -> tuple[list[str], str]:
    [part] = keys_and_doubts(value, number_format)
    return part


@given(numbers)
def test_a_plain_number_is_itself_and_beyond_doubt(number: str) -> None:
    for written in (number, to_thai_digits(number), f" {number} ", f"'{number}", f"เลขที่ {number}", f"#{number}"):
        assert only(written) == ([number], "")


@given(st.integers(1, 9_999))
def test_a_number_cell_is_a_plain_number(number: int) -> None:
    assert only(number) == only(float(number)) == ([str(number)], "")


@pytest.mark.parametrize(
    ("typed", "keys"),
    [("12/3.", "12/3"), ("12/3,", "12/3"), ("No.12", "12"), ("№ 12/3", "12/3"), ("12 ทับ 3", "12/3"), ("‘12/3", "12/3")],
)
def test_what_can_be_no_part_of_the_number_is_passed_over(typed: str, keys: str) -> None:
    assert only(typed) == ([keys], "")


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("12.", ["12"]),
        ("12.0", ["12"]),
        ("12.5", ["12/5", "12/50"]),
        ("12.05", ["12/5"]),
        ("12.125", ["12/125"]),
        (5.1, ["5/1", "5/10"]),
        (12.300000000000001, ["12/3", "12/30"]),
        ("1,234", ["1234"]),
        ("1,234/5", ["1234/5"]),
        ("1.2E+03", ["1200"]),
        ("12 3", ["12/3", "123"]),
        ("12:3", ["12/3"]),
        ("12:03:00", ["12/3"]),
        (datetime.time(12, 3), ["12/3"]),
        (datetime.timedelta(hours=45, minutes=12), ["45/12"]),
        ("l2/3", ["12/3"]),
        ("1O", ["10"]),
        ("12-3", ["12/3"]),
        ("12/3-", ["12/3"]),
        ("12/3 หลัง", ["12/3"]),
        ("12/3 (ก)", ["12/3 ก", "12/3"]),
        ("12/3 (2)", ["12/3"]),
        ("12/3 สมชาย ใจดี", ["12/3"]),
        ("ร้านค้า 12/3", ["12/3"]),
    ],
)
def test_a_repaired_number_keeps_every_reading_and_a_doubt(typed: object, keys: list[str]) -> None:
    assert only(typed) == (keys, "number_repaired")


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        (datetime.date(2015, 3, 12), ["12/3", "3/12"]),
        (datetime.datetime.fromisoformat("2015-12-03T00:00"), ["3/12", "12/3"]),
        (datetime.date(2015, 5, 1), ["1/5", "5/1", "5/15", "5/58"]),
        (datetime.date(1934, 5, 1), ["5/34", "5/77"]),
        (datetime.date(2034, 5, 1), ["1/5", "5/1", "5/34"]),
        (datetime.date(2534, 5, 1), ["5/34"]),
        (datetime.date(1991, 5, 1), ["5/91", "5/34"]),
        (datetime.date(1945, 3, 12), ["12/3/45"]),
        ("12-Mar", ["12/3", "3/12"]),
        ("Mar-34", ["3/34"]),
        ("มี.ค.-34", ["3/34"]),
        ("มี.ค. 2534", ["3/34"]),
        ("12 มี.ค.", ["12/3", "3/12"]),
        ("๑๒ มีนาคม ๒๕๕๘", ["12/3", "3/12"]),
        ("12/03/2015", ["12/3", "3/12"]),
        ("2015-03-12 00:00:00", ["12/3", "3/12"]),
        ("3/12/2558", ["3/12", "12/3"]),
        ("3/12/2558 0:00", ["3/12", "12/3"]),
        ("March 12, 2015", ["12/3", "3/12"]),
        ("12-มี.ค.-15", ["12/3/15", "12/3", "3/12"]),
        ("12/3/45", ["12/3/45"]),
        (42075, ["42075", "12/3", "3/12"]),
        (12540, ["12540", "5/34"]),
        (240600, ["26/9", "9/26"]),
    ],
)
def test_a_date_may_have_been_several_numbers(value: object, keys: list[str]) -> None:
    read, doubt = only(value)
    assert doubt == "excel_date"
    assert read[: len(keys)] == keys


@given(st.integers(1, 12), st.integers(1, 28), st.integers(2000, 2040), st.booleans())
def test_what_a_spreadsheet_made_a_day_is_among_its_readings(month: int, day: int, year: int, american: bool) -> None:
    number = f"{month}/{day}" if american else f"{day}/{month}"
    stored = datetime.date(year, month, day)
    shown = (
        stored,
        stored.isoformat(),
        (stored - DAY_ZERO).days,
        f"{day}-{ENGLISH[month - 1]}",
        f"{day} {THAI[month - 1]}",
        f"{day:02}/{month:02}/{year}",
        f"{month}/{day}/{year}",
        f"{day}/{month}/{year + 543}",
        f"{day}-{ENGLISH[month - 1]}-{year % 100:02}",
        f"{day} {THAI[month - 1]} {year + 543} 0:00",
    )
    for each in shown:
        read, doubt = only(each)
        assert number in read
        assert doubt == "excel_date"
    assert number in only(stored, "d-mmm")[0]


@given(st.integers(1, 12), st.integers(32, 99))
def test_what_a_spreadsheet_made_a_month_is_among_its_readings(month: int, sub: int) -> None:
    for year in (1900 + sub, 2000 + sub, 2500 + sub):
        stored = datetime.date(year, month, 1)
        assert f"{month}/{sub}" in only(stored)[0]
        assert f"{month}/{sub}" in only(stored, "mmm-yy")[0]
    assert f"{month}/{sub}" in only((datetime.date(1900 + sub, month, 1) - DAY_ZERO).days)[0]
    assert only(f"{ENGLISH[month - 1]}-{sub}")[0][0] == f"{month}/{sub}"
    assert only(f"{THAI[month - 1]}-{sub}")[0][0] == f"{month}/{sub}"


def test_the_format_of_a_date_tells_what_was_typed() -> None:
    stored = datetime.date(2015, 5, 1)
    assert only(stored, "d-mmm") == (["1/5", "5/1"], "excel_date")
    assert only(stored, r"[$-41E]d\-mmm;@") == (["1/5", "5/1"], "excel_date")
    assert only(stored, "mmm-yy") == (["5/15", "5/58"], "excel_date")
    assert only(stored, "dd/mm/yyyy") == only(stored)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("12/3-5", ["12/3-5", "12/3", "12/4", "12/5"]),
        ("12/3 \u2013 5", ["12/3-5", "12/3", "12/4", "12/5"]),
        ("12/3-12/5", ["12/3-5", "12/3", "12/4", "12/5"]),
        ("12/3 ถึง 12/5", ["12/3-5", "12/3", "12/4", "12/5"]),
        ("12/3~5", ["12/3-5", "12/3", "12/4", "12/5"]),
        ("12-14", ["12-14", "12", "13", "14"]),
        ("12/1/1-2", ["12/1/1-2", "12/1/1", "12/1/2"]),
        ("12/3 ก-ค", ["12/3 ก-ค", "12/3 ก", "12/3 ข", "12/3 ค"]),
        ("12/1-900", ["12/1-900"]),
    ],
)
def test_a_range_is_the_whole_and_its_parts(typed: str, keys: list[str]) -> None:
    assert only(typed) == (keys, "range")


@pytest.mark.parametrize("sign", [", ", " , ", ",", " และ ", "และ", " กับ ", " & ", "; ", "\n", " + ", ", เลขที่ "])
@given(one=st.builds("{}/{}".format, parts, parts), other=st.builds("{}/{}".format, parts, parts))
def test_several_whole_numbers_are_several_houses_without_a_doubt(sign: str, one: str, other: str) -> None:
    expected = [([number], "") for number in dict.fromkeys([one, other])]
    assert keys_and_doubts(f"{one}{sign}{other}") == expected


def test_a_short_form_may_mean_two_houses_each() -> None:
    assert keys_and_doubts("12/3,5") == [(["12/3"], "several_numbers"), (["12/5", "5"], "several_numbers")]
    assert keys_and_doubts("12 ก, ข") == [(["12 ก"], "several_numbers"), (["12 ข"], "several_numbers")]
    assert keys_and_doubts("12/3 12/5") == [(["12/3"], "several_numbers"), (["12/5"], "several_numbers")]
    assert keys_and_doubts("12/3 หรือ 12/5") == [(["12/3", "12/5"], "several_numbers")]
    assert keys_and_doubts("12,15") == [(["12", "12/15"], "several_numbers"), (["15", "12/15"], "several_numbers")]
    assert keys_and_doubts("106,153/1") == [(["106"], ""), (["153/1"], "")]
    assert keys_and_doubts("12, 15") == [(["12"], ""), (["15"], "")]


def test_a_range_beside_a_number_keeps_its_own_doubt() -> None:
    assert keys_and_doubts("12/3-4, 12/8") == [(["12/3-4", "12/3", "12/4"], "range"), (["12/8"], "")]


@pytest.mark.parametrize(
    ("typed", "note", "doubt"),
    [
        ("12/3 (รื้อแล้ว)", "รื้อแล้ว", "note_speaks_against"),
        ("12/3 รื้อ", "รื้อ", "note_speaks_against"),
        ("12/3 (ใหม่)", "ใหม่", "note_speaks_against"),
        ("12/3 ?", "?", "note_speaks_against"),
        ("(เดิม) 12/3", "เดิม", "note_speaks_against"),
        ("12/3*", "*", "number_repaired"),
        ("12/3 บ้านนายก", "บ้านนายก", ""),
        ("12/3 ร้านค้า", "ร้านค้า", ""),
        ("12/3 (ให้เช่า)", "ให้เช่า", ""),
        ("12/3 2 ชั้น", "2 ชั้น", ""),
        ("12/3 นายสมชาย ใจดี", "", ""),
        ("12/3 (น.ส.สมศรี)", "", ""),
        ("12/3 (นางแดง) รื้อแล้ว", "รื้อแล้ว", "note_speaks_against"),
        ("12/3 โทร 081-234-5678", "", ""),
    ],
)
def test_a_remark_becomes_a_note_without_persons(typed: str, note: str, doubt: str) -> None:
    cell = read_number_cell(typed)
    assert (cell.note, only(typed)) == (note, (["12/3"], doubt))


def test_a_remark_counts_for_every_house_of_the_cell() -> None:
    doubted = [(["12/3"], "note_speaks_against"), (["12/5"], "note_speaks_against")]
    assert keys_and_doubts("12/3, 12/5 (รื้อแล้ว)") == doubted


def test_an_address_in_the_cell_is_handed_on() -> None:
    cell = read_number_cell("12/3, 12/5 ซ.เทอดไท 5 ถ.เทอดไท แขวงบางยี่เรือ (ให้เช่า)", "", SUBDISTRICTS)
    assert [part.keys for part in cell.parts] == [("12/3",), ("12/5",)]
    assert cell.note == "ให้เช่า"
    assert cell.address is not None
    assert (cell.address.soi, cell.address.road, cell.address.subdistrict) == ("เทอดไท 5", "เทอดไท", "บางยี่เรือ")


def test_a_lane_without_a_number_is_no_house() -> None:
    cell = read_number_cell("ซอยเทอดไท 5")
    assert cell.parts[0].doubt == Doubt.UNREADABLE
    assert cell.address is not None
    assert cell.address.soi == "เทอดไท 5"


def test_an_address_column_needs_no_words() -> None:
    cell = read_address_column("12/3 เทอดไท 5", SUBDISTRICTS)
    assert cell.parts[0].keys == ("12/3",)
    assert cell.address is not None
    assert (cell.address.soi, cell.address.is_certain) == ("เทอดไท 5", False)
    assert read_address_column("").parts[0].doubt == Doubt.NO_NUMBER
    assert read_address_column("ก" * 40_000).parts[0].doubt == Doubt.UNREADABLE


@pytest.mark.parametrize("value", [None, "", "  ", "\u200b", "'"])
def test_an_empty_cell_has_no_number(value: object) -> None:
    assert only(value) == ([], "no_number")


@pytest.mark.parametrize(
    "value",
    [
        *(
            "-",
            '"',
            "คคค",
            "0",
            "12/0",
            "12/3-14/2",
            "12/13-5",
            "12/3/4/5",
            "1234567",
            "12.12345",
            "0.25",
            "1e9",
            "12/3-5-7",
        ),
        *(
            "1" * 5000,
            "12/3 " * 200,
            0,
            -5,
            True,
            False,
            123_456,
            1e300,
            math.inf,
            math.nan,
            object(),
            datetime.timedelta(seconds=5),
        ),
    ],
)
def test_what_names_no_house_is_not_guessed_at(value: object) -> None:
    assert only(value) == ([], "unreadable_number")


values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.text(max_size=60)
    | st.text(alphabet="0123456789๑/-.,: ()กขซถมคพ.และถึงหรือtMar*?", max_size=60)
)


@given(values, st.sampled_from(["", "d-mmm", "mmm-yy", "dd/mm/yyyy", "General", '"', "[$-41E]ว ดด ปป"]))
def test_any_value_is_read_to_house_numbers_or_refused(value: object, number_format: str) -> None:
    cell = read_number_cell(value, number_format, SUBDISTRICTS)
    assert cell.parts
    for part in cell.parts:
        assert bool(part.keys) == (part.doubt not in (Doubt.NO_NUMBER, Doubt.UNREADABLE))
        assert len(part.keys) <= MOST_KEYS
        assert len(part.keys) == 1 or part.doubt, "several readings without a doubt"
        for key in part.keys if part.doubt != Doubt.RANGE else part.keys[1:]:
            assert parse(key).key == key


@given(st.text(alphabet="0123456789/-., กซ.และถึง()", min_size=1, max_size=12), st.integers(1, 32_767))
def test_no_cell_takes_long_to_read(pattern: str, length: int) -> None:
    text = (pattern * length)[:32_767]
    with soon():
        for size in (300, len(text)):
            read_number_cell(text[:size])
            read_address_column(text[:size])
