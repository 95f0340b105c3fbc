"""The picture of the months holds every column and the line of what is expected."""

from hypothesis import given
from hypothesis import strategies as st

from reports.curve import FLOOR, TOP, Step, picture

HOUSES = st.integers(0, 100_000)
STEPS = st.lists(st.builds(Step, total=HOUSES, added=HOUSES), min_size=1, max_size=12)


def test_columns_grow_with_their_houses_and_the_full_one_reaches_the_line():
    drawn = picture([Step(0, 0), Step(50, 50), Step(100, 50)], expected=100)
    empty, half, full = drawn.columns
    assert (empty.added_height, empty.before_height) == (0, 0)
    assert (half.added_y, half.before_height) == ((TOP + FLOOR) // 2, 0)
    assert full.added_y == drawn.plan_y == TOP
    assert full.added_height == full.before_height


def test_more_than_expected_rises_above_the_line():
    drawn = picture([Step(200, 10)], expected=100)
    assert drawn.columns[0].added_y == TOP < drawn.plan_y


def test_without_an_expected_number_there_is_no_line():
    assert picture([Step(5, 5)], expected=None).plan_y is None


def test_columns_stand_side_by_side_in_per_cent():
    drawn = picture([Step(1, 1)] * 4, expected=None)
    assert [column.middle for column in drawn.columns] == ["12.50%", "37.50%", "62.50%", "87.50%"]
    assert {column.width for column in drawn.columns} == {"15.50%"}


@given(STEPS, st.none() | HOUSES)
def test_nothing_leaves_the_picture(steps, expected):
    drawn = picture(steps, expected)
    assert drawn.plan_y is None or TOP <= drawn.plan_y <= FLOOR
    for column in drawn.columns:
        assert TOP <= column.added_y <= column.before_y <= FLOOR
        assert column.added_y + column.added_height == column.before_y
        assert column.before_y + column.before_height == FLOOR
        assert 0 < column.label_y < column.added_y
