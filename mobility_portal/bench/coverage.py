"""Do 95% intervals hold the truth 95 times in 100? Drawn cities of known truth, from Racine's size to Detroit's."""

import math
import time

import numpy as np

from atlas.statistics.dispersion import measure_dispersion
from atlas.statistics.moments import shrink_with_known_variance, solve_signal_variance
from atlas.statistics.regressors import build_regressors
from atlas.statistics.shrinkage import shrink
from mobility_portal.bench.results import Results

TRACTS = (17, 34, 49, 120, 290)
RELIABILITIES = (0.4, 0.7)
CITIES = 1000
NOISE = 0.05  # median standard error of a tract, ranks 0-1
SEED = 17


def report(results: Results, cities: int = CITIES) -> None:
    """One row per size and reliability: percent of tracts covered, the other shares in its detail.

    ± is the Monte-Carlo standard error in percentage points.
    """
    for tracts in TRACTS:
        for reliability in RELIABILITIES:
            start = time.perf_counter()
            rng = np.random.default_rng((SEED, tracts, round(100 * reliability)))
            hits = np.array([_hits(rng, tracts, reliability) for _ in range(cities)])
            found = ", ".join(
                f"{name} {100 * column.mean():.1f}% ± {100 * column.std() / math.sqrt(cities):.1f}"
                for name, column in zip(("tracts", "plug-in", "reliability", "spread"), hits.T, strict=True)
            )
            results.add(
                f"coverage_{tracts}_tracts_reliability_{round(100 * reliability)}_percent",
                100 * hits[:, 0].mean(),
                f"{found} ({time.perf_counter() - start:.0f} s)",
            )


def _hits(rng: np.random.Generator, tracts: int, reliability: float) -> tuple[float, float, bool, bool]:
    """Of one drawn city: share of tracts covered, the same for the plug-in, reliability and spread covered or not.

    Truth leans on log SE as real tracts do. "reliability" is that of the process around the regression,
    "spread" that of these tracts' true values, weighted, as the dispersion panel shows it.
    """
    s = NOISE * np.exp(rng.normal(0, 0.4, tracts))
    noise = float(np.mean(s**2))
    theta = 0.4 + 0.02 * np.log(s / NOISE) + rng.normal(0, math.sqrt(reliability / (1 - reliability) * noise), tracts)
    y = theta + rng.normal(0, s)
    share = rng.gamma(2.0, size=tracts)
    share /= share.sum()
    found = shrink(y, s)
    low, high = _plug_in(y, s)
    variance = share @ (theta - share @ theta) ** 2
    interval = measure_dispersion(y, share, s).reliability.interval
    assert interval is not None and found.reliability.interval is not None, "the drawn tracts differ enough"
    return (
        float(np.mean((found.low <= theta) & (theta <= found.high))),
        float(np.mean((low <= theta) & (theta <= high))),
        reliability in found.reliability.interval,
        float(variance / (variance + share @ s**2)) in interval,
    )


def _plug_in(y: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What taking the estimated variance and line for known would give: shown to say why it is not used."""
    x = build_regressors(s).matrix(s)
    signal = solve_signal_variance(y, s, x)
    w = 1 / (signal + s**2)
    fitted = x @ np.linalg.solve(x.T @ (x * w[:, None]), x.T @ (w * y))
    mean, spread = shrink_with_known_variance(y, s, fitted, signal)
    return mean - 1.96 * spread, mean + 1.96 * spread
