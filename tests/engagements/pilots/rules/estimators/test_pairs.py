"""Matched pairs: the paired t test, and the test that flips signs with its interval."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engagements.pilots.rules.estimators.pairs import paired
from engagements.pilots.rules.estimators.sign_flips import flip_signs, patterns
from engagements.pilots.rules.registration import DesignKind, Estimator, OutcomeKind
from engagements.pilots.rules.tallies import cells_of
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.properties import examples

PAIRS = make_registration(design=DesignKind.PAIRS, estimator=Estimator.PAIRED)
# Heights of crossed less self-fertilized maize, 15 pairs, eighths of an inch (Darwin 1876).
MAIZE = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])


def pair_rows(ours, theirs):
    names = [f"p{number}" for number in range(len(ours))]
    return make_rows(["t"] * len(ours) + ["c"] * len(theirs), [*ours, *theirs], block=names * 2)


def test_the_interval_is_that_of_the_paired_t_test():
    rng = np.random.default_rng(1)
    ours, theirs = rng.normal(1, 2, 12), rng.normal(0, 2, 12)
    found = paired(PAIRS, pair_rows(ours, theirs), "t")
    slow = stats.ttest_rel(ours, theirs)
    interval = slow.confidence_interval(0.95)
    assert (found.value, found.p, found.df) == pytest.approx(((ours - theirs).mean(), slow.pvalue, 11))
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert (found.units, found.people) == (12, 24)


def test_maize_gives_fishers_count():
    """863 of the 32,768 patterns reach the sum of 314 or more (Fisher 1935, section 21): twice that is the p."""
    test = flip_signs(MAIZE, 95)
    assert (MAIZE.sum(), test.p * 2**15, test.exact) == (314, 2 * 863, True)


@given(st.lists(st.integers(-9, 9), min_size=6, max_size=8).filter(any))
@settings(max_examples=examples(25))
def test_the_test_counts_every_pattern(values):
    differences = np.array(values, dtype=float)
    far = [abs(np.dot(signs, values)) >= abs(sum(values)) for signs in product((-1, 1), repeat=len(values))]
    assert flip_signs(differences, 95).p == pytest.approx(np.mean(far))


@given(st.lists(st.integers(-50, 50), min_size=7, max_size=9, unique=True))
@settings(max_examples=examples(15))
def test_its_interval_holds_the_effects_that_are_not_rejected(values):
    differences = np.array(values, dtype=float)
    test = flip_signs(differences, 95)
    width = test.high - test.low
    for effect, inside in (
        (test.low - 1e-4 * width, False),
        (test.low + 1e-4 * width, True),
        (test.high - 1e-4 * width, True),
        (test.high + 1e-4 * width, False),
    ):
        assert (flip_signs(differences - effect, 95).p > 0.05) == inside


def test_the_smallest_p_of_six_pairs_is_two_in_64():
    found = paired(PAIRS, pair_rows(range(1, 7), [0] * 6), "t")
    assert found.second.p == found.second.attainable_p == found.attainable_p == 2 / 64
    assert found.second.low > 0


def test_bounds_are_left_open_where_the_level_is_out_of_reach():
    test = flip_signs(np.arange(1.0, 7.0), 99)
    assert (test.low, test.high) == (None, None)


def test_many_pairs_draw_the_same_patterns_each_time():
    differences = np.random.default_rng(3).normal(0.4, 1, 40)
    test = flip_signs(differences, 95)
    assert test == flip_signs(differences, 95)
    assert (test.exact, test.draws, test.attainable_p) == (False, 9_999, 1 / 10_000)
    slow = stats.ttest_1samp(differences, 0)
    assert test.p == pytest.approx(slow.pvalue, abs=0.01)
    interval = slow.confidence_interval(0.95)
    assert (test.low, test.high) == pytest.approx((interval.low, interval.high), abs=0.04)
    assert patterns(40).shape == (9_999, 40)


def test_fewer_than_six_pairs_are_refused():
    found = paired(PAIRS, pair_rows(range(5), [0, 0, 1, 0, 0]), "t")
    assert (
        found.reason.startswith("Both outcomes are known of fewer than 6 pairs.") and "At least 6 pairs" in found.needed
    )


def test_a_pair_with_one_outcome_is_left_out_and_named():
    ours, theirs = [*range(8)], [0.0] * 8
    whole = paired(PAIRS, pair_rows(ours[1:], theirs[1:]), "t")
    found = paired(PAIRS, pair_rows([np.nan, *ours[1:]], theirs), "t")
    assert (found.value, found.low, found.people) == pytest.approx((whole.value, whole.low, 14))
    assert found.notes == ("Left out, because one of the two has no known outcome: fewer than 10 pairs.",)


def test_the_same_difference_everywhere_is_refused():
    rng = np.random.default_rng(4).normal(size=9)
    assert paired(PAIRS, pair_rows(rng + 2, rng), "t").reason == "The difference is the same in every pair."


def test_a_member_of_several_people_counts_by_its_mean():
    one = pair_rows(range(7), [0] * 7)
    twice = make_rows([*one.arm, *one.arm], [*(one.outcome - 1), *(one.outcome + 1)], block=[*one.block, *one.block])
    assert paired(PAIRS, twice, "t").low == pytest.approx(paired(PAIRS, one, "t").low)


def test_shares_are_shown_in_points_and_cells_say_the_same():
    registration = replace(PAIRS, outcome=make_registration(OutcomeKind.SHARE).outcome)
    rows = pair_rows([1, 1, 1, 1, 0, 1, 1, 1], [0, 0, 1, 0, 0, 1, 0, 1])
    found = paired(registration, rows, "t")
    assert found.value == pytest.approx(50)
    assert found.second.high == pytest.approx(100 * paired(PAIRS, rows, "t").second.high)
    assert paired(registration, cells_of(rows), "t") == found
