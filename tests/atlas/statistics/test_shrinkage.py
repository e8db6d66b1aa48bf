"""Drawing tracts toward a regression: worked numbers, a slow reference, and what plug-in versions get wrong."""

import time

import numpy as np
import pytest
from hypothesis import given, settings

from atlas.statistics.moments import shrink_with_known_variance, solve_signal_variance
from atlas.statistics.regressors import InvalidRegressors, build_regressors
from atlas.statistics.shrinkage import shrink
from tests.atlas.statistics.oracle import S, W, Y, cities, columns, draw_city
from tests.properties import examples
from tests.reference import shrinkage as slow

BOUNDARY_X = np.array([0.35, 0.25, 0.15, 0.05, 0.20])


def test_the_core_formula_worked():
    mean, spread = shrink_with_known_variance(Y, S, 0.3655, 0.00268)
    assert mean == pytest.approx([0.30850649, 0.35120052, 0.39347579, 0.42875698, 0.37947842], abs=1e-8)
    assert spread == pytest.approx(np.sqrt(0.00268 * S**2 / (0.00268 + S**2)))


def test_the_moment_equation_worked():
    assert solve_signal_variance(Y, S) == pytest.approx(0.0025213623, abs=1e-10)
    with pytest.raises(ValueError):
        solve_signal_variance(Y[:1], S[:1])


def test_where_the_plug_in_says_no_spread_at_all_the_posterior_still_has_room():
    """Oracle A with this covariate: the best S is 0, and a plug-in would be certain about every tract."""
    x = np.column_stack([np.ones(5), BOUNDARY_X])
    assert solve_signal_variance(Y, S, x) == 0.0
    fitted = x @ np.linalg.solve(x.T @ (x / S[:, None] ** 2), x.T @ (Y / S**2))
    mean, spread = shrink_with_known_variance(Y, S, fitted, 0.0)
    assert mean == pytest.approx(fitted) and (spread == 0).all()
    thrice = [np.tile(a, 3) for a in (Y, S, BOUNDARY_X)]
    found = shrink(thrice[0], thrice[1], {"poor_share2000": thrice[2]})
    assert (found.standard_error > 0.002).all()
    assert found.signal_variance.interval.low > 0


def test_agrees_with_a_fine_grid_and_plain_sums():
    rng = np.random.default_rng(3)
    _, y, s = draw_city(rng, 12, 0.6)
    found = shrink(y, s)
    means, spreads, signal = slow.posterior(y, s, build_regressors(s).matrix(s), top=0.4)
    assert found.value == pytest.approx(means, abs=2e-5)
    assert found.standard_error == pytest.approx(spreads, abs=5e-5)
    assert found.signal_variance.value == pytest.approx(signal, rel=0.01)


def test_intervals_cover_in_a_city_of_17_tracts_where_the_plug_in_does_not():
    """Racine has 17. 400 drawn cities: 95% intervals cover within 1.5 points; the plug-in misses by far more."""

    def coverage(method):
        rng = np.random.default_rng(17)
        hits = []
        for _ in range(400):
            truth, y, s = draw_city(rng, 17, 0.4)
            low, high = method(y, s)
            hits.append(np.mean((truth >= low) & (truth <= high)))
        return np.mean(hits)

    def integrated(y, s):
        found = shrink(y, s)
        return found.low, found.high

    def plug_in(y, s):
        x = build_regressors(s).matrix(s)
        signal = solve_signal_variance(y, s, x)
        w = 1 / (signal + s**2)
        fitted = x @ np.linalg.solve(x.T @ (x * w[:, None]), x.T @ (w * y))
        mean, spread = shrink_with_known_variance(y, s, fitted, signal)
        return mean - 1.96 * spread, mean + 1.96 * spread

    assert coverage(integrated) == pytest.approx(0.95, abs=0.015)
    assert coverage(plug_in) < 0.90


def test_the_reliability_comes_with_an_interval_that_narrows_with_tracts():
    rng = np.random.default_rng(5)
    wide, narrow = (shrink(*draw_city(rng, tracts, 0.7)[1:]).reliability for tracts in (17, 290))
    for found in (wide, narrow):
        assert 0 <= found.interval.low < found.value < found.interval.high <= 1
    assert narrow.interval.high - narrow.interval.low < (wide.interval.high - wide.interval.low) / 2
    assert narrow.value == pytest.approx(0.7, abs=0.08)


def test_the_prior_of_the_county_serves_the_city():
    rng = np.random.default_rng(8)
    _, y, s = draw_city(rng, 60, 0.6)
    city = np.arange(60) < 3
    found = shrink(y, s, show=city)
    assert (len(found.value), found.n, found.n_fit) == (3, 3, 60)
    assert found.value == pytest.approx(shrink(y, s).value[:3])


