"""The rows around a row as evidence: what they may raise, and that they never mislead."""

import dataclasses
import random

from hypothesis import given
from hypothesis import strategies as st

from households.judging.evidence import goes_lane_by_lane, known_row
from households.judging.grading import Candidate, RowKeys
from households.judging.list_grading import grade_list_rows
from households.row_reasons import Grade, Reason

ROAD = "เทอดไท"


def house(pk, number, lane, *, subdistrict=5):
    """A house of soi `lane`; 0 for the road itself."""
    soi = f"{ROAD} {lane}" if lane else ""
    return Candidate(pk, "", soi, ROAD, "", subdistrict, number=str(number), order=f"{number:05}")


class Street:
    """A register of sois with the numbers 1 to `numbers` each, and the rows of a list that goes through them."""

    def __init__(self, lanes=(1, 2, 3), numbers=12):
        self.houses = [house(1000 * lane + number, number, lane) for lane in lanes for number in range(1, numbers + 1)]

    def row(self, lane, number, *, stated=True, on_road=False):
        """The row of a house and the houses of its number; without its soi where not `stated`."""
        meant = house(0, number, lane)
        keys = RowKeys(soi=meant.soi if stated else "", road=ROAD if stated or on_road else "", subdistrict=5)
        return keys, [each for each in self.houses if each.number == str(number)]


def rows_in_order(street, *, unstated=(), lanes=(1, 2, 3), numbers=12):
    return [
        street.row(lane, number, stated=(lane, number) not in unstated)
        for lane in lanes
        for number in range(1, numbers + 1)
    ]


def test_a_number_alone_between_rows_of_one_soi_is_likely_there():
    verdict = grade_list_rows(rows_in_order(Street(), unstated={(2, 6)}))[17]
    assert (verdict.grade, verdict.reason) == (Grade.LIKELY, Reason.NEIGHBOURS)
    assert verdict.candidates[0] == (2006, ())
    assert {pk for pk, _differs in verdict.candidates} == {1006, 2006, 3006}


def test_rows_around_never_make_a_row_exact():
    alone = rows_in_order(Street(lanes=(2,)), unstated={(2, 6)}, lanes=(2,))
    assert grade_list_rows(alone)[5].grade == Grade.LIKELY


def test_at_the_border_of_two_sois_the_numbers_decide():
    verdicts = grade_list_rows(rows_in_order(Street(), unstated={(1, 12), (2, 1)}))
    assert [verdict.candidates[0][0] for verdict in verdicts[11:13]] == [1012, 2001]
    assert [verdict.reason for verdict in verdicts[11:13]] == [Reason.NEIGHBOURS] * 2


def test_a_number_out_of_place_stays_several():
    street = Street()
    rows = rows_in_order(street)
    moved = rows.pop(4)
    rows.insert(20, street.row(1, 5, stated=False))
    verdicts = grade_list_rows(rows)
    assert moved[0].soi == f"{ROAD} 1"
    assert verdicts[20].grade == Grade.SEVERAL


def test_in_a_list_without_order_the_rows_around_say_nothing():
    street = Street()
    rows = rows_in_order(street)
    random.Random(3).shuffle(rows)
    rows[10] = (RowKeys(subdistrict=5), rows[10][1])
    verdicts = grade_list_rows(rows)
    others = {verdict.candidates[0][0] for place, verdict in enumerate(verdicts) if place != 10}
    free = [pk for pk, _differs in verdicts[10].candidates if pk not in others]
    # Only that the other rows name the other houses points to this one.
    assert verdicts[10].candidates[0][0] == free[0]
    assert verdicts[10].grade == Grade.LIKELY
    rows[11] = (RowKeys(subdistrict=5), [*rows[10][1], house(9000, 1, 1)])
    assert grade_list_rows(rows)[10].grade in (Grade.LIKELY, Grade.SEVERAL)


def test_a_house_that_another_row_names_is_left_out():
    rows = rows_in_order(Street())
    rows.insert(20, (RowKeys(subdistrict=5), [house(2009, 9, 2), house(1009, 9, 1)]))
    assert grade_list_rows(rows)[20].grade == Grade.SEVERAL


def test_two_rows_that_would_get_one_house_stay_several():
    street = Street()
    rows = rows_in_order(street, unstated={(2, 6)})
    rows.insert(18, street.row(2, 6, stated=False))
    assert {verdict.grade for verdict in grade_list_rows(rows)[17:19]} == {Grade.SEVERAL}


