"""Synthetic control as offered: exact placebos among places followed within the limit, and their inversion."""

from functools import partial

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.placebos import count_placebos, follow_each
from engagements.pilots.rules.estimators.synthetic import LEAST_DONORS
from mobility_portal.bench.pilot_cells.cell import Cell, percent
from mobility_portal.bench.pilot_cells.processes import Process

SEED = 904
FACTORS = 2
NOISE = Process("", (0.5,))
WALK = Process("", (1.0,))
# Places without the program, periods before and after, and the largest misfit that is allowed (None: any).
DESIGNS = ((19, 12, 6, None), (19, 24, 12, None), (39, 24, 12, None), (39, 12, 6, None), (39, 24, 12, 0.9))


def cells_of(donors: int, before: int, after: int, limit: float | None, draws: int) -> list[Cell]:
    """Places lean on two random walks, each in its own way, and have noise of their own with autocorrelation .5.

    Power: at an effect of 3 SDs of a place's own noise. Held back: the place or too few others are within the limit.
    """
    random = np.random.default_rng((SEED, donors, before, after, 0 if limit is None else 1))
    wrong, power, kept = np.zeros(draws, bool), np.zeros(draws, bool), np.zeros(draws, bool)
    for number in range(draws):
        means = _draw(random, donors + 1, before + after)
        places = follow_each(means, before)
        counted = places.within(np.inf if limit is None else limit)
        if 0 not in counted or counted.size - 1 < LEAST_DONORS:
            continue
        found = count_placebos(places, 0, counted)
        kept[number] = np.isfinite([found.low, found.high]).all()
        wrong[number] = kept[number] and found.p <= 0.05
        power[number] = kept[number] and found.low + 3 / np.sqrt(1 - 0.25) > 0
    words = f"{donors} comparison places, {before} periods before, {after} after"
    if limit is not None:
        words += f", misfit of at most {limit:g}"
    words += "; power at an effect of 3 SDs"
    return [
        Cell(
            "synthetic",
            words,
            draws,
            percent(wrong[kept]),
            100 - percent(wrong[kept]),
            percent(power),
            held_back=100 - percent(kept),
        )
    ]


def _draw(random: np.random.Generator, places: int, periods: int) -> Floats:
    common = WALK.draw(random, (FACTORS, periods))
    leaning = random.normal(0, 0.5, (places, FACTORS))
    return random.normal(size=(places, 1)) + leaning @ (common - common[:, :1]) + NOISE.draw(random, (places, periods))


CELLS = tuple(partial(cells_of, *design) for design in DESIGNS)
