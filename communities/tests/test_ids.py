"""Ids as addresses and forms state them."""

import pytest

from communities.ids import id_in


@pytest.mark.parametrize(("text", "found"), [("7", 7), ("๑๒", 12), ("9" * 18, int("9" * 18))])
def test_digits_are_an_id(text, found):
    assert id_in(text) == found


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "²", "9" * 19, "9" * 5000])
def test_anything_else_is_none_and_stops_no_page(text):
    assert id_in(text) is None
