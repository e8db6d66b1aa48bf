"""Aggregates of groups by period, as designs over time read them."""

import numpy as np

from engagements.pilots.rules.data import Cells


def make_panel_cells(means, arms, periods, *, people=100, names=None, blocks=None):
    """One entry per group and period. `means`: groups x periods; `arms`: one per group, or groups x periods."""
    means = np.asarray(means, dtype=float)
    groups, count = means.shape
    arms = np.asarray(arms, dtype=object)
    if arms.ndim == 1:
        arms = np.repeat(arms[:, None], count, axis=1)
    names = names or [f"g{index:02d}" for index in range(groups)]
    blocks = blocks or [""] * groups
    n = np.full(means.size, float(people))
    total = people * means.ravel()
    known = np.isfinite(total)
    unsaid = np.full(int(known.sum()), np.nan)
    blank = np.full(int(known.sum()), "", dtype=object)
    return Cells(
        arm=arms.ravel()[known],
        n=n[known],
        total=total[known],
        squares=total[known],
        assigned=unsaid,
        took_part=unsaid,
        city=blank,
        block=np.repeat(np.array(blocks, dtype=object), count)[known],
        cluster=np.repeat(np.array(names, dtype=object), count)[known],
        period=np.tile(np.array(periods, dtype=object), groups)[known],
        group=blank,
    )


def months(count, year=2024):
    """2024-01, 2024-02 and so on."""
    return [f"{year + index // 12}-{index % 12 + 1:02d}" for index in range(count)]
