"""How many tracts lie clearly above and clearly below one fixed number, under margins that hold for all of them.

Each tract is tested both ways, "it is higher" and "it is lower", against the largest of the studentised errors of all
tests still open, stepping down: what is settled leaves the maximum, the rest is tested again (Romano and Wolf 2005,
doi 10.1111/j.1468-0262.2005.00615.x). For independent normal errors that maximum has a known distribution, so
nothing is drawn: both tests of `both` tracts and one test of `one` tracts stay under c with the probability
(2 Phi(c) - 1)^both Phi(c)^one.
"""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.standard_error_floor import floor_standard_errors

LEVEL = 0.95
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Sides:
    """Tracts with a value by side; with probability `level` no tract counted above or below is on the other side."""

    above: int
    below: int
    undecided: int
    untested: int  # a value without a standard error above 0
    level: float = LEVEL

    @property
    def tested(self) -> int:
        return self.above + self.below + self.undecided


def count_sides(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating],
    reference: float,
    *,
    level: float = LEVEL,
) -> Sides:
    """Inputs (n,), NaN = missing, in the unit of `reference`, which is taken as known; errors as independent.

    Worked: .48, .45, .40, .33 with .01, .015, .02, .012 against .42 give 1 above, 1 below, 2 undecided.
    """
    side = find_sides(values, standard_errors, reference, level=level)
    known = int(np.isfinite(np.asarray(values, float)).sum())
    above, below, undecided = (int(np.sum(side == sign)) for sign in (1, -1, 0))
    return Sides(above, below, undecided, known - above - below - undecided, level)


def find_sides(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating],
    reference: float,
    *,
    level: float = LEVEL,
) -> NDArray[np.floating]:
    """1 clearly above, -1 clearly below, 0 undecided, NaN where value or standard error above 0 is missing: (n,).

    Standard errors are floored as in every fit (`floor_standard_errors`).
    Worked: z of the four above is 6, 2, -1 and -7.5. Open both ways are all four: c = 2.491, so the first and the
    last are settled. With two open both ways and two one way c is 2.387: the second (z = 2) stays undecided, though
    by itself it would be called above.
    """
    y = np.asarray(values, float)
    s, _ = floor_standard_errors(np.asarray(standard_errors, float))
    use = np.isfinite(y) & np.isfinite(s) & (s > 0)
    z = (y[use] - reference) / s[use]
    settled = np.zeros(z.size, bool)
    while True:
        new = ~settled & (np.abs(z) > critical_value(int(np.sum(~settled)), int(np.sum(settled)), level))
        if not new.any():
            break
        settled |= new
    side = np.full(y.shape, np.nan)
    side[use] = np.where(settled, np.sign(z), 0.0)
    return side


@lru_cache(maxsize=1024)
def critical_value(both: int, one: int, level: float = LEVEL) -> float:
    """c with (2 Phi(c) - 1)^both Phi(c)^one = level; 0 where nothing is tested.

    Worked: one tract both ways 1.960 (as everywhere); 4 both ways 2.491; 300 both ways 3.758.
    """
    low, high = 0.0, 10.0
    while both + one and high - low > 1e-9:
        middle = (low + high) / 2
        phi = _NORMAL.cdf(middle)
        low, high = (low, middle) if (2 * phi - 1) ** both * phi**one > level else (middle, high)
    return low
