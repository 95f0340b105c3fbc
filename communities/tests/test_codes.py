import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.codes import NotACommunityCode, clean_community_code

EIGHT_DIGITS = r"[0-9]{8}"


@pytest.mark.parametrize("typed", ["10150001", " 1015 0001 ", "1015-0001", "๑๐๑๕๐๐๐๑", "1015\u20130001\u200b"])
def test_a_code_is_read_however_it_is_spaced(typed: str) -> None:
    assert clean_community_code(typed, EIGHT_DIGITS) == "10150001"


def test_leading_zeros_stay() -> None:
    assert clean_community_code("0015-0001", EIGHT_DIGITS) == "00150001"


def test_hyphens_stay_where_the_pattern_wants_them() -> None:
    assert clean_community_code("1015 - 01", r"[0-9]{4}-[0-9]{2}") == "1015-01"


@pytest.mark.parametrize("typed", ["", "-", "1015000", "101500011", "1015000ก", "10150001.0", "10150001 10150002"])
def test_another_shape_is_refused(typed: str) -> None:
    with pytest.raises(NotACommunityCode):
        clean_community_code(typed, EIGHT_DIGITS)


def test_nothing_is_never_a_code_whatever_the_pattern() -> None:
    with pytest.raises(NotACommunityCode):
        clean_community_code(" - ", "[0-9]*")


@given(st.from_regex(EIGHT_DIGITS, fullmatch=True) | st.text())
def test_a_cleaned_code_stays_as_it_is(text: str) -> None:
    try:
        code = clean_community_code(text, EIGHT_DIGITS)
    except NotACommunityCode:
        return
    assert clean_community_code(code, EIGHT_DIGITS) == code
