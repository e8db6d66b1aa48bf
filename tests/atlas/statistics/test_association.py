"""Weighted correlations and lines, described and never explained."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from atlas.statistics.association import correlate, fit_line
from tests.properties import examples
from tests.reference import associations as slow

X = np.array([0.35, 0.25, 0.15, 0.05, 0.20, 0.30, 0.10, 0.12])
Y = np.array([0.30, 0.36, 0.41, 0.43, 0.39, 0.33, 0.47, 0.35])
W = np.array([400.0, 900, 250, 150, 1300, 600, 300, 500])
S = np.full(8, 0.02)


def test_worked():
    found = correlate(X, Y, W)
    assert found.estimate.value == pytest.approx(-0.7806507, abs=1e-7)
    assert found.estimate.standard_error == pytest.approx(0.2776216, abs=1e-7)
    assert found.method == "heteroscedasticity-robust (HC1)"
    assert (found.estimate.n, found.coverage) == (8, 1.0)
    assert correlate(X, Y, np.ones(8)).estimate.value == pytest.approx(-0.8276566, abs=1e-7)


def test_the_interval_stays_between_minus_one_and_one():
    """r -.78 less 1.96 x .28 would be -1.32."""
    found = correlate(X, Y, W).estimate.interval
    assert -1 < found.low < -0.7806507 < found.high < 1
    # atanh(-.7806507) = -1.04703; 1.959964 x .2776216 / (1 - .7806507^2) = 1.39311
    assert (found.low, found.high) == (
        pytest.approx(np.tanh(-2.44014), abs=1e-4),
        pytest.approx(np.tanh(0.34608), abs=1e-4),
    )


def test_missing_tracts_lower_the_coverage():
    x = X.copy()
    x[4] = np.nan
    found = correlate(x, Y, W)
    assert found.estimate.n == 7 and found.coverage == pytest.approx(3100 / 4400)


@pytest.mark.parametrize("tracts", [0, 1, 2])
def test_too_few_tracts_say_so(tracts):
    found = correlate(X[:tracts], Y[:tracts], W[:tracts]).estimate
    assert found.value is None and "it takes 3" in found.reason
    line = fit_line(X[:tracts], Y[:tracts], W[:tracts])
    assert line.slope.value is None and line.reason


def test_ties_have_no_correlation():
    assert "characteristic is the same" in correlate(np.ones(8), Y, W).estimate.reason
    assert "outcome is the same" in correlate(X, np.full(8, 0.4), W).estimate.reason
    assert fit_line(X, np.full(8, 0.4), W).slope.value == pytest.approx(0, abs=1e-12)


def test_points_on_a_line_are_not_taken_for_certainty():
    found = correlate(X, 1 - X, W).estimate
    assert found.value == pytest.approx(-1) and found.standard_error is None and found.reason
    slope = fit_line(X, 1 - X, W).slope
    assert slope.value == pytest.approx(-1) and slope.standard_error is None and slope.reason


def test_clustered_by_county_only_with_enough_counties():
    rng = np.random.default_rng(1)
    county = np.repeat(np.arange(8), 10)
    x = rng.normal(size=8)[county] + rng.normal(size=80)
    y = 0.5 * x + rng.normal(size=8)[county] + rng.normal(size=80)
    clustered, robust = correlate(x, y, np.ones(80), county), correlate(x, y, np.ones(80))
    assert clustered.method == "clustered by county (8 counties)"
    assert clustered.estimate.value == pytest.approx(robust.estimate.value)
    assert clustered.estimate.standard_error != pytest.approx(robust.estimate.standard_error)
    few = correlate(x[:40], y[:40], np.ones(40), county[:40])
    assert few.method.endswith("4 counties are too few to cluster by")
    assert few.estimate.standard_error == pytest.approx(correlate(x[:40], y[:40], np.ones(40)).estimate.standard_error)
    assert "too few" not in correlate(X, Y, W, np.zeros(8)).method


rows = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 5000)), min_size=4, max_size=25, unique=True
)


@settings(max_examples=examples(60), deadline=None)
@given(rows)
def test_agrees_with_the_slow_reference_in_any_order_and_unit(rows):
    x, y, w = (np.array(column, float) for column in zip(*rows, strict=True))
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)
    found, turned = correlate(x, y, w).estimate, correlate(7 * x[::-1] + 1, y[::-1], 3 * w[::-1]).estimate
    r, error = slow.correlation(x, y, w)
    assert found.value == pytest.approx(r, abs=1e-9) == pytest.approx(turned.value, abs=1e-9)
    if found.standard_error is not None:
        assert found.standard_error == pytest.approx(error, rel=1e-6, abs=1e-9)
    line = fit_line(x, y, w)
    assert (line.intercept.value, line.slope.value) == pytest.approx(slow.line(x, y, w), rel=1e-7, abs=1e-8)


def test_the_line_and_its_distances():
    rent = 600 + 1000 * Y
    line = fit_line(rent, X, W, S, x_unit="usd a month")
    intercept, slope = slow.line(rent, X, W)
    assert (line.slope.value, line.intercept.value) == (pytest.approx(slope), pytest.approx(intercept))
    assert line.slope.unit == "rank per usd a month" and line.n == 8
    assert line.residual == pytest.approx(X - intercept - slope * rent)
    assert W @ line.residual == pytest.approx(0, abs=1e-9)
    assert (line.residual_error > S).all()


def test_a_distance_is_least_certain_far_from_the_others():
    x = np.append(np.linspace(700, 900, 20), 2000.0)
    y = 0.4 + np.random.default_rng(1).normal(0, 0.03, 21)
    errors = fit_line(x, y, np.ones(21), np.full(21, 0.01)).residual_error
    assert errors[20] == errors.max() > 1.1 * errors[10]


def test_a_tract_without_weight_has_a_distance_but_no_part_in_the_line():
    w = W.copy()
    w[0] = np.nan
    line = fit_line(X, Y, w, S)
    assert line.n == 7 and np.isfinite(line.residual[0])
    assert line.slope.value == pytest.approx(fit_line(X[1:], Y[1:], W[1:]).slope.value)


def test_without_standard_errors_distances_have_none_and_say_so():
    line = fit_line(X, Y, W)
    assert np.isnan(line.residual_error).all() and np.isfinite(line.residual).all() and line.reason
