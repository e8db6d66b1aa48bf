"""Interrupted series less a comparison series, as offered: what errors it makes, and which step is found."""

from functools import partial

import numpy as np

from engagements.pilots.rules.estimators.series import fit_series
from engagements.pilots.rules.quantiles import quantile
from mobility_portal.bench.pilot_cells.cell import Cell, beyond_zero, percent
from mobility_portal.bench.pilot_cells.processes import PROCESSES, Process

SEED = 901
LENGTHS = ((12, 12), (24, 12), (24, 24), (36, 24), (60, 24), (60, 60))
BATCH = 5_000


def cells_of(before: int, after: int, process: Process, draws: int) -> list[Cell]:
    """Power: at the step that would be found in 80 of 100 if the autocorrelation were known. The setting says which
    step is found in 80 of 100 as it is, in standard deviations of the difference of the two series."""
    random = np.random.default_rng((SEED, before, after, len(process.words)))
    lows, highs, values, spreads = [], [], [], []
    for start in range(0, draws, BATCH):
        both = process.draw(random, (2, min(BATCH, draws - start), before + after))
        gap = both[0] - both[1]
        found = fit_series(gap, before)
        lows.append(found.low)
        highs.append(found.high)
        values.append(found.value)
        spreads.append(gap.std(axis=1))
    low, high, value = np.concatenate(lows), np.concatenate(highs), np.concatenate(values)
    df = before + after - 5
    step = (quantile(0.975, df) + quantile(0.8, df)) * float(value.std())
    needed = -float(np.quantile(low, 0.2)) / float(np.concatenate(spreads).mean())
    wrong = percent(beyond_zero(low, high))
    setting = (
        f"{before} periods before, {after} after, {process.words}; a step of {needed:.1f} SD is found in 80 of 100"
    )
    return [Cell("series", setting, draws, wrong, 100 - wrong, percent(low + step > 0))]


CELLS = tuple(partial(cells_of, before, after, process) for before, after in LENGTHS for process in PROCESSES)
