"""Names spelt almost the same: found where a letter is wrong, never across a number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.judging.lane_names import LaneBook, letters_between, one_slip_apart

BOOK = LaneBook(
    [
        ("", "เทอดไท 5", "เทอดไท"),
        ("", "เทอดไท 12", "เทอดไท"),
        ("", "", "อินทรพิทักษ์"),
        ("เทวดา", "วัดกลาง", "ตากสิน"),
        ("", "วัดกลาด", "ตากสิน"),
    ]
)


def alike(*, trok="", soi="", road=""):
    return [(lane.trok, lane.soi, lane.road) for lane in BOOK.spelt_alike((trok, soi, road))]


@pytest.mark.parametrize("written", ["เทิดไท", "เทอดไทย", "เถอดไท", "เทอไดท", "เทอดใท", "เธอดไท"])
def test_a_misspelt_road_and_its_soi_are_found(written):
    assert alike(soi=f"{written} 5", road=written) == [("", "เทอดไท 5", "เทอดไท")]


@pytest.mark.parametrize("written", ["อินทร์พิทักษ์", "อินทรพิทัก", "อินทพิทัก", "อินทระพิทักษ"])
def test_a_long_name_may_have_two_letters_wrong(written):
    assert alike(road=written) == [("", "", "อินทรพิทักษ์")]


def test_a_name_halfway_between_two_means_either():
    assert alike(soi="วัดกลาว") == [("", "วัดกลาง", ""), ("", "วัดกลาด", "")]


@pytest.mark.parametrize("soi", ["เทอดไท 14", "เทอดไท 1", "เทอดไท 12/1", "เทิดไท 14", "5", "14"])
def test_another_number_is_never_alike(soi):
    assert alike(soi=soi) == []


@pytest.mark.parametrize("road", ["เทอดไท", "ตากสิน", "เจริญนคร", "ทท", ""])
def test_a_known_name_and_one_like_no_other_stay_as_they_are(road):
    assert alike(road=road) == []


def test_the_book_knows_each_name_by_its_part():
    assert BOOK.knows(("เทวดา", "เทอดไท 5", ""))
    assert not BOOK.knows(("", "เทวดา", ""))


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        (("", "เทอดไท 1", "เทอดไท"), ("", "เทอดไท 11", "เทอดไท"), True),
        (("", "เทอดไท 1", "เทอดไท"), ("", "เทอดไท 1/1", "เทอดไท"), False),
        (("", "เทอดไท 1", "เทอดไท"), ("", "เทอดไท 2", "เทอดไท"), True),
        (("", "เทอดไท 12", "เทอดไท"), ("", "เทอดไท 21", "เทอดไท"), True),
        (("", "เทอดไท 1", "เทอดไท"), ("", "เทอดไท 1", "เทอดไท"), False),
        (("", "เทอดไท 1", "เทอดไท"), ("", "", "เทอดไท"), False),
    ],
)
def test_a_slip_is_one_sign_in_one_name(one, other, is_slip):
    assert one_slip_apart(one, other) == is_slip


names = st.text("กขเาทด ิ12/", max_size=8)


@given(names, names, st.integers(0, 3))
def test_the_distance_is_the_same_both_ways_and_bounded(one, other, most):
    distance = letters_between(one, other, most)
    assert distance == letters_between(other, one, most)
    assert (distance == 0) == (one == other)
    assert 0 <= distance <= max(most + 1, abs(len(one) - len(other)))


@given(names, st.lists(st.tuples(names, names, names), max_size=6))
def test_what_is_alike_is_of_the_book_and_has_the_same_numbers(name, lanes):
    book = LaneBook(lanes)
    for lane in book.spelt_alike(("", name, "")):
        assert lane.soi in {soi for _trok, soi, _road in lanes}
        assert re.findall("[0-9]+", lane.soi) == re.findall("[0-9]+", name)
        assert not book.knows(("", name, ""))
