"""Worked numbers of the methods text, a slow reference, and what must hold for any input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.statistics.crosswalk import Crosswalk
from atlas.statistics.percentiles import midranks
from atlas.statistics.weights import FitError, fit_share_model, weighted_mean
from tests.reference import weighted

Y = np.array([0.30, 0.35, 0.40, 0.45, 0.38])
S = np.array([0.02, 0.015, 0.025, 0.03, 0.01])
W = np.array([400.0, 900, 250, 150, 1300])


def test_city_mean_and_its_standard_error():
    found = weighted_mean(Y, W, S)
    assert found.value == pytest.approx(0.3655, abs=1e-12)
    assert found.standard_error == pytest.approx(0.00726149, abs=1e-8)
    assert (found.n, found.coverage, found.unit) == (5, 1.0, "rank")


def test_the_mean_is_not_precision_weighted():
    assert weighted_mean(Y, W, S).value != pytest.approx(np.average(Y, weights=1 / S**2), abs=1e-3)


def test_without_standard_errors_the_reason_is_said():
    found = weighted_mean(Y, W)
    assert found.standard_error is None
    assert "no margin of error" in found.reason


def test_missing_values_lower_the_coverage_not_the_mean_of_the_rest():
    y = Y.copy()
    y[1] = np.nan
    found = weighted_mean(y, W, S)
    assert found.n == 4
    assert found.coverage == pytest.approx(2100 / 3000)


def test_nothing_known_gives_a_reason_and_no_number():
    found = weighted_mean(np.array([np.nan]), np.array([10.0]))
    assert found.value is None and found.reason and found.coverage == 0


def test_one_tract_is_its_own_mean():
    found = weighted_mean(Y[:1], W[:1], S[:1])
    assert (found.value, found.standard_error) == (pytest.approx(0.30), pytest.approx(0.02))


tracts = st.lists(
    st.tuples(
        st.one_of(st.floats(-0.2, 1.2), st.just(np.nan)),
        st.one_of(st.floats(0.5, 5000), st.just(np.nan)),
        st.floats(0, 0.2),
    ),
    min_size=1,
    max_size=40,
)


@given(tracts)
def test_agrees_with_the_slow_reference_and_does_not_depend_on_order(rows):
    y, w, s = (np.array(column) for column in zip(*rows, strict=True))
    found, turned = weighted_mean(y, w, s), weighted_mean(y[::-1], w[::-1], s[::-1])
    if found.value is None:
        assert not (np.isfinite(y) & np.isfinite(w)).any()
        return
    mean, error, coverage = weighted.mean_and_error(y, w, s)
    assert found.value == pytest.approx(mean, abs=1e-9) == pytest.approx(turned.value, abs=1e-9)
    assert found.standard_error == pytest.approx(error, abs=1e-9)
    assert found.coverage == pytest.approx(coverage)


def test_midranks_worked():
    y = np.array([0.30, 0.36, 0.41, 0.43, 0.39, 0.33, 0.47, 0.35])
    w = np.array([400.0, 900, 250, 150, 1300, 600, 300, 500])
    assert midranks(y, y) == pytest.approx([0.0625, 0.4375, 0.6875, 0.8125, 0.5625, 0.1875, 0.9375, 0.3125])
    expected = [0.045455, 0.443182, 0.869318, 0.914773, 0.693182, 0.159091, 0.965909, 0.284091]
    assert midranks(y, y, w) == pytest.approx(expected, abs=1e-6)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_midranks_with_ties_agree_with_the_reference(values):
    y = np.array(values, float)
    assert midranks(y, y) == pytest.approx([weighted.midrank(v, values, [1] * len(values)) for v in values])


def test_midrank_of_a_missing_value_is_missing():
    assert np.isnan(midranks(np.array([np.nan]), Y)).all()
    assert np.isnan(midranks(Y, np.array([np.nan]))).all()


USD = np.concatenate([np.zeros(10), np.linspace(25.39, 100_000, 91)])


def test_dollars_are_interpolated_between_percentiles():
    rule = Crosswalk(USD)
    for rank in (0.0, 0.05, 0.0999, 0.25, 0.39687583, 1.0):
        assert rule.dollars(rank) == pytest.approx(weighted.income_at(rank, USD))


def test_the_income_at_a_mean_is_between_its_percentiles():
    """The worked city at .3655: 26,802.70 at p36 and 27,849.97 at p37 of the publisher's crosswalk give $27,378.70."""
    usd = np.concatenate([np.zeros(36), [26802.699219, 27849.96875], np.full(63, 28898.875)])
    assert Crosswalk(usd).dollars(0.3655) == pytest.approx(27378.70, abs=0.005)


def test_ranks_of_dollars_come_back_and_zero_is_flagged_not_interpolated():
    rule = Crosswalk(USD)
    usd = np.array([rule.dollars(0.31), 0.0, np.nan, 100_000.0])
    ranks, zero = rule.ranks(usd)
    assert ranks[[0, 1, 3]] == pytest.approx([0.31, 0.09, 1.0])
    assert np.isnan(ranks[2])
    assert zero.tolist() == [False, True, False, False]


def test_average_of_dollars_is_not_the_income_at_the_average_rank():
    """Why dollars are never averaged: the crosswalk is convex."""
    rule = Crosswalk(np.concatenate([np.zeros(10), np.linspace(1, 300, 91) ** 2]))
    ranks, _ = rule.ranks(np.array([1_000.0, 50_000.0]))
    assert rule.dollars(float(ranks.mean())) < 25_500


def test_a_crosswalk_must_not_fall():
    with pytest.raises(ValueError):
        Crosswalk(USD[::-1])
    with pytest.raises(ValueError):
        Crosswalk(USD[:100])


def test_share_model_finds_the_logit_it_was_made_with():
    rng = np.random.default_rng(7)
    county = np.repeat(np.arange(200), 15)
    income = np.exp(rng.normal(11.0, 0.5, county.size))
    children = rng.integers(50, 2000, county.size).astype(float)
    share = 1 / (1 + np.exp(-(0.7 - 2.4 * np.log(income / 50_000))))
    counts = np.bincount(county, children * share)
    model = fit_share_model(children, income, county, np.arange(200), counts)
    assert (model.constant, model.slope) == (pytest.approx(0.7, abs=1e-6), pytest.approx(-2.4, abs=1e-6))
    assert model.counties == 200 and model.rmse < 1e-6
    assert model.share(np.array([np.nan])) == pytest.approx(np.nan, nan_ok=True)


def test_share_model_refuses_what_it_can_not_fit():
    ones = np.ones(6)
    with pytest.raises(FitError):
        fit_share_model(ones, ones * 40_000, np.arange(6), np.arange(2), np.array([0.5, 0.5]))
    with pytest.raises(FitError):
        fit_share_model(ones, ones * 40_000, np.arange(6), np.arange(6), ones * 0.5)
