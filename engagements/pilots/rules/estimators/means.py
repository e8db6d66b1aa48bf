"""Two independent means: Welch's difference, which is HC2 with its own degrees of freedom. Arrays or numbers.

B. L. Welch (1947), Biometrika 34, 28-35. With two arms and no covariates the HC2 error of least squares is the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.tallies import spread_of


@dataclass(frozen=True)
class Difference:
    """Value, standard error and degrees of freedom, in the unit of the outcome as collected."""

    value: Floats
    standard_error: Floats
    df: Floats


def satterthwaite(variances: Floats, dfs: Floats) -> Floats:
    """df of a sum of independent variance estimates along the last axis; 0 where all of them are 0."""
    total = variances.sum(axis=-1)
    parts = (variances**2 / dfs).sum(axis=-1)
    return np.where(parts > 0, total**2 / np.where(parts > 0, parts, 1.0), 0.0)


def welch(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> Difference:
    """Second less first along the last axis, which holds the comparison and the treated arm; each n at least 2.

    Worked: n 3 and 3, totals 6 and 12, squares 14 and 50 -> 2, sqrt(1/3 + 1/3) = .8165, 4 df.
    """
    n, total, squares = (np.asarray(one, dtype=float) for one in (n, total, squares))
    mean = total / n
    variances = spread_of(n, total, squares) / (n - 1) / n
    return Difference(mean[..., 1] - mean[..., 0], np.sqrt(variances.sum(axis=-1)), satterthwaite(variances, n - 1))
