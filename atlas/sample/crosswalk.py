"""pctile_to_dollar_cw.csv: a synthetic rank-to-dollar table through the published check values.

Dollars of 2015 at national percentiles 0..100. Monotone; household and individual income are $0 up to
percentile 9. Check values: Opportunity Atlas (household p10, p25, p50, p75, p100 and the dollars
printed for single places; individual p50; parents p25, p50). Everything between is interpolated.
"""

from pathlib import Path

import numpy as np

from atlas.sample.columns import CROSSWALK_COLUMNS

HOUSEHOLD = (  # percentile, dollars
    (0, 0),
    (9, 0),
    (10, 25.39),
    (25, 15551.21),
    (35.547766, 26331),
    (37.366968, 28234.9),
    (38.697663, 29634),
    (39.687583, 30683.9),
    (40.488738, 31539),
    (42.710686, 33940.5),
    (44.57835, 36006),
    (45.301577, 36819.4),
    (50, 42317.11),
    (75, 83317),
    (90, 134000),
    (99, 345000),
    (100, 1062314),
)
INDIVIDUAL = ((0, 0), (9, 0), (10, 20), (25, 11800), (50, 29305), (75, 51200), (90, 81000), (99, 206000), (100, 655000))
PARENTS = (
    (0, 0),
    (2, 1500),
    (10, 13500),
    (25, 27044),
    (50, 55802),
    (75, 96500),
    (90, 151000),
    (99, 433000),
    (100, 1370000),
)


def _slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Fritsch and Carlson's slopes, which keep a cubic monotone."""
    step, rise = np.diff(x), np.diff(y)
    secant = rise / step
    slope = np.concatenate([secant[:1], np.zeros(len(x) - 2), secant[-1:]])
    for i in range(1, len(x) - 1):
        if secant[i - 1] * secant[i] > 0:
            before, after = 2 * step[i] + step[i - 1], step[i] + 2 * step[i - 1]
            slope[i] = (before + after) / (before / secant[i - 1] + after / secant[i])
    return slope


def interpolate(points) -> np.ndarray:
    """101 values at percentiles 0..100 on a monotone cubic through `points`."""
    x, y = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    at = np.arange(101.0)
    left = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    width = x[left + 1] - x[left]
    t = (at - x[left]) / width
    slope = _slopes(x, y)
    start = (1 + 2 * t) * (1 - t) ** 2 * y[left] + t * (1 - t) ** 2 * width * slope[left]
    return start + t * t * (3 - 2 * t) * y[left + 1] + t * t * (t - 1) * width * slope[left + 1]


def crosswalk_table() -> np.ndarray:
    """101 rows x 9 columns in the order of CROSSWALK_COLUMNS."""
    household, individual, parents = (interpolate(points) for points in (HOUSEHOLD, INDIVIDUAL, PARENTS))
    young = (0.68, 0.66, 0.74, 0.71)  # incomes at 26 against those at 31-37
    return np.stack(
        [
            np.arange(101.0),
            household,
            individual,
            individual / 2000,
            household * young[0],
            household * young[1],
            individual * young[2],
            individual * young[3],
            parents,
        ],
        axis=1,
    )


def rank_to_dollars(rank: np.ndarray) -> np.ndarray:
    """Household income in 2015 dollars at ranks 0-1: linear between the percentiles around 100 x rank."""
    return np.interp(np.asarray(rank, dtype=np.float64) * 100, np.arange(101.0), interpolate(HOUSEHOLD))


def write_crosswalk(path: Path) -> int:
    """Write the file with two decimals, Stata's leading zero dropped. Returns rows."""
    lines = [",".join(CROSSWALK_COLUMNS)]
    for row in crosswalk_table().tolist():
        texts = [f"{value:.2f}".rstrip("0").rstrip(".") for value in row[1:]]
        lines.append(",".join([f"{row[0]:.0f}", *(text[1:] if text.startswith("0.") else text for text in texts)]))
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="")
    return 101
