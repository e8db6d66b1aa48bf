"""How apart two groups of children live over a city's tracts: four classical indices (methods 2.8)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.results import Estimate, missing_estimate

COUNTS_ONLY = "computed from counts of children, which are published without standard errors"


@dataclass(frozen=True)
class Segregation:
    """Each 0-1. coverage of every index = children in tracts with both counts / children counted anywhere."""

    dissimilarity: Estimate  # share of either group that would have to move for equal shares everywhere
    isolation: Estimate  # share of the group in the tract of its average child
    exposure: Estimate  # share of the others there: 1 - isolation
    theil_h: Estimate  # how far tracts' mixes fall short of the city's, in entropy
    n: int
    unit: str = "share"
    reason: str = COUNTS_ONLY


def measure_segregation(group: NDArray[np.floating], others: NDArray[np.floating]) -> Segregation:
    """Counts of children per tract, (n,), not negative, NaN = missing; raises ValueError for negative counts.

    Worked: (100,300,50,20) and (400,100,250,480) give D .5569971, isolation .5407092, exposure .4592908,
    H .3073183.
    """
    if (group < 0).any() or (others < 0).any():
        raise ValueError("counts of children can't be negative")
    use = np.isfinite(group) & np.isfinite(others)
    use &= np.nan_to_num(group) + np.nan_to_num(others) > 0
    n = int(use.sum())
    b, w = group[use].astype(float), others[use].astype(float)
    if b.sum() == 0 or w.sum() == 0:
        why = "no tract has counts of both groups" if n == 0 else "one of the two groups has no children here"
        nothing = missing_estimate(n, "share", why)
        return Segregation(nothing, nothing, nothing, nothing, n, reason=why)
    total = b + w
    everyone = np.nansum(group) + np.nansum(others)
    coverage = float(total.sum() / everyone)
    entropy = _entropy(np.array([b.sum() / total.sum()]))[0]
    dissimilarity, isolation, exposure, theil_h = (
        Estimate(float(index), None, n, "share", coverage, COUNTS_ONLY)
        for index in (
            0.5 * np.abs(b / b.sum() - w / w.sum()).sum(),
            (b / b.sum()) @ (b / total),
            (b / b.sum()) @ (w / total),
            (total / total.sum()) @ (entropy - _entropy(b / total)) / entropy,
        )
    )
    return Segregation(dissimilarity, isolation, exposure, theil_h, n)


def _entropy(share: NDArray[np.floating]) -> NDArray[np.floating]:
    """-sum p log p of two groups; 0 where one is alone."""
    both = np.stack([share, 1 - share])
    entropy: NDArray[np.floating] = -(both * np.log(np.where(both > 0, both, 1.0))).sum(axis=0)
    return entropy
