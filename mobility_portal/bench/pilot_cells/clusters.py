"""Whole groups drawn: both locks as offered, at the level they are lowered to, and at 5 percent to see what that costs.

People of a cluster are alike (ICC .05), 50 on average. Sizes: all the same, or drawn anew from a log-normal with the
coefficient of variation said. Effects vary: normal with an SD of half of one person's, twice that of cluster means, and
0 on average; or, of a rare outcome, each treated cluster's share doubles or falls to nothing.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engagements.pilots.rules.estimators import patterns, randomization, wild
from engagements.pilots.rules.estimators.cluster_fit import fit
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.clusters import FEWEST_DF
from engagements.pilots.rules.estimators.locks import PROMISED, Lock, lock_for
from engagements.pilots.rules.estimators.reference import two_sided
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell, percent
from mobility_portal.bench.pilot_cells.cluster_outcomes import KINDS, Kind, draw_sizes, promised_effect

SEED = 417
BATCH = 500
MOST_DRAWS = 1_000  # of the randomization test, here only: p stays exact, power is a little lower


@dataclass(frozen=True)
class Design:
    """`treated` of the `size` clusters of each of the `blocks`."""

    size: int
    treated: int
    blocks: int = 1

    @property
    def words(self) -> str:
        if self.blocks == 1:
            return f"{self.size} clusters, {self.treated} treated"
        return f"{self.blocks} blocks of {self.size} clusters, {self.treated} treated in each"

    @property
    def treated_and_block(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each cluster."""
        place = np.arange(self.size * self.blocks)
        return place % self.size < self.treated, place // self.size


DESIGNS = (
    *(Design(size, treated) for size, treated in ((6, 3), (7, 3), (8, 3), (8, 4), (9, 4), (12, 4), (12, 6), (16, 8))),
    *(Design(10, treated) for treated in (3, 4, 5, 7)),
    *(Design(20, treated) for treated in (3, 6, 10, 14, 17)),
    *(Design(40, treated) for treated in (3, 8, 13, 20, 30, 37)),
    *(Design(80, treated) for treated in (16, 40)),
    *(Design(2, 1, blocks) for blocks in (6, 10)),
    *(Design(3, 1, blocks) for blocks in (3, 6)),
    *(Design(4, 2, blocks) for blocks in (3, 5)),
    *(Design(10, treated, blocks) for treated, blocks in ((2, 2), (5, 2), (3, 4), (5, 4))),
)
BETWEEN = 0.5
SIZES = {"equal sizes": 0.0, "sizes with CV .5": BETWEEN, "sizes with CV 1": 1.0}


@dataclass(frozen=True)
class Tests:
    """One entry per draw: p of both tests, the second 1 where the first is not under .05; and whether CR2 has the
    degrees of freedom for a verdict."""

    first: np.ndarray
    second: np.ndarray
    has_df: np.ndarray

    def open_at(self, alpha: float) -> np.ndarray:
        return (self.first < alpha) & (self.second < alpha)


@dataclass(frozen=True)
class Found:
    """All draws of one setting: with no effect on average, and with the promised one where power is asked for."""

    design: Design
    setting: str
    lock: Lock
    nobody: Tests
    somebody: Tests | None


def cells_of(design: Design, draws: int) -> list[Cell]:
    """All outcomes and sizes of one design."""
    cells = []
    for words, cv in SIZES.items():
        for kind in KINDS.values():
            if cv == BETWEEN and kind.has_power:
                continue  # without an effect for anybody neither end comes near the limit
            random = np.random.default_rng(
                (SEED, design.size, design.treated, design.blocks, int(10 * cv), len(kind.words))
            )
            found = _draw(design, f"{words}, {kind.words}", cv, kind, draws, random)
            cells += [_cell(found, found.lock.alpha, draws), *_unlowered(found, draws)]
    return cells


def _draw(design: Design, setting: str, cv: float, kind: Kind, draws: int, random: np.random.Generator) -> Found:
    treated, block = design.treated_and_block
    lock = lock_for(ClusterSums(treated, block, np.ones(len(block)), np.zeros(len(block))))
    possible = _possible(ClusterSums(treated, block, np.ones(len(block)), np.zeros(len(block))), lock, random)
    nobody, somebody = [], []
    for start in range(0, draws, BATCH):
        n = draw_sizes(random, cv, (min(BATCH, draws - start), len(block)))
        nobody.append(_test(ClusterSums(treated, block, n, kind.draw(random, n, treated, 0.0)), lock, possible))
        if kind.has_power:
            effect = promised_effect(ClusterSums(treated, block, n, np.zeros(n.shape)), kind, lock)
            total = kind.draw(random, n, treated, effect[:, None])
            somebody.append(_test(ClusterSums(treated, block, n, total), lock, possible))
    return Found(design, setting, lock, _join(nobody), _join(somebody) if somebody else None)


def _possible(sums: ClusterSums, lock: Lock, random: np.random.Generator) -> np.ndarray:
    """Signs, or draws: all of them, or the one made and a sample."""
    if lock.second == "wild":
        return wild.patterns_for(len(sums.block))
    draws, is_all = patterns.draws_of(sums)
    if is_all and len(draws) <= MOST_DRAWS:
        return draws
    sample = random.choice(len(draws), size=MOST_DRAWS - 1, replace=False)
    return np.vstack([sums.treated[None, :], draws[sample]])


def _test(sums: ClusterSums, lock: Lock, possible: np.ndarray) -> Tests:
    found = fit(sums)
    usable = np.isfinite(found.df) & (found.standard_error > 0.0)
    t = np.where(usable, found.effect / np.where(usable, found.standard_error, 1.0), 0.0)
    first = np.asarray(two_sided(t, np.where(usable, found.df, 1.0)))
    # Where the first lock stays shut the second is of no matter, and costs the most.
    asked = first < PROMISED
    second = np.ones(first.shape)
    if asked.any():
        second[asked] = _second(replace(sums, n=sums.n[asked], total=sums.total[asked]), lock, possible)
    return Tests(first, second, np.broadcast_to(found.df >= FEWEST_DF, t.shape))


def _second(sums: ClusterSums, lock: Lock, possible: np.ndarray) -> np.ndarray:
    return wild.p_value(sums, possible) if lock.second == "wild" else randomization.p_value(sums, possible)


def _join(parts: list[Tests]) -> Tests:
    return Tests(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("first", "second", "has_df")))


def _cell(found: Found, alpha: float, draws: int) -> Cell:
    """The interval shown is the wider of both tests': it leaves out the truth where both do."""
    wrong = found.nobody.open_at(alpha)
    kept = found.nobody.has_df & found.lock.is_reachable
    power = None
    if found.somebody is not None and found.somebody.has_df.any():
        # Nothing is promised where too few degrees of freedom hold the verdict back.
        power = percent(found.somebody.open_at(alpha)[found.somebody.has_df])
    return Cell(
        f"clustered, {found.lock.second}, {100 * (1 - alpha):.1f}%",
        f"{found.design.words}, {found.setting}",
        draws,
        percent(wrong & kept),
        100 - percent(wrong[kept]) if kept.any() else None,
        power,
        held_back=100 - percent(kept),
    )


def _unlowered(found: Found, draws: int) -> list[Cell]:
    """The same draws with both locks at 5 percent, to see what lowering prevents and what power it costs."""
    if found.lock.alpha >= PROMISED:
        return []
    cell = _cell(found, PROMISED, draws)
    return [replace(cell, design=f"{NOT_OFFERED}{cell.design}")]


CELLS = tuple(partial(cells_of, design) for design in DESIGNS)
