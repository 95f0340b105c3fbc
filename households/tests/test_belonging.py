"""Weighing grounds: enough for one community and far less for any other, else no suggestion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.judging.belonging import ENOUGH, TIMES_ANY_OTHER, WEIGHTS, Ground, GroundKind, weigh

K = GroundKind
A, B = 1, 2

grounds = st.lists(st.builds(Ground, st.sampled_from(GroundKind), st.sampled_from([A, B, 3, None])), max_size=12)


def given_that(*told):
    return [Ground(kind, community) for kind, community in told]


@pytest.mark.parametrize(
    ("told", "suggested"),
    [
        ([], None),
        ([(K.BEFORE, A), (K.AFTER, A)], A),
        ([(K.BEFORE, A), (K.AFTER, B)], None),
        ([(K.BEFORE, A)], None),
        ([(K.BEFORE, A), (K.ACROSS, A), (K.LANE, A)], A),
        ([(K.BEFORE, A), (K.PARENT, A)], A),
        ([(K.LISTED, A)], A),
        ([(K.LIKELY_LISTED, A)], None),
        ([(K.LIKELY_LISTED, A), (K.BEFORE, A)], A),
        ([(K.PERHAPS_LISTED, A), (K.PERHAPS_LISTED, B), (K.BEFORE, A), (K.AFTER, A)], A),
        ([(K.LISTED, A), (K.LISTED, B)], None),
        ([(K.LISTED, A), (K.LISTED, B), (K.BEFORE, A), (K.AFTER, A)], None),
        ([(K.LISTED, A), (K.BEFORE, A), (K.AFTER, B)], A),
        ([(K.LISTED, A), (K.BEFORE, B), (K.AFTER, B)], None),
        ([(K.BEFORE, None), (K.AFTER, None)], None),
        ([(K.LISTED, A), (K.BEFORE, None), (K.AFTER, None)], None),
        ([(K.BEFORE, A), (K.AFTER, A), (K.TAKEN_OFF, A)], None),
        ([(K.BEFORE, A), (K.AFTER, A), (K.TAKEN_OFF, B)], A),
        ([(K.BEFORE, A), (K.AFTER, A), (K.REFUSED, A)], None),
    ],
)
def test_a_community_is_suggested_where_enough_speaks_for_it_and_little_against(told, suggested):
    assert weigh(given_that(*told)).community == suggested


def test_candidates_come_in_the_order_of_their_weight_and_their_grounds_with_them():
    suggestion = weigh(given_that((K.ACROSS, B), (K.BEFORE, A), (K.AFTER, B), (K.TAKEN_OFF, B), (K.LISTED, A)))

    assert suggestion.candidates == [A, B]
    assert [ground.kind for ground in suggestion.speaking_for] == [K.LISTED, K.BEFORE]
    assert [ground.community for ground in suggestion.speaking_against] == [B, B, B]


def test_many_rows_of_one_community_weigh_no_more_than_the_best_of_them():
    rows = given_that((K.LIKELY_LISTED, A), (K.PERHAPS_LISTED, A), (K.LIKELY_LISTED, A))

    assert [ground.kind for ground in weigh(rows).grounds] == [K.LIKELY_LISTED]
    assert weigh(rows).community is None


@given(grounds)
def test_whatever_is_suggested_weighs_enough_and_outweighs_every_other(told):
    suggestion = weigh(told)
    weights = dict.fromkeys([A, B, 3, None], 0)
    for ground in suggestion.grounds:
        weights[ground.community] += WEIGHTS[ground.kind]

    if suggestion.community is not None:
        mine = weights.pop(suggestion.community)
        assert mine >= ENOUGH
        assert mine >= TIMES_ANY_OTHER * max(weights.values())
        assert suggestion.candidates[0] == suggestion.community


@given(grounds, st.randoms())
def test_the_order_in_which_grounds_are_found_changes_nothing(told, shuffler):
    shuffled = list(told)
    shuffler.shuffle(shuffled)

    assert weigh(shuffled).community == weigh(told).community
    assert weigh(shuffled).candidates == weigh(told).candidates
