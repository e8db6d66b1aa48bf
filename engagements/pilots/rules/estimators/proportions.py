"""Two independent shares: Newcombe's interval of their difference and the p that agrees with it. Arrays or numbers.

R. G. Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine
17, 873-890, method 10: the two Wilson intervals joined by their squares. It holds where few have the outcome, and
also where nobody in an arm has it, where the plain difference has too small an error or none.
"""

import numpy as np
from numpy.typing import ArrayLike

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.reference import quantile, two_sided

# Under so many people in an arm the error is cut by a tenth: at the plain level 13 against 13 people reject in up to
# 7.6% of cases without any effect; so in at most 5.4, over all shares and 415 pairs of sizes (exact sums, no draws).
FEW_PEOPLE = 200
FEW_CUT = 0.9
_HALVINGS = 60


def wilson(events: ArrayLike, n: ArrayLike, z: ArrayLike) -> tuple[Floats, Floats]:
    """Bounds of one share, 0 to 1. Worked: 56 of 70 at 1.96 -> .6920, .8767."""
    events, n, z = (np.asarray(one, dtype=float) for one in (events, n, z))
    share = events / n
    center = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return np.maximum(center - half, 0.0), np.minimum(center + half, 1.0)


def newcombe(
    events: ArrayLike, n: ArrayLike, other_events: ArrayLike, other_n: ArrayLike, z: ArrayLike
) -> tuple[Floats, Floats]:
    """Bounds of the first share less the other, -1 to 1. Worked: 56 of 70, 48 of 80 at 1.96 -> .0524, .3339."""
    share = np.asarray(events, dtype=float) / n
    other = np.asarray(other_events, dtype=float) / other_n
    low, high = wilson(events, n, z)
    other_low, other_high = wilson(other_events, other_n, z)
    difference = share - other
    return (
        difference - np.hypot(share - low, other_high - other),
        difference + np.hypot(high - share, other - other_low),
    )


def reach_of_zero(events: ArrayLike, n: ArrayLike, other_events: ArrayLike, other_n: ArrayLike) -> Floats:
    """The z at which Newcombe's interval just reaches 0. Worked: 56 of 70, 48 of 80 -> 2.6517; equal shares -> 0."""
    share = np.asarray(events, dtype=float) / n
    other = np.asarray(other_events, dtype=float) / other_n
    shape = np.broadcast(share, other).shape
    inside, outside = np.zeros(shape), np.full(shape, 40.0)
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        low, high = newcombe(events, n, other_events, other_n, middle)
        apart = np.where(share >= other, low > 0, high < 0)
        inside, outside = np.where(apart, middle, inside), np.where(apart, outside, middle)
    return inside


def quantile_for(level: float, n: ArrayLike, other_n: ArrayLike) -> Floats:
    """What stands for 1.96 in `newcombe`, `level` in percent: t with n + other_n - 2 df, of an error cut where few.

    Worked: 95, 100 and 100 people -> t of 95.5 percent, 198 df: 2.0172; 95, 1,000 and 1,000 -> 1.9612.
    """
    n, other_n = np.asarray(n, dtype=float), np.asarray(other_n, dtype=float)
    return quantile(100 - (100 - level) * cut_for(n, other_n), n + other_n - 2)


def share_p(events: ArrayLike, n: ArrayLike, other_events: ArrayLike, other_n: ArrayLike) -> Floats:
    """Two-sided p of no difference: 1 less the level at which the interval with `quantile_for` just reaches 0.

    So test and interval never contradict each other.
    """
    n, other_n = np.asarray(n, dtype=float), np.asarray(other_n, dtype=float)
    reach = reach_of_zero(events, n, other_events, other_n)
    return np.minimum(two_sided(reach, n + other_n - 2) / cut_for(n, other_n), 1.0)


def cut_for(n: ArrayLike, other_n: ArrayLike) -> Floats:
    """The part of the error that is used: .9 while an arm has under 200 people, else 1."""
    return np.where(np.minimum(n, other_n) < FEW_PEOPLE, FEW_CUT, 1.0)
