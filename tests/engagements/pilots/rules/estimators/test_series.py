import numpy as np
import pytest
from scipy import linalg, stats

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.autoregression import fit_all, whiten
from engagements.pilots.rules.estimators.series import design_of, fit_series, series
from engagements.pilots.rules.registration import DesignKind, Estimator
from tests.engagements.pilots.made_data import make_registration
from tests.engagements.pilots.made_panels import make_panel_cells, months

REGISTRATION = make_registration(design=DesignKind.SERIES, estimator=Estimator.SERIES, starts_in=("2025-01",))
RNG = np.random.default_rng(8)


def _two_series(step=0.0, before=12, after=14):
    time = np.arange(before + after)
    noise = np.random.default_rng(8).normal(size=(2, before + after))
    both = 30 + 0.5 * time + 3 * np.sin(time / 2) + noise
    both[0] += step * (time >= before)
    return both


def _answer(means, arms=("t", "c"), periods=None, registration=REGISTRATION):
    return series(registration, make_panel_cells(means, arms, periods or months(np.shape(means)[1])), "t")


def test_a_step_is_found_and_what_moves_both_series_drops_out():
    found = _answer(_two_series(step=20))

    assert isinstance(found, Estimate)
    assert found.low < 20 < found.high
    assert found.low > 0
    assert found.p < 0.05
    assert found.caps == ()
    assert (found.units, found.df) == (26, 21)
    least, most = found.details["autocorrelation_range"]
    assert least <= found.details["autocorrelation"] <= most
    assert len(found.details["difference"]) == 26


def test_without_a_comparison_series_no_verdict_may_rest_on_it():
    found = _answer(_two_series(step=20)[:1], arms=("t",))

    assert found.caps == ("There is no comparison series.",)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (11, 14, "Only 11 periods before the program and 14 after its start were measured."),
        (1, 14, "Only 1 period before the program and 14 after its start were measured."),
        (12, 11, "Only 12 periods before the program and 11 after its start were measured."),
    ],
)
def test_fewer_than_twelve_periods_on_a_side_are_refused(before, after, reason):
    refused = _answer(_two_series(before=before, after=after), periods=months(48, 2023)[24 - before : 24 + after])

    assert isinstance(refused, Refused)
    assert (refused.reason, refused.needed) == (reason, "At least 12 of each.")


def test_a_month_left_out_is_refused():
    periods = [month for month in months(27) if month != "2024-05"]

    refused = _answer(_two_series(before=12, after=15)[:, :26], periods=periods, registration=REGISTRATION)

    assert isinstance(refused, Refused)


def test_no_treated_series_and_straight_lines_are_refused():
    assert _answer(_two_series(), arms=("c", "c")).reason == "No series of the program was measured."
    lines = np.vstack([np.arange(26.0), np.ones(26)])
    assert _answer(lines).reason == "The series follow straight lines without any noise."


def test_with_no_autocorrelation_the_fit_is_least_squares():
    outcomes = RNG.normal(size=30)
    design = design_of(15, 15)

    fits = fit_all(outcomes, design, 2, grid=np.array([0.0]))

    coefficients, squares, *_ = np.linalg.lstsq(design, outcomes)
    assert fits.value[0] == pytest.approx(coefficients[2])
    assert fits.error[0] == pytest.approx(np.sqrt(squares[0] / 26 * np.linalg.inv(design.T @ design)[2, 2]))


def test_whitening_is_generalized_least_squares_and_its_restricted_likelihood():
    outcomes, design, r = RNG.normal(size=30).cumsum(), design_of(15, 15), 0.6
    inverse = np.linalg.inv(linalg.toeplitz(r ** np.arange(30)) / (1 - r**2))
    bread = np.linalg.inv(design.T @ inverse @ design)

    fits = fit_all(outcomes, design, 2, grid=np.array([r, 0.0]))

    coefficients = bread @ design.T @ inverse @ outcomes
    rest = outcomes - design @ coefficients
    variance = rest @ inverse @ rest / 26
    restricted = -0.5 * (-np.linalg.slogdet(inverse)[1] - np.linalg.slogdet(bread)[1] + 26 * np.log(variance))
    assert fits.value[0] == pytest.approx(coefficients[2])
    assert fits.error[0] == pytest.approx(np.sqrt(variance * bread[2, 2]))
    assert fits.likelihood[0] == pytest.approx(restricted)
    assert whiten(np.ones(3), 0.6).tolist() == pytest.approx([0.8, 0.4, 0.4])


def test_the_interval_reaches_over_all_plausible_autocorrelations():
    outcomes = RNG.normal(size=(5, 40)).cumsum(axis=1)

    found = fit_series(outcomes, 20)
    fits = fit_all(outcomes, design_of(20, 20), 2)

    reach = stats.t.ppf(0.975, 35) * fits.error
    best = np.arange(5), fits.best
    assert (found.low <= (fits.value - reach)[best[1], best[0]]).all()
    assert (found.high >= (fits.value + reach)[best[1], best[0]]).all()
    assert ((found.p < 0.05) == ((found.low > 0) | (found.high < 0))).all()


def test_chance_is_rarely_called_an_effect_even_where_errors_wander():
    outcomes = np.random.default_rng(3).normal(size=(2_000, 36)).cumsum(axis=1)

    assert np.mean(fit_series(outcomes, 24).p < 0.05) < 0.055
