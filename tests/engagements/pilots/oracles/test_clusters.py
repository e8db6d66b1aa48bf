"""CR2 and the wild bootstrap against other people's programs, and what is known of Petersen's panel (2009)."""

from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
import statsmodels.stats.tests
from diff_diff.linalg import compute_robust_vcov
from wildboottest.wildboottest import wildboottest

from engagements.pilots.rules.estimators import patterns, wild
from engagements.pilots.rules.estimators.cluster_fit import fit
from tests.engagements.pilots.made_clusters import ClusterTrial, make_trial

DESIGNS = [(6, 3, 1), (10, 3, 1), (12, 6, 1), (20, 3, 1), (12, 2, 3), (16, 1, 8), (40, 4, 5)]


@pytest.fixture(scope="module")
def petersen():
    """Columns firm, year, x, y: 500 firms in 10 years, made up by Petersen, kept by statsmodels for its own tests."""
    return np.loadtxt(Path(statsmodels.stats.tests.__file__).parent / "test_data.txt")


def cr2_of_library(columns, outcome, cluster):
    residuals = outcome - columns @ np.linalg.lstsq(columns, outcome, rcond=None)[0]
    variance, df = compute_robust_vcov(columns, residuals, cluster, vcov_type="hc2_bm", return_dof=True)
    return np.sqrt(np.diag(variance)), df


def test_the_reference_gives_what_is_known_of_petersens_panel(petersen):
    firm, year, x, y = petersen.T
    columns = np.column_stack([np.ones(len(x)), x])
    error, df = cr2_of_library(columns, y, year)
    assert np.linalg.lstsq(columns, y, rcond=None)[0][1] == pytest.approx(1.0348334, abs=1e-6)
    assert error[1] == pytest.approx(0.0333961, abs=1e-6)
    assert df[1] == pytest.approx(8.98944, abs=1e-4)


def wild_of_library(outcome, regressor, cluster):
    """Two-sided p, with all patterns of signs: that is what more draws than patterns make of it, with a warning."""
    model = sm.OLS(outcome, np.column_stack([np.ones(len(outcome)), regressor]))
    with pytest.warns(UserWarning, match="full_enumeration"):
        found = wildboottest(model, B=1_025, cluster=cluster, param="x1", show=False)
    return float(found["p-value"].iloc[0])


def test_the_wild_p_of_petersens_panel_by_year_is_the_smallest_that_ten_years_can_give(petersen):
    firm, year, x, y = petersen.T
    number = year.astype(int) - 1
    centered, rest = x - x.mean(), y - y.mean()
    scores = wild.Scores(
        np.zeros(10, dtype=np.int64),
        *(np.bincount(number, weights=one) for one in (np.ones(len(x)), rest, centered * rest, centered, centered**2)),
    )
    t = np.abs(wild.t_of_scores(scores, patterns.all_signs(10)))
    assert len(t) == 512
    assert (t >= t[0] * (1.0 - wild.TIE)).mean() == 0.001953125 == wild.attainable(10)


def halves_of(petersen) -> ClusterTrial:
    """The panel as if every other year had had a program: clusters are years, of which 5 of 10 are treated."""
    year = petersen[:, 1].astype(int) - 1
    return ClusterTrial(year, np.zeros(len(year), dtype=int), (year % 2).astype(float), petersen[:, 3])


def trials(petersen):
    yield halves_of(petersen)
    for clusters, treated, blocks in DESIGNS:
        yield make_trial(clusters, treated, blocks, effect=0.3, seed=clusters)


def test_the_closed_form_of_cr2_agrees_with_the_general_one_to_ten_digits(petersen):
    for trial in trials(petersen):
        error, df = cr2_of_library(trial.columns, trial.outcome, trial.cluster)
        found = fit(trial.sums)
        assert float(found.standard_error) == pytest.approx(error[0], rel=1e-10)
        assert float(found.df) == pytest.approx(df[0], rel=1e-8)


def test_the_effect_is_that_of_least_squares_over_people(petersen):
    for trial in trials(petersen):
        expected = np.linalg.lstsq(trial.columns, trial.outcome, rcond=None)[0][0]
        assert float(fit(trial.sums).effect) == pytest.approx(expected, rel=1e-9)


def test_the_wild_p_agrees_with_another_program():
    for clusters, treated in ((6, 3), (10, 4)):
        trial = make_trial(clusters, treated, effect=0.4, seed=3)
        model = sm.OLS(trial.outcome, np.column_stack([np.ones(len(trial.outcome)), trial.treated]))
        # More draws than patterns make it count all patterns, with a warning.
        with pytest.warns(UserWarning, match="full_enumeration"):
            found = wildboottest(model, B=1_025, cluster=trial.cluster, param="x1", show=False)
        assert float(wild.p_value(trial.sums)) == pytest.approx(float(found["p-value"].iloc[0]), abs=1e-12)
