import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.tests.pace import soon
from communities.thai_text import clean, sort_key, to_arabic_digits, to_thai_digits

NIKHAHIT, SARA_AA, MAI_THO = "\u0e4d", "\u0e32", "\u0e49"
thai_text = st.text(alphabet=[chr(code) for code in range(0x0E01, 0x0E5C)] + list(" 0a/\u200b"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\ufeffซอย\u200b 5\u00ad", "ซอย 5"),
        ("ซอย\u00a0\u2009\u30005", "ซอย 5"),
        ("  12 \n 3\t", "12 3"),
        ("12\u22153 12\u20443 12\uff0f3 12\\3", "12/3 12/3 12/3 12/3"),
        ("1\u20132 1\u20142 1\u20112 1\u22122 1\uff0d2", "1-2 1-2 1-2 1-2 1-2"),
        ("\uff21\uff11\uff12", "A12"),
        (f"น{NIKHAHIT}{MAI_THO}{SARA_AA}", "น้ำ"),
        (f"น{MAI_THO}{NIKHAHIT}{SARA_AA}", "น้ำ"),
        ("น\u0e33\u0e49", "น้ำ"),
        ("ก\u0e4d\u0e32\u0e49\u0e33", "ก\u0e49\u0e33"),
        ("ก\u0e49\u0e35", "กี้"),
        ("ท\u0e35\u0e48\u0e48", "ที่"),
        ("เเยก", "แยก"),
        ("ท\uf702\uf70a", "ที่"),
        ("ป\uf710น", "ปัน"),
        ("\uf700าน", "ฐาน"),
        ("ตๅกสิน", "ตากสิน"),
        ("ฤๅษี", "ฤๅษี"),
        ("เทอด\u00adไท", "เทอดไท"),
        ("12/3\u00ad5", "12/3-5"),
        ("12\u29f53 12\u22163", "12/3 12/3"),
        ("1\u30fc2 1\u25002", "1-2 1-2"),
        ("\u0661\u0662 \u17e1 \u0ed1", "\u0661\u0662 \u17e1 \u0ed1"),
        ("cafe\u0301", "café"),
        ("๑๒/๓", "๑๒/๓"),
        ("", ""),
    ],
)
def test_look_alikes_become_one_form(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text() | thai_text | st.text(alphabet="กำา\u0e4d\u0e49\u0e35\u0e38\u0e3a\u0e4cเ "))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text() | thai_text)
def test_cleaned_text_has_no_odd_space_and_no_control_character(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not any(letter.isspace() and letter != " " for letter in cleaned)
    assert not any(unicodedata.category(letter) == "Cc" for letter in cleaned)


@given(st.sampled_from(["\u00ad", "เ", "ๅ", "\u0e49\u0e4d", "ำ", "  ", "\uf70a", "ก"]), st.integers(1, 32_767))
def test_no_cell_takes_long_to_clean(sign: str, times: int) -> None:
    with soon():
        clean((sign * times)[:32_767])


def test_a_cell_full_of_signs_is_cleaned_at_once() -> None:
    assert clean("ก" + "\u0e49\u0e4d" * 20_000) == "ก\u0e4d\u0e49"


@given(st.permutations(["\u0e35", "\u0e49"]))
def test_the_order_in_which_signs_were_typed_does_not_matter(signs: list[str]) -> None:
    assert clean("ก" + "".join(signs)) == "กี้"


@given(st.text(alphabet="0123456789/ก "))
def test_digits_travel_to_thai_and_back(text: str) -> None:
    assert to_arabic_digits(to_thai_digits(text)) == text


def test_digits_alone_are_changed() -> None:
    assert to_thai_digits("ที่ 12/3") == "ที่ ๑๒/๓"
    assert to_arabic_digits("ที่ ๑๒/๓") == "ที่ 12/3"


@pytest.mark.parametrize(
    "in_order",
    [
        ["กก", "กา", "ก่า", "เก", "แก", "ไก่", "ขา", "เขา"],
        ["ซอย 2", "ซอย 10", "ซอย 100"],
        ["เทอดไท 17", "เทอดไท 17/1", "เทอดไท 17/2", "เทอดไท 17/10", "เทอดไท 18"],
        ["ชุมชนโรงเจ ๑", "ชุมชนโรงเจ 2"],
        ["กัน", "กั้น", "กันดาร"],
    ],
)
def test_sorting_follows_the_dictionary_and_the_numbers(in_order: list[str]) -> None:
    keys = [sort_key(word) for word in in_order]
    assert keys == sorted(set(keys))


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_numbers_in_names_sort_by_value(one: int, other: int) -> None:
    assert (sort_key(f"ซอย {one}") < sort_key(f"ซอย {other}")) == (one < other)


@given(st.text() | thai_text)
def test_a_sort_key_needs_no_cleaning_first(text: str) -> None:
    assert sort_key(clean(text)) == sort_key(text)
