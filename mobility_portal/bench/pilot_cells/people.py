"""People drawn one by one: differences of means and of shares, and blocks.

Every cell uses the functions of the portal's own methods, at the level they would show.
"""

import numpy as np
from scipy.stats import binom

from engagements.pilots.rules.estimators.blocks import within_blocks
from engagements.pilots.rules.estimators.caution import FEW_EVENTS
from engagements.pilots.rules.estimators.means import Difference, welch
from engagements.pilots.rules.estimators.proportions import newcombe, quantile_for
from engagements.pilots.rules.estimators.reference import quantile
from engagements.pilots.rules.estimators.unequal_arms import LIKE, level_for
from mobility_portal.bench.pilot_cells.cell import Cell, beyond_zero, percent
from mobility_portal.bench.pilot_cells.outcomes import KINDS, Floats, vary

SEED = 117
SIZES = (
    (10, 10), (10, 15), (30, 30), (100, 100), (300, 300), (10, 90), (90, 30), (30, 90), (30, 270), (100, 300),
    (100, 900), (300, 900), (300, 2700),
)  # fmt: skip
RATES = (0.02, 0.05, 0.1, 0.3, 0.5)
LEAST_KEPT = 0.05  # of draws: under it coverage of those left says nothing
BATCH = 4_000_000  # numbers held at once


def difference_of_means(draws: int) -> list[Cell]:
    """Comparison and treated people by SIZES; effects for nobody, and for everybody but 0 on average."""
    cells = []
    for comparison, treated in SIZES:
        level = level_for(comparison, treated, 95)
        for kind in KINDS:
            for varies in (False, True):
                rng = np.random.default_rng((SEED, comparison, treated, len(kind), varies))
                found = _draw_means(rng, draws, comparison, treated, kind, varies)
                setting = f"{comparison} and {treated} people, {kind}, {'effects vary' if varies else 'no effect'}"
                power = not varies and kind == "normal"
                cells.append(interval_cell("difference, means", setting, found, level, power=power))
    return cells


