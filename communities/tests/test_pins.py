"""What is taken for a PIN."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.pins import WeakPin, check_pin, plain_digits


@pytest.mark.parametrize("pin", ["739146", "4082715", "860391", "504827163908"])
def test_digits_without_a_pattern_are_taken(pin):
    check_pin(pin)


@pytest.mark.parametrize("pin", ["", "1", "73914", "7391467391467"])
def test_too_few_or_too_many_are_refused(pin):
    with pytest.raises(WeakPin) as refusal:
        check_pin(pin)
    assert refusal.value.code == "pin_length"


@pytest.mark.parametrize(
    "pin",
    [
        *("111111", "000000", "123456", "654321", "012345", "567890", "890123", "210987"),  # the same, or in order
        *("121212", "123123", "778877", "1212121", "369963"),  # a pattern
        *("170498", "310198", "980417", "041798", "290200"),  # a day
        *("250798", "249873", "732498", "198473", "731984", "25410417", "17042541"),  # a year
    ],
)
def test_what_anybody_would_try_first_is_refused(pin):
    with pytest.raises(WeakPin) as refusal:
        check_pin(pin)
    assert refusal.value.code == "pin_guessable"


@given(st.text(alphabet="0123456789๐๑๒๓๔๕๖๗๘๙٠١٢", min_size=1, max_size=12))
def test_any_digits_mean_the_arabic_ones(text):
    plain = plain_digits(text)
    assert plain is not None
    assert plain.isascii()
    assert len(plain) == len(text)
    assert int(plain) == int(text)


@pytest.mark.parametrize("text", ["", "12345a", "12 345", "๑๒๓๔๕ก", "²³⁴⁵⁶⁷", "-123456"])
def test_a_text_with_anything_else_is_no_pin(text):
    assert plain_digits(text) is None


def _is_free(number):
    with contextlib.suppress(WeakPin):
        check_pin(f"{number:06}")
        return True
    return False


def test_seven_in_ten_of_all_six_digits_stay_free():
    tried = range(0, 1_000_000, 37)
    assert sum(map(_is_free, tried)) > 0.7 * len(tried)
