"""Quantiles and p-values of the t and normal reference, for arrays; infinite df are the normal."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from engagements.pilots.rules.data import Floats


def quantile(level: ArrayLike, df: ArrayLike = np.inf) -> Floats:
    """Half width of a two-sided interval in standard errors. Worked: 95 and 10 df -> 2.2281; 95, normal -> 1.9600.

    `level` in percent, `df` above 0.
    """
    tail = 0.5 + np.asarray(level, dtype=float) / 200
    df = np.asarray(df, dtype=float)
    finite = np.where(np.isfinite(df), df, 1.0)
    return np.asarray(np.where(np.isfinite(df), stdtrit(finite, tail), ndtri(tail)), dtype=np.float64)


def two_sided(statistic: ArrayLike, df: ArrayLike = np.inf) -> Floats:
    """Chance of a statistic at least so far from 0. Worked: 2.2281 at 10 df -> .0500."""
    df = np.asarray(df, dtype=float)
    distance = -np.abs(np.asarray(statistic, dtype=float))
    finite = np.where(np.isfinite(df), df, 1.0)
    return np.asarray(2 * np.where(np.isfinite(df), stdtr(finite, distance), ndtr(distance)), dtype=np.float64)
