"""People lost who are not like others: the interval as shown, with Lee bounds where the rule asks for them."""

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.attrition import is_too_much
from engagements.pilots.rules.estimators.bounds import interval
from engagements.pilots.rules.estimators.means import welch
from engagements.pilots.rules.estimators.reference import quantile
from engagements.pilots.rules.estimators.trimming import Group, trimmed
from mobility_portal.bench.pilot_cells.cell import Cell, beyond_zero, percent
from mobility_portal.bench.pilot_cells.made import registration
from mobility_portal.bench.pilot_cells.people import SEED

PLAN = registration()
# People in each arm, percent lost in the comparison and in the treated arm.
SETTINGS = (
    (50, 10, 10), (100, 10, 10), (100, 10, 15), (100, 10, 20), (100, 25, 25), (300, 10, 13), (300, 10, 20),
    (1000, 10, 12), (1000, 10, 14), (3000, 10, 12),
)  # fmt: skip


def lost(draws: int) -> list[Cell]:
    """No effect, and whoever is lost is from the lower half. The interval is the verdict's: the union with the bounds.

    Power at the effect that would be found in 80 of 100 if nobody were lost.
    """
    cells = []
    for people, theirs, ours in SETTINGS:
        rng = np.random.default_rng((SEED, 6, people, theirs, ours))
        found = np.array([_shown(rng, people, theirs / 100, ours / 100, 0.0) for _ in range(draws)])
        effect = 2.8 * np.sqrt(2 / people)
        moved = np.array([_shown(rng, people, theirs / 100, ours / 100, effect) for _ in range(draws // 10)])
        low, high, plain_low, plain_high, bounded = found.T
        wrong = beyond_zero(low, high)
        plain = percent(beyond_zero(plain_low, plain_high))
        setting = (
            f"{people} in each arm, {theirs}% and {ours}% lost from the lower half "
            f"(bounds in {percent(bounded > 0):.0f}%; without any {plain:.1f}% false positives)"
        )
        power = percent(beyond_zero(moved[:, 0], moved[:, 1]))
        cells.append(Cell("difference, people lost", setting, draws, percent(wrong), 100 - percent(wrong), power))
    return cells


def _shown(rng: np.random.Generator, people: int, theirs: float, ours: float, effect: float) -> Floats:
    """Ends as shown, ends without bounds, and whether bounds were asked for."""
    outcome = rng.standard_normal((2, people))
    is_lost = rng.random((2, people)) < 2 * np.array([[theirs], [ours]]) * (outcome < 0)
    outcome[1] += effect
    known = np.where(is_lost, 0.0, outcome)
    found = welch((~is_lost).sum(axis=1), known.sum(axis=1), (known**2).sum(axis=1))
    half = float(quantile(95, found.df) * found.standard_error)
    low, high = float(found.value) - half, float(found.value) + half
    if not is_too_much(PLAN, (people, people), 100 * is_lost.mean(axis=1)):
        return np.array([low, high, low, high, 0.0])
    one = np.ones(people)
    groups = [
        Group(one, one, np.where(lost_here, np.nan, arm)) for arm, lost_here in zip(outcome, is_lost, strict=True)
    ]
    ends = interval(trimmed(*groups), 95, people - 1)
    return np.array([min(low, ends[0]), max(high, ends[1]), low, high, 1.0])


CELLS = (lost,)
