"""Phased starts as offered: orders of starts counted, and the spread of groups, adjusted for an earlier mean."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import stats

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.assignments import reassign
from engagements.pilots.rules.estimators.orders import group_df, group_error
from engagements.pilots.rules.estimators.phased import LEAST_DF
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell, percent
from mobility_portal.bench.pilot_cells.processes import INDEPENDENT, Process

SEED = 905
ORDERS = 999
BATCH = 250
BETWEEN = 2.0  # SD of groups' own levels, in SDs of one period


@dataclass(frozen=True)
class Design:
    """`together`: groups that start in each wave, one period apart; `before`: periods before the first start;
    `waiting`: groups that have not started by the end, which is `LATER` periods after the last wave."""

    waves: int
    together: int
    before: int = 1
    waiting: int = 0

    @property
    def periods(self) -> int:
        return self.waves + (LATER if self.waiting else 0)

    @property
    def starts(self) -> np.ndarray:
        return np.append(np.repeat(np.arange(self.waves), self.together), [self.periods] * self.waiting).astype(int)

    @property
    def words(self) -> str:
        begin = f"{self.before} periods before" if self.before else "none before"
        wait = f", {self.waiting} more wait" if self.waiting else ""
        return f"{self.waves * self.together} groups in {self.waves} waves{wait}, {begin}"


LATER = 2
# The fewest of a kind are 3: those that start while others wait, and those that wait while others have started.
DESIGNS = (
    Design(3, 2),
    Design(4, 1),
    Design(5, 2),
    Design(5, 4),
    Design(5, 4, 0),
    Design(4, 10),
    Design(5, 2, 4),
    Design(1, 3, 1, 17),
    Design(1, 3, 0, 37),
    Design(3, 1, 1, 17),
    Design(1, 17, 1, 3),
)
SETTINGS = (
    ("independent periods", INDEPENDENT, 0.0),
    ("autocorrelation .8", Process("", (0.8,)), 0.0),
    ("random walks", Process("", (1.0,)), 0.0),
    ("effects vary", INDEPENDENT, 1.5),
)


def cells_of(design: Design, draws: int) -> list[Cell]:
    """Power: at an effect of 1 SD of one period's noise."""
    starts, orders = design.starts, reassign(design.starts, ("",) * design.starts.size, ORDERS)
    had = (np.arange(design.periods) >= starts[:, None]).astype(float)
    possible = (orders.starts[:, :, None] <= np.arange(design.periods)).astype(float)
    if not orders.exact:
        possible = np.concatenate([had[None], possible])
    if len(possible) > ORDERS + 1:
        chosen = np.random.default_rng(SEED).choice(len(possible), ORDERS, replace=False)
        possible = np.concatenate([had[None], possible[chosen]])
    cells = []
    for number, (words, process, varying) in enumerate(SETTINGS):
        random = np.random.default_rng((SEED, design.waves, design.together, design.before, number))
        wrong, power = [], []
        for start in range(0, draws, BATCH):
            shape = (min(BATCH, draws - start), starts.size)
            means = process.draw(random, (*shape, design.before + design.periods)) + random.normal(
                0, BETWEEN, (*shape, 1)
            )
            later = means[:, :, design.before :]
            if varying:
                later = later + had * random.normal(0, varying, (*shape, 1))
            earlier = means[:, :, : design.before].mean(axis=2) if design.before else None
            wrong.append(open_locks(later, had, possible, earlier))
            power.append(open_locks(later + had, had, possible, earlier))
        orders_alone, spread, kept = np.concatenate(wrong).T
        both = percent(orders_alone & spread & kept)
        words = f"{design.words}, {words}; power at an effect of 1 SD"
        cells += [
            Cell(
                "phased",
                words,
                draws,
                both,
                100 - percent((orders_alone & spread)[kept]) if kept.any() else None,
                percent(np.all(np.concatenate(power), axis=1)),
                held_back=100 - percent(kept),
            ),
            Cell(f"{NOT_OFFERED}orders alone", words, draws, percent(orders_alone)),
        ]
    return cells


def open_locks(later: Floats, had: Floats, possible: Floats, earlier: Floats | None) -> np.ndarray:
    """Draws x 3: whether the counted orders, and the interval by the spread of groups, call it an effect; and whether
    the degrees of freedom allow a verdict."""
    draws, groups, _ = later.shape
    rest, program = _left(later, earlier), _left(np.broadcast_to(had, later.shape), earlier)
    shares = np.full((draws, groups, groups), 1 / groups)
    if earlier is not None:
        own = _direction(earlier)
        shares = shares + own[:, :, None] * own[:, None, :]
    df = group_df(program, shares)
    effect = (program * rest).sum(axis=(1, 2)) / (program**2).sum(axis=(1, 2))
    reach = stats.t.ppf(0.975, df) * group_error(rest, program, np.diagonal(shares, axis1=1, axis2=2))
    return np.column_stack([p_of_orders(rest, had, possible, earlier) <= 0.05, np.abs(effect) > reach, df >= LEAST_DF])


def _direction(earlier: Floats) -> Floats:
    own = earlier - earlier.mean(axis=1, keepdims=True)
    return np.asarray(own / np.linalg.norm(own, axis=1, keepdims=True))


def _left(values: Floats, earlier: Floats | None) -> Floats:
    """Without the mean of each period, and without what follows the earlier mean."""
    rest = values - values.mean(axis=1, keepdims=True)
    if earlier is None:
        return np.asarray(rest)
    own = _direction(earlier)
    return np.asarray(rest - own[:, :, None] * np.einsum("dg,dgt->dt", own, rest)[:, None, :])


def p_of_orders(rest: Floats, had: Floats, possible: Floats, earlier: Floats | None) -> Floats:
    """The test of `orders.count_orders` for many draws at once. `rest`: outcomes without means and the earlier mean,
    draws x groups x periods; `possible`: orders x groups x periods, the one made among them."""
    draws, groups, periods = rest.shape
    taken = np.zeros((draws, len(possible)))
    if earlier is not None:
        own = _direction(earlier)
        for period in range(periods):
            taken += (own @ possible[:, :, period].T) ** 2
    counts = possible.sum(axis=1)
    length = np.sqrt(np.maximum((counts - counts**2 / groups).sum(axis=1) - taken, 0.0))
    values = rest.reshape(draws, -1) @ possible.reshape(len(possible), -1).T
    strength = np.abs(np.divide(values, length, out=np.zeros_like(values), where=length > 1e-9))
    made = int(np.flatnonzero((possible == had).all(axis=(1, 2)))[0])
    return (strength >= strength[:, made : made + 1] * (1 - 1e-9)).mean(axis=1)


CELLS = tuple(partial(cells_of, design) for design in DESIGNS)
