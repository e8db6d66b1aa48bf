"""Tracts drawn toward a regression (empirical Bayes), with the uncertainty of the prior integrated out.

The plug-in posterior ignores that S and the coefficients are estimated, covers far too little with few tracts
and is a single point when the estimated S is 0. Here both are integrated out (methods 2.4 as amended), so a
posterior SD is never 0. Shrunk values are for telling one tract's true value; their spread is too small and
their mean is not the city's: those come from the raw values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.intervals import Z95
from atlas.statistics.regressors import build_regressors
from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate, missing_estimate
from atlas.statistics.signal_posterior import SignalPosterior, TooFewTracts, fit_signal_posterior
from atlas.statistics.standard_error_floor import floor_standard_errors

NO_VALUE = "no value is published for this tract"
NO_ERROR = "this tract's value has no standard error"
NO_COVARIATE = "a covariate of this tract is missing"

Covariates = Mapping[str, NDArray[np.floating]]


@dataclass(frozen=True)
class ShrinkageResult:
    """Posterior of each tract's true value; arrays (n,), NaN where `reasons` says why, in `unit`."""

    value: NDArray[np.floating] = field(repr=False)  # posterior means
    standard_error: NDArray[np.floating] = field(repr=False)  # posterior SDs, above 0
    fitted: NDArray[np.floating] = field(repr=False)  # what the regression alone says
    own_weight: NDArray[np.floating] = field(
        repr=False
    )  # 0-1: weight on the tract's own value, the rest is on `fitted`
    reasons: tuple[str, ...] = field(repr=False)  # per tract, "" where there is a value
    n: int  # tracts with a value
    n_fit: int  # tracts the prior was learned from
    unit: str
    regressors: tuple[str, ...]  # names of the columns
    signal_variance: Estimate  # around the regression, unit squared, with its interval
    reliability: Estimate  # signal / (signal + mean s^2) around the regression, 0-1, with its interval
    posterior: SignalPosterior | None = field(repr=False)
    reason: str = ""
    raised_errors: int = 0  # standard errors of the fit and of the tracts shown that were raised to the floor

    @property
    def low(self) -> NDArray[np.floating]:
        """(n,), lower end of the normal 95% interval of the posterior, in `unit`; NaN without a value."""
        return self.value - Z95 * self.standard_error

    @property
    def high(self) -> NDArray[np.floating]:
        """(n,), its upper end."""
        return self.value + Z95 * self.standard_error


def shrink(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    covariates: Covariates | None = None,
    *,
    fit: NDArray[np.bool_] | None = None,
    show: NDArray[np.bool_] | None = None,
    unit: str = "rank",
) -> ShrinkageResult:
    """Learn the prior from tracts `fit` and draw tracts `show` toward it; both bool (J,), all by default.

    values, standard_errors and each covariate: (J,), NaN = missing. Give all tracts of the city's counties with
    show = tracts of the city. A tract outside `fit` is judged by the prior of the others and its own value. A
    standard error of 0 is no known precision and counts as missing, one below the floor is raised to it
    (`standard_error_floor`). Raises InvalidRegressors (more than one covariate per 15 tracts of the fit, race).
    """
    everyone = np.ones(len(values), bool)
    shown = everyone if show is None else show
    covariates = covariates or {}
    if standard_errors is None:
        return _missing_result((NO_STANDARD_ERRORS,) * int(shown.sum()), 0, unit, NO_STANDARD_ERRORS)
    y = values.astype(float)
    s, raised = floor_standard_errors(standard_errors.astype(float))
    has_value, has_error = np.isfinite(y), np.isfinite(s) & (s > 0)
    described = np.logical_and.reduce([everyone, *(np.isfinite(column) for column in covariates.values())])
    usable = has_value & has_error & described
    reasons = np.select([~has_value, ~has_error, ~described], [NO_VALUE, NO_ERROR, NO_COVARIATE], "")
    learn = usable & (everyone if fit is None else fit)
    try:
        if not learn.any():
            raise TooFewTracts("no tract has a value and a standard error")
        rule = build_regressors(s[learn], _rows(covariates, learn))
        posterior = fit_signal_posterior(y[learn], s[learn], rule.matrix(s[learn], _rows(covariates, learn)))
    except TooFewTracts as error:
        named = tuple(str(r) or str(error) for r in reasons[shown])
        return _missing_result(named, int(learn.sum()), unit, str(error))
    chosen = shown & usable
    parts = posterior_of_tracts(y[chosen], s[chosen], rule.matrix(s[chosen], _rows(covariates, chosen)), posterior)
    value, standard_error, fitted, own_weight = full = np.full((len(parts), len(y)), np.nan)
    full[:, chosen] = parts
    reliability = posterior.reliability
    return ShrinkageResult(
        value=value[shown],
        standard_error=standard_error[shown],
        fitted=fitted[shown],
        own_weight=own_weight[shown],
        reasons=tuple(str(reason) for reason in reasons[shown]),
        n=int(chosen.sum()),
        n_fit=posterior.n,
        unit=unit,
        regressors=rule.names,
        signal_variance=summarize(posterior, posterior.variance, f"{unit} squared"),
        reliability=summarize(posterior, reliability, "share"),
        posterior=posterior,
        raised_errors=int((raised & (learn | chosen)).sum()),
    )


def posterior_of_tracts(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating],
    x: NDArray[np.floating],
    posterior: SignalPosterior,
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """(means, SDs, fitted, weight on own value), each (n,): mixtures over the grid of S.

    At each S: mean x b + lambda (y - x b), variance lambda s^2 + (1-lambda)^2 x' Cov(b) x.
    """
    own = posterior.variance[:, None] / (posterior.variance[:, None] + standard_errors**2)  # (G, n)
    fitted = posterior.beta @ x.T
    outer = (x[:, :, None] * x[:, None, :]).reshape(len(x), x.shape[1] ** 2)
    fitted_variance = posterior.beta_covariance.reshape(len(posterior.variance), -1) @ outer.T
    means = fitted + own * (values - fitted)
    variances = own * standard_errors**2 + (1 - own) ** 2 * fitted_variance
    p = posterior.probability
    mean = p @ means
    variance = p @ (variances + (means - mean) ** 2)
    return mean, np.sqrt(variance), p @ fitted, p @ own


def summarize(posterior: SignalPosterior, quantity: NDArray[np.floating], unit: str) -> Estimate:
    """Posterior mean, SD and 95% interval of something that rises with S."""
    mean = posterior.mean_of(quantity)
    spread = np.sqrt(posterior.mean_of((quantity - mean) ** 2))
    return Estimate(mean, float(spread), posterior.n, unit, interval=posterior.interval_of(quantity))


def _rows(covariates: Covariates, rows: NDArray[np.bool_]) -> dict[str, NDArray[np.floating]]:
    return {name: np.asarray(column, float)[rows] for name, column in covariates.items()}


def _missing_result(reasons: tuple[str, ...], n_fit: int, unit: str, reason: str) -> ShrinkageResult:
    gap = np.full(len(reasons), np.nan)
    return ShrinkageResult(
        gap,
        gap,
        gap,
        gap,
        reasons,
        0,
        n_fit,
        unit,
        (),
        missing_estimate(n_fit, f"{unit} squared", reason),
        missing_estimate(n_fit, "share", reason),
        None,
        reason,
    )
