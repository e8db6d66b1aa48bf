"""Groups by periods: what every design over time reads. Each group counts the same, whatever its size.

A group is the data's cluster; where no cluster is named, the city; where neither is, the arm. Equal weights answer
"what did it change in the average group", and keep the tests honest where sizes differ much: a weight of its size
would let one large group decide.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Cells, Floats, PilotData, Texts
from engagements.pilots.rules.estimates import Refused, scale_of
from engagements.pilots.rules.estimators.periods import count_periods
from engagements.pilots.rules.registration import Registration

Flags = NDArray[np.bool_]
MOST_CELLS = 2_000_000  # groups times periods: a file of lone groups and lone periods must not fill the memory


@dataclass(frozen=True)
class Panel:
    """`means`, `people` and `has_program` are groups x periods. `means` in the shown unit, NaN where none was measured.

    `has_program`: the cell belongs to the treated arm. `numbers`: ascending, one per period. `blocks`: of each group.
    """

    groups: tuple[str, ...]
    periods: tuple[str, ...]
    numbers: tuple[int, ...]
    means: Floats
    people: Floats
    has_program: Flags
    blocks: tuple[str, ...]

    @property
    def is_treated(self) -> Flags:
        """Of each group, whether it had the program in some period."""
        return np.asarray(self.has_program.any(axis=1))

    @property
    def largest_count(self) -> int:
        """People measured in the period with the most."""
        return round(float(self.people.sum(axis=0).max()))


def build_panel(registration: Registration, data: PilotData, treated: str, method: str) -> Panel | Refused:
    """Means by group and period of the treated arm and the comparison arm; other arms are left out.

    Refuses data without periods, periods written in several ways, a group that is in two blocks or that has both arms
    in one period, and outcomes that are all the same.
    """
    comparison = registration.arms[0].key
    counts, totals = _counts(data)
    use = ((data.arm == treated) | (data.arm == comparison)) & (counts > 0)
    if not use.any():
        return Refused(method, "No outcome was measured.", "Outcomes of groups with and without the program.")
    arms, blocks = data.arm[use], data.block[use]
    groups, group_of = np.unique(_groups(data)[use], return_inverse=True)
    periods, period_of = np.unique(data.period[use].astype(str), return_inverse=True)
    if groups.size * periods.size > MOST_CELLS:
        return Refused(
            method,
            f"{groups.size:,} groups in {periods.size:,} periods are more than an analysis can hold.",
            f"At most {MOST_CELLS:,} groups times periods.",
        )
    numbers = count_periods([str(period) for period in periods])
    if numbers is None:
        return Refused(
            method,
            "The periods are not all written in one way.",
            "One of 2024, 2024-03, 2024Q1, 2024-W05 or 2024-03-15, the same in every line.",
        )
    order = np.argsort(numbers)
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    shape = (groups.size, periods.size)
    cell = group_of * periods.size + place[period_of]
    people = np.bincount(cell, counts[use], minlength=groups.size * periods.size).reshape(shape)
    sums = np.bincount(cell, totals[use], minlength=groups.size * periods.size).reshape(shape)
    program = np.bincount(cell, counts[use] * (arms == treated), minlength=groups.size * periods.size).reshape(shape)
    if ((program > 0) & (program < people)).any():
        return Refused(
            method,
            "A group has people with and without the program in one period.",
            "Groups that are with it or without it as a whole in each period.",
        )
    block_of = [set(blocks[group_of == group]) for group in range(groups.size)]
    if any(len(found) > 1 for found in block_of):
        return Refused(method, "A group is in two blocks.", "One block per group.")
    means = np.full(shape, np.nan)
    np.divide(sums, people, out=means, where=people > 0)
    if np.ptp(means[people > 0]) == 0:
        return Refused(
            method, "Every outcome has the same value.", "An outcome that differs between groups or periods."
        )
    return Panel(
        groups=tuple(str(group) for group in groups),
        periods=tuple(str(periods[index]) for index in order),
        numbers=tuple(numbers[index] for index in order),
        means=means * scale_of(registration.outcome),
        people=np.asarray(people, dtype=float),
        has_program=program > 0,
        blocks=tuple(str(next(iter(found))) for found in block_of),
    )


def refuse_gaps(panel: Panel, method: str) -> Refused | None:
    """A group that was not measured in some period: its mean before and after would be of other periods."""
    missing = int((panel.people == 0).any(axis=1).sum())
    if not missing:
        return None
    return Refused(
        method,
        f"{missing} of {len(panel.groups)} groups {'was' if missing == 1 else 'were'} not measured in every period.",
        "An outcome of every group in every period.",
    )


def _counts(data: PilotData) -> tuple[Floats, Floats]:
    """How many were measured, and the sum of their outcomes, per entry."""
    if isinstance(data, Cells):
        known = np.isfinite(data.n) & np.isfinite(data.total)
        return np.where(known, data.n, 0.0), np.where(known, data.total, 0.0)
    known = np.isfinite(data.outcome)
    return known.astype(float), np.where(known, data.outcome, 0.0)


def _groups(data: PilotData) -> Texts:
    """One text per entry that names its group; groups of two cities may have one name."""
    names = [
        f"{city}: {cluster}" if city and cluster else str(cluster or city or arm)
        for city, cluster, arm in zip(data.city, data.cluster, data.arm, strict=True)
    ]
    return np.array(names, dtype=object).astype(str)
