"""Which tracts differ clearly from the city's mean: one test each, false discoveries held to 5%."""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.results import NO_STANDARD_ERRORS
from atlas.statistics.shrinkage import NO_ERROR, NO_VALUE
from atlas.statistics.weights import weighted_mean

Tier = Literal["above", "indistinguishable", "below", ""]
FALSE_DISCOVERY_RATE = 0.05
SAME_AS_CITY = "the city's mean rests on this tract alone"
NO_NOISE = "its standard error and the mean's are 0, which is no known precision, so it is not tested"


@dataclass(frozen=True)
class Tiers:
    """Arrays (n,), aligned with the tracts given; NaN and tier "" where `reasons` says why."""

    tier: tuple[Tier, ...] = field(repr=False)
    value: NDArray[np.floating] = field(repr=False)  # d = tract - city mean, in `unit`
    standard_error: NDArray[np.floating] = field(repr=False)  # of d
    z: NDArray[np.floating] = field(repr=False)
    p: NDArray[np.floating] = field(repr=False)  # two-sided
    q: NDArray[np.floating] = field(repr=False)  # Benjamini-Hochberg: at or under .05 is a tier
    reasons: tuple[str, ...] = field(repr=False)
    mean: float | None  # the city's
    n: int  # tracts tested
    unit: str
    reason: str = ""

    def count(self, tier: Tier) -> int:
        """Tracts in a tier; "" counts those that were not tested."""
        return self.tier.count(tier)


def sort_into_tiers(
    values: NDArray[np.floating],
    weights: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    *,
    unit: str = "rank",
) -> Tiers:
    """Test d_i = y_i - m against 0 for every tract with a value and a standard error.

    Var(d_i) = s_i^2 (1 - 2 W_i) + sum W_j^2 s_j^2, W the weights of the mean m (0 for tracts outside it);
    tracts count as independent. Inputs (n,), NaN = missing. p by the standard normal, q by Benjamini and Hochberg
    (1995): at most 5% of the tracts in a tier are expected to be there by chance.
    """
    y = values.astype(float)
    if standard_errors is None:
        return _missing_result(len(y), unit, NO_STANDARD_ERRORS)
    s = standard_errors.astype(float)
    mean = weighted_mean(y, weights, s, unit=unit)
    if mean.value is None:
        return _missing_result(len(y), unit, mean.reason)
    known = np.isfinite(y) & np.isfinite(s)
    share = np.where(known & np.isfinite(weights) & (weights > 0), weights, 0.0).astype(float)
    share /= share.sum()
    noise = np.where(known, s, 0.0) ** 2
    # The same sum written so that rounding can't make it negative: (1-W)^2 s^2 + what the others add.
    others = np.maximum((share**2 * noise).sum() - share**2 * noise, 0.0)
    error = np.sqrt((1 - share) ** 2 * noise + others)
    tested = known & (error > 1e-12)
    d = np.where(known, y - mean.value, np.nan)
    z = np.divide(d, error, out=np.full(len(y), np.nan), where=tested)
    p = np.array([math.erfc(abs(score) / math.sqrt(2)) for score in z])
    q = np.full(len(y), np.nan)
    q[tested] = _adjust(p[tested])
    clear = tested & (np.nan_to_num(q, nan=1.0) <= FALSE_DISCOVERY_RATE)
    tier = np.select([~tested, clear & (d > 0), clear & (d < 0)], ["", "above", "below"], "indistinguishable")
    alone = SAME_AS_CITY if np.count_nonzero(share) == 1 else NO_NOISE
    reasons = np.select([~np.isfinite(y), ~np.isfinite(s), ~tested], [NO_VALUE, NO_ERROR, alone], "")
    return Tiers(
        tuple(tier.tolist()),
        d,
        np.where(known, error, np.nan),
        z,
        p,
        q,
        tuple(reasons.tolist()),
        mean.value,
        int(tested.sum()),
        unit,
    )


def _adjust(p: NDArray[np.floating]) -> NDArray[np.floating]:
    if not p.size:
        return p
    # Imported here: statsmodels takes most of a second, and most pages and commands never test anything.
    from statsmodels.stats.multitest import multipletests

    adjusted: NDArray[np.floating] = multipletests(p, alpha=FALSE_DISCOVERY_RATE, method="fdr_bh")[1]
    return adjusted


def _missing_result(n: int, unit: str, reason: str) -> Tiers:
    gap = np.full(n, np.nan)
    untested: Tier = ""
    return Tiers((untested,) * n, gap, gap, gap, gap, gap, (reason,) * n, None, 0, unit, reason)
