"""Numbers of papers in any writing lead to one key."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.document_numbers import Series, finding_pattern, number_key, series_of
from communities.thai_text import to_thai_digits

NUMBERS = st.builds(
    "{}/{}{}".format,
    st.sampled_from(["กท5502", "กท0303", "มท0309.1"]),
    st.sampled_from(["", "ว"]),
    st.from_regex(r"[0-9]{1,5}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("กท ๕๕๐๒/๔๗๓", "กท5502/473"),
        ("ที่ กท 5502 / 473 ลว. 3 ธ.ค. 2557", "กท5502/473"),
        ("ด่วนมาก ที่ กท ๐๓๐๓/๐๕๗ ลว. ๑๓ ม.ค. ๒๕๕๘", "กท0303/057"),
        ("ด่วนที่สุด ที่ กท. ๐๓๐๓/ว ๑๒", "กท0303/ว12"),
        ("คำสั่งสำนักงานเขตธนบุรี ที่ ๔๙/๒๕๕๘ ลงวันที่ ๓๐ มกราคม ๒๕๕๘", "49/2558"),
        ("หนังสือ กท๕๕๐๒/๘", "กท5502/8"),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_number_in_any_writing_has_one_key(written, key):
    assert number_key(written) == key


@given(
    NUMBERS, st.booleans(), st.sampled_from(["", "ด่วน ", "ด่วนมาก ที่ ", "ที่ "]), st.sampled_from(["", " ลว. 1 ม.ค. 2558"])
)
def test_digits_words_and_spaces_change_no_key(number, in_thai, before, behind):
    spaced = number.replace("/", " / ")
    written = before + (to_thai_digits(spaced) if in_thai else spaced) + behind
    assert number_key(written) == number_key(number)


@given(st.text(max_size=60))
def test_a_key_is_its_own_key_and_any_text_has_one(text):
    key = number_key(text)
    assert key == "" or re.search("[0-9]", key)


@given(NUMBERS)
def test_the_pattern_of_a_number_finds_it(number):
    assert re.search(finding_pattern(to_thai_digits(number)), number_key(number))


@pytest.mark.parametrize(
    ("sought", "found"), [("473", True), ("๔๗๓", True), ("กท 5502/473", True), ("73", False), ("47", False)]
)
def test_a_number_is_found_whole(sought, found):
    assert bool(re.search(finding_pattern(sought), "กท5502/473")) == found


def test_zeros_may_be_left_out_but_not_added():
    assert re.search(finding_pattern("57"), "กท0303/057")
    assert not re.search(finding_pattern("057"), "กท0303/57")


@pytest.mark.parametrize(
    ("written", "series"),
    [
        ("กท ๕๕๐๒/๔๗๓", Series("กท5502", is_circular=False, number="473", year_be=None)),
        ("กท 5502/ว 12", Series("กท5502", is_circular=True, number="12", year_be=None)),
        ("๔๙/๒๕๕๘", Series("", is_circular=False, number="49", year_be=2558)),
        ("ก/ข/ค1", None),
    ],
)
def test_the_series_of_a_number(written, series):
    assert series_of(written) == series
