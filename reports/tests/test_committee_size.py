"""The committee's size by the number of houses, as the rule is published (domain.md section 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.committee_size import LEAST, MOST, committee_size


@pytest.mark.parametrize(
    ("houses", "size"),
    [(0, 7), (100, 7), (125, 7), (126, 8), (150, 8), (175, 8), (176, 9), (358, 12), (475, 14), (476, 15), (9_999, 15)],
)
def test_the_published_rule(houses, size):
    assert committee_size(houses) == size


@given(st.integers(0, 100_000))
def test_more_houses_never_make_a_smaller_committee_and_the_bounds_hold(houses):
    assert LEAST <= committee_size(houses) <= committee_size(houses + 1) <= MOST