def test_a_tract_outside_the_fit_is_judged_by_the_others_and_its_own_value():
    rng = np.random.default_rng(9)
    _, y, s = draw_city(rng, 40, 0.6)
    y, s = np.append(y, 0.7), np.append(s, 0.05)
    last = np.arange(41) == 40
    found = shrink(y, s, fit=~last, show=last)
    assert found.n_fit == 40
    assert found.fitted[0] < found.value[0] < 0.7
    assert found.value[0] == pytest.approx(found.fitted[0] + found.own_weight[0] * (0.7 - found.fitted[0]), abs=2e-3)


@pytest.mark.parametrize("tracts", [1, 2, 5])
def test_too_few_tracts_give_the_reason(tracts):
    found = shrink(Y[:tracts], S[:tracts])
    assert np.isnan(found.value).all() and found.n == 0
    assert "too few" in found.reason and found.reliability.value is None and found.reliability.reason
    assert all(found.reasons)


def test_tracts_without_value_or_precision_say_why_and_the_others_work():
    y, s = (np.tile(a, 3) for a in (Y, S))
    y[0], s[1], s[2] = np.nan, np.nan, 0.0
    found = shrink(y, s)
    assert found.n == 12 and np.isnan(found.value[:3]).all() and np.isfinite(found.value[3:]).all()
    assert "no value" in found.reasons[0]
    assert "no standard error" in found.reasons[1] == found.reasons[2]
    assert found.reasons[3] == ""


def test_a_file_without_standard_errors_says_so():
    found = shrink(Y, None)
    assert found.reason == "the file loaded here has no margin of error" and found.reasons == (found.reason,) * 5


def test_a_prior_with_no_tract_to_draw_towards_it_gives_reasons():
    """An area whose tracts have no value, in a county that has: the prior is there, nothing is steadied."""
    y = np.append(np.linspace(0.3, 0.4, 30), [np.nan, np.nan])
    s = np.append(np.full(30, 0.02), [np.nan, 0.03])
    found = shrink(y, s, fit=np.arange(32) < 30, show=np.arange(32) >= 30)
    assert (found.n, found.n_fit) == (0, 30) and found.signal_variance.value > 0
    assert np.isnan(found.value).all() and np.isnan(found.standard_error).all()
    assert found.reasons == ("no value is published for this tract",) * 2


def test_all_missing():
    gap = np.full(9, np.nan)
    found = shrink(gap, gap)
    assert found.n == 0 and found.reason == "no tract has a value and a standard error"


def test_equal_standard_errors_leave_the_constant_alone():
    found = shrink(np.tile(Y, 3), np.full(15, 0.02))
    assert found.regressors == ("constant",)


@pytest.mark.parametrize(
    "names, message",
    [
        (["poor_share2000", "hhinc_mean2000"], "at most one per 15"),
        (["share_black2010"], "race"),
        (["par_rank_hisp_pooled_mean"], "race"),
        (["same"], "does not vary"),
    ],
)
def test_covariates_are_few_and_never_race(names, message):
    rng = np.random.default_rng(1)
    covariates = {name: np.ones(20) if name == "same" else rng.normal(size=20) for name in names}
    with pytest.raises(InvalidRegressors, match=message):
        shrink(np.tile(Y, 4), np.tile(S, 4) * rng.uniform(0.9, 1.1, 20), covariates)


def test_a_covariate_that_repeats_another_is_refused():
    rng = np.random.default_rng(1)
    poor = rng.normal(size=30)
    with pytest.raises(InvalidRegressors, match="repeat"):
        shrink(rng.normal(size=30), rng.uniform(0.01, 0.02, 30), {"poor": poor, "poorer": 2 * poor + 1})


@settings(max_examples=examples(60), deadline=None)
@given(cities)
def test_never_certain_never_outside_and_the_order_does_not_matter(rows):
    y, _, s = columns(rows)
    found, turned = shrink(y, s), shrink(y[::-1], s[::-1])
    np.testing.assert_allclose(found.value, turned.value[::-1], atol=1e-7)
    known = np.isfinite(found.value)
    assert [not reason for reason in found.reasons] == known.tolist()
    assert (found.standard_error[known] > 0).all()
    assert ((found.own_weight[known] > 0) & (found.own_weight[known] < 1)).all()


def test_a_thousand_tracts_take_no_time():
    _, y, s = draw_city(np.random.default_rng(2), 1000, 0.6)
    shrink(y, s)
    start = time.process_time()
    shrink(y, s)
    assert time.process_time() - start < 0.5  # 10 ms alone on the machine


def test_shrunk_values_are_no_city_mean():
    """Their weighted mean differs from the raw one: why a city's mean is never taken of them."""
    found = shrink(np.tile(Y, 3), np.tile(S, 3))
    assert abs(np.average(found.value, weights=np.tile(W, 3)) - 0.3655) > 1e-4