def test_houses_on_the_road_are_likely_where_the_list_leaves_no_soi_out():
    street = Street(lanes=(0, 1, 2, 3))
    street.houses += [house(100 + number, number, 0) for number in range(20, 28)]
    on_road = [street.row(0, number, stated=False, on_road=True) for number in [*range(1, 13), *range(20, 28)]]
    verdicts = grade_list_rows([*on_road, *rows_in_order(street)])
    assert [verdict.reason for verdict in verdicts[:20]] == [Reason.NEIGHBOURS] * 12 + [Reason.ON_ROAD] * 8
    assert [verdict.candidates[0][0] for verdict in verdicts[:12]] == list(range(1, 13))


def test_a_row_of_no_lane_around_is_taken_for_a_slip_where_the_lane_around_has_its_number():
    street = Street(lanes=(11, 2, 1))
    rows = rows_in_order(street, lanes=(11, 2))
    slip = rows[5][0]
    rows[5] = (dataclasses.replace(slip, soi=f"{ROAD} 1"), rows[5][1])
    verdict = grade_list_rows(rows)[5]
    assert (verdict.grade, verdict.reason) == (Grade.LIKELY, Reason.NEIGHBOURS)
    assert verdict.candidates[:2] == ((11006, ("soi",)), (1006, ()))


def test_in_a_list_without_order_a_lane_that_may_be_a_slip_is_likely_as_written():
    street = Street(lanes=(11, 2, 1))
    rows = rows_in_order(street, lanes=(11, 2, 1))
    rows.remove(rows[5])
    random.Random(3).shuffle(rows)
    place = next(place for place, (row, found) in enumerate(rows) if row.soi == f"{ROAD} 1" and found[0].number == "6")
    verdicts = grade_list_rows(rows)
    assert (verdicts[place].grade, verdicts[place].reason) == (Grade.LIKELY, Reason.ALIKE_LANE)
    assert verdicts[place].candidates[0] == (1006, ())
    assert [verdict.grade for verdict in verdicts].count(Grade.EXACT) == len(rows) - 1


def test_a_soi_of_its_own_place_in_the_list_is_exact_beside_one_almost_alike():
    street = Street(lanes=(11, 2, 1))
    verdicts = grade_list_rows(rows_in_order(street, lanes=(11, 2, 1)))
    assert {verdict.grade for verdict in verdicts} == {Grade.EXACT}


def test_a_row_below_that_repeats_one_above_is_not_taken_for_the_lane_beside_it():
    street = Street(lanes=(1, 11))
    rows = [*rows_in_order(street, lanes=(1,)), *rows_in_order(street, lanes=(11,), numbers=8), street.row(1, 9)]
    repeated = grade_list_rows(rows)[-1]
    assert repeated.grade == Grade.SEVERAL
    assert {pk for pk, _differs in repeated.candidates} == {1009, 11009}


def test_where_the_numbers_of_a_lane_begin_anew_a_row_may_go_on_from_either_side():
    street = Street(lanes=(1, 2), numbers=40)
    numbers = [*range(20, 41), *range(1, 20)]
    rows = [street.row(1, number, stated=number not in (40, 1)) for number in numbers]
    rows += [street.row(2, number) for number in range(2, 40)]
    verdicts = grade_list_rows(rows)
    assert [verdicts[place].reason for place in (20, 21)] == [Reason.NEIGHBOURS] * 2
    assert [verdicts[place].candidates[0][0] for place in (20, 21)] == [1040, 1001]


def written_once(street, lanes, numbers, *, shuffled=False):
    """Rows of a list that writes each lane, a road among them, at its first house and nothing below."""
    rows = []
    for lane in lanes:
        places = list(numbers)
        if shuffled:
            random.Random(lane).shuffle(places)
        rows.append(street.row(lane, places[0], stated=lane != 0, on_road=True))
        rows += [street.row(lane, number, stated=False) for number in places[1:]]
    return rows


def test_rows_that_state_nothing_stand_in_the_lane_stated_above_be_it_a_road():
    street = Street(lanes=(0, 1, 2, 3))
    street.houses += [
        house(100 * lane + number, number, lane) for lane in (0, 1, 2) for number in (31 + lane, 41 + lane)
    ]
    rows = written_once(street, (0, 1, 2), range(1, 13))
    for lane in (0, 1, 2):
        rows[12 * lane + 5] = street.row(lane, 31 + lane, stated=False)
        rows[12 * lane + 9] = street.row(lane, 41 + lane, stated=False)
    verdicts = grade_list_rows(rows)
    assert verdicts[3].candidates[0][0] == 4
    assert verdicts[15].candidates[0][0] == 1004
    assert verdicts[27].candidates[0][0] == 2004
    assert {verdicts[place].grade for place in (3, 15, 27)} == {Grade.LIKELY}


