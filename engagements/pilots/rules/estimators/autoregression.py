"""Least squares with AR(1) errors, for every autocorrelation of a grid at once.

The errors are u_t = r u_(t-1) + e_t, stationary. For each r the data are whitened (the first period times
sqrt(1 - r^2), each other one less r times the one before) and fitted by least squares. Which r fits is judged by the
restricted likelihood (REML), in which the fitted coefficients do not make the errors look smaller than they are:
-(log|V| + log|X' V^-1 X| + (N - p) log(RSS / (N - p))) / 2.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.panel import Flags
from engagements.pilots.rules.estimators.starts import Whole

GRID: Floats = np.round(np.concatenate([np.arange(-0.95, 0.95, 0.02), np.arange(0.95, 0.996, 0.005)]), 3)
WITHIN = 1.92  # of the best log-likelihood: the 95% range of one number, chi-squared 3.84 / 2


@dataclass(frozen=True)
class Fits:
    """One row per autocorrelation, then the leading axes of the outcomes: `value`, `error` of one coefficient."""

    grid: Floats
    value: Floats
    error: Floats
    likelihood: Floats
    df: int

    @property
    def best(self) -> Whole:
        """Positions in the grid of the most likely autocorrelation."""
        return np.asarray(self.likelihood.argmax(axis=0))

    @property
    def plausible(self) -> Flags:
        """Whether each autocorrelation is inside the 95% likelihood range."""
        return np.asarray(self.likelihood >= self.likelihood.max(axis=0) - WITHIN)


def fit_all(outcomes: Floats, design: Floats, column: int, grid: Floats = GRID) -> Fits:
    """`outcomes`: (..., periods); `design`: periods x coefficients; `column`: of the coefficient wanted."""
    periods, coefficients = design.shape
    found = [_fit(outcomes, design, column, float(r)) for r in grid]
    value, error, likelihood = (np.stack(part) for part in zip(*found, strict=True))
    return Fits(grid, value, error, likelihood, periods - coefficients)


def _fit(outcomes: Floats, design: Floats, column: int, r: float) -> tuple[Floats, Floats, Floats]:
    x, y = whiten(design, r), whiten(outcomes.T, r)
    df = x.shape[0] - x.shape[1]
    basis, upper = np.linalg.qr(x)
    scores = basis.T @ y
    squares = np.maximum((y**2).sum(axis=0) - (scores**2).sum(axis=0), 1e-300)
    row = np.linalg.inv(upper)[column]
    variance = squares / df
    log_x = 2 * float(np.log(np.abs(np.diag(upper))).sum())
    likelihood = -0.5 * (-np.log1p(-(r**2)) + log_x + df * np.log(variance))
    return row @ scores, np.sqrt(variance * (row @ row)), likelihood


def whiten(rows: Floats, r: float) -> Floats:
    """`rows`: (periods, ...), with independent errors of one variance afterwards."""
    later = rows[1:] - r * rows[:-1]
    return np.concatenate([np.sqrt(1 - r**2) * rows[:1], later])
