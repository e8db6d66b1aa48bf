"""Ranks and dollars through the publisher's crosswalk (percentile 0..100 -> 2015 dollars).

Rule of the publisher's convert_rank_dollar: linear interpolation between the floor and the
ceiling of 100 x rank. The crosswalk is convex, so ranks are averaged and converted once; dollars
are never averaged. Percentiles 0-9 of household income are all $0: $0 means "at or below
percentile 9" and is counted, never interpolated.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Crosswalk:
    """usd[p] = income in 2015 dollars at percentile p, shape (101,), non-decreasing."""

    usd: NDArray[np.floating]

    def __post_init__(self) -> None:
        if self.usd.shape != (101,) or not np.all(np.diff(self.usd) >= 0) or not np.all(np.isfinite(self.usd)):
            raise ValueError("a crosswalk needs 101 finite incomes that never fall")

    def dollars(self, rank: float) -> float:
        """Income at a rank (0-1), 2015 dollars. Worked: .39687583 -> 30,683.9 (Chicago)."""
        return float(np.interp(100 * rank, np.arange(101), self.usd))

    def ranks(self, usd: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
        """(ranks 0-1, at_or_below_zero) of incomes; both shape of `usd`, NaN stays NaN.

        $0 is given the highest rank that prints $0 and flagged: what lies below is not known.
        """
        start = max(int(np.count_nonzero(self.usd == 0)) - 1, 0)
        amounts = usd.astype(float)
        rank = np.interp(amounts, self.usd[start:], np.arange(start, 101) / 100)
        return np.where(np.isnan(amounts), np.nan, rank), amounts <= 0
