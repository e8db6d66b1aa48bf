"""Repeated looks at two growing arms: O'Brien-Fleming spending five times, and always valid after every person."""

import numpy as np

from engagements.pilots.rules.estimators.looks import nominal_level
from engagements.pilots.rules.estimators.means import welch
from engagements.pilots.rules.estimators.reference import quantile
from engagements.pilots.rules.registration import Boundary, Registration
from mobility_portal.bench.pilot_cells.cell import Cell, percent
from mobility_portal.bench.pilot_cells.made import registration
from mobility_portal.bench.pilot_cells.outcomes import KINDS, Floats
from mobility_portal.bench.pilot_cells.people import SEED

FIVE = (0.2, 0.4, 0.6, 0.8, 1.0)


def looks(draws: int) -> list[Cell]:
    """Power at the effect that one look at the end would find in 80 of 100."""
    spending = registration(looks=FIVE, boundary=Boundary.OBRIEN_FLEMING)
    always = registration(looks=(1.0,), boundary=Boundary.ALWAYS_VALID)
    cells = []
    for people in (50, 100, 500):
        for kind in KINDS:
            at = [round(share * people) for share in FIVE]
            cells.append(_cell("5 looks, O'Brien-Fleming", spending, draws, people, kind, at))
    for people in (50, 200):
        for kind in KINDS:
            every = list(range(10, people + 1))
            cells.append(_cell("a look after each two people, always valid", always, draws, people, kind, every))
    return cells


def _cell(name: str, plan: Registration, draws: int, people: int, kind: str, at: list[int]) -> Cell:
    rng = np.random.default_rng((SEED, 5, people, len(kind), len(at)))
    shares = [count / people for count in at]
    if plan.boundary == Boundary.ALWAYS_VALID:
        levels = [nominal_level(plan, share) for share in shares]
    else:
        levels = [nominal_level(plan, share, shares[:place]) for place, share in enumerate(shares)]
    effect = 2.8 * np.sqrt(2 / people)
    crossed, found = [], []
    step = max(1, 1_000_000 // people)
    for start in range(0, draws, step):
        arms = [KINDS[kind](rng, (min(step, draws - start), people)) for _ in range(2)]
        crossed.append(_crossed(arms, at, levels))
        found.append(_crossed([arms[0], arms[1] + effect], at, levels))
    wrong = np.concatenate(crossed)
    return Cell(
        name,
        f"{people} people in each arm, {kind}",
        draws,
        percent(wrong),
        100 - percent(wrong),
        percent(np.concatenate(found)),
    )


def _crossed(arms: list[Floats], at: list[int], levels: list[float]) -> np.ndarray:
    """At any look the interval at its level is beyond 0."""
    total = np.stack([np.cumsum(arm, axis=1) for arm in arms], axis=-1)
    squares = np.stack([np.cumsum(arm**2, axis=1) for arm in arms], axis=-1)
    ever = np.zeros(len(arms[0]), dtype=bool)
    for count, level in zip(at, levels, strict=True):
        here = welch(np.array([count, count]), total[:, count - 1], squares[:, count - 1])
        ever |= np.abs(here.value) > quantile(level, np.maximum(here.df, 1)) * here.standard_error
    return ever


CELLS = (looks,)
