"""Quantiles and tails of the normal and of Student's t. Of scipy only `special`, which loads fast: people type."""

from math import inf, isinf

from scipy.special import ndtr, ndtri, stdtr, stdtrit


def quantile(probability: float, df: float = inf) -> float:
    """Of t, or of the normal where `df` is infinite. Worked: .975 and infinity 1.959964; .975 and 4 2.776445."""
    return float(ndtri(probability) if isinf(df) else stdtrit(df, probability))


def below(value: float, df: float = inf) -> float:
    """The probability of less than `value`. Worked: 0 gives .5; 1.959964 and infinity .975."""
    return float(ndtr(value) if isinf(df) else stdtr(df, value))
