"""Phased starts as offered: orders of starts counted, and the spread of groups, adjusted for an earlier mean."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.assignments import reassign
from engagements.pilots.rules.estimators.orders import group_error
from engagements.pilots.rules.quantiles import quantile
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell, percent
from mobility_portal.bench.pilot_cells.processes import INDEPENDENT, Process

SEED = 905
ORDERS = 999
BATCH = 250
BETWEEN = 2.0  # SD of groups' own levels, in SDs of one period


@dataclass(frozen=True)
class Design:
    """`together`: groups that start in each wave, one period apart; `before`: periods before the first start."""

    waves: int
    together: int
    before: int = 1

    @property
    def starts(self) -> np.ndarray:
        return np.repeat(np.arange(self.waves), self.together)

    @property
    def words(self) -> str:
        begin = f"{self.before} periods before" if self.before else "none before"
        return f"{self.waves * self.together} groups in {self.waves} waves, {begin}"


DESIGNS = (Design(3, 2), Design(4, 1), Design(5, 2), Design(5, 4), Design(5, 4, 0), Design(4, 10), Design(5, 2, 4))
SETTINGS = (
    ("independent periods", INDEPENDENT, 0.0),
    ("autocorrelation .8", Process("", (0.8,)), 0.0),
    ("random walks", Process("", (1.0,)), 0.0),
    ("effects vary", INDEPENDENT, 1.5),
)


def cells_of(design: Design, draws: int) -> list[Cell]:
    """Power: at an effect of 1 SD of one period's noise."""
    starts, orders = design.starts, reassign(design.starts, ("",) * design.starts.size, ORDERS)
    had = (np.arange(design.waves) >= starts[:, None]).astype(float)
    possible = (orders.starts[:, :, None] <= np.arange(design.waves)).astype(float)
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
            means = process.draw(random, (*shape, design.before + design.waves)) + random.normal(
                0, BETWEEN, (*shape, 1)
            )
            later = means[:, :, design.before :]
            if varying:
                later = later + had * random.normal(0, varying, (*shape, 1))
            earlier = means[:, :, : design.before].mean(axis=2) if design.before else None
            wrong.append(open_locks(later, had, possible, earlier))
            power.append(open_locks(later + had, had, possible, earlier))
        locks = np.concatenate(wrong)
        both = percent(np.all(locks, axis=1))
        words = f"{design.words}, {words}; power at an effect of 1 SD"
        cells += [
            Cell("phased", words, draws, both, 100 - both, percent(np.all(np.concatenate(power), axis=1))),
            Cell(f"{NOT_OFFERED}orders alone", words, draws, percent(locks[:, 0])),
        ]
    return cells


def open_locks(later: Floats, had: Floats, possible: Floats, earlier: Floats | None) -> np.ndarray:
    """Draws x 2: whether the counted orders, and the interval by the spread of groups, call it an effect."""
    draws, groups, _ = later.shape
    rest, program = _left(later, earlier), _left(np.broadcast_to(had, later.shape), earlier)
    leverage, df = np.full((draws, groups), 1 / groups), groups - 2
    if earlier is not None:
        leverage, df = leverage + _direction(earlier) ** 2, df - 1
    effect = (program * rest).sum(axis=(1, 2)) / (program**2).sum(axis=(1, 2))
    reach = quantile(0.975, df) * group_error(rest, program, leverage)
    return np.column_stack([p_of_orders(rest, had, possible, earlier) <= 0.05, np.abs(effect) > reach])


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
