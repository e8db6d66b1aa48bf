"""Difference-in-differences as offered: both locks, the test of earlier changes, the union with sensitivity."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators import patterns, randomization, wild
from engagements.pilots.rules.estimators.changes import changes_of, earlier_changes_p
from engagements.pilots.rules.estimators.cluster_fit import fit
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.differences import LEAST_DF, sums_of_changes
from engagements.pilots.rules.estimators.locks import Lock, lock_for
from engagements.pilots.rules.estimators.reference import two_sided
from engagements.pilots.rules.estimators.sensitivity import LEAST_PERIODS_BEFORE, allow_for_drift
from engagements.pilots.rules.estimators.time_before import MOVING_APART
from engagements.pilots.rules.quantiles import quantile
from engagements.pilots.rules.registration import Limits
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell, beyond_zero, percent
from mobility_portal.bench.pilot_cells.processes import INDEPENDENT, Process

SEED = 902
BATCH = 1_000
MOST_DRAWS = 1_000


@dataclass(frozen=True)
class Setting:
    """`varying`: SD of the treated groups' effects, 0 on average, in SDs of one period; `uneven`: of log noise."""

    words: str
    process: Process = INDEPENDENT
    varying: float = 0.0
    uneven: float = 0.0


SETTINGS = (
    Setting("independent periods"),
    Setting("autocorrelation .6", Process("", (0.6,))),
    Setting("random walks", Process("", (1.0,))),
    Setting("effects vary", varying=1.0),
    Setting("groups of very unlike noise", uneven=0.8),
)
GROUPS = ((6, 3), (10, 3), (10, 5), (20, 3), (20, 6), (20, 10), (40, 3), (40, 20))
PERIODS = ((4, 1), (3, 3), (12, 12))


def cells_of(groups: int, treated: int, before: int, after: int, draws: int) -> list[Cell]:
    """All settings of one design; without the union with sensitivity too, to see what that prevents and costs."""
    is_treated = np.arange(groups) < treated
    empty = sums_of_changes(np.zeros(groups), is_treated)
    lock = lock_for(empty)
    cells = []
    for number, setting in enumerate(SETTINGS):
        random = np.random.default_rng((SEED, groups, treated, before, after, number))
        parts = [
            _test(
                _draw(random, setting, is_treated, before, after, min(BATCH, draws - start)), is_treated, before, lock
            )
            for start in range(0, draws, BATCH)
        ]
        found = Tests(*(np.concatenate([getattr(part, name) for part in parts]) for name in Tests.__annotations__))
        words = f"{groups} groups, {treated} treated, {before} periods before, {after} after, {setting.words}"
        cells += [
            _cell(found, words, draws),
            replace(_cell(found, words, draws, False), design=f"{NOT_OFFERED}differences without sensitivity"),
        ]
    return cells


@dataclass(frozen=True)
class Tests:
    """One entry per draw. `low`, `high`: CR2; `wide_low`, `wide_high`: united with sensitivity; `agrees`: second test;
    `finds`: with the effect that CR2 should find in 80 of 100, a positive one is found by CR2 and the second test."""

    low: np.ndarray
    high: np.ndarray
    wide_low: np.ndarray
    wide_high: np.ndarray
    agrees: np.ndarray
    kept: np.ndarray
    effect: np.ndarray
    finds: np.ndarray


def _draw(
    random: np.random.Generator, setting: Setting, is_treated: np.ndarray, before: int, after: int, draws: int
) -> Floats:
    noise = np.exp(random.normal(0, setting.uneven, (draws, is_treated.size, 1))) if setting.uneven else 1.0
    means = noise * setting.process.draw(random, (draws, is_treated.size, before + after))
    if setting.varying:
        means[:, is_treated, before:] += random.normal(0, setting.varying, (draws, int(is_treated.sum()), 1))
    return means


def _test(means: Floats, is_treated: np.ndarray, before: int, lock: Lock) -> Tests:
    changes = changes_of(means, before)
    sums = sums_of_changes(changes, is_treated)
    found = fit(sums)
    error, df = found.standard_error, float(np.ravel(found.df)[0])
    reach = quantile(1 - lock.alpha / 2, df) * error
    low, high = sums.effect - reach, sums.effect + reach
    wide_low, wide_high = low, high
    if before >= LEAST_PERIODS_BEFORE:
        allowed = allow_for_drift(means, is_treated, before, Limits().earlier_drift, lock.alpha)
        wide_low, wide_high = np.minimum(low, allowed.low), np.maximum(high, allowed.high)
    earlier, *_ = earlier_changes_p(means, is_treated, before)
    # Of the spread between draws of one batch: what a planner who knew it would promise.
    effect = np.full(error.shape, (quantile(1 - lock.alpha / 2, df) + quantile(0.8, df)) * float(sums.effect.std()))
    more = sums_of_changes(changes + np.where(is_treated, effect[:, None], 0.0), is_treated)
    return Tests(
        low,
        high,
        wide_low,
        wide_high,
        _second(sums, lock) < lock.alpha,
        (earlier >= MOVING_APART) & lock.is_reachable & (df >= LEAST_DF),
        effect,
        (two_sided(more.effect / error, np.full(error.shape, df)) < lock.alpha)
        & (more.effect > 0)
        & (_second(more, lock) < lock.alpha),
    )


def _second(sums: ClusterSums, lock: Lock) -> Floats:
    if lock.second == "wild":
        return wild.p_value(sums)
    possible, _ = patterns.draws_of(sums)
    if len(possible) > MOST_DRAWS:
        chosen = np.random.default_rng(SEED).choice(len(possible), MOST_DRAWS - 1, replace=False)
        possible = np.vstack([sums.treated[None, :], possible[chosen]])
    return randomization.p_value(sums, possible)


def _cell(found: Tests, words: str, draws: int, is_united: bool = True) -> Cell:
    low, high = (found.wide_low, found.wide_high) if is_united else (found.low, found.high)
    wrong = beyond_zero(low, high) & found.agrees
    power = found.kept & found.finds & (low + found.effect > 0)
    return Cell(
        "differences",
        words,
        draws,
        percent(wrong & found.kept),
        100 - percent(wrong[found.kept]) if found.kept.any() else None,
        percent(power),
        held_back=100 - percent(found.kept),
    )


CELLS = tuple(
    partial(cells_of, groups, treated, before, after) for groups, treated in GROUPS for before, after in PERIODS
)
