"""Tests that count how often another assignment would look as strong, and the intervals they give when inverted.

Under the assumption that the program adds `effect` to every treated cell, each assignment k has a statistic that is
linear in it: |value_k - effect x slope_k|; the observed one is |value - effect x slope|. p is the share of assignments
that are at least as strong. Because each of them is so on an interval around the estimate, p falls on both sides, and
the 95% interval - all effects with p over .05 - is found by sorting, without a search.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimates import SecondTest

TIE = 1e-9  # relative; sums in another order differ in the last digits and must count as equal


@dataclass(frozen=True)
class Permuted:
    """`value`: the effect whose statistic is 0. `p`: of no effect. `attainable_p`: the smallest of this scheme."""

    value: float
    standard_error: float
    low: float
    high: float
    p: float
    attainable_p: float
    draws: int
    exact: bool

    def as_second_test(self) -> SecondTest:
        """The ends are None where no effect, however large, can be ruled out."""
        low, high = (end if np.isfinite(end) else None for end in (self.low, self.high))
        return SecondTest("randomization", self.p, self.attainable_p, self.draws, self.exact, low, high)


def invert(
    value: float,
    slope: float,
    values: Floats,
    slopes: Floats,
    exact: bool,
    alpha: float = 0.05,
    divisors: Floats | None = None,
) -> Permuted:
    """`values`, `slopes`: of all assignments, the observed one among them if `exact`, else of draws, where it is added.

    `divisors`: what each value and slope was divided by, the observed one last, where that differs. Rounding is that of
    the undivided numbers: one that is divided by a tiny number must not make all others count as 0.
    Endpoints are infinite where p cannot fall to alpha, that is where `attainable_p` is over alpha.
    Worked: 4 and 4 cups, all right: 70 assignments, p of the observed and its mirror image 2/70.
    """
    if not exact:
        values, slopes = np.append(values, value), np.append(slopes, slope)
    count = values.size
    effect = value / slope
    size = abs(slope)
    per = np.ones(count) if divisors is None else divisors
    scale = TIE * max(float(np.abs(values * per).max()), 1e-300) / per
    rest = values - effect * slopes  # statistics at the estimate, where the observed one is 0
    rest = np.where(np.abs(rest) <= scale, 0.0, rest)
    at_none = int((np.abs(values) >= abs(value) - scale).sum())
    low, high = _ends(rest, slopes, size)
    place = count - 1 - int(np.floor(alpha * count + TIE))  # as many as that may be stronger
    mirrored = int((np.abs(slopes) >= size * (1 - TIE)).sum())
    return Permuted(
        value=effect,
        standard_error=float(np.sqrt(np.mean(rest**2)) / size),
        low=effect - float(np.sort(-low)[place]),
        high=effect + float(np.sort(high)[place]),
        p=at_none / count,
        attainable_p=max(mirrored, 1) / count,
        draws=count if exact else count - 1,
        exact=exact,
    )


def _ends(rest: Floats, slopes: Floats, size: float) -> tuple[Floats, Floats]:
    """Where |rest - slopes x s| >= size x |s|: from a number of at most 0 to one of at least 0, for each assignment.

    An assignment with a slope beyond the observed one is counted as strong everywhere, which can only widen.
    """
    plus, minus = size + slopes, size - slopes
    plus, minus = np.where(plus <= TIE * size, 0.0, plus), np.where(minus <= TIE * size, 0.0, minus)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = rest / plus, -rest / minus
    beyond = np.abs(slopes) > size * (1 + TIE)
    unbounded = beyond | np.isnan(one) | np.isnan(other)  # 0/0: the observed assignment and its mirror image
    return (
        np.where(unbounded, -np.inf, np.minimum(one, other)),
        np.where(unbounded, np.inf, np.maximum(one, other)),
    )
