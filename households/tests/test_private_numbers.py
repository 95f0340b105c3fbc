import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.thai_text import to_thai_digits
from households.reading.private_numbers import without_private_numbers


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("1-2345-67890-12-3", None),
        ("1234567890123", None),
        (1234567890123, None),
        (1234567890123.0, None),
        (812345678, None),
        ("081-234-5678", None),
        ("02 123 4567", None),
        ("+66 81 234 5678", None),
        ("โทร ๐๘๑๒๓๔๕๖๗๘", "โทร"),
        ("ย้ายไป โทร 081-2345678 แล้ว", "ย้ายไป โทร  แล้ว"),
    ],
)
def test_citizen_numbers_and_telephones_are_taken_out(cell, left):
    assert without_private_numbers(cell) == left


@pytest.mark.parametrize(
    "cell",
    ["12/3", "123/45-67", "12345/67890", "1015-012345-7", "๑๒๓/๔๕ ซอย ๑๒", 99999, 12.5, None, True, "", "ซอย 1 2 3"],
)
def test_everything_else_stays_as_typed(cell):
    assert without_private_numbers(cell) == cell


@given(st.from_regex(r"[1-8][0-9]{12}", fullmatch=True), st.booleans())
def test_no_citizen_number_is_left(number, thai):
    typed = to_thai_digits(number) if thai else number
    assert number not in str(without_private_numbers(f"เลข {typed} ของเจ้าบ้าน"))


@given(st.none() | st.text() | st.integers() | st.floats() | st.dates())
def test_no_cell_makes_it_fail(cell):
    without_private_numbers(cell)
