"""The exact test of matched pairs: had the draw gone the other way in a pair, its difference would have the other sign.

R. A. Fisher (1935), The Design of Experiments, section 21. With at most 16 pairs every pattern is counted; with more,
9,999 patterns of a fixed seed and the one observed. The interval holds every effect that the test does not reject.
"""

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimates import SecondTest

MOST_COUNTED = 16  # pairs: 65,536 patterns
DRAWS = 9_999
SEED = 20_350  # of the patterns drawn: the same data give the same p
_SAME = 1e-9  # two means this near to each other, as a part of the largest difference, are the same


def flip_signs(differences: Floats, level: float) -> SecondTest:
    """Two-sided test of no effect for anybody, and the interval by inverting it, in the unit of `differences`.

    Worked: 1, 2, 3, 4, 5, 6 -> p 2/64. Interval bounds are None where the patterns are too few for the level.
    """
    pairs = len(differences)
    signs = patterns(pairs)
    exact = pairs <= MOST_COUNTED
    flipped = signs @ differences / pairs
    mean = float(differences.mean())
    slack = _SAME * float(np.abs(differences).max())
    far = int((np.abs(flipped) >= abs(mean) - slack).sum())
    count = len(signs)
    low, high = _interval(signs, flipped, mean, level, observed=not exact)
    return SecondTest(
        name="randomization",
        p=far / count if exact else (far + 1) / (count + 1),
        attainable_p=2 / 2.0**pairs if exact else 1 / (count + 1),
        draws=count,
        exact=exact,
        low=low,
        high=high,
    )


def patterns(pairs: int) -> Floats:
    """Signs, shape (patterns, pairs): all of them up to MOST_COUNTED pairs, else DRAWS drawn ones."""
    if pairs <= MOST_COUNTED:
        numbers = np.arange(2**pairs)[:, None]
        return np.asarray(2.0 * ((numbers >> np.arange(pairs)) & 1) - 1)
    return np.asarray(2.0 * np.random.default_rng(SEED).integers(0, 2, (DRAWS, pairs)) - 1)


def _interval(
    signs: Floats, flipped: Floats, mean: float, level: float, *, observed: bool
) -> tuple[float | None, float | None]:
    """Effects not rejected. A pattern is as far out as the observed one for effects between two numbers: the mean of
    the differences whose sign it keeps, and of those it turns. So each bound is a quantile of these."""
    kept = signs.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        turned_mean = np.where(kept < 1, (mean - flipped) / (1 - kept), np.nan)
        kept_mean = np.where(kept > -1, (mean + flipped) / (1 + kept), np.nan)
    lower = np.sort(np.where(np.abs(kept) < 1, np.fmin(turned_mean, kept_mean), -np.inf))
    upper = np.sort(np.where(np.abs(kept) < 1, np.fmax(turned_mean, kept_mean), np.inf))[::-1]
    # Drawn patterns: the observed one, which is always as far out, counts as one more.
    size = len(signs) + observed
    place = int(np.floor((1 - level / 100) * size + 1e-9)) - observed
    low, high = (float(bounds[place]) if 0 <= place < len(bounds) else -np.inf for bounds in (lower, upper))
    return (low if np.isfinite(low) else None, high if np.isfinite(high) else None)
