from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_text import to_thai_digits
from households.house_codes import NotAHouseCode, clean_house_code, show_house_code

codes = st.text(alphabet="0123456789", min_size=11, max_size=11)


@pytest.mark.parametrize(
    "typed",
    [
        "10159000017",
        "1015-900001-7",
        " 1015 900001 7 ",
        "๑๐๑๕-๙๐๐๐๐๑-๗",
        "1015\u2011900001\u20117",
        "1 0 1 5 9 0 0 0 0 1 7",
    ],
)
def test_a_house_code_is_read_however_it_is_printed(typed: str) -> None:
    assert clean_house_code(typed) == "10159000017"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1-2345-67890-12-1", "citizen_number"),
        ("1234567890121", "citizen_number"),
        ("1015900001", "length"),
        ("101590000177", "length"),
        ("", "not_digits"),
        ("-", "not_digits"),
        ("1015900001A", "not_digits"),
        ("1.0159E+10", "not_digits"),
        ("10159000017.0", "not_digits"),
        ("²²²²²²²²²²²", "not_digits"),
    ],
)
def test_a_refusal_says_why(typed: str, reason: str) -> None:
    with pytest.raises(NotAHouseCode) as refusal:
        clean_house_code(typed)
    assert refusal.value.reason == reason


def test_a_refusal_does_not_repeat_a_citizen_number() -> None:
    with pytest.raises(NotAHouseCode) as refusal:
        clean_house_code("1234567890121")
    assert "1234567890121" not in repr(refusal.value)


def test_an_old_code_of_another_office_is_accepted() -> None:
    assert clean_house_code("1020-000001-0") == "10200000010"


@given(codes)
def test_a_shown_code_reads_back(code: str) -> None:
    assert clean_house_code(show_house_code(code)) == code
    assert clean_house_code(to_thai_digits(show_house_code(code))) == code


def test_a_code_is_shown_as_four_six_one() -> None:
    assert show_house_code("10159000017") == "1015-900001-7"


@given(st.text())
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    with suppress(NotAHouseCode):
        assert len(clean_house_code(text)) == 11
