"""Lanes of the register that may be one lane under two names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.lanes_alike import pairs_spelt_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("", "เทอดไท 5", "เทอดไท"), ("", "เทิดไท 5", "เทิดไท")),
        (("", "เทอดไท 5", "เทอดไท"), ("", "เทิดไท 5", "เทอดไท")),
        (("ศาลเจ้า", "", ""), ("ศาลเจา", "", "")),
        (("", "", "อรุณอมรินทร์"), ("", "", "อรุณอัมรินทร์")),
    ],
)
def test_names_a_slip_apart_are_found(one, other):
    assert pairs_spelt_alike([other, one]) == [tuple(sorted([one, other]))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("", "เทอดไท 5", "เทอดไท"), ("", "เทอดไท 6", "เทอดไท")),
        (("", "เทอดไท 5", "เทอดไท"), ("", "เทิดไท 6", "เทิดไท")),
        (("", "เทอดไท 5", "เทอดไท"), ("", "เทอดไท 5", "")),
        (("", "เทอดไท 5", "เทอดไท"), ("", "เทอดไท", "เทอดไท")),
        (("", "วัดกลาง", "เทอดไท"), ("", "ศาลเจ้า", "เทอดไท")),
        (("", "กก", ""), ("", "กข", "")),
    ],
)
def test_other_numbers_other_parts_and_other_words_are_not_alike(one, other):
    assert pairs_spelt_alike([one, other]) == []


names = st.text("กขคงจ 12/", max_size=8)


@given(st.sets(st.tuples(names, names, names), max_size=12))
def test_pairs_are_of_known_lanes_each_pair_once(lanes):
    pairs = pairs_spelt_alike(lanes)
    assert len(pairs) == len(set(map(frozenset, pairs)))
    assert all(one in lanes and other in lanes and one != other for one, other in pairs)
