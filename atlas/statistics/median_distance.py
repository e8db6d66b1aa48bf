"""Children in tracts below the middle tract, and how far below it: arithmetic, no forecast (methods 2.13)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.draws import draw_true_values
from atlas.statistics.intervals import Interval
from atlas.statistics.regressors import build_regressors
from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate, missing_estimate
from atlas.statistics.signal_posterior import TooFewTracts, fit_signal_posterior

NO_TRACT = "no tract has both a value and a weight"


@dataclass(frozen=True)
class MedianDistance:
    """Counts in children, distances in the outcome's unit and above 0. Without draws: of the values as published.

    `drawn`: the numbers are means over 1,000 draws of the true values, with their 95% intervals.
    """

    median: Estimate  # of the tracts, each counting as its children
    children: float  # in tracts with a value: counted, not estimated here
    below: Estimate  # children in tracts below `median`
    distance: Estimate  # mean over these children
    below_reference: Estimate  # children in tracts below the reference given
    reference_distance: Estimate
    n: int
    drawn: bool
    reason: str = ""  # why there are no draws, or no numbers


def weighted_median(values: NDArray[np.floating], weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """The smallest value at which half of the weight is reached; values (..., n), weights (n,) above 0.

    >>> weighted_median(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 3.0])).item()
    9.0
    """
    order = np.argsort(values, axis=-1, kind="stable")
    reached = np.cumsum(np.asarray(weights, float)[order], axis=-1)
    position = np.argmax(reached >= reached[..., -1:] / 2, axis=-1)
    return np.take_along_axis(np.take_along_axis(values, order, -1), position[..., None], -1)[..., 0]


def measure_median_distance(
    values: NDArray[np.floating],
    weights: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    *,
    reference: float | None = None,
    unit: str = "rank",
) -> MedianDistance:
    """Inputs (n,), NaN = missing; `reference` is another middle (the nation's), taken as known.

    About half of the children are below the weighted median by its definition; how far is what is to be learned.
    Noise moves tracts apart, so the distance between published values overstates that between true ones.
    Worked: y=(.30,.35,.40), w=(100,100,200): median .35, 100 children below it, by .05.
    """
    use = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    if standard_errors is not None:
        use &= np.isfinite(standard_errors)
    n = int(use.sum())
    if not n:
        none = missing_estimate(0, unit, NO_TRACT)
        return MedianDistance(none, 0.0, none, none, none, none, 0, False, NO_TRACT)
    y, w = values[use].astype(float), weights[use].astype(float)
    theta, reason = _draw(y, None if standard_errors is None else standard_errors[use].astype(float))
    drawn_values = y[None, :] if theta is None else theta
    middle = weighted_median(drawn_values, w)
    below, distance = _distance_below(drawn_values, w, middle)
    below_reference = reference_distance = missing_estimate(n, unit, "no reference is given")
    if reference is not None:
        children_below, mean_distance = _distance_below(drawn_values, w, np.array(reference))
        below_reference = _estimate(children_below, n, "children", reason)
        reference_distance = _estimate(mean_distance, n, unit, reason)
    return MedianDistance(
        _estimate(middle, n, unit, reason),
        float(w.sum()),
        _estimate(below, n, "children", reason),
        _estimate(distance, n, unit, reason),
        below_reference,
        reference_distance,
        n,
        theta is not None,
        reason,
    )


def _draw(y: NDArray[np.floating], s: NDArray[np.floating] | None) -> tuple[NDArray[np.floating] | None, str]:
    """(draws, n) of the true values, or None and why there are none."""
    if s is None:
        return None, NO_STANDARD_ERRORS
    if not np.all(s > 0):
        return None, "a standard error of 0 is no known precision"
    x = build_regressors(s).matrix(s)
    try:
        return draw_true_values(y, s, x, fit_signal_posterior(y, s, x)), ""
    except TooFewTracts as error:
        return None, str(error)


def _distance_below(
    values: NDArray[np.floating], weights: NDArray[np.floating], middle: NDArray[np.floating]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """(children below, their mean distance) in each row; 0 where nobody is below."""
    gap = np.maximum(middle[..., None] - values, 0.0)
    below = (gap > 0) @ weights
    return below, np.divide(gap @ weights, below, out=np.zeros_like(below), where=below > 0)


def _estimate(draws: NDArray[np.floating], n: int, unit: str, reason: str) -> Estimate:
    if len(draws) == 1:
        return Estimate(float(draws[0]), None, n, unit, reason=reason)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(float(draws.mean()), float(draws.std()), n, unit, interval=Interval(float(low), float(high)))
