"""Intervals: one z for the whole portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atlas.statistics.results import Estimate

Z95 = 1.959964  # 97.5th percentile of the standard normal


@dataclass(frozen=True)
class Interval:
    """low <= high, in the unit of what they bound; level 0-1."""

    low: float
    high: float
    level: float = 0.95

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def interval95(estimate: Estimate) -> Interval | None:
    """The estimate's own 95% interval, else value +/- 1.959964 SE; None without a standard error.

    Worked: .3655 with SE .00726149 gives .351268 to .379732 (methods 2.1, oracle A).
    """
    if estimate.interval is not None:
        return estimate.interval
    if estimate.value is None or estimate.standard_error is None:
        return None
    half = Z95 * estimate.standard_error
    return Interval(estimate.value - half, estimate.value + half)
