"""Spread of tracts net of noise."""

import numpy as np
import pytest
from hypothesis import given, settings

from atlas.statistics import dispersion
from atlas.statistics.dispersion import measure_dispersion, shortest_interval
from atlas.statistics.draws import draw_true_values
from atlas.statistics.intervals import Interval
from atlas.statistics.regressors import build_regressors
from atlas.statistics.shrinkage import shrink
from atlas.statistics.signal_posterior import fit_signal_posterior
from tests.atlas.statistics.oracle import S, W, Y, columns, draw_city, full_cities
from tests.properties import examples
from tests.reference import city_tests as slow


def test_worked():
    found = measure_dispersion(Y, W, S)
    assert found.total_variance == pytest.approx(0.0011914167, abs=1e-10)
    assert found.noise_variance == pytest.approx(0.00026125, abs=1e-12)
    assert found.signal_variance.value == pytest.approx(0.0009301667, abs=1e-10)
    assert found.signal_sd.value == pytest.approx(0.0304986, abs=1e-7)
    assert found.reliability.value == pytest.approx(0.7807232, abs=1e-7)
    assert found.signal_variance_unbiased == pytest.approx(0.0014142386, abs=1e-10)
    assert found.moment_variance == pytest.approx(0.0025213623, abs=1e-10)
    assert (found.n, found.unit, found.reliability.unit) == (5, "rank", "share")


def test_unweighted_worked():
    """Every tract counting once: S_u is the (n-1) form, .00268, an sd of .0517687; of .00313 that is .8562300."""
    found = measure_dispersion(Y, np.ones(5), S)
    assert found.signal_variance_unbiased == pytest.approx(0.00268, abs=1e-12)
    assert found.signal_variance_unbiased**0.5 == pytest.approx(0.0517687, abs=1e-7)
    assert found.signal_variance_unbiased / (found.total_variance * 5 / 4) == pytest.approx(0.8562300, abs=1e-7)


def test_five_tracts_are_too_few_for_an_interval_and_say_so():
    found = measure_dispersion(Y, W, S)
    assert found.reliability.interval is None and "too few" in found.reliability.reason


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(34)
    hits = []
    for _ in range(150):
        truth, y, s = draw_city(rng, 34, 0.6)
        w = rng.uniform(50, 900, 34)
        share = w / w.sum()
        spread = share @ (truth - share @ truth) ** 2
        hits.append(spread / (spread + share @ s**2) in measure_dispersion(y, w, s).reliability.interval)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.05)


