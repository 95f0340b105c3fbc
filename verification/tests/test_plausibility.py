"""What stands out in a review, held against the others: evidence, never a verdict."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from households.house_numbers import parse
from verification.plausibility import (
    ENOUGH_OTHERS,
    LONGEST_PAUSE,
    Habit,
    Kind,
    LanePace,
    Said,
    Standing,
    between_two_that_stay,
    findings,
    habit_of,
)

NOON = datetime.datetime(2015, 1, 20, 12, tzinfo=datetime.UTC)


def after(seconds):
    return NOON + datetime.timedelta(seconds=seconds)


def said(seconds, lane="a", kind="right", *, in_bulk=False, on_paper=False, phone=None):
    return Said(lane, kind, in_bulk, on_paper, after(seconds), phone)


def habit(decided=100, doubted=3, not_ours=1, kinds=4, in_bulk=40, seconds=6.0):
    return Habit(decided, doubted, not_ours, kinds, decided, in_bulk, [LanePace("a", decided, decided * seconds)])


def usual(number=ENOUGH_OTHERS + 1):
    return {pk: habit() for pk in range(1, number + 1)}


def kinds_noticed(own, others=None):
    everybody = {0: own, **(usual() if others is None else others)}
    return {one.kind for one in findings(everybody).get(0, [])}


# --- what a review is measured by ---


def test_a_lane_takes_the_time_from_the_answer_before_it_to_its_last_answer():
    found = habit_of([said(0), said(4), said(10, "b"), said(12, "b")])
    assert found.lanes == [LanePace("a", 2, 4), LanePace("b", 2, 8)]
    assert found.seconds_a_house == 3


def test_what_waited_on_the_phone_is_timed_by_the_phones_clock_however_wrong():
    wrong = NOON - datetime.timedelta(days=400)
    waited = [said(0, phone=wrong + datetime.timedelta(seconds=9 * nth)) for nth in range(5)]
    assert habit_of(waited).lanes == [LanePace("a", 5, 36)]


def test_a_pause_counts_for_a_walk_along_the_soi_at_most_and_a_clock_put_back_for_nothing():
    assert habit_of([said(0), said(90_000)]).lanes[0].seconds == LONGEST_PAUSE.total_seconds()
    back = [said(0, phone=NOON), said(5, phone=NOON - datetime.timedelta(hours=2))]
    assert habit_of(back).lanes[0].seconds == 0


def test_a_list_on_paper_has_no_time_and_nothing_in_bulk():
    found = habit_of([said(0, on_paper=True), said(1, kind="not_ours", on_paper=True)])
    assert (found.decided, found.on_phone, found.lanes, found.seconds_a_house) == (2, 0, [], None)
    assert (found.doubted, found.not_ours, found.share_in_bulk) == (1, 1, 0)


# --- what stands out ---


def test_an_ordinary_review_among_ordinary_ones_is_not_mentioned():
    assert findings(usual()) == {}


def test_358_houses_right_in_two_minutes_stand_out_by_time_and_by_not_one_doubt():
    hasty = habit(decided=358, doubted=0, not_ours=0, kinds=1, seconds=120 / 358)
    assert kinds_noticed(hasty) == {Kind.QUICK, Kind.ALIKE}
    [quick] = [one for one in findings({0: hasty, **usual()})[0] if one.kind == Kind.QUICK]
    assert (round(quick.own, 2), quick.others, len(quick.lanes)) == (0.34, 6, 1)


def test_nobody_reads_a_house_in_under_a_second_also_where_there_is_nobody_to_compare_with():
    assert kinds_noticed(habit(seconds=0.4), {}) == {Kind.QUICK}
    assert kinds_noticed(habit(seconds=1.2), {}) == set()


def test_a_president_who_takes_the_time_of_the_others_is_not_quick():
    assert Kind.QUICK not in kinds_noticed(habit(seconds=2.0))
    assert Kind.QUICK in kinds_noticed(habit(seconds=1.4))


def test_far_more_in_one_go_than_the_others_stands_out_and_the_usual_measure_does_not():
    assert kinds_noticed(habit(in_bulk=95)) == {Kind.IN_BULK}
    assert kinds_noticed(habit(in_bulk=80)) == set()
    everybody_so = {pk: habit(in_bulk=90) for pk in range(1, 6)}
    assert kinds_noticed(habit(in_bulk=98), everybody_so) == set()


def test_no_doubt_among_few_houses_is_no_wonder():
    assert kinds_noticed(habit(decided=60, doubted=0, not_ours=0, kinds=1, in_bulk=20)) == set()


def test_the_same_doubt_of_every_house_stands_out_without_any_others():
    assert Kind.ALIKE in kinds_noticed(habit(decided=12, doubted=12, not_ours=0, kinds=1, in_bulk=0), {})


def test_not_ours_in_numbers_stands_out_against_what_the_others_say():
    assert kinds_noticed(habit(doubted=12, not_ours=10)) == {Kind.NOT_OURS}
    assert kinds_noticed(habit(doubted=5, not_ours=4)) == set()
    everybody_so = {pk: habit(doubted=10, not_ours=8) for pk in range(1, 6)}
    assert kinds_noticed(habit(doubted=12, not_ours=10), everybody_so) == set()


@given(
    st.lists(
        st.builds(
            said,
            st.integers(0, 10**6),
            st.sampled_from("abc"),
            st.sampled_from(["right", "demolished", "not_ours", "unknown"]),
            in_bulk=st.booleans(),
            on_paper=st.booleans(),
        ),
        max_size=60,
    ),
    st.integers(0, 6),
)
def test_whatever_was_said_is_judged(verdicts, others):
    own = habit_of(verdicts)
    found = findings({0: own, **{pk: habit() for pk in range(1, others + 1)}})
    assert own.on_phone == sum(lane.houses for lane in own.lanes)
    assert all(0 <= own.share_in_bulk <= 1 and lane.seconds >= 0 for lane in own.lanes)
    assert all(one.own >= 0 for one in found.get(0, []))


# --- between two that stay ---


def lane(*houses):
    """Numbers with their communities, in any order: the id of a house is its place here."""
    return [Standing(place, parse(number), community) for place, (number, community) in enumerate(houses)]


def test_a_house_between_two_of_its_side_that_stay_is_named():
    street = lane(("1", 7), ("2", 9), ("3", 7), ("4", 9), ("5", 7))
    assert between_two_that_stay(street, taken_out={2}, community=7) == [2]


def test_the_last_house_before_another_community_is_not():
    street = lane(("1", 7), ("3", 7), ("5", 7), ("7", 9))
    assert between_two_that_stay(street, taken_out={2}, community=7) == []
    assert between_two_that_stay(street, taken_out={0, 2}, community=7) == []


def test_several_in_a_row_are_looked_at_by_what_stands_around_all_of_them():
    street = lane(("1", 7), ("3", 7), ("5", 7), ("7", 7), ("9", None), ("11", 7))
    assert between_two_that_stay(street, taken_out={1, 2}, community=7) == [1, 2]
    assert between_two_that_stay(street, taken_out={3}, community=7) == [3]
