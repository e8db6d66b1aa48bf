"""Lin's adjustment: few people for each covariate and many, skewed outcomes, shares, unequal arms."""

import numpy as np

from engagements.pilots.rules.estimators.adjustment import PEOPLE_FOR_EACH_COVARIATE
from engagements.pilots.rules.estimators.caution import FEW_EVENTS
from engagements.pilots.rules.estimators.lin import adjusted
from engagements.pilots.rules.estimators.unequal_arms import LIKE, level_for
from mobility_portal.bench.pilot_cells.cell import Cell
from mobility_portal.bench.pilot_cells.outcomes import KINDS, Floats, vary
from mobility_portal.bench.pilot_cells.people import BATCH, SEED, interval_cell, join

SIZES = ((10, 10, 1), (15, 15, 3), (30, 30, 1), (30, 30, 3), (100, 100, 3), (100, 100, 8), (30, 90, 3), (100, 300, 3))
OUTCOMES = ("normal", "earnings", "effects vary", "share of 5%", "share of 20%")


def lin(draws: int) -> list[Cell]:
    """Covariates: one normal, one exponential, the others uniform; they explain half of a normal outcome or less."""
    cells = []
    for comparison, treated, count in SIZES:
        level = level_for(comparison, treated, 95)
        for kind in OUTCOMES:
            rng = np.random.default_rng((SEED, 3, comparison, treated, count, len(kind)))
            step = max(1, BATCH // ((comparison + treated) * (count + 1)))
            found, events = [], []
            for start in range(0, draws, step):
                outcome, centered = _draw(rng, min(step, draws - start), comparison, treated, count, kind)
                ours, theirs = slice(comparison, None), slice(comparison)
                found.append(
                    adjusted(
                        outcome[:, ours],
                        centered[:, ours],
                        outcome[:, theirs],
                        centered[:, theirs],
                        hc3=min(comparison, treated) < PEOPLE_FOR_EACH_COVARIATE * count,
                    )
                )
                events.append(np.minimum(_fewest(outcome[:, ours]), _fewest(outcome[:, theirs])))
            unlike = max(comparison, treated) > LIKE * min(comparison, treated)
            kept = np.concatenate(events) >= FEW_EVENTS if kind.startswith("share") and unlike else None
            setting = f"{comparison} and {treated} people, {count} covariates, {kind}"
            cells.append(interval_cell("adjusted", setting, join(found), level, power=kind == "normal", kept=kept))
    return cells


def _fewest(outcome: Floats) -> Floats:
    return np.minimum(outcome.sum(axis=1), (1 - outcome).sum(axis=1))


def _draw(
    rng: np.random.Generator, draws: int, comparison: int, treated: int, count: int, kind: str
) -> tuple[Floats, Floats]:
    shape = (draws, comparison + treated)
    covariates = rng.random((*shape, count)) * 3.4
    covariates[..., 0] = rng.standard_normal(shape)
    if count > 1:
        covariates[..., 1] = rng.exponential(size=shape)
    if kind.startswith("share"):
        rate = float(kind.split()[-1].rstrip("%")) / 100
        outcome = (rng.random(shape) < rate * np.exp(0.5 * covariates[..., 0] - 0.125)).astype(float)
    else:
        outcome = covariates.sum(axis=-1) / np.sqrt(count) + KINDS.get(kind, KINDS["normal"])(rng, shape)
    if kind == "effects vary":
        outcome[:, comparison:] += vary(rng, (draws, treated))
    return outcome, covariates - covariates.mean(axis=1, keepdims=True)


CELLS = (lin,)
