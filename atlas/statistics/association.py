"""What goes with what over a city's tracts: weighted correlation and line. Described, never explained.

Tracts without value, weight above 0 or x take no part. Standard errors: HC1, or clustered by county where the
tracts lie in at least five; with fewer, clustered errors are far too small and HC1 stays.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.intervals import Z95, Interval
from atlas.statistics.results import Estimate, missing_estimate

FEWEST_CLUSTERS = 5
FEWEST_TRACTS = 3
HC1 = "heteroscedasticity-robust (HC1)"
ON_ONE_LINE = "the points lie on one line, so nothing shows how uncertain it is"


@dataclass(frozen=True)
class Correlation:
    """Weighted correlation, -1 to 1, with a 95% interval through Fisher's z, which stays inside -1 to 1."""

    estimate: Estimate
    method: str  # of the standard error, in words
    coverage: float | None  # weight of the tracts used / weight of all, 0-1


@dataclass(frozen=True)
class Line:
    """y = intercept + slope x by weighted least squares; arrays (n,) aligned with the tracts given, NaN = none."""

    slope: Estimate
    intercept: Estimate
    fitted: NDArray[np.floating] = field(repr=False)
    residual: NDArray[np.floating] = field(repr=False)  # y - fitted, in the unit of y
    residual_error: NDArray[np.floating] = field(repr=False)  # >= the tract's own standard error
    n: int
    unit: str
    method: str
    reason: str = ""


def correlate(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weights: NDArray[np.floating],
    county: NDArray[np.int64] | None = None,
) -> Correlation:
    """Slope of standardised y on standardised x = weighted correlation; inputs (n,), NaN = missing.

    Worked: methods 2.9 gives r -.7806507, HC1 SE .2776216; with equal weights r -.8276566.
    """
    use = _usable(x, y, weights)
    known = np.isfinite(weights) & (weights > 0)
    coverage = float(weights[use].sum() / weights[known].sum()) if known.any() else None
    n = int(use.sum())
    why = _reason_not_fitted(x[use], y[use], n)
    if why:
        return Correlation(missing_estimate(n, "correlation", why), "", coverage)
    share = weights[use] / weights[use].sum()
    standard = [_standardize(column[use].astype(float), share) for column in (x, y)]
    fit, method = _regress(standard[0], standard[1], share * n, None if county is None else county[use])
    r = float(np.clip(fit.params[1], -1, 1))
    if 1 - abs(r) < 1e-9:
        return Correlation(Estimate(r, None, n, "correlation", coverage, ON_ONE_LINE), "", coverage)
    error = float(fit.bse[1])
    half = Z95 * error / (1 - r**2)
    interval = Interval(float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)))
    return Correlation(Estimate(r, error, n, "correlation", coverage, interval=interval), method, coverage)


def fit_line(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weights: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None = None,
    *,
    unit: str = "rank",
    x_unit: str = "usd",
    county: NDArray[np.int64] | None = None,
) -> Line:
    """Line through the tracts, and how far each lies from it (methods 2.7).

    Residual SE = sqrt(s^2 + variance of the fitted value): the tract's own noise and the line's, added as if
    independent, so never less than s. Without standard errors residuals have none, and `reason` says so.
    """
    use = _usable(x, y, weights)
    n = int(use.sum())
    gap = np.full(len(y), np.nan)
    slope_unit = f"{unit} per {x_unit}"
    why = _reason_not_fitted(x[use], y[use], n, same_y_allowed=True)
    if why:
        return Line(
            missing_estimate(n, slope_unit, why), missing_estimate(n, unit, why), gap, gap, gap, n, unit, "", why
        )
    centre, scale = x[use].mean(), x[use].std()  # digits: rents are hundreds, their squares would drown the constant
    fit, method = _regress((x[use] - centre) / scale, y[use], weights[use], None if county is None else county[use])
    back = np.array([[1.0, -centre / scale], [0.0, 1 / scale]])
    intercept, slope = back @ fit.params
    errors = np.sqrt(np.diag(back @ fit.cov_params() @ back.T))
    row = np.column_stack([np.ones(len(x)), (x - centre) / scale])
    fitted = row @ fit.params
    fitted_variance = np.maximum(np.einsum("ni,ij,nj->n", row, fit.cov_params(), row), 0.0)
    s = gap if standard_errors is None else standard_errors.astype(float)
    exact = bool(np.abs(fit.resid).max() <= 1e-9 * np.abs(y[use]).max())
    slope_error, intercept_error = (None, None) if exact else (float(errors[1]), float(errors[0]))
    said = ON_ONE_LINE if exact else ""
    return Line(
        Estimate(float(slope), slope_error, n, slope_unit, reason=said),
        Estimate(float(intercept), intercept_error, n, unit, reason=said),
        fitted,
        y - fitted,
        np.where(np.isfinite(y), np.sqrt(s**2 + fitted_variance), np.nan),
        n,
        unit,
        method,
        ""
        if standard_errors is not None
        else "the tracts' values have no standard errors, so their distances have none",
    )


def _usable(x: NDArray[np.floating], y: NDArray[np.floating], weights: NDArray[np.floating]) -> NDArray[np.bool_]:
    usable: NDArray[np.bool_] = np.isfinite(x) & np.isfinite(y) & np.isfinite(weights) & (weights > 0)
    return usable


def _reason_not_fitted(
    x: NDArray[np.floating], y: NDArray[np.floating], n: int, *, same_y_allowed: bool = False
) -> str:
    if n < FEWEST_TRACTS:
        has = "tract has" if n == 1 else "tracts have"
        return f"{n or 'no'} {has} both values; it takes {FEWEST_TRACTS}"
    if _constant(x):
        return "the characteristic is the same in all tracts"
    return "" if same_y_allowed or not _constant(y) else "the outcome is the same in all tracts"


def _constant(column: NDArray[np.floating]) -> bool:
    return bool(np.ptp(column) <= 1e-12 * np.abs(column).max())


def _standardize(column: NDArray[np.floating], share: NDArray[np.floating]) -> NDArray[np.floating]:
    centred = column - share @ column
    return centred / np.sqrt(share @ centred**2)


def _regress(
    x: NDArray[np.floating], y: NDArray[np.floating], weights: NDArray[np.floating], county: NDArray[np.int64] | None
) -> tuple[Any, str]:
    """(statsmodels result, words for its standard errors)."""
    # Imported here: statsmodels takes a second, and most pages and commands fit no line.
    from statsmodels.regression.linear_model import WLS

    model = WLS(y, np.column_stack([np.ones(len(x)), x]), weights=weights)
    if county is None:
        return model.fit(cov_type="HC1"), HC1
    ids, codes = np.unique(county, return_inverse=True)
    if len(ids) >= FEWEST_CLUSTERS:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": codes})
        return fit, f"clustered by county ({len(ids)} counties)"
    counties = "1 county" if len(ids) == 1 else f"{len(ids)} counties"
    return model.fit(cov_type="HC1"), f"{HC1}; {counties} are too few to cluster by" if len(ids) > 1 else HC1
