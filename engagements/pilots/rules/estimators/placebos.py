"""The weighted mean of other places that follows one place, and the test that counts all places as if each were it."""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.permuted import Permuted, invert
from engagements.pilots.rules.estimators.starts import Whole

SUM_WEIGHT = 1e4  # of the row that holds the weights' sum at 1, against outcomes scaled to 1


@dataclass(frozen=True)
class Places:
    """`weights[i, j]`: of place j in the mean that place i is compared with, 0 on the diagonal. One entry per place:
    `misfit` (root mean squared gap before) and `gap` (mean gap after)."""

    weights: Floats
    misfit: Floats
    gap: Floats


def follow_each(means: Floats, first: int) -> Places:
    """The weighted mean of the others for every place. `means`: places x periods, the treated place among them."""
    count = means.shape[0]
    weights = np.zeros((count, count))
    for place in range(count):
        others = np.delete(np.arange(count), place)
        weights[place, others] = fit_weights(means[place, :first], means[others, :first])
    gaps = means - weights @ means
    return Places(weights, np.sqrt((gaps[:, :first] ** 2).mean(axis=1)), gaps[:, first:].mean(axis=1))


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
    it. Worked: of 20 places, the one with the program stands out most: p = 1/20.
    """
    others = counted[counted != chosen]
    misfit = np.maximum(places.misfit, np.finfo(float).tiny)
    values = places.gap / misfit
    slopes = -places.weights[:, chosen] / misfit
    slope = 1 / misfit[chosen]
    return invert(
        float(values[chosen]),
        float(slope),
        np.append(values[others], values[chosen]),
        np.append(slopes[others], slope),
        exact=True,
        alpha=alpha,
    )


def leave_one_out(means: Floats, chosen: int, weighty: list[int], first: int) -> tuple[float, float]:
    """Lowest and highest mean gap after when one of the weighty places is left out in turn."""
    found = []
    for out in weighty:
        others = np.array([place for place in range(len(means)) if place not in (chosen, out)])
        weights = fit_weights(means[chosen, :first], means[others, :first])
        found.append(float((means[chosen, first:] - weights @ means[others, first:]).mean()))
    return min(found), max(found)
