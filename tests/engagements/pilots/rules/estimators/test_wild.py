"""The wild cluster bootstrap: which p it can give, what it counts, and its interval."""

import time

import numpy as np
import pytest

from engagements.pilots.rules.estimators import patterns, wild
from engagements.pilots.rules.estimators.cluster_fit import fit
from tests.engagements.pilots.made_clusters import make_trial, sums_from


def test_with_six_clusters_a_huge_effect_gives_exactly_2_in_64():
    sums = sums_from([1, 1, 1, 0, 0, 0], [9_000, 9_050, 8_970, 10, 30, 20])
    assert float(wild.p_value(sums)) == 2 / 64 == wild.attainable(6)


def test_the_observed_signs_and_their_mirror_image_always_count():
    """So that 1/65 never comes out, whatever the data."""
    for seed in range(30):
        sums = make_trial(6, 3, effect=3.0 * seed, seed=seed).sums
        counted = float(wild.p_value(sums)) * 64
        assert counted == int(counted) >= 2


def test_half_of_the_patterns_stands_for_all_of_them():
    sums = make_trial(7, 3, effect=0.4).sums
    both = np.vstack([patterns.all_signs(7), -patterns.all_signs(7)])
    assert len(np.unique(both, axis=0)) == 2**7
    assert float(wild.p_value(sums)) == float(wild.p_value(sums, both))


def test_no_difference_at_all_gives_one():
    assert float(wild.p_value(sums_from([1, 1, 1, 0, 0, 0], [5, 10, 15, 5, 10, 15]))) == 1.0


def test_more_than_twelve_clusters_draw_9999_patterns_with_a_fixed_seed():
    sums = make_trial(20, 10, effect=9.0).sums
    assert float(wild.p_value(sums)) == float(wild.p_value(sums)) == wild.attainable(20) == 1 / 10_000
    assert not wild.is_exact(14) and wild.is_exact(12)


def test_the_interval_holds_the_effects_that_are_not_rejected():
    sums = make_trial(10, 4, effect=0.5).sums
    found = wild.interval(sums, 0.05, 2.0 * float(fit(sums).standard_error))
    for edge, outwards in ((found.low, -1.0), (found.high, 1.0)):
        assert float(wild.p_value(sums.less(edge - outwards * 1e-4))) >= 0.05
        assert float(wild.p_value(sums.less(edge + outwards * 1e-4))) < 0.05


def test_no_effect_is_in_the_interval_exactly_when_p_is_not_under_the_level():
    for seed in range(12):
        sums = make_trial(8, 4, effect=0.1 * seed, seed=seed).sums
        found = wild.interval(sums, 0.05, 2.0 * float(fit(sums).standard_error))
        assert (found.low <= 0.0 <= found.high) == (float(wild.p_value(sums)) >= 0.05)


def test_a_level_out_of_reach_rules_nothing_out():
    sums = make_trial(6, 3, effect=9.0).sums
    found = wild.interval(sums, 0.03, 1.0)
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_twelve_clusters_with_all_4096_patterns_take_less_than_a_fifth_of_a_second():
    sums = make_trial(12, 6, effect=0.3).sums
    start = time.perf_counter()
    wild.p_value(sums)
    assert time.perf_counter() - start < 0.2


def test_many_trials_at_once_give_what_each_gives():
    trials = [make_trial(8, 4, seed=seed, unequal=False).sums for seed in range(3)]
    first = trials[0]
    totals = np.array([one.total[np.argsort(~one.treated, kind="stable")] for one in trials])
    ordered = sums_from(np.sort(first.treated)[::-1], totals[0], n=first.n)
    together = wild.p_value(type(first)(ordered.treated, ordered.block, ordered.n, totals))
    alone = [wild.p_value(sums_from(ordered.treated, row, n=first.n)) for row in totals]
    assert together == pytest.approx(np.array(alone))
