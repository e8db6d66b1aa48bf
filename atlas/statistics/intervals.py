"""Intervals: one z for the whole portal."""

from dataclasses import dataclass

Z95 = 1.959964  # 97.5th percentile of the standard normal


@dataclass(frozen=True)
class Interval:
    """low <= high, in the unit of what they bound; level 0-1."""

    low: float
    high: float
    level: float = 0.95

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high
