"""What a sample proves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.certainty import ImpossibleCount, Proof, floored_per_cent, lower_bound

samples = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("right", "of", "bound"),
    [
        (50, 50, 0.05 ** (1 / 50)),
        (150, 150, 0.05 ** (1 / 150)),
        # Clopper and Pearson's own limits for tables of one-sided 95 %: beta(0.05; x, n - x + 1).
        (9, 10, 0.60584),
        (5, 10, 0.22244),
        (49, 50, 0.90860),
        (1, 1, 0.05),
    ],
)
def test_the_bound_is_the_one_of_the_tables(right, of, bound):
    assert lower_bound(right, of) == pytest.approx(bound, abs=1e-5)


def test_fifty_of_fifty_prove_no_more_than_94_per_cent():
    assert floored_per_cent(Proof(50, 50).at_least) == "94.1"
    assert floored_per_cent(Proof(150, 150).at_least) == "98.0"


def test_nothing_looked_at_proves_nothing():
    nothing = Proof(0, 0)
    assert (nothing.share, nothing.at_least, nothing.wrong) == (None, 0.0, 0)


@pytest.mark.parametrize(("right", "of"), [(2, 1), (-1, 3)])
def test_impossible_counts_are_refused(right, of):
    with pytest.raises(ImpossibleCount):
        Proof(right, of)


@given(samples)
def test_the_bound_never_exceeds_what_was_seen(sample):
    right, of = sample
    assert 0 <= lower_bound(right, of) <= right / of


@given(samples)
def test_more_of_the_same_proves_more(sample):
    right, of = sample
    assert lower_bound(right * 2, of * 2) >= lower_bound(right, of)
    assert lower_bound(right, of) >= lower_bound(right, of + 1)


@given(samples)
def test_at_the_bound_such_luck_happens_once_in_twenty(sample):
    right, of = sample
    if right == 0:
        return
    share = lower_bound(right, of)
    luck = sum(math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(right, of + 1))
    assert luck == pytest.approx(0.05, rel=1e-4)


@given(st.integers(0, 100_000))
def test_large_samples_are_no_trouble(wrong):
    of = 100_000
    bound = lower_bound(of - min(wrong, 50), of)
    assert 0.999 < bound < 1


@given(st.floats(0, 1))
def test_a_percentage_never_claims_more_than_the_share(share):
    assert float(floored_per_cent(share)) <= share * 100 + 1e-6


def test_proofs_add_up():
    assert Proof(50, 50) + Proof(99, 100) == Proof(149, 150)
