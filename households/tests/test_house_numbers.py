from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.tests.pace import soon
from communities.thai_text import to_thai_digits
from households.house_numbers import HouseNumber, UnreadableHouseNumber, numbers_at_start, parse

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
    ("text", "numbers", "rest"),
    [
        ("12/3 ซ.เทอดไท 5", "12/3", " ซ.เทอดไท 5"),
        ("12/3 ก. ข้างวัด", "12/3 ก.", " ข้างวัด"),
        ("12/3ก ร้านค้า", "12/3ก", " ร้านค้า"),
        ("12/3 น.ส.สมศรี", "12/3", " น.ส.สมศรี"),
        ("12/3, 5 และ 14 ก (ให้เช่า)", "12/3, 5 และ 14 ก", " (ให้เช่า)"),
        ("12/3 ถึง 12/5 ริมคลอง", "12/3 ถึง 12/5", " ริมคลอง"),
        ("12/3 12/5", "12/3 12/5", ""),
        ("12/3 2 ชั้น", "12/3", " 2 ชั้น"),
        ("12/3-", "12/3", "-"),
        ("ซอย 5", "", "ซอย 5"),
        ("12.5", "", "12.5"),
        ("1234567", "", "1234567"),
    ],
)
def test_the_numbers_that_a_text_begins_with_end_where_words_begin(text: str, numbers: str, rest: str) -> None:
    assert numbers_at_start(text) == (numbers, rest)


@given(st.text(alphabet="0123456789/ ,-กขถึงและ.", max_size=300))
def test_splitting_off_numbers_loses_nothing_and_ends_soon(text: str) -> None:
    with soon():
        assert "".join(numbers_at_start(text)) == text


@given(house_numbers())
def test_the_order_tells_the_number_again(number):
    assert HouseNumber.of_order(number.order) == number


@pytest.mark.parametrize(
    ("number", "parent"),
    [
        ("12/1/2", "12/1"),
        ("12/1", "12"),
        ("12 ก", "12"),
        ("12/1 ก", "12/1"),
        ("12/3-5", "12"),
        ("12", None),
        ("12-14", None),
    ],
)
def test_the_number_on_whose_plot_another_was_given(number, parent):
    found = parse(number).parent
    assert (found.key if found else None) == parent
