"""The randomization test of cluster designs: Fisher's cups, what a draw can reach, and the interval."""

import numpy as np
import pytest

from engagements.pilots.rules.estimators import patterns, randomization
from engagements.pilots.rules.estimators.patterns import draws_of
from tests.engagements.pilots.made_clusters import make_trial, sums_from


def test_fishers_eight_cups_all_right_give_1_in_70_for_one_side():
    sums = sums_from([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0], n=[1] * 8)
    draws, exact = draws_of(sums)
    assert exact and len(draws) == 70
    assert float(randomization.p_value(sums, draws, is_one_sided=True)) == pytest.approx(1 / 70, abs=1e-15)
    assert float(randomization.p_value(sums, draws)) == pytest.approx(2 / 70, abs=1e-15)


@pytest.mark.parametrize(
    ("treated", "blocks", "smallest"),
    [
        ([1, 1, 1, 0, 0, 0], None, 2 / 20),
        ([1, 1, 1, 0, 0, 0, 0], None, 1 / 35),
        ([1, 1, 1] + [0] * 7, None, 1 / 120),
        ([1, 0] * 4, [0, 0, 1, 1, 2, 2, 3, 3], 2 / 16),
        ([1, 0] * 6, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], 2 / 64),
        ([1, 0, 0] * 3, [0, 0, 0, 1, 1, 1, 2, 2, 2], 1 / 27),
    ],
)
def test_what_a_draw_can_reach_and_a_huge_effect_reaches_it(treated, blocks, smallest):
    sums = sums_from(treated, [1000 * one + place for place, one in enumerate(treated)], block=blocks)
    draws, exact = draws_of(sums)
    assert exact
    assert randomization.attainable(sums) == pytest.approx(smallest, abs=1e-15)
    assert float(randomization.p_value(sums, draws)) == pytest.approx(smallest, abs=1e-15)


def test_every_draw_keeps_the_number_treated_in_each_block_and_none_comes_twice():
    sums = make_trial(12, 2, blocks=3).sums
    draws, _ = draws_of(sums)
    assert len(np.unique(draws, axis=0)) == len(draws) == 6**3
    for here in sums.blocks:
        assert (draws[:, here].sum(axis=1) == 2).all()


def test_too_many_draws_are_sampled_with_a_fixed_seed_and_the_observed_one_counts():
    sums = make_trial(24, 12, effect=20.0).sums
    draws, exact = draws_of(sums)
    assert not exact and len(draws) == patterns.SAMPLED + 1
    assert (draws[0] == sums.treated).all() and (draws.sum(axis=1) == 12).all()
    assert (draws == draws_of(sums)[0]).all()
    assert float(randomization.p_value(sums, draws)) == randomization.attainable(sums) == 1 / 10_000


def test_each_effect_of_a_draw_is_that_of_least_squares():
    trial = make_trial(9, 1, blocks=3, effect=0.4)
    sums = trial.sums
    draws, _ = draws_of(sums)
    found = randomization.effects_of(sums, draws)
    for draw, effect in zip(draws[::5], found[::5], strict=True):
        columns = trial.columns.copy()
        columns[:, 0] = draw[trial.cluster]
        assert effect == pytest.approx(np.linalg.lstsq(columns, trial.outcome, rcond=None)[0][0], abs=1e-10)


@pytest.mark.parametrize(("clusters", "treated", "blocks"), [(10, 3, 1), (10, 5, 1), (12, 2, 3), (14, 1, 7)])
def test_the_interval_holds_the_effects_that_are_not_rejected(clusters, treated, blocks):
    sums = make_trial(clusters, treated, blocks, effect=0.5).sums
    draws, _ = draws_of(sums)
    found = randomization.interval(sums, draws, 0.05)
    for edge, outwards in ((found.low, -1.0), (found.high, 1.0)):
        assert float(randomization.p_value(sums.less(edge - outwards * 1e-6), draws)) >= 0.05
        assert float(randomization.p_value(sums.less(edge + outwards * 1e-6), draws)) < 0.05


def test_a_draw_that_cannot_reach_the_level_rules_nothing_out():
    sums = make_trial(6, 3, effect=9.0).sums
    found = randomization.interval(sums, draws_of(sums)[0], 0.05)
    assert (found.low, found.high) == (-np.inf, np.inf)
