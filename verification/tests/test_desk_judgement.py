"""What the papers alone say: pure, so every combination may come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.desk_judgement import Known, Leaning, Next, Says, judged

KINDS = [
    "demolished",
    "destroyed",
    "wrong_number",
    "wrong_community",
    "split",
    "merged",
    "renumbered",
    "duplicate",
    "missing",
    "unclear",
]
AT_THE_DESK = {"wrong_number", "wrong_community", "duplicate", "renumbered"}

knowledge = st.builds(
    Known,
    kind=st.sampled_from(KINDS),
    community=st.none() | st.integers(1, 3),
    beside=st.lists(st.none() | st.integers(1, 3), max_size=2),
    shown_number_taken=st.none() | st.booleans(),
    same_numbers=st.integers(0, 2),
    gone_notes=st.integers(0, 2),
    rows=st.integers(0, 2),
)


@given(knowledge)
def test_nothing_but_the_four_kinds_is_ever_left_to_the_desk(known):
    assert judged(known).next == Next.VISIT or known.kind in AT_THE_DESK


@given(knowledge)
def test_a_house_that_may_be_gone_is_always_visited(known):
    if known.kind in {"demolished", "destroyed", "merged"}:
        assert judged(known).next == Next.VISIT


@given(knowledge)
def test_whoever_is_supported_is_supported_by_something(known):
    proposal = judged(known)
    assert proposal.because or proposal.leaning == Leaning.OPEN


@pytest.mark.parametrize(
    ("known", "next_step", "leaning", "because", "community"),
    [
        (Known("wrong_community", community=1, beside=[2, 2]), "desk", "report", [Says.NEIGHBOURS_ELSEWHERE], 2),
        (Known("wrong_community", community=1, beside=[1, 1]), "desk", "register", [Says.NEIGHBOURS_STAY], None),
        (Known("wrong_community", community=1, beside=[2, 3]), "visit", "open", [], None),
        (Known("wrong_community", community=1, beside=[2]), "visit", "open", [], None),
        (Known("wrong_community", community=1, beside=[None, None]), "visit", "open", [], None),
        (Known("wrong_number", shown_number_taken=True), "visit", "open", [Says.NUMBER_TAKEN], None),
        (Known("renumbered", shown_number_taken=False), "desk", "report", [Says.NUMBER_FREE], None),
        (Known("duplicate", same_numbers=1), "visit", "report", [Says.SAME_NUMBER_AGAIN], None),
        (Known("duplicate"), "desk", "register", [Says.NO_SAME_NUMBER], None),
        (Known("demolished", gone_notes=2, rows=2), "visit", "report", [Says.GONE_IN_LISTS], None),
        (Known("demolished", rows=1), "visit", "open", [Says.NAMED_IN_LISTS], None),
        (Known("missing", same_numbers=1), "visit", "report", [Says.FOUND_IN_REGISTER], None),
        (Known("demolished", is_live=False), "desk", "report", [Says.NOT_LIVE], None),
    ],
)
def test_what_follows(known, next_step, leaning, because, community):
    proposal = judged(known)
    assert (proposal.next, proposal.leaning, list(proposal.because)) == (next_step, leaning, because)
    assert proposal.community == community
