"""The weighted mean of other places that follows one place, and the test that counts all places as if each were it."""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.panel import Flags
from engagements.pilots.rules.estimators.permuted import Permuted, invert
from engagements.pilots.rules.estimators.starts import Whole

SUM_WEIGHT = 1e4  # of the row that holds the weights' sum at 1, against outcomes scaled to 1
ROUNDING = 1e-9  # a misfit this small beside the outcomes is rounding: exact fits leave up to 1e-12


@dataclass(frozen=True)
class Places:
    """`weights[i, j]`: of place j in the mean that place i is compared with, 0 on the diagonal. One entry per place:
    `misfit` (root mean squared gap before), `is_exact` (that is only rounding) and `gap` (mean gap after)."""

    weights: Floats
    misfit: Floats
    is_exact: Flags
    gap: Floats

    def within(self, limit: float) -> Whole:
        """Places whose gap after can be held against their misfit: one of at most `limit`, and more than rounding.

        A place that is followed exactly would stand out infinitely far, whatever came after.
        """
        return np.flatnonzero((self.misfit <= limit) & ~self.is_exact)


def follow_each(means: Floats, first: int) -> Places:
    """The weighted mean of the others for every place. `means`: places x periods, the treated place among them."""
    count = means.shape[0]
    weights = np.zeros((count, count))
    for place in range(count):
        others = np.delete(np.arange(count), place)
        weights[place, others] = fit_weights(means[place, :first], means[others, :first])
    gaps = means - weights @ means
    misfit = np.sqrt((gaps[:, :first] ** 2).mean(axis=1))
    is_exact = misfit <= ROUNDING * np.abs(means[:, :first]).max()
    return Places(weights, misfit, is_exact, gaps[:, first:].mean(axis=1))


def fit_weights(one: Floats, others: Floats) -> Floats:
    """Nonnegative weights with sum 1 that bring the others (places x periods) nearest to the one (periods).

    Nonnegative least squares with one heavily weighted row for the sum: the same to five digits as full solvers.
    """
    from scipy.optimize import nnls

    center = others.mean(axis=0)
    scale = float(max(np.abs(others - center).max(), np.abs(one - center).max())) or 1.0
    rows = np.vstack([(others - center).T / scale, np.full(len(others), SUM_WEIGHT)])
    found: Floats = nnls(rows, np.append((one - center) / scale, SUM_WEIGHT))[0]
    return np.asarray(found / found.sum())


def count_placebos(places: Places, chosen: int, counted: Whole, alpha: float = 0.05) -> Permuted:
    """Where the chosen place stands among the `counted` ones, by |mean gap after| / misfit before.

    An effect taken off the chosen place moves the others' means by their weight of it, so every statistic is linear in
    it. No counted place may be followed exactly. Worked: of 20 places, the one with the program stands out most:
    p = 1/20.
    """
    order = np.append(counted[counted != chosen], chosen)
    misfit = places.misfit[order]
    values = places.gap[order] / misfit
    slopes = np.append(-places.weights[order[:-1], chosen], 1.0) / misfit
    return invert(float(values[-1]), float(slopes[-1]), values, slopes, exact=True, alpha=alpha, divisors=misfit)


def leave_one_out(means: Floats, chosen: int, weighty: list[int], first: int) -> tuple[float, float]:
    """Lowest and highest mean gap after when one of the weighty places is left out in turn."""
    found = []
    for out in weighty:
        others = np.array([place for place in range(len(means)) if place not in (chosen, out)])
        weights = fit_weights(means[chosen, :first], means[others, :first])
        found.append(float((means[chosen, first:] - weights @ means[others, first:]).mean()))
    return min(found), max(found)