def held_and_touched(tracts: int, reliability: float, cities: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """bool (cities,): the interval of the variance holds the true one; it begins at 0."""
    rng = np.random.default_rng(seed)
    held, touched = [], []
    for _ in range(cities):
        truth, y, s = draw_city(rng, tracts, reliability)
        w = rng.uniform(50, 900, tracts)
        share = w / w.sum()
        interval = measure_dispersion(y, w, s).signal_variance.interval
        held.append(share @ (truth - share @ truth) ** 2 in interval)
        touched.append(interval.low == 0)
    return np.array(held), np.array(touched)


def three_errors(cities: int) -> float:
    """Of a share of .95 counted over so many cities."""
    return 3 * (0.95 * 0.05 / cities) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize("tracts, reliability", [(34, 0.6), (34, 0.8), (120, 0.4), (120, 0.8)])
def test_away_from_zero_the_interval_holds_the_truth_95_times_in_100(tracts, reliability):
    """Choosing the shortest of the draws' intervals costs a little: over 400 cities of 120 tracts it held the truth
    93.5 times in 100, the equal-tailed one of the same draws 94.2. So one in 100 may be missing, and no more.
    """
    held, touched = held_and_touched(tracts, reliability, 1000, seed=tracts)
    assert touched.mean() < 0.02
    assert 0.95 - 0.01 - three_errors(1000) <= held.mean() <= 0.95 + three_errors(1000)


@pytest.mark.slow
@pytest.mark.parametrize("tracts, reliability", [(17, 0.1), (17, 0.25), (34, 0.1)])
def test_only_intervals_that_begin_at_zero_hold_the_truth_more_often(tracts, reliability):
    """Such an interval cannot miss on its lower side: no truth is below 0, and the truth here is small. So it holds
    it up to 5 times in 100 more often; the cities whose interval stays off 0 are those where noise added most.
    """
    held, touched = held_and_touched(tracts, reliability, 1000, seed=tracts)
    assert touched.mean() > 0.25
    assert 0.95 - three_errors(1000) <= held.mean() <= 0.995
    assert held[touched].mean() >= 0.97 > held[~touched].mean()


def test_the_interval_covers_in_a_city_of_17_noisy_tracts_where_a_prior_flat_in_s_does_not(monkeypatch):
    """Racine has 17. With far more noise than signal a prior flat in S pushes the whole interval above the truth.

    Most intervals begin at 0 here and miss on one side only, so the truth is held 95 times in 100 or more.
    """
    cities = 250
    held, touched = held_and_touched(17, 0.1, cities, seed=55)
    assert touched.mean() > 0.8 and held[touched].mean() > 0.98
    assert 0.95 <= held.mean() < 1  # not by reaching everywhere: what stays off 0 misses at times
    monkeypatch.setattr(dispersion, "_flat_in_log", lambda posterior, s: posterior)
    flat, _ = held_and_touched(17, 0.1, cities, seed=55)
    assert flat.mean() < held.mean() - 0.02


def test_the_interval_of_the_reliability_is_that_of_the_signal_over_itself_plus_noise():
    _, y, s = draw_city(np.random.default_rng(3), 34, 0.6)
    found = measure_dispersion(y, np.ones(34), s)
    signal, reliability = found.signal_variance.interval, found.reliability.interval
    for edge, share in ((signal.low, reliability.low), (signal.high, reliability.high)):
        assert share == pytest.approx(edge / (edge + found.noise_variance), abs=1e-3)
    assert reliability.high < 1


def test_drawn_values_belong_to_their_tracts():
    _, y, s = draw_city(np.random.default_rng(3), 34, 0.6)
    x = build_regressors(s).matrix(s)
    drawn = draw_true_values(y, s, x, fit_signal_posterior(y, s, x), draws=4000)
    found = shrink(y, s)
    assert drawn.mean(axis=0) == pytest.approx(found.value, abs=0.006)
    assert drawn.std(axis=0) == pytest.approx(found.standard_error, rel=0.1)


def test_more_noise_than_spread_is_an_interval_from_zero_never_a_root_of_a_negative():
    y = np.tile(Y, 3)
    found = measure_dispersion(y, np.ones(15), np.full(15, 0.2))
    assert found.total_variance < found.noise_variance and found.moment_signal == 0
    for shown in (found.signal_variance, found.signal_sd, found.reliability):
        assert shown.interval.low == 0 < shown.value < shown.interval.high


def test_few_tracts_of_mere_noise_are_zero_with_a_message():
    found = measure_dispersion(Y[:4], np.ones(4), np.full(4, 0.2))
    assert found.signal_sd.value == 0 and found.reliability.value == 0 and "no more than" in found.reason
    assert found.signal_sd.interval is None


def test_no_number_lies_outside_its_own_interval():
    """With a posterior for the interval and moments for the number, "11% is real (12% to 43%)" was on a page."""
    rng = np.random.default_rng(8)
    for tracts in (8, 17, 34, 120):
        for reliability in (0.05, 0.3, 0.7):
            for _ in range(8):
                _, y, s = draw_city(rng, tracts, reliability)
                found = measure_dispersion(y, rng.uniform(50, 900, tracts), s)
                for shown in (found.signal_variance, found.signal_sd, found.reliability):
                    assert shown.value in shown.interval, (tracts, reliability)


def test_the_shortest_interval_can_begin_at_zero():
    draws = np.arange(100.0) ** 3
    assert shortest_interval(draws, 0.5) == Interval(0.0, 49.0**3, 0.5)
    found = shortest_interval(np.random.default_rng(1).normal(10, 1, 20_000))
    assert (found.low, found.high) == (pytest.approx(8.04, abs=0.15), pytest.approx(11.96, abs=0.15))


@pytest.mark.parametrize("n, reason", [(0, "no tract"), (1, "one tract has no spread")])
def test_nothing_to_spread(n, reason):
    y = np.full(3, np.nan)
    y[:n] = 0.4
    found = measure_dispersion(y, np.ones(3), np.full(3, 0.02))
    assert found.n == n and found.reason.startswith(reason) and found.reliability.reason


def test_without_standard_errors_the_total_stays():
    found = measure_dispersion(Y, W, None)
    assert found.total_variance == pytest.approx(0.0011914167, abs=1e-10)
    assert found.signal_variance.value is None and "no margin of error" in found.reason


def test_ties_have_no_reliability():
    found = measure_dispersion(np.full(9, 0.4), np.ones(9), np.full(9, 0.02))
    assert found.reliability.value is None and found.reliability.reason


def test_a_standard_error_of_zero_leaves_the_values_without_an_interval():
    s = S.copy()
    s[0] = 0
    found = measure_dispersion(Y, W, s)
    assert found.signal_variance.value > 0 and found.signal_variance.interval is None
    assert "no known precision" in found.reason


@settings(max_examples=examples(60), deadline=None)
@given(full_cities)
def test_agrees_with_the_slow_reference_in_any_order(rows):
    y, w, s = columns(rows)
    found, turned = measure_dispersion(y, w, s), measure_dispersion(y[::-1], w[::-1], s[::-1])
    total, noise, signal, unbiased = slow.dispersion(y, w, s)
    assert found.total_variance == pytest.approx(total, abs=1e-12)
    assert found.noise_variance == pytest.approx(noise, abs=1e-12)
    assert found.moment_signal == pytest.approx(signal, abs=1e-12) == pytest.approx(turned.moment_signal)
    assert found.signal_variance.value == pytest.approx(turned.signal_variance.value, abs=1e-9)
    assert found.signal_variance_unbiased == pytest.approx(unbiased, abs=1e-9)
    assert (found.reliability.interval is None) == (turned.reliability.interval is None)
    if found.reliability.value is not None:
        assert 0 <= found.reliability.value <= 1
