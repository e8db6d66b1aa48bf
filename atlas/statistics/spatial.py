"""Do neighboring tracts resemble each other? Global Moran's I on published values, with a check for noise.

Never on shrunk values: shrinkage draws neighbors alike and makes up clusters. No local version for the same
reason as no league table: single tracts are too noisy.
"""

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.statistics.intervals import Interval
from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate, missing_estimate

if TYPE_CHECKING:
    from libpysal.weights import W

SEED = 20100401
PERMUTATIONS = 999
REDRAWS = 500
EXACT_UP_TO = 6  # tracts: 720 orders are all tried
FEWEST_TRACTS = 4
TOUCHING = 0.01  # of a typical tract's width: simplified borders leave gaps


@dataclass(frozen=True)
class MoranI:
    """I of tracts with a value and a neighbor; row-standardized weights (each neighbor counts alike)."""

    estimate: Estimate  # standard_error = SD of I over re-drawn values
    expected: float | None  # without any pattern: -1/(n-1)
    z: float | None  # (I - expected)/sqrt(variance under normality)
    p: float | None  # one-sided: share of shuffled maps with an I as large
    shuffles: int  # how many, all orders when `exact`
    exact: bool
    redrawn: Estimate  # mean of I over values drawn again with their SEs, SD, 95% interval
    redrawn_clear: float | None  # share of re-drawn maps beyond the 95th percentile of the shuffled ones
    islands: int  # tracts with a value and no neighbor with one: left out


def find_neighbors(polygons: NDArray[np.object_], tolerance: float | None = None) -> "W":
    """Queen contiguity of shapely polygons (n,): a shared border or corner; libpysal weights with ids 0..n-1.

    `tolerance` in the polygons' unit; by default 1% of a typical tract's width, for simplified borders. Tracts
    without geometry (None or empty) and tracts that touch no other have no neighbors.
    """
    # Imported here: libpysal takes more than a second, and most pages and commands have no map to weigh.
    from libpysal.weights import W

    polygons = np.asarray(polygons, dtype=object)
    if tolerance is None:
        area = shapely.area(polygons)
        tolerance = TOUCHING * float(np.sqrt(np.median(area[area > 0]))) if (area > 0).any() else 0.0
    tree = shapely.STRtree(polygons)
    drawn = np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons)))
    one, other = tree.query(polygons[drawn], predicate="dwithin", distance=tolerance)
    neighbours: dict[int, list[int]] = {i: [] for i in range(len(polygons))}
    for i, j in zip(drawn[one].tolist(), other.tolist(), strict=True):
        if i != j:
            neighbours[i].append(j)
    return W(neighbours, silence_warnings=True)


def measure_moran(
    values: NDArray[np.floating],
    neighbours: "W",
    standard_errors: NDArray[np.floating] | None,
    *,
    permutations: int = PERMUTATIONS,
    redraws: int = REDRAWS,
    seed: int = SEED,
) -> MoranI:
    """I = n/S0 z'Wz/z'z of values (n,), NaN = missing, with neighbors' ids 0..n-1.

    The noise check draws each value again with its own standard error. Re-drawn values carry noise twice, so
    their I lies below what the true values would give: a pattern that survives is no artifact of noise.
    Worked: chain of five, y=(.30,.32,.38,.44,.46): I .72, variance .1583333, z 2.4377297, exact p 8/120.
    """
    from esda.moran import Moran  # imported here: it takes more than a second
    from libpysal.weights import w_subset

    known = np.flatnonzero(np.isfinite(values))
    has_value = set(known.tolist())
    used = [i for i in known.tolist() if has_value & set(neighbours.neighbors[i])]
    islands = len(known) - len(used)
    y = values[used].astype(float)
    if len(used) < FEWEST_TRACTS:
        return _missing_result(
            len(used), islands, f"tracts with a value and a neighbor: {len(used)}; it takes {FEWEST_TRACTS}"
        )
    if np.ptp(y) <= 1e-12:
        return _missing_result(len(used), islands, "all tracts have the same value")
    errors = None if standard_errors is None else standard_errors[used].astype(float)
    order = np.lexsort((np.array(used), y))  # draws belong to a tract's value, not to its place in a list
    used, y = [used[k] for k in order], y[order]
    subset = w_subset(neighbours, used, silence_warnings=True)
    found = Moran(y, subset, permutations=0)
    matrix = subset.sparse  # row-standardized by Moran
    rng = np.random.default_rng(seed)
    exact = len(y) <= EXACT_UP_TO
    # esda shuffles with numpy's global state, which other threads share; here every call has its own.
    shuffled = (
        np.array(list(itertools.permutations(y))).T
        if exact
        else np.stack([rng.permutation(y) for _ in range(permutations)], axis=1)
    )
    chance = _moran(shuffled, matrix)
    as_large = int((chance >= found.I - 1e-9).sum())
    p = as_large / len(chance) if exact else (as_large + 1) / (len(chance) + 1)
    redrawn, clear = _redraw(y, None if errors is None else errors[order], matrix, chance, redraws, rng)
    return MoranI(
        Estimate(float(found.I), redrawn.standard_error, len(y), "Moran's I", reason=redrawn.reason),
        float(found.EI),
        float(found.z_norm),
        p,
        len(chance),
        exact,
        redrawn,
        clear,
        islands,
    )


def _moran(maps: NDArray[np.floating], matrix: Any) -> NDArray[np.floating]:
    """I of each column of maps (n, draws)."""
    z = maps - maps.mean(axis=0)
    index: NDArray[np.floating] = len(z) / matrix.sum() * (z * (matrix @ z)).sum(axis=0) / (z**2).sum(axis=0)
    return index


def _redraw(
    y: NDArray[np.floating],
    errors: NDArray[np.floating] | None,
    matrix: Any,
    chance: NDArray[np.floating],
    redraws: int,
    rng: np.random.Generator,
) -> tuple[Estimate, float | None]:
    if errors is None:
        return missing_estimate(len(y), "Moran's I", NO_STANDARD_ERRORS), None
    if not np.isfinite(errors).all():
        few = int((~np.isfinite(errors)).sum())
        tracts = "1 tract has" if few == 1 else f"{few} tracts have"
        return missing_estimate(len(y), "Moran's I", f"{tracts} a value without a standard error"), None
    drawn = _moran(y[:, None] + errors[:, None] * rng.standard_normal((len(y), redraws)), matrix)
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = Estimate(
        float(drawn.mean()), float(drawn.std()), len(y), "Moran's I", interval=Interval(float(low), float(high))
    )
    return found, float(np.mean(drawn > np.quantile(chance, 0.95)))


def _missing_result(n: int, islands: int, reason: str) -> MoranI:
    nothing = missing_estimate(n, "Moran's I", reason)
    return MoranI(nothing, None if n < 2 else -1 / (n - 1), None, None, 0, False, nothing, None, islands)
