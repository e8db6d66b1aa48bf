"""The treated arm against the comparison: what every method for people asks first, and how its answer is put."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Estimate, Refused, scale_of
from engagements.pilots.rules.estimators.counted_units import not_few
from engagements.pilots.rules.estimators.means import Difference
from engagements.pilots.rules.estimators.reference import quantile, two_sided
from engagements.pilots.rules.registration import OutcomeKind, Registration
from engagements.pilots.rules.tallies import ArmTally, as_cells, by_arm, part_of

# Simulated from here up (bench, part "pilots"); also no figure about fewer people is published.
FEWEST_PEOPLE = 10


@dataclass(frozen=True)
class Contrast:
    """`data`: the entries of these two arms. `scale`: from collected to shown values. `level`: asked for, percent."""

    data: PilotData
    comparison: ArmTally
    treated: ArmTally
    scale: float
    level: float
    is_share: bool

    @property
    def people(self) -> int:
        return round(self.comparison.n + self.treated.n)


def contrast_of(
    registration: Registration, data: PilotData, treated: str, method: str, fewest: int = FEWEST_PEOPLE
) -> Contrast | Refused:
    """Both arms with their sums, or why they cannot be compared at all."""
    keys = [registration.arms[0].key, treated]
    data = part_of(data, np.isin(data.arm, np.array(keys, dtype=object)))
    cells = as_cells(data)
    comparison, other = by_arm(cells, keys)
    is_share = registration.outcome.kind == OutcomeKind.SHARE
    names = {arm.key: arm.name for arm in registration.arms}
    for arm in (comparison, other):
        name = names.get(arm.key, arm.key)
        if arm.n == 0:
            return Refused(method, f"Nobody in “{name}” has a known outcome.", "Outcomes of people in both groups.")
        if arm.n < fewest:
            return Refused(
                method,
                f"Known outcomes in “{name}”: of {not_few(round(arm.n), 'person')} only.",
                f"At least {fewest} people with a known outcome in each group.",
            )
    if is_share and not np.allclose(cells.squares, cells.total, rtol=1e-9, atol=1e-9):
        return Refused(
            method,
            "The outcome is registered as a share, but has values other than 0 and 1.",
            "Each person's outcome as 0 or 1, or the count of people with the outcome.",
        )
    if comparison.spread == 0 and other.spread == 0:
        same = comparison.mean == other.mean or abs(comparison.mean - other.mean) <= 1e-12 * abs(other.mean)
        return Refused(
            method,
            "Every outcome has the same value." if same else "Within each group, every outcome has the same value.",
            "Outcomes that differ between people. Check that the right column was read.",
        )
    return Contrast(data, comparison, other, scale_of(registration.outcome), registration.assumptions.level, is_share)


def put(
    method: str,
    contrast: Contrast,
    found: Difference,
    level: float,
    *,
    caps: Sequence[str] = (),
    notes: Sequence[str] = (),
    details: Mapping[str, float | str | list[float] | None] | None = None,
    units: int | None = None,
) -> Estimate:
    """A difference with its t interval at `level`, in the shown unit."""
    value, error, df = (float(one) for one in (found.value, found.standard_error, found.df))
    half = float(quantile(level, df)) * error
    return Estimate(
        method=method,
        value=contrast.scale * value,
        standard_error=contrast.scale * error,
        low=contrast.scale * (value - half),
        high=contrast.scale * (value + half),
        level=level,
        df=df,
        p=float(two_sided(value / error, df)),
        people=contrast.people,
        units=contrast.people if units is None else units,
        caps=tuple(caps),
        notes=tuple(notes),
        details=dict(details or {}),
    )
