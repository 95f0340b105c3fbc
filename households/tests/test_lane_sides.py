"""The two sides of a lane: nobody is lost, everybody stands in order, and what is missing is truly missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.house_numbers import HouseNumber, parse
from households.lane_sides import (
    ODD_DIGITS,
    TELLING_DIGIT,
    Missing,
    Parting,
    Side,
    lane_sides,
    missing_between,
    number_of_order,
    number_read,
    parting_of,
    side_of,
)

small = st.integers(1, 60)
numbers = st.builds(HouseNumber, small, st.none() | small, st.just(None), st.just(None), st.sampled_from(["", "ก"]))
lanes = st.lists(st.none() | numbers, max_size=40)
lanes_of_one_plot = st.lists(st.builds(HouseNumber, st.just(111), st.none() | small), max_size=40)


def read(*texts):
    return [number_read(text) for text in texts]


def shown(places, texts):
    return [texts[place.index] for place in places]


def test_odd_and_even_main_numbers_stand_on_two_sides_in_their_order():
    texts = ["12/10", "3", "12/2", "1/1", "12", "บ้านพักครู", "4 ก", "4"]

    sides = lane_sides(read(*texts))

    assert shown(sides.odd, texts) == ["1/1", "3"]
    assert shown(sides.even, texts) == ["4", "4 ก", "12", "12/2", "12/10"]
    assert shown(sides.unread, texts) == ["บ้านพักครู"]


def test_houses_built_on_one_plot_stand_on_its_side():
    assert {side_of(parse(text), Parting.BY_MAIN) for text in ("12", "12/1", "12/2", "12/3-5", "12-15")} == {Side.EVEN}


def test_a_lane_of_one_main_number_is_parted_by_its_sub_numbers():
    texts = ["111/3", "111/2", "111", "111/1", "111/4"]

    sides = lane_sides(read(*texts))

    assert sides.parting == Parting.BY_SUB
    assert shown(sides.odd, texts) == ["111/1", "111/3"]
    assert shown(sides.even, texts) == ["111", "111/2", "111/4"]


@pytest.mark.parametrize("texts", [["12"], ["12", "12 ก"], ["12/1", "14/1"], [], ["ไม่มีเลข"]])
def test_a_lane_without_differing_sub_numbers_of_one_plot_is_parted_by_the_main_number(texts):
    assert parting_of(read(*texts)) == Parting.BY_MAIN


@pytest.mark.parametrize(
    ("before", "after", "parting", "missing"),
    [
        ("12", "14", Parting.BY_MAIN, None),
        ("12/3", "18", Parting.BY_MAIN, Missing("14", "16", 2)),
        ("12-16", "20", Parting.BY_MAIN, Missing("18", "18", 1)),
        ("12", "12/3", Parting.BY_MAIN, Missing("12/1", "12/2", 2)),
        ("12/3-5", "12/7", Parting.BY_MAIN, Missing("12/6", "12/6", 1)),
        ("12/3", "12/3 ก", Parting.BY_MAIN, None),
        ("12/3/1", "12/3/4", Parting.BY_MAIN, None),
        ("111/1", "111/3", Parting.BY_SUB, None),
        ("111/1", "111/7", Parting.BY_SUB, Missing("111/3", "111/5", 2)),
        ("111", "111/2", Parting.BY_SUB, None),
    ],
)
def test_missing_numbers_are_told_from_the_first_to_the_last(before, after, parting, missing):
    assert missing_between(parse(before), parse(after), parting) == missing


def test_the_first_and_last_number_tell_how_a_lane_is_parted():
    lane = read("111", "111/4", "111/9")

    assert parting_of([lane[0], lane[-1]]) == parting_of(lane) == Parting.BY_SUB


@given(lanes | lanes_of_one_plot)
def test_every_house_stands_once_and_each_side_in_order(lane):
    sides = lane_sides(lane)
    places = [*sides.odd, *sides.even, *sides.unread]

    assert sorted(place.index for place in places) == list(range(len(lane)))
    for side, name in ((sides.odd, Side.ODD), (sides.even, Side.EVEN), (sides.unread, Side.UNREAD)):
        assert {side_of(lane[place.index], sides.parting) for place in side} <= {name}
    for side in (sides.odd, sides.even):
        orders = [lane[place.index].order for place in side]
        assert orders == sorted(orders)


@given(lanes | lanes_of_one_plot)
def test_a_missing_number_is_no_house_of_the_lane_and_stands_on_the_side_that_misses_it(lane):
    sides = lane_sides(lane)
    keys = {number.key for number in lane if number}

    for side, name in ((sides.odd, Side.ODD), (sides.even, Side.EVEN)):
        for missing in (place.missing for place in side if place.missing):
            assert missing.count > 0
            for text in (missing.first, missing.last):
                assert text not in keys
                assert side_of(parse(text), sides.parting) == name


@given(lanes | lanes_of_one_plot)
def test_how_a_lane_is_parted_does_not_depend_on_the_order_in_which_its_houses_are_given(lane):
    in_order = sorted((number for number in lane if number), key=lambda number: number.order)
    parting = parting_of(lane)

    assert parting_of(reversed(lane)) == parting
    if parting == Parting.BY_SUB:
        assert parting_of([in_order[0], in_order[-1]]) == parting


@given(numbers | st.builds(HouseNumber, st.just(111), st.none() | small), st.sampled_from(Parting))
def test_one_digit_of_the_stored_order_tells_the_side(number, parting):
    assert (number.order[TELLING_DIGIT[parting] - 1] in ODD_DIGITS) == (side_of(number, parting) == Side.ODD)
    assert number_of_order(number.order) == number


def test_the_order_of_what_nobody_can_read_tells_no_number():
    assert number_of_order("~บ้านพักครู") is None