def _draw_means(
    rng: np.random.Generator, draws: int, comparison: int, treated: int, kind: str, varies: bool
) -> Difference:
    parts = []
    step = max(1, BATCH // (comparison + treated))
    for start in range(0, draws, step):
        shape = min(step, draws - start)
        arms = [KINDS[kind](rng, (shape, size)) for size in (comparison, treated)]
        if varies:
            arms[1] = arms[1] + vary(rng, arms[1].shape)
        total = np.stack([arm.sum(axis=1) for arm in arms], axis=-1)
        squares = np.stack([(arm**2).sum(axis=1) for arm in arms], axis=-1)
        parts.append(welch(np.array([comparison, treated]), total, squares))
    return join(parts)


def join(parts: list[Difference]) -> Difference:
    names = ("value", "standard_error", "df")
    return Difference(*(np.concatenate([np.atleast_1d(getattr(part, name)) for part in parts]) for name in names))


def interval_cell(
    design: str,
    setting: str,
    found: Difference,
    level: float | None,
    *,
    power: bool = False,
    kept: np.ndarray | None = None,
) -> Cell:
    """No effect on average: how often the interval is beyond 0. `level` None: held back; `kept`: draws that are not."""
    draws = len(found.value)
    if level is None:
        return Cell(design, setting, draws, 0.0, held_back=100.0)
    usable = np.isfinite(found.standard_error) & (found.standard_error > 0)
    kept = usable if kept is None else kept & usable
    half = quantile(level, np.where(usable, found.df, 1.0)) * np.where(usable, found.standard_error, np.inf)
    low, high = found.value - half, found.value + half
    wrong = beyond_zero(low, high) & kept
    shift = _promised(found, level)
    return Cell(
        design,
        setting,
        draws,
        percent(wrong),
        100 - percent(beyond_zero(low, high)[kept]) if kept.mean() > LEAST_KEPT else None,
        percent(beyond_zero(low + shift, high + shift) & kept) if power else None,
        held_back=100 - percent(kept),
    )


def _promised(found: Difference, level: float) -> float:
    """The effect that a formula would say is found in 80 of 100: (t + t of 80) true standard errors."""
    df = float(np.nanmedian(found.df))
    return float((quantile(level, df) + quantile(60, df)) * np.nanstd(found.value))


def difference_of_shares(_draws: int) -> list[Cell]:
    """Newcombe at the level for few people, summed over every outcome: no draws, no error of simulation."""
    cells = []
    for comparison, treated in SIZES:
        if comparison * treated > 400_000:
            continue
        ours, theirs = np.arange(treated + 1), np.arange(comparison + 1)
        low, high = newcombe(ours[:, None], treated, theirs[None, :], comparison, quantile_for(95, treated, comparison))
        for rate in RATES:
            chance = binom.pmf(ours, treated, rate)[:, None] * binom.pmf(theirs, comparison, rate)[None, :]
            wrong = 100 * float(chance[beyond_zero(low, high)].sum())
            better = min(rate + 2.8 * np.sqrt(rate * (1 - rate) * (1 / comparison + 1 / treated)), 0.98)
            moved = binom.pmf(ours, treated, better)[:, None] * binom.pmf(theirs, comparison, rate)[None, :]
            cells.append(
                Cell(
                    "difference, shares",
                    f"{comparison} and {treated} people, {rate:.0%} in both",
                    0,
                    wrong,
                    100 * float(moved[(low <= better - rate) & (high >= better - rate)].sum()),
                    100 * float(moved[beyond_zero(low, high)].sum()),
                )
            )
    return cells


BLOCKS = {
    "4 blocks of 5 and 5": [(5, 5)] * 4,
    "20 blocks of 2 and 2": [(2, 2)] * 20,
    "4 blocks of 25 and 25": [(25, 25)] * 4,
    "4 small blocks, 25 to 67% treated": [(4, 8), (8, 4), (6, 3), (3, 6)],
    "4 blocks, 20 to 80% treated": [(40, 10), (30, 20), (25, 25), (10, 40)],
    "4 large blocks, 20 to 80% treated": [(160, 40), (120, 80), (100, 100), (40, 160)],
    "4 blocks of 25 and 75": [(25, 75)] * 4,
    "4 blocks of 100 and 900": [(100, 900)] * 4,
}


def blocked(draws: int) -> list[Cell]:
    """Blocks differ by a standard deviation each; shares from the rate to twice the rate."""
    cells = []
    for name, sizes in BLOCKS.items():
        n = np.array(sizes, dtype=float)
        comparison, treated = n.sum(axis=0)
        level = level_for(comparison, treated, 95)
        for kind in ("normal", "earnings", "effects vary", *RATES[:4]):
            rng = np.random.default_rng((SEED, 2, len(name), len(str(kind))))
            total, squares = _draw_blocks(rng, draws, sizes, kind)
            found = within_blocks(np.broadcast_to(n, total.shape), total, squares)
            kept = None
            if isinstance(kind, float) and max(comparison, treated) > LIKE * min(comparison, treated):
                events = total.sum(axis=1)
                kept = np.minimum(events, n.sum(axis=0) - events).min(axis=1) >= FEW_EVENTS
            words = f"{kind:.0%} to {2 * kind:.0%}" if isinstance(kind, float) else kind
            cells.append(interval_cell("blocked", f"{name}, {words}", found, level, power=kind == "normal", kept=kept))
    return cells


def _draw_blocks(
    rng: np.random.Generator, draws: int, sizes: list[tuple[int, int]], kind: str | float
) -> tuple[Floats, Floats]:
    total = np.zeros((draws, len(sizes), 2))
    squares = np.zeros_like(total)
    for block, arms in enumerate(sizes):
        for arm, people in enumerate(arms):
            if isinstance(kind, float):
                total[:, block, arm] = rng.binomial(people, kind * (1 + block / (len(sizes) - 1)), draws)
                squares[:, block, arm] = total[:, block, arm]
                continue
            step = max(1, BATCH // people)
            for start in range(0, draws, step):
                here = slice(start, min(start + step, draws))
                values = KINDS.get(kind, KINDS["normal"])(rng, (here.stop - start, people)) + block
                if kind == "effects vary" and arm:
                    values += vary(rng, values.shape)
                total[here, block, arm] = values.sum(axis=1)
                squares[here, block, arm] = (values**2).sum(axis=1)
    return total, squares


CELLS = (difference_of_means, difference_of_shares, blocked)
