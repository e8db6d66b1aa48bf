"""Weighted correlations and lines, described and never explained."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from atlas.statistics.association import HC3, correlate, fit_line
from tests.properties import examples
from tests.reference import associations as slow

X = np.array([0.35, 0.25, 0.15, 0.05, 0.20, 0.30, 0.10, 0.12])
Y = np.array([0.30, 0.36, 0.41, 0.43, 0.39, 0.33, 0.47, 0.35])
W = np.array([400.0, 900, 250, 150, 1300, 600, 300, 500])
S = np.full(8, 0.02)


AT = np.array([(east, north) for north in (0.0, 1.0) for east in range(4)])  # two rows of four


def test_worked():
    found = correlate(X, Y, W, AT)
    assert found.estimate.value == pytest.approx(-0.7806507, abs=1e-7)
    assert found.effective == pytest.approx(slow.effective_sample_size(X, Y, W, AT), rel=1e-9)
    assert found.effective == pytest.approx(4.8668406, abs=1e-6)
    t = found.estimate.value * np.sqrt((found.effective - 2) / (1 - found.estimate.value**2))
    assert found.estimate.value / found.estimate.standard_error == pytest.approx(t)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(t), found.effective - 2))
    assert (found.estimate.n, found.coverage) == (8, 1.0)
    assert correlate(X, Y, np.ones(8)).estimate.value == pytest.approx(-0.8276566, abs=1e-7)


@pytest.mark.parametrize("noise", [0.0, 0.03, 0.06, 0.1, 0.3, 0.6, 1.0])
def test_the_interval_stays_inside_and_leaves_out_0_exactly_where_p_is_small(noise):
    y = Y + noise * np.random.default_rng(5).standard_normal(8)
    found, line = correlate(X, y, W, AT), fit_line(X, y, W, points=AT)
    held = found.estimate.interval
    assert -1 < held.low < found.estimate.value < held.high < 1
    assert (0 in held) == (found.p >= 0.05) and (0 in line.slope.interval) == (line.p >= 0.05)
    assert line.p >= found.p - 1e-12  # of two intervals the wider


def test_without_the_places_of_the_tracts_there_is_a_correlation_and_no_interval():
    nowhere = AT.copy()
    nowhere[3] = np.nan
    for points in (None, nowhere):
        found, line = correlate(X, Y, W, points), fit_line(X, Y, W, S, points=points)
        assert found.estimate.value == pytest.approx(-0.7806507, abs=1e-7)
        assert found.estimate.interval is None and found.p is None and "outlines" in found.estimate.reason
        assert line.slope.value is not None and line.slope.standard_error is None and "outlines" in line.reason
        assert np.isnan(line.residual_error).all()


def test_few_effective_tracts_give_no_interval_and_say_so():
    found = correlate(X[:4], Y[:4], W[:4], AT[:4])
    assert found.effective < 4 and found.estimate.interval is None and "worth" in found.estimate.reason


def test_a_line_that_one_tract_decides_has_no_interval():
    """Seven tracts at one rent: the eighth draws the line to itself."""
    rent = np.array([500.0] * 7 + [900.0])
    found = fit_line(rent, Y, W, S, points=AT)
    assert found.slope.standard_error is None and "one tract alone" in found.slope.reason
    assert np.isnan(found.residual_error).all() and np.isfinite(found.residual).all()


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


rows = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 5000)), min_size=4, max_size=25, unique=True
)


@settings(max_examples=examples(60), deadline=None)
@given(rows)
def test_agrees_with_the_slow_reference_in_any_order_and_unit(rows):
    x, y, w = (np.array(column, float) for column in zip(*rows, strict=True))
    assume(np.ptp(x) > 0 and np.ptp(y) > 0)
    found, turned = correlate(x, y, w).estimate, correlate(7 * x[::-1] + 1, y[::-1], 3 * w[::-1]).estimate
    r = slow.correlation(x, y, w)
    assert found.value == pytest.approx(r, abs=1e-9) == pytest.approx(turned.value, abs=1e-9)
    at = np.column_stack([np.arange(len(x)), x])
    line = fit_line(x, y, w, points=at)
    if line.method == HC3:
        assert line.slope.standard_error == pytest.approx(slow.hc3(x, y, w), rel=1e-6, abs=1e-9)
    assert (line.intercept.value, line.slope.value) == pytest.approx(slow.line(x, y, w), rel=1e-7, abs=1e-8)


def test_the_line_and_its_distances():
    rent = 600 + 1000 * Y
    line = fit_line(rent, X, W, S, x_unit="usd a month", points=AT)
    intercept, slope = slow.line(rent, X, W)
    assert (line.slope.value, line.intercept.value) == (pytest.approx(slope), pytest.approx(intercept))
    assert line.slope.unit == "rank per usd a month" and line.n == 8
    assert line.residual == pytest.approx(X - intercept - slope * rent)
    assert W @ line.residual == pytest.approx(0, abs=1e-9)
    assert (line.residual_error > S).all()


def test_a_distance_is_least_certain_far_from_the_others():
    x = np.append(np.linspace(700, 900, 20), 2000.0)
    y = 0.4 + np.random.default_rng(1).normal(0, 0.03, 21)
    at = np.column_stack([np.arange(21) % 5, np.arange(21) // 5])
    errors = fit_line(x, y, np.ones(21), np.full(21, 0.01), points=at).residual_error
    assert errors[20] == errors.max() > 1.1 * errors[10]


def test_a_tract_without_weight_has_a_distance_but_no_part_in_the_line():
    w = W.copy()
    w[0] = np.nan
    line = fit_line(X, Y, w, S)
    assert line.n == 7 and np.isfinite(line.residual[0])
    assert line.slope.value == pytest.approx(fit_line(X[1:], Y[1:], W[1:]).slope.value)


def test_without_standard_errors_distances_have_none_and_say_so():
    line = fit_line(X, Y, W, points=AT)
    assert np.isnan(line.residual_error).all() and np.isfinite(line.residual).all() and line.reason