def test_where_no_house_is_known_the_lane_above_counts_if_it_has_the_numbers_of_all_rows():
    street = Street(lanes=(1, 2, 3, 4), numbers=30)
    rows = written_once(street, (1, 2, 3), range(1, 31, 2), shuffled=True)
    verdicts = grade_list_rows(rows)
    assert {verdict.grade for verdict in verdicts[1:15]} == {Grade.LIKELY}
    assert verdicts[20].meant[0].soi == f"{ROAD} 2"


def test_a_lane_above_that_lacks_some_of_the_numbers_says_nothing():
    street = Street(lanes=(1, 2, 3, 4), numbers=30)
    street.houses = [each for each in street.houses if each.house not in (1005, 1009, 2011, 2015)]
    verdicts = grade_list_rows(written_once(street, (1, 2, 3), range(1, 31, 2), shuffled=True))
    assert {verdict.grade for verdict in verdicts[1:15]} == {Grade.SEVERAL}


def range_on_the_road(street):
    """The row "4-6 · ถนนเทอดไท": each part stands on the road and in soi 1."""
    numbers = ("4-6", "4", "5", "6")
    found = [each for each in street.houses if each.number in numbers]
    return RowKeys(road=ROAD, subdistrict=5, numbers=numbers, doubt=Reason.RANGE), found


def test_a_range_of_which_each_part_stands_in_two_lanes_is_split_where_the_habits_tell_the_lane():
    street = Street(lanes=(0, 1))
    street.houses += [house(100 + number, number, 0) for number in range(20, 30)]
    on_road = [street.row(0, number, stated=False, on_road=True) for number in range(20, 30)]
    verdict = grade_list_rows([range_on_the_road(street), *on_road, *rows_in_order(street, lanes=(1,), numbers=3)])[0]
    assert (verdict.grade, verdict.reason, verdict.is_split) == (Grade.LIKELY, Reason.RANGE, True)
    assert [part.candidates[0][0] for part in verdict.parts] == [4, 5, 6]


def test_a_range_of_which_each_part_stands_in_two_lanes_stays_open_by_itself():
    verdict = grade_list_rows([range_on_the_road(Street(lanes=(0, 1)))])[0]
    assert (verdict.grade, verdict.is_split) == (Grade.SEVERAL, False)
    assert verdict.candidates


def test_a_list_goes_lane_by_lane_or_not():
    street = Street()
    in_order = [known_row(place, each) for place, each in enumerate(street.houses)]
    mixed = list(in_order)
    random.Random(1).shuffle(mixed)
    assert goes_lane_by_lane(in_order)
    assert not goes_lane_by_lane(mixed)
    assert not goes_lane_by_lane(in_order[:4])


# --- whatever the list ---

lanes = st.integers(0, 4)
numbers = st.integers(1, 9)


@st.composite
def lists(draw):
    """A register of some sois, and a list of rows of its houses and others, some of them without their soi."""
    street = Street(lanes=draw(st.sets(lanes, min_size=1)), numbers=9)
    drawn = draw(st.lists(st.tuples(lanes, numbers, st.booleans(), st.booleans()), max_size=60))
    if draw(st.booleans()):
        drawn.sort()
    return [street.row(lane, number, stated=stated, on_road=on_road) for lane, number, stated, on_road in drawn]


@given(lists())
def test_every_exact_row_is_exact_by_itself(rows):
    for (row, _candidates), verdict in zip(rows, grade_list_rows(rows), strict=True):
        if verdict.grade == Grade.EXACT:
            [meant] = verdict.meant
            assert verdict.reason in (Reason.ALL_PARTS, Reason.ON_ROAD, Reason.REPEATED)
            assert (row.soi, row.road) == (meant.soi, meant.road)


@given(lists(), st.randoms(use_true_random=False))
def test_no_order_of_the_rows_makes_another_house_exact(rows, chance):
    moved = list(rows)
    chance.shuffle(moved)
    sure = {
        id(row): verdict.meant
        for row, verdict in zip(rows, grade_list_rows(rows), strict=True)
        if verdict.grade == Grade.EXACT
    }
    for row, verdict in zip(moved, grade_list_rows(moved), strict=True):
        if verdict.grade == Grade.EXACT and id(row) in sure:
            assert verdict.meant == sure[id(row)]


@given(lists())
def test_a_row_raised_by_its_neighbours_shows_the_other_houses_too(rows):
    for (row, candidates), verdict in zip(rows, grade_list_rows(rows), strict=True):
        if verdict.reason == Reason.NEIGHBOURS:
            assert verdict.grade == Grade.LIKELY
            assert len(verdict.candidates) == min(9, len(candidates)) > 1
            assert verdict.candidates[0][1] in ((), ("soi",))
            assert row.doubt == ""
