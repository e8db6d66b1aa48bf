"""How far tracts differ in truth: their spread net of the noise of their estimates (methods 2.3)."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from atlas.statistics.draws import draw_true_values
from atlas.statistics.intervals import Interval
from atlas.statistics.moments import solve_signal_variance
from atlas.statistics.regressors import build_regressors
from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate, missing_estimate
from atlas.statistics.signal_posterior import SignalPosterior, TooFewTracts, fit_signal_posterior
from atlas.statistics.standard_error_floor import floor_standard_errors

INTERVAL_METHOD = (
    "2,000 draws of the tracts' true values given their estimates (constant and log standard error, the spread "
    "around them integrated out); the number is their median, the interval the shortest that holds 95 in 100 of them"
)
DRAWS = 2000
LEVEL = 0.95
AS_SHORT = 1.02  # an interval from 0 this little longer than the shortest: which of them it is, the draws can't tell
ONE_TRACT = "one tract has no spread"
ALL_NOISE = "the tracts' values vary no more than their standard errors alone would make them"


@dataclass(frozen=True)
class Dispersion:
    """Weighted spread of tracts around the city's mean; variances in `unit` squared.

    Signal and reliability: median and shortest interval of one posterior, so that no number lies outside its own
    interval and an interval can reach 0. Where tracts are too few for a posterior they are `moment_signal`'s, without
    an interval. `reason` says why a number is missing or without interval.
    """

    total_variance: float | None  # V = sum W (y - m)^2
    noise_variance: float | None  # N = sum W s^2
    signal_variance: Estimate  # S: weighted variance of the true values
    signal_sd: Estimate  # sqrt(S), in `unit`
    reliability: Estimate  # S/(S + N), 0-1
    moment_signal: float | None  # max(0, V - N): a check of the size
    signal_variance_unbiased: float | None  # S_u = (V - sum W(1-W) s^2)/(1 - sum W^2), floored at 0
    moment_variance: float | None  # Paule-Mandel, every tract counting once: a check of the size
    n: int
    unit: str
    reason: str = ""
    interval_method: str = ""


def measure_dispersion(
    values: NDArray[np.floating],
    weights: NDArray[np.floating],
    standard_errors: NDArray[np.floating] | None,
    *,
    unit: str = "rank",
) -> Dispersion:
    """Inputs (n,), NaN = missing; tracts without value, weight above 0 or (where published) SE take no part.

    The posterior is that of these tracts' true values, weighted as V is: sum W (theta - mean theta)^2, and for the
    reliability that over itself plus N. The interval is the shortest on the scale of the variance, carried over to SD
    and reliability: over drawn cities of 17 to 34 tracts it holds the truth 96 to 98 times in 100, the shortest on
    the scale of the reliability 88 to 95 times.
    Worked: oracle A gives V=.0011914167, N=.00026125, S=.0009301667, reliability .7807232, S_u=.0014142386; five
    tracts are too few for a posterior.
    """
    use = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    if standard_errors is not None:
        use &= np.isfinite(standard_errors)
    n = int(use.sum())
    if n < 2:
        return _missing_result(n, unit, ONE_TRACT if n else "no tract has a value, a weight and a standard error")
    y, share = values[use].astype(float), weights[use] / weights[use].sum()
    total = float(share @ (y - share @ y) ** 2)
    if standard_errors is None:
        return _missing_result(n, unit, NO_STANDARD_ERRORS, total)
    s = standard_errors[use].astype(float)
    noise = float(share @ s**2)
    signal = max(0.0, total - noise)
    unbiased = max(0.0, (total - float((share * (1 - share)) @ s**2)) / (1 - float(share @ share)))
    positive = bool(np.all(s > 0))
    floored, _ = floor_standard_errors(s)  # for what weighs by 1/s^2
    spread, why = (
        _posterior_spread(y, floored, share) if positive else (None, "a standard error of 0 is no known precision")
    )
    if spread is None:
        said = ALL_NOISE if total <= noise else why
        variance = Estimate(signal, None, n, f"{unit} squared", reason=said)
        sd = Estimate(signal**0.5, None, n, unit, reason=said)
        reliability = Estimate(_share_of(signal, noise), None, n, "share", reason=said)
    else:
        variance, sd, reliability = _summarize(spread, noise, n, unit)
    return Dispersion(
        total,
        noise,
        variance,
        sd,
        reliability if total > 0 else missing_estimate(n, "share", "all tracts have the same value"),
        signal,
        unbiased,
        solve_signal_variance(y, floored) if positive else None,
        n,
        unit,
        variance.reason,
        INTERVAL_METHOD if spread is not None else "",
    )


def shortest_interval(draws: NDArray[np.floating], level: float = LEVEL) -> Interval:
    """Highest-density interval of draws at or above 0, (D,): the shortest that holds `level` of them.

    It begins at 0 where that makes it at most 2% longer: a density that rises to 0 has no draw at 0 itself.
    Worked: 0, 1, ..., 99 cubed at 50% begin at 0.
    """
    ordered = np.sort(draws)
    held = math.ceil(level * len(ordered))
    lengths = ordered[held - 1 :] - ordered[: len(ordered) - held + 1]
    first = int(np.argmin(lengths))
    if ordered[held - 1] <= AS_SHORT * lengths[first]:
        return Interval(0.0, float(ordered[held - 1]), level)
    return Interval(float(ordered[first]), float(ordered[first + held - 1]), level)


def _share_of(signal: float, noise: float) -> float:
    return signal / (signal + noise) if signal + noise > 0 else 0.0


def _summarize(spread: NDArray[np.floating], noise: float, n: int, unit: str) -> tuple[Estimate, Estimate, Estimate]:
    """Variance, SD and reliability: median and interval of the same draws, whatever the scale."""
    held = shortest_interval(spread)
    bounds = np.array([held.low, held.high])
    scales = (
        (spread, bounds, f"{unit} squared"),
        (np.sqrt(spread), np.sqrt(bounds), unit),
        (spread / (spread + noise), bounds / (bounds + noise), "share"),
    )
    variance, sd, reliability = (
        Estimate(float(np.median(draws)), float(draws.std()), n, name, interval=Interval(float(low), float(high)))
        for draws, (low, high), name in scales
    )
    return variance, sd, reliability


def _posterior_spread(
    y: NDArray[np.floating], s: NDArray[np.floating], share: NDArray[np.floating]
) -> tuple[NDArray[np.floating] | None, str]:
    """Draws of the weighted variance of the true values, or None and why there are none."""
    order = np.lexsort((share, s, y))  # tracts alike but for their weight draw the same in whatever order they come
    y, s, share = y[order], s[order], share[order]
    x = build_regressors(s).matrix(s)
    try:
        posterior = fit_signal_posterior(y, s, x)
    except TooFewTracts as error:
        return None, str(error)
    theta = draw_true_values(y, s, x, _flat_in_log(posterior, s), draws=DRAWS)
    return np.square(theta - (theta @ share)[:, None]) @ share, ""


def _flat_in_log(posterior: SignalPosterior, s: NDArray[np.floating]) -> SignalPosterior:
    """The posterior under a prior flat in log(S + v), v the harmonic mean of s^2, instead of flat in S.

    Flat in S is right for intervals of tracts, but pushes the spread of few noisy tracts up: over drawn cities of 17
    tracts with a reliability of .1 its shortest intervals of the variance held the truth 93 times in 100, these 97.
    """
    weight = posterior.probability / (posterior.variance + 1 / np.mean(1 / s**2))
    return replace(posterior, probability=weight / weight.sum())


def _missing_result(n: int, unit: str, reason: str, total: float | None = None) -> Dispersion:
    return Dispersion(
        total,
        None,
        missing_estimate(n, f"{unit} squared", reason),
        missing_estimate(n, unit, reason),
        missing_estimate(n, "share", reason),
        None,
        None,
        None,
        n,
        unit,
        reason,
    )
