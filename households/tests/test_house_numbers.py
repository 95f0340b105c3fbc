from dataclasses import astuple
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_text import to_thai_digits
from households.house_numbers import HouseNumber, UnreadableHouseNumber, date_readings, parse

LETTERS = [chr(code) for code in range(ord("ก"), ord("ฮ") + 1)]
parts = st.integers(1, 99_999)


@st.composite
def house_numbers(draw: st.DrawFn) -> HouseNumber:
    main = draw(parts)
    sub = draw(st.none() | parts)
    sub2 = draw(st.none() | parts) if sub else None
    first = sub2 or sub or main
    range_end = draw(st.none() | st.integers(first + 1, 99_999)) if first < 99_999 else None
    return HouseNumber(main, sub, sub2, range_end, draw(st.sampled_from(["", *LETTERS])))


small = st.integers(1, 3)
neighbours = st.builds(
    HouseNumber, small, st.none() | small, st.none(), st.none() | st.integers(4, 5), st.sampled_from(["", "ก", "ข"])
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("123", "123"),
        ("123/45", "123/45"),
        ("  37 / 3 ", "37/3"),
        ("๑๒๓/๔๕", "123/45"),
        ("123/4/5", "123/4/5"),
        ("12/3-5", "12/3-5"),
        ("12/3 \u2013 5", "12/3-5"),
        ("12-14", "12-14"),
        ("123/4ก", "123/4 ก"),
        ("123/4 ก", "123/4 ก"),
        ("123/4ก.", "123/4 ก"),
        ("28  ก .", "28 ก"),
        ("12/3-5 ก", "12/3-5 ก"),
        ("12\\3", "12/3"),
        ("12\u22153", "12/3"),
        ("012/03", "12/3"),
        ("'12/3", "12/3"),
        ("บ้านเลขที่ 12/3", "12/3"),
        ("บ้านเลขที่12/3", "12/3"),
        ("บ้านเลขที่ : 12/3", "12/3"),
        ("เลขที่ ๑๒/๓", "12/3"),
        ("เลขประจำบ้าน 12", "12"),
        ("No. 12/3", "12/3"),
        ("no12", "12"),
        ("\ufeff12\u200b/3\u00a0", "12/3"),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, key: str) -> None:
    assert parse(typed).key == key


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "ก",
        "0",
        "00",
        "12/0",
        "0/5",
        "12.0",
        "12.5",
        "12.",
        "1,234",
        "12/",
        "/3",
        "12//3",
        "12/3/4/5",
        "123456",
        "12/3-",
        "12/5-3",
        "12/3-3",
        "12-3",
        "12/3-5-7",
        "12/3, 12/5",
        "12 13",
        "12กข",
        "12 A",
        "12/3 (ร้าง)",
        "2015-01-21",
        "21 ม.ค.",
        "²",
        "1" * 5000,
        "0" * 5000 + "1",
        " " * 5000,
    ],
)
def test_anything_else_is_refused_not_guessed(typed: str) -> None:
    with pytest.raises(UnreadableHouseNumber):
        parse(typed)


def test_the_parts_are_numbers_and_a_letter() -> None:
    assert parse("12/3-5 ก") == HouseNumber(main=12, sub=3, sub2=None, range_end=5, suffix="ก")
    assert parse("12/3-5").is_range
    assert not parse("12/3").is_range


@given(house_numbers())
def test_a_number_shown_reads_back_as_itself(number: HouseNumber) -> None:
    assert parse(str(number)) == number
    assert parse(to_thai_digits(number.key)) == number
    assert parse(f"  {number.key.replace('/', ' / ').replace('-', ' - ')}  ") == number
    assert parse(f"เลขที่{number.key.replace(' ', '')}") == number


@given(neighbours, neighbours)
def test_equal_keys_mean_equal_numbers_and_one_place_in_the_order(one: HouseNumber, other: HouseNumber) -> None:
    assert (one.key == other.key) == (one == other) == (one.order == other.order)
    assert (one < other) == (one.order < other.order)
    assert (one <= other) == (one < other or one == other)


@given(house_numbers(), house_numbers())
def test_the_order_compares_part_by_part_with_absent_parts_first(one: HouseNumber, other: HouseNumber) -> None:
    assert (one < other) == (
        [part or 0 for part in astuple(one)[:4]] + [one.suffix]
        < [part or 0 for part in astuple(other)[:4]] + [other.suffix]
    )
    assert len(one.order) == len(other.order)


def test_numbers_sort_as_people_count() -> None:
    in_order = ["1", "1/2", "1/2-4", "1/2/1", "1/10", "2", "2 ก", "2 ข", "2/1", "10", "99999"]
    numbers = [parse(text) for text in in_order]
    keys = [number.order for number in numbers]
    assert keys == sorted(set(keys))
    assert sorted(set(numbers)) == numbers


def test_a_house_number_is_not_compared_with_other_things() -> None:
    assert parse("1") != "1"
    with pytest.raises(TypeError):
        parse("1") < "2"  # noqa: B015


@given(st.text() | st.text(alphabet="0123456789๐๕/-. กข'เลขที่\u200b"))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    try:
        number = parse(text)
    except UnreadableHouseNumber:
        return
    assert parse(number.key) == number
    assert number.key == str(number)


def test_a_refusal_quotes_no_more_than_a_line() -> None:
    with pytest.raises(UnreadableHouseNumber) as refusal:
        parse("ก" * 10_000)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("day", "readings"),
    [
        (date(2015, 3, 7), ["7/3", "3/7"]),
        (date(2015, 1, 21), ["21/1", "1/21"]),
        (date(2015, 3, 3), ["3/3"]),
        (date(1934, 5, 1), ["1/5", "5/1", "5/34"]),
        (date(2000, 5, 1), ["1/5", "5/1"]),
        (date(2001, 1, 1), ["1/1"]),
        (date(2005, 5, 1), ["1/5", "5/1", "5/5"]),
    ],
)
def test_a_date_may_have_been_these_house_numbers(day: date, readings: list[str]) -> None:
    assert [number.key for number in date_readings(day)] == readings


@given(st.integers(1, 12), st.integers(1, 28), st.integers(1930, 2029))
def test_what_a_spreadsheet_turned_into_a_date_is_among_its_readings(month: int, day: int, year: int) -> None:
    assert HouseNumber(day, month) in date_readings(date(year, month, day))
    if year % 100:
        assert HouseNumber(month, year % 100) in date_readings(date(year, month, 1))
