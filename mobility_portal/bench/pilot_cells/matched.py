"""Matched pairs with both locks: the paired t interval and the sign flips."""

import numpy as np

from engagements.pilots.rules.estimators.reference import quantile
from engagements.pilots.rules.estimators.sign_flips import MOST_COUNTED, patterns
from mobility_portal.bench.pilot_cells.cell import Cell, beyond_zero, percent
from mobility_portal.bench.pilot_cells.outcomes import KINDS, Floats, vary
from mobility_portal.bench.pilot_cells.people import BATCH, SEED

PAIRS = (6, 8, 12, 20)
OUTCOMES = ("normal", "earnings", "effects vary", "share of 5%", "share of 30%")


def pairs(draws: int) -> list[Cell]:
    """Members of a pair share half of their variance; power at the effect that the t test should find in 80 of 100."""
    cells = []
    for count in PAIRS:
        for kind in OUTCOMES:
            rng = np.random.default_rng((SEED, 4, count, len(kind)))
            differences = _draw(rng, draws, count, kind)
            wrong, covered = _locks(differences)
            power = None
            if kind == "normal":
                found = float((quantile(95, count - 1) + quantile(60, count - 1)) * np.sqrt(1 / count))
                power = percent(_locks(differences + found)[0])
            cells.append(
                Cell("matched pairs", f"{count} pairs, {kind}", draws, percent(wrong), percent(covered), power)
            )
    return cells


def _draw(rng: np.random.Generator, draws: int, count: int, kind: str) -> Floats:
    shape = (draws, count)
    if kind.startswith("share"):
        rate = float(kind.split()[-1].rstrip("%")) / 100
        return (rng.random(shape) < rate).astype(float) - (rng.random(shape) < rate)
    draw = KINDS.get(kind, KINDS["normal"])
    differences = np.sqrt(0.5) * (draw(rng, shape) - draw(rng, shape))
    return differences + vary(rng, shape) if kind == "effects vary" else differences


def _locks(differences: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Both locks reject no effect; the t interval covers it. Without any variation the portal refuses: neither."""
    count = differences.shape[1]
    mean = differences.mean(axis=1)
    half = quantile(95, count - 1) * differences.std(axis=1, ddof=1) / np.sqrt(count)
    far = beyond_zero(mean - half, mean + half) & (half > 0)
    wrong = far.copy()
    signs = patterns(count)
    places = np.flatnonzero(far)  # only there can both reject
    step = max(1, BATCH // len(signs))
    for start in range(0, len(places), step):
        here = places[start : start + step]
        flipped = np.abs(differences[here] @ signs.T) / count
        slack = 1e-9 * np.abs(differences[here]).max(axis=1)
        beyond = (flipped >= (np.abs(mean[here]) - slack)[:, None]).sum(axis=1)
        p = beyond / len(signs) if count <= MOST_COUNTED else (beyond + 1) / (len(signs) + 1)
        wrong[here] = p < 0.05
    return wrong, ~far


CELLS = (pairs,)
