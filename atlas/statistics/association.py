"""What goes with what over a city's tracts: weighted correlation and line. Described, never explained.

Tracts without value, weight above 0 or x take no part. Neighboring tracts resemble each other, so intervals and p
rest on the effective number of tracts; a line's also on HC3 standard errors with Student's t, whichever is wider.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.effective_sample import effective_sample_size
from atlas.statistics.intervals import Interval
from atlas.statistics.results import Estimate, missing_estimate

FEWEST_TRACTS = 3
FEWEST_EFFECTIVE = 4.0  # effective tracts: with fewer, two degrees of freedom or less, an interval says nothing
LEVEL = 0.95
ROUNDING = 1e-12  # of the largest value: smaller differences are those of the arithmetic
NO_POINTS = "how far the tracts lie apart is not known: their outlines have not been imported"
ON_ONE_LINE = "the points lie on one line, so nothing shows how uncertain it is"
ONE_DECIDES = "one tract alone decides the line, so nothing shows how uncertain it is"
HC3 = "heteroscedasticity-robust standard error (HC3)"
BY_EFFECTIVE_SAMPLE = "the effective number of tracts"


@dataclass(frozen=True)
class Correlation:
    """Weighted correlation, -1 to 1; `estimate` has a 95% interval that leaves out 0 exactly where p is under .05."""

    estimate: Estimate
    p: float | None  # two-sided, Student's t with effective - 2 degrees of freedom
    effective: float | None  # number of independent tracts these are worth
    coverage: float | None  # weight of the tracts used / weight of all, 0-1


@dataclass(frozen=True)
class Line:
    """y = intercept + slope x by weighted least squares; arrays (n,) aligned with the tracts given, NaN = none."""

    slope: Estimate  # with a 95% interval by Student's t
    intercept: Estimate
    p: float | None  # of the slope, two-sided
    effective: float | None  # number of independent tracts these are worth to the slope
    fitted: NDArray[np.floating] = field(repr=False)
    residual: NDArray[np.floating] = field(repr=False)  # y - fitted, in the unit of y
    residual_error: NDArray[np.floating] = field(repr=False)  # >= the tract's own standard error
    n: int
    unit: str
    method: str  # what the standard error rests on, in words; "" without one
    reason: str = ""


def correlate(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weights: NDArray[np.floating],
    points: NDArray[np.floating] | None = None,
) -> Correlation:
    """Weighted correlation of x and y; inputs (n,), NaN = missing, points (n, 2) in a unit of length.

    r = sum W zx zy. t = r sqrt((M - 2)/(1 - r^2)) with M - 2 degrees of freedom, M the effective number of tracts;
    the interval is r's on Fisher's scale, as wide as the r that would just be significant. Without all points of the
    tracts used there is neither.
    Worked: methods 2.9 gives r -.7806507, with equal weights r -.8276566.
    """
    use = _usable(x, y, weights)
    known = np.isfinite(weights) & (weights > 0)
    coverage = float(weights[use].sum() / weights[known].sum()) if known.any() else None
    n = int(use.sum())
    why = _reason_not_fitted(x[use], y[use], n)
    if why:
        return Correlation(missing_estimate(n, "correlation", why), None, None, coverage)
    share = weights[use] / weights[use].sum()
    standard = [_standardize(column[use].astype(float), share) for column in (x, y)]
    r = float(np.clip(share @ (standard[0] * standard[1]), -1, 1))
    if 1 - abs(r) < 1e-9:
        return Correlation(Estimate(r, None, n, "correlation", coverage, ON_ONE_LINE), None, None, coverage)
    effective, why = _effective(x[use], y[use], weights[use], None if points is None else points[use])
    if why or effective is None:
        return Correlation(Estimate(r, None, n, "correlation", coverage, why), None, effective, coverage)
    free = effective - 2
    error = math.sqrt((1 - r**2) / free)
    critical = _critical(free)
    half = math.atanh(critical / math.sqrt(free + critical**2))
    interval = Interval(math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))
    return Correlation(
        Estimate(r, error, n, "correlation", coverage, interval=interval),
        _two_sided(r / error, free),
        effective,
        coverage,
    )


def fit_line(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weights: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None = None,
    *,
    unit: str = "rank",
    x_unit: str = "usd",
    points: NDArray[np.floating] | None = None,
) -> Line:
    """Line through the tracts, and how far each lies from it (methods 2.7); points (n, 2) as `correlate` takes them.

    The slope's interval is the wider of two: HC3 with t of n - 2, and sqrt(residual variance / variance of x /
    (M - 2)) with t of M - 2, M as for the correlation: the line has lost some of the residuals' likeness, so that an
    M of x and residuals rejects a true null 10% of the time where likeness is strong. Without points there is none.
    Residual SE = sqrt(s^2 + variance of the fitted value): the tract's own noise and the line's, added as if
    independent, so never less than s. Without standard errors residuals have none, and `reason` says so.
    """
    use = _usable(x, y, weights)
    n = int(use.sum())
    gap = np.full(len(y), np.nan)
    slope_unit = f"{unit} per {x_unit}"
    why = _reason_not_fitted(x[use], y[use], n, same_y_allowed=True)
    if why:
        nothing = missing_estimate(n, slope_unit, why), missing_estimate(n, unit, why)
        return Line(*nothing, None, None, gap, gap, gap, n, unit, "", why)
    share = weights[use] / weights[use].sum()
    center = float(share @ x[use])
    spread = float(share @ (x[use] - center) ** 2)
    middle = float(share @ y[use])
    slope = float(share @ ((x[use] - center) * (y[use] - middle)) / spread)
    fitted = middle + slope * (x - center)
    residual = y - fitted
    residual = np.where(np.abs(residual) <= ROUNDING * np.abs(y[use]).max(), 0.0, residual)  # on the line: not 6.9e-18
    s = gap if standard_errors is None else standard_errors.astype(float)
    level = middle - slope * center
    covariance = _hc3(x[use] - center, residual[use], share, spread)
    effective, why = None, ON_ONE_LINE
    if np.abs(residual[use]).max() > 1e-9 * np.abs(y[use]).max():
        effective, why = _effective(x[use], y[use], weights[use], None if points is None else points[use])
        why = why if np.isfinite(covariance).all() else ONE_DECIDES
    if why or effective is None:
        # On one line the line adds nothing to a tract's own error; otherwise nobody knows what it adds.
        own = np.where(np.isfinite(y), s, np.nan) if why == ON_ONE_LINE else gap
        nothing = Estimate(slope, None, n, slope_unit, reason=why), Estimate(level, None, n, unit, reason=why)
        return Line(*nothing, None, effective, fitted, residual, own, n, unit, "", why)
    error, free, method = _wider(covariance, float(share @ residual[use] ** 2) / spread, n, effective)
    covariance = covariance * (error**2 / covariance[1, 1])
    half = _critical(free) * error
    row = np.column_stack([np.ones(len(x)), x - center])
    fitted_variance = np.maximum(np.einsum("ni,ij,nj->n", row, covariance, row), 0.0)
    shift = np.array([1.0, -center])
    return Line(
        Estimate(slope, error, n, slope_unit, interval=Interval(slope - half, slope + half)),
        Estimate(level, float(np.sqrt(shift @ covariance @ shift)), n, unit),
        _two_sided(slope / error, free),
        effective,
        fitted,
        residual,
        np.where(np.isfinite(y), np.sqrt(s**2 + fitted_variance), np.nan),
        n,
        unit,
        method,
        ""
        if standard_errors is not None
        else "the tracts' values have no standard errors, so their distances have none",
    )


def _wider(
    covariance: NDArray[np.floating], variance_ratio: float, n: int, effective: float
) -> tuple[float, float, str]:
    """(standard error, degrees of freedom, what it rests on) of the slope's wider interval.

    `variance_ratio`: variance of the residuals / variance of x, both weighted.
    """
    choices = (
        (math.sqrt(covariance[1, 1]), float(n - 2), HC3),
        (math.sqrt(variance_ratio / (effective - 2)), effective - 2, BY_EFFECTIVE_SAMPLE),
    )
    return max(choices, key=lambda choice: choice[0] * _critical(choice[1]))


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
        return "the characteristic is the same in the tracts used"
    return "" if same_y_allowed or not _constant(y) else "the outcome is the same in the tracts used"


def _constant(column: NDArray[np.floating]) -> bool:
    return bool(np.ptp(column) <= 1e-12 * np.abs(column).max())


def _standardize(column: NDArray[np.floating], share: NDArray[np.floating]) -> NDArray[np.floating]:
    centred = column - share @ column
    return centred / np.sqrt(share @ centred**2)


def _effective(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    weights: NDArray[np.floating],
    points: NDArray[np.floating] | None,
) -> tuple[float | None, str]:
    """The effective number of tracts, and why nothing can be tested with it ("" where something can)."""
    if points is None or not np.isfinite(points).all():
        return None, NO_POINTS
    found = effective_sample_size(x, y, weights, points)
    if found < FEWEST_EFFECTIVE:
        return found, f"these tracts are worth {found:.1f} independent ones; an interval takes {FEWEST_EFFECTIVE:.0f}"
    return found, ""


def _hc3(
    centered: NDArray[np.floating], residual: NDArray[np.floating], share: NDArray[np.floating], spread: float
) -> NDArray[np.floating]:
    """Covariance (2, 2) of the level at the mean of x and the slope (MacKinnon and White 1985); inf or NaN where a
    tract's leverage is 1. `share` sums to 1, so the two are uncorrelated but for the residuals."""
    leverage = share * (1 + centered**2 / spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = share * residual / np.where(leverage > 1 - 1e-9, 0.0, 1 - leverage)
    score = np.column_stack([pull, pull * centered / spread])
    covariance: NDArray[np.floating] = score.T @ score
    return covariance


def _critical(free: float) -> float:
    """Of Student's t with `free` degrees of freedom, which need not be whole."""
    from scipy.special import stdtrit  # imported here: it takes a while, and most pages and commands fit no line

    return float(stdtrit(free, 1 - (1 - LEVEL) / 2))


def _two_sided(score: float, free: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(free, -abs(score)))
