"""Seven steps of about equal numbers of tracts, with boundaries a reader can say aloud."""

import numpy as np

from dashboards.charts.theme import ABOVE_US, BELOW_US, STEPS

NO_VALUE_STEP = -1


def color_breaks(values: np.ndarray) -> tuple[float, ...]:
    """Up to six rising boundaries in the values' own unit; fewer when few values differ.

    Quantiles of the values shown, rounded to the fewest digits that keep them apart.
    Missing values (NaN) are left out; no value at all gives no boundary.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if known.size == 0:
        return ()
    raw = np.unique(np.quantile(known, np.arange(1, len(STEPS)) / len(STEPS)))
    for digits in (2, 3, 4):
        rounded = np.unique([_round_to(value, digits) for value in raw])
        if rounded.size == raw.size:
            return tuple(float(value) for value in rounded)
    return tuple(float(value) for value in raw)


def color_step(values: np.ndarray, breaks: tuple[float, ...]) -> list[int]:
    """Step 0-6 of each value; -1 where no value is published."""
    filled = np.where(np.isnan(values), -np.inf, values)
    steps = np.searchsorted(np.asarray(breaks, dtype=float), filled, side="right")
    return [NO_VALUE_STEP if missing else int(step) for missing, step in zip(np.isnan(values), steps, strict=True)]


def step_colors(count: int) -> tuple[str, ...]:
    """`count` of the seven colors, spread over the whole scale."""
    if count == 1:
        return (STEPS[3],)
    return tuple(STEPS[round(index * (len(STEPS) - 1) / (count - 1))] for index in range(count))


def national_colors(edges: tuple[float, ...], middle: float) -> tuple[str, ...]:
    """One color for each step between and beyond `edges`: the sands nearest the middle below it, blues above it."""
    below = sum(edge <= middle for edge in edges)
    return (*BELOW_US[len(BELOW_US) - below :], *ABOVE_US[: len(edges) + 1 - below])


def group_breaks(values: np.ndarray, groups: int) -> tuple[float, ...]:
    """Boundaries of so many groups of equal numbers of tracts; fewer where values repeat. NaN is left out."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if known.size < groups:
        return ()
    return tuple(float(edge) for edge in np.unique(np.quantile(known, np.arange(1, groups) / groups)))


def _round_to(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
