"""How high or low a tract may really rank: confidence sets by Mogstad, Romano, Shaikh and Wilhelm (2023).

For tract j every other tract k is tested both ways, "k is higher" and "k is lower", against the largest of the
studentised differences of normal draws with the tracts' standard errors, stepping down: what is rejected leaves
the maximum, the rest is tested again. Rank 1 is the highest value; L = 1 + number clearly higher,
U = p - number clearly lower. doi 10.1093/restud/rdad006. Rows are done one at a time: memory is draws x tracts.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.results import NO_STANDARD_ERRORS
from atlas.statistics.shrinkage import NO_ERROR, NO_VALUE

MOST_DRAWS = 2000
SEED = 20100401


@dataclass(frozen=True)
class RankSets:
    """Integer arrays (n,), 0 where `reasons` says why; ranks run from 1 (highest) to n_ranked."""

    value: NDArray[np.int64] = field(repr=False)  # rank of the published values; ties share the best
    low: NDArray[np.int64] = field(repr=False)  # best rank in the set
    high: NDArray[np.int64] = field(repr=False)  # worst rank in the set
    standard_error: None  # a rank has a set, not a standard error
    reasons: tuple[str, ...] = field(repr=False)
    n_ranked: int
    simultaneous: bool  # all sets hold together, or each one by itself
    level: float
    draws: int
    unit: str = "rank among tracts"
    reason: str = ""

    def can_be_among_highest(self, tau: int) -> NDArray[np.bool_]:
        """bool (n,): tracts that can't be ruled out of the first tau; for all at once only when simultaneous."""
        return (self.low > 0) & (self.low <= tau)


def marginal_rank_sets(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = SEED,
) -> RankSets:
    """For each tract a set that holds its true rank with probability `level`, whatever the others' sets.

    Inputs (n,), NaN = missing; at most 2,000 draws (ValueError). The same tracts give the same sets in any order.
    Worked: y=(.48,.42,.41,.33), s=(.01,.015,.02,.012) gives (1,1),(2,3),(2,3),(4,4) (methods 2.6).
    """
    return _rank_sets(values, standard_errors, level, draws, seed, simultaneous=False)


def simultaneous_rank_sets(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = SEED,
) -> RankSets:
    """Sets that hold all true ranks together with probability `level`; wider than the marginal ones."""
    return _rank_sets(values, standard_errors, level, draws, seed, simultaneous=True)


def _rank_sets(
    values: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    level: float,
    draws: int,
    seed: int,
    *,
    simultaneous: bool,
) -> RankSets:
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(f"between 1 and {MOST_DRAWS} draws")
    y = np.asarray(values, float)
    if standard_errors is None:
        none = np.zeros(len(y), int)
        why = NO_STANDARD_ERRORS
        return RankSets(none, none, none, None, (why,) * len(y), 0, simultaneous, level, draws, reason=why)
    s = np.asarray(standard_errors, float)
    reasons = np.select([~np.isfinite(y), ~np.isfinite(s)], [NO_VALUE, NO_ERROR], "")
    known = np.flatnonzero(reasons == "")
    order = known[np.lexsort((s[known], y[known]))]  # a draw belongs to a tract's numbers, not to its place in a list
    higher, lower = _count_significant(y[order], s[order], level, draws, seed, simultaneous)
    value, low, high = (np.zeros(len(y), int) for _ in range(3))
    value[order] = 1 + len(order) - np.searchsorted(y[order], y[order], side="right")
    low[order], high[order] = 1 + higher, len(order) - lower
    reason = "" if len(order) else "no tract has a value and a standard error"
    return RankSets(
        value, low, high, None, tuple(reasons.tolist()), len(order), simultaneous, level, draws, reason=reason
    )


def _count_significant(
    y: NDArray[np.floating], s: NDArray[np.floating], level: float, draws: int, seed: int, simultaneous: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many tracts are clearly higher and clearly lower than each, two int arrays (p,)."""
    p = len(y)
    higher, lower = np.zeros(p, int), np.zeros(p, int)
    if p < 2:
        return higher, lower
    rng = np.random.default_rng(seed)
    noise = np.ascontiguousarray((rng.standard_normal((draws, p)) * s).T, dtype=np.float32)  # (p, draws)
    if simultaneous:
        rejected = _step_down_together(y, s, noise, level)
        return rejected.sum(axis=1), rejected.sum(axis=0)
    for j in range(p):
        up, down = _step_down_row(*_row(y, s, noise, j), level)
        higher[j], lower[j] = up.sum(), down.sum()
    return higher, lower


def _row(
    y: NDArray[np.floating], s: NDArray[np.floating], noise: NDArray[np.floating], j: int
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Studentised differences k - j, (p,), and their draws, (p, draws); 0 for j itself.

    Where both standard errors are 0 the order is known: the difference is infinite (0 for a tie), its draws 0.
    """
    scale = np.hypot(s, s[j])
    difference = y - y[j]
    exact = scale == 0
    safe = np.where(exact, 1.0, scale)
    statistic = np.where(exact, np.where(difference == 0, 0.0, np.copysign(np.inf, difference)), difference / safe)
    drawn = (noise - noise[j]) / safe[:, None].astype(np.float32)
    return statistic, drawn


def _step_down_row(
    statistic: NDArray[np.floating], drawn: NDArray[np.floating], level: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(clearly higher, clearly lower), bool (p,), for one tract against all others."""
    up, down = np.zeros(len(statistic), bool), np.zeros(len(statistic), bool)
    largest = np.abs(drawn).max(axis=0)
    while True:
        critical = np.quantile(largest, level)
        new_up, new_down = ~up & (statistic > critical), ~down & (-statistic > critical)
        if not (new_up.any() or new_down.any()):
            return up, down
        up |= new_up
        down |= new_down
        # A pair may have lost one direction only: the other stays in the maximum. No pair loses both.
        both, only_up, only_down = drawn[~up & ~down], drawn[down], drawn[up]
        parts = [np.abs(both).max(axis=0, initial=0)]
        parts.append(only_up.max(axis=0, initial=0))  # "k is higher" still open where "k is lower" is settled
        parts.append(-only_down.min(axis=0, initial=0))
        largest = np.maximum.reduce(parts)


def _step_down_together(
    y: NDArray[np.floating], s: NDArray[np.floating], noise: NDArray[np.floating], level: float
) -> NDArray[np.bool_]:
    """rejected[j, k]: k is clearly higher than j, over all ordered pairs at once; bool (p, p)."""
    p = len(y)
    rejected = np.zeros((p, p), bool)
    while True:
        largest = np.zeros(noise.shape[1], np.float32)
        for j in range(p):  # "k higher than j" over all ordered pairs: "lower" is the same pair turned round
            open_pairs = ~rejected[j]
            open_pairs[j] = False
            if open_pairs.any():
                drawn = _row(y, s, noise, j)[1]
                np.maximum(largest, drawn[open_pairs].max(axis=0), out=largest)
        critical = np.quantile(largest, level)
        statistic = np.array([_row(y, s, noise[:, :1], j)[0] for j in range(p)])
        new = ~rejected & (statistic > critical)
        if not new.any():
            return rejected
        rejected |= new
