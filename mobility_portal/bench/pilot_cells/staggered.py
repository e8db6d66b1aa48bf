"""Staggered starts as offered: the interval by cohort, united with sensitivity, and the reassigned starts must agree,
and the test of the time before must not tell that groups moved apart."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import stats

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.assignments import reassign
from engagements.pilots.rules.estimators.cohorts import effect_of, weigh_cells
from engagements.pilots.rules.estimators.cohorts_before import allow_for_drift, moved_apart_p
from engagements.pilots.rules.estimators.staggered import ENOUGH_GROUPS, MOST_ALONE
from engagements.pilots.rules.estimators.time_before import MOVING_APART
from engagements.pilots.rules.registration import Limits
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell, beyond_zero, percent
from mobility_portal.bench.pilot_cells.processes import INDEPENDENT, Process

SEED = 903
DRAWS_OF_STARTS = 999
BATCH = 2_000


@dataclass(frozen=True)
class Design:
    """`cohorts`: how many groups start together, two periods apart, from a third of the periods on; `never`: others."""

    cohorts: tuple[int, ...]
    never: int
    periods: int = 12

    @property
    def starts(self) -> np.ndarray:
        first = self.periods // 3
        started = [first + 2 * number for number, size in enumerate(self.cohorts) for _ in range(size)]
        return np.array(started + [self.periods] * self.never)

    @property
    def is_kept(self) -> bool:
        alone = sum(size == 1 for size in self.cohorts)
        return sum(self.cohorts) + self.never >= ENOUGH_GROUPS and alone <= MOST_ALONE * sum(self.cohorts)

    @property
    def words(self) -> str:
        return f"{', '.join(map(str, self.cohorts))} groups start together, {self.never} never"


DESIGNS = (
    Design((3, 3, 3), 11),
    Design((2, 2, 2, 2), 12),
    Design((8, 8), 4),
    Design((6, 6, 5), 3),
    Design((1, 13, 4, 2, 1), 29, 15),
    Design((5, 5, 5), 35),
    Design((10, 10, 10), 10),
    Design((4, 4, 4, 4, 4), 0, 14),
    Design((1, 1, 1), 17),
    Design((3, 3), 6),
)
SETTINGS = (
    ("independent periods", INDEPENDENT, 0.0),
    ("autocorrelation .7", Process("", (0.7,)), 0.0),
    ("random walks", Process("", (1.0,)), 0.0),
    ("effects vary", INDEPENDENT, 1.5),
)


def cells_of(design: Design, draws: int) -> list[Cell]:
    """All settings of one design, and beside each what is not offered: without the time before (neither union nor
    test), the usual error (influence functions, n below, normal reference), and how often that test alone rejects."""
    starts, periods = design.starts, design.periods
    had = np.arange(periods) >= starts[:, None]
    orders = reassign(starts, ("",) * starts.size, DRAWS_OF_STARTS)
    cells = []
    for number, (words, process, varying) in enumerate(SETTINGS):
        random = np.random.default_rng((SEED, starts.size, len(design.cohorts), design.cohorts[0], number))
        found = []
        for start in range(0, draws, BATCH):
            means = process.draw(random, (min(BATCH, draws - start), starts.size, periods))
            if varying:
                means += had * random.normal(0, varying, (len(means), starts.size, 1))
            found.append(_test(means, starts, orders.starts, orders.exact))
        first, wide, second, usual, before, somebody = (np.concatenate(part) for part in zip(*found, strict=True))
        kept = before & design.is_kept
        wrong = wide & second
        cell = Cell(
            "staggered",
            f"{design.words}, {words}",
            draws,
            percent(wrong & kept),
            100 - percent(wrong[kept]) if kept.any() else None,
            percent(somebody & kept),
            held_back=100 - percent(kept),
        )
        others = {"without the time before": first & second, "usual error": usual, "test of the time before": ~before}
        cells += [
            cell,
            *(
                replace(cell, design=f"{NOT_OFFERED}{name}", false_positives=percent(what), coverage=None, power=None)
                for name, what in others.items()
            ),
        ]
    return cells


def _test(means: Floats, starts: np.ndarray, orders: np.ndarray, exact: bool) -> tuple[np.ndarray, ...]:
    """Whether the interval leaves out 0, alone and united with sensitivity; the second test agrees; the usual interval
    leaves out 0; the time before allows a verdict; and an effect that the interval alone should find in 80 of 100 is
    found by the united one and the second test."""
    found = effect_of(means, starts)
    weights = weigh_cells(starts, means.shape[2])
    assert weights is not None, "every design has groups to compare with"
    parts = (means * weights).sum(axis=2)
    usual = sum(parts[:, starts == start].var(axis=1) * np.sum(starts == start) for start in np.unique(starts))
    limit = stats.t.ppf(0.975, found.df)
    effect = float(np.median(limit + stats.t.ppf(0.8, found.df))) * float(found.value.std())
    low, high = found.value - limit * found.error, found.value + limit * found.error
    allowed = allow_for_drift(means, starts, Limits().earlier_drift)
    wide_low, wide_high = np.minimum(low, allowed.low), np.maximum(high, allowed.high)
    tested = moved_apart_p(means, starts)
    assert tested is not None, "every design has periods before"
    more = means + effect * (np.arange(means.shape[2]) >= starts[:, None])
    return (
        beyond_zero(low, high),
        beyond_zero(wide_low, wide_high),
        _second(means, starts, orders, exact) <= 0.05,
        np.abs(found.value) > 1.96 * np.sqrt(usual),
        tested[0] >= MOVING_APART,
        (wide_low + effect > 0) & (_second(more, starts, orders, exact) <= 0.05),
    )


def _second(means: Floats, starts: np.ndarray, orders: np.ndarray, exact: bool) -> Floats:
    weights = weigh_cells(starts, means.shape[2])
    assert weights is not None, "every design has groups to compare with"
    kinds, first = np.unique(starts, return_index=True)
    products = means @ weights[first].T  # draws x groups x kinds
    chosen = (orders[:, :, None] == kinds).astype(float)  # orders x groups x kinds
    effects = np.abs(products.reshape(len(means), -1) @ chosen.reshape(len(orders), -1).T)
    seen = np.abs((means * weights).sum(axis=(1, 2)))[:, None] * (1 - 1e-12)
    hits = (effects >= seen).sum(axis=1)
    return hits / len(orders) if exact else (1 + hits) / (1 + len(orders))


CELLS = tuple(partial(cells_of, design) for design in DESIGNS)
