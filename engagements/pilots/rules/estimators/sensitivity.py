"""How far an effect moves if the groups would have drifted apart without the program as they did before it.

Rambachan and Roth (2023, Review of Economic Studies), relative magnitudes: from one period to the next the difference
drifts by at most M times the largest drift seen between two periods before. For the mean of K periods after, measured
from the last one before, the possible effects are then the estimate plus or minus M x drift x (K + 1) / 2: drift adds
up, (1 + 2 + ... + K) / K. This is the set that their linear programs give for that mean.

Long series are first averaged into spans of the same length, as long as leaves 3 of them before and at least one after.
Noise between single months would otherwise pass for drift, and add up over the months after until nothing could ever be
found; a true drift is as large between spans, because longer spans drift further and fewer of them follow.

The interval adds t x standard error on both sides. It leaves out the error of the earlier drift itself. With two or
more earlier changes noise makes the largest of them larger, which more than pays for that; with one it does not, so it
is shown with 3 or more periods before only.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.changes import difference_of_means, since_last_before
from engagements.pilots.rules.estimators.panel import Flags

LEAST_PERIODS_BEFORE = 3


@dataclass(frozen=True)
class Sensitivity:
    """`set_low`, `set_high`: effects that fit the estimate; `low`, `high`: with its error. Leading axes stay."""

    largest_drift: Floats
    set_low: Floats
    set_high: Floats
    low: Floats
    high: Floats


def allow_for_drift(means: Floats, treated: Flags, first: int, times: float, alpha: float = 0.05) -> Sensitivity:
    """`means`: (..., groups, periods); `times`: M, how many times the largest earlier drift is allowed for.

    Worked: earlier differences -1, 0, 0 (largest drift 1), 2 periods after with mean 3, M = .5: the set is 2.25 to
    3.75.
    """
    from scipy import stats

    spans, before = _in_spans(means, first)
    moved = since_last_before(spans, before)
    gaps = moved[..., treated, :].mean(axis=-2) - moved[..., ~treated, :].mean(axis=-2)
    drift = np.abs(np.diff(gaps[..., :before], axis=-1)).max(axis=-1)
    after = moved.shape[-1] - before
    half = times * drift * (after + 1) / 2
    found = difference_of_means(moved[..., before:].mean(axis=-1), treated)
    reach = stats.t.ppf(1 - alpha / 2, found.df) * found.error
    return Sensitivity(
        drift, found.value - half, found.value + half, found.value - half - reach, found.value + half + reach
    )


def span_length(first: int, periods: int) -> int:
    """How many periods are averaged: as many as leave 3 spans before. Worked: 12 and 12 -> 4; 4 and 1 -> 1."""
    return max(1, min(periods - first, first // LEAST_PERIODS_BEFORE))


def _in_spans(means: Floats, first: int) -> tuple[Floats, int]:
    """Averages of whole spans, counted from the start both ways, and how many are before. The rest is dropped."""
    length = span_length(first, means.shape[-1])
    before, after = first // length, (means.shape[-1] - first) // length
    kept = means[..., first - before * length : first + after * length]
    spans: Floats = kept.reshape(*kept.shape[:-1], before + after, length).mean(axis=-1)
    return spans, before
