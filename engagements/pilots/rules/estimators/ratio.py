"""The effect of an offer over the share it brought in, from sums: Wald's ratio, which is 2SLS without covariates.

A. Wald (1940), Annals of Mathematical Statistics 11, 284-300. With u = outcome - ratio x took part, its error is
sqrt(sum over arms of var(u) / n) over the gap in taking part: the HC2 error of two-stage least squares.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Cells
from engagements.pilots.rules.estimators.means import Difference, satterthwaite
from engagements.pilots.rules.tallies import part_of, spread_of


@dataclass(frozen=True)
class Ratio:
    """`f`: squared t of the gap in taking part (HC2). `exact`: cells tell people who took part from others."""

    difference: Difference
    f: float
    exact: bool


def ratio_of_differences(cells: Cells, comparison: str, treated: str) -> Ratio:
    """`took_part` known in every cell, at least two people in each arm. A gap of 0 has F 0 and the value NaN.

    Worked: of 100 offered 50 take part, of 100 others none; outcomes 40% and 30% -> 10 points over .5, so 20 points.
    """
    sums = [_Sums.of(part_of(cells, cells.arm == key)) for key in (comparison, treated)]
    gap = sums[1].took / sums[1].n - sums[0].took / sums[0].n
    gap_variance = sum(float(spread_of(one.n, one.took, one.took)) / (one.n - 1) / one.n for one in sums)
    if gap == 0:
        nothing = np.asarray(np.nan)
        return Ratio(Difference(nothing, nothing, nothing), 0.0, True)
    value = (sums[1].total / sums[1].n - sums[0].total / sums[0].n) / gap
    variances = np.array([one.variance(value) for one in sums])
    dfs = np.array([one.n - 1 for one in sums])
    error = np.sqrt(variances.sum()) / abs(gap)
    f = gap**2 / gap_variance if gap_variance > 0 else float("inf")
    difference = Difference(np.asarray(value), np.asarray(error), satterthwaite(variances, dfs))
    return Ratio(difference, float(f), all(one.exact for one in sums))


@dataclass(frozen=True)
class _Sums:
    """One arm; `crossed`: sum of outcomes of those who took part, NaN where cells mix them with others."""

    n: float
    total: float
    squares: float
    took: float
    crossed: float

    @classmethod
    def of(cls, cells: Cells) -> "_Sums":
        mixed = (cells.took_part > 0) & (cells.took_part < cells.n)
        crossed = np.where(cells.took_part > 0, cells.total, 0.0)
        return cls(
            n=float(cells.n.sum()),
            total=float(cells.total.sum()),
            squares=float(cells.squares.sum()),
            took=float(cells.took_part.sum()),
            crossed=float("nan") if mixed.any() else float(crossed.sum()),
        )

    @property
    def exact(self) -> bool:
        return not np.isnan(self.crossed)

    def variance(self, value: float) -> float:
        """Of the mean of outcome less value x took part; where they are mixed, the largest it can be."""
        outcome = float(spread_of(self.n, self.total, self.squares))
        took = float(spread_of(self.n, self.took, self.took))
        if self.exact:
            together = self.crossed - self.total * self.took / self.n
            spread = outcome - 2 * value * together + value**2 * took
        else:
            spread = (np.sqrt(outcome) + abs(value) * np.sqrt(took)) ** 2
        return max(float(spread), 0.0) / (self.n - 1) / self.n
