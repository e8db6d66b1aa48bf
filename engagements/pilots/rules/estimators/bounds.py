"""Lee bounds: what the effect on people measured either way can be, when one group lost more people than the other.

D. S. Lee (2009), Review of Economic Studies 76, 1071-1102. The group that lost fewer is trimmed by the gap, once from
its highest outcomes and once from its lowest. It assumes that the offer moves being measured in one direction only.
The interval covers the effect, not the whole set (G. Imbens, C. Manski 2004, Econometrica 72, 1845-1857).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from engagements.pilots.rules.data import Cells, Floats, PilotData, Rows, Texts
from engagements.pilots.rules.estimates import Bounds, Refused, scale_of
from engagements.pilots.rules.estimators.proportions import cut_for
from engagements.pilots.rules.estimators.reference import quantile
from engagements.pilots.rules.estimators.trimming import Group, Trimmed, trimmed
from engagements.pilots.rules.registration import DesignKind, Estimator, OutcomeKind, Registration
from engagements.pilots.rules.tallies import Whole, as_cells, codes_of, part_of

METHOD = "bounds"
_CLUSTERED = frozenset({DesignKind.CLUSTERS, DesignKind.PHASED, DesignKind.DIFFERENCES})


def lee(registration: Registration, data: PilotData, treated: str, level: float | None = None) -> Bounds | Refused:
    """Lower and upper bound and the interval around both, in the shown unit. Rows; for shares cells are enough.

    `level`: in percent, of the method's own interval, which is united with this one; None: as registered.
    People of a block weigh so that both arms have the same mix of blocks. Where clusters were drawn, they are what
    counts as independent. Worked: 100 drawn in each arm; 80 of 100 measured in the comparison, half with the outcome;
    all 100 of the treated, 60 with it: trimming 20 leaves 40 of 80 or 60 of 80, so 0 to 25 points.
    """
    keys = (registration.arms[0].key, treated)
    is_share = registration.outcome.kind == OutcomeKind.SHARE
    if isinstance(data, Cells) and not is_share:
        return Refused(METHOD, "Bounds for an average need each person's outcome.", "One row for each person.")
    data = part_of(data, (data.arm == keys[0]) | (data.arm == keys[1]))
    if isinstance(data, Cells) and bool(np.isnan(data.assigned).any()):
        return Refused(METHOD, "The data do not say how many people were drawn.", "People drawn, by group.")
    people = _counted(as_cells(data)) if is_share else _listed(data)
    weight = _balanced(people, keys)
    groups = [_group(people, weight, people.arm == key, registration) for key in keys]
    if min(group.measured for group in groups) < 2 or min(group.units for group in groups) < 2:
        return Refused(METHOD, "A group has too few known outcomes.", "At least two known outcomes in each group.")
    comparison, program = groups
    return _put(registration, comparison, program, registration.assumptions.level if level is None else level)


@dataclass(frozen=True)
class _People:
    """Persons alike: how many, their outcome (NaN: not measured), arm, block number and cluster number."""

    count: Floats
    outcome: Floats
    arm: Texts
    block: Whole
    cluster: Whole


def _listed(data: PilotData) -> _People:
    assert isinstance(data, Rows)
    outcome = np.where(np.isfinite(data.outcome), data.outcome, np.nan)
    block = codes_of(data.city, data.block)[0]
    cluster = codes_of(data.city, data.cluster)[0]
    return _People(np.ones(len(outcome)), outcome, data.arm, block, cluster)


def _counted(cells: Cells) -> _People:
    """Of each cell its ones, its zeros and its people not measured."""
    block, cluster = codes_of(cells.city, cells.block)[0], codes_of(cells.city, cells.cluster)[0]
    counts = (cells.total, cells.n - cells.total, np.maximum(cells.assigned - cells.n, 0.0))
    size = len(cells.n)
    people = _People(
        np.concatenate(counts),
        np.repeat([1.0, 0.0, np.nan], size),
        np.tile(cells.arm, 3),
        np.tile(block, 3),
        np.tile(cluster, 3),
    )
    keep = people.count > 0
    return _People(*(getattr(people, name)[keep] for name in ("count", "outcome", "arm", "block", "cluster")))


def _balanced(people: _People, keys: tuple[str, str]) -> Floats:
    """Weight of each person: people of the block over people of the block in this arm; 0 where an arm has nobody."""
    size = int(people.block.max(initial=-1)) + 1
    arms = [np.bincount(people.block, weights=people.count * (people.arm == key), minlength=size) for key in keys]
    both = (arms[0] > 0) & (arms[1] > 0)
    weights = [np.where(both, (arms[0] + arms[1]) / np.maximum(arm, 1.0), 0.0) for arm in arms]
    return np.asarray(np.where(people.arm == keys[0], weights[0][people.block], weights[1][people.block]))


def _group(people: _People, weight: Floats, here: NDArray[np.bool_], registration: Registration) -> Group:
    keep = here & (weight > 0)
    cluster = people.cluster[keep] if registration.design in _CLUSTERED else None
    return Group(people.count[keep], weight[keep], people.outcome[keep], cluster)


def _put(registration: Registration, comparison: Group, treated: Group, level: float) -> Bounds:
    """Of two shares with few people the error is cut as in Newcombe's interval, which has the same level by name."""
    found = trimmed(comparison, treated)
    scale = scale_of(registration.outcome)
    df = float(min(comparison.units, treated.units) - 1)
    is_newcombe = registration.estimator == Estimator.DIFFERENCE and registration.outcome.kind == OutcomeKind.SHARE
    cut = float(cut_for(comparison.measured, treated.measured)) if is_newcombe else 1.0
    low, high = interval(found, 100 - (100 - level) * cut, df)
    return Bounds(scale * found.low, scale * found.high, scale * low, scale * high, level)


def interval(found: Trimmed, level: float, df: float) -> tuple[float, float]:
    """Ends of the interval that covers the effect: C errors outside both bounds, F(C + width / error) - F(-C) = level,
    with F of t and the larger error. C goes from the two-sided quantile (no width) to the one-sided (wide)."""
    width, error = found.high - found.low, max(found.low_error, found.high_error)
    low, high = float(quantile(2 * level - 100, df)), float(quantile(level, df))
    for _ in range(60 if error > 0 else 0):
        middle = (low + high) / 2
        covered = stdtr(df, middle + width / error) - stdtr(df, -middle)
        low, high = (low, middle) if covered > level / 100 else (middle, high)
    return found.low - high * found.low_error, found.high + high * found.high_error
