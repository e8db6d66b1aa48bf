"""Made-up data of a registered pilot, as its assumptions describe it: one entry per group and period, with an effect.

People of one group are alike (`icc`). Of what differs between groups, most stays from period to period; the rest are
shocks of the group's period that fade by half each period. Nothing of this is known for certain before data: the page
says so beside the result. A pilot that states no `icc` gets .05; one series for each arm gets shocks alone.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engagements.pilots.rules.data import Cells, Floats
from engagements.pilots.rules.estimates import scale_of
from engagements.pilots.rules.power.drawn import clusters_by_arm, spread_sizes
from engagements.pilots.rules.registration import DesignKind, OutcomeKind, Registration
from engagements.verdicts import Wanted

ICC = 0.05  # where none is assumed
STAYS = 0.8  # of the variance between groups
FADES_TO = 0.5  # of a shock, one period later
WITHOUT_GROUPS = {DesignKind.SERIES: (1, 1), DesignKind.SYNTHETIC: (19, 1)}  # comparison, treated

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """`starts`: of each group, the first period with the program (from 0), or `periods` for never. `sizes`: people of
    each group in each period. `registration`: with the starts in it as the methods read them."""

    registration: Registration
    starts: Whole
    sizes: Floats
    periods: int

    @property
    def names(self) -> list[str]:
        return [f"group {number:03d}" for number in range(len(self.starts))]


def lay_out(registration: Registration) -> Layout:
    """Groups, periods and starts. `people` are measured in every period; they need not be the same people."""
    assumed = registration.assumptions
    other, treated = groups_of(registration)
    over_time = registration.design != DesignKind.CLUSTERS
    before = assumed.periods_before or 0 if over_time else 0
    periods = before + (assumed.periods_after or 0 if over_time else 1)
    starts = np.full(other + treated, periods, dtype=np.int64)
    if registration.design == DesignKind.PHASED:
        starts = _one_after_the_other(other + treated, max(before, 1), periods)
    elif registration.design == DesignKind.STAGGERED:
        starts[other:] = _one_after_the_other(treated, before, periods)
    else:
        starts[other:] = before
    mean = float(assumed.people or 0) / max(len(starts), 1)
    sizes = np.array(spread_sizes(len(starts), mean, assumed.size_cv))
    # Ascending sizes: mix them, the same way every time, so that neither kind has all the large groups.
    order = np.argsort((np.arange(len(starts)) * 0.6180339887) % 1.0)
    bare = Layout(registration, starts, np.maximum(np.rint(sizes[order]), 1.0), periods)
    return replace(bare, registration=replace(registration, starts_in=_named_starts(bare, before)))


def groups_of(registration: Registration) -> tuple[int, int]:
    """Comparison and treated groups; a phased draw has treated ones only, in the end."""
    if not registration.assumptions.clusters:
        return WITHOUT_GROUPS.get(registration.design, (0, 0))
    if registration.design == DesignKind.SYNTHETIC and registration.assumptions.treated_clusters is None:
        return registration.assumptions.clusters - 1, 1
    return clusters_by_arm(registration)


def make_cells(layout: Layout, effect: float, random: Generator) -> Cells:
    """Data of one trial. `effect` in the shown unit, 0 or more, in the good direction."""
    registration = layout.registration
    size, periods = len(layout.starts), layout.periods
    has_program = np.arange(periods) >= layout.starts[:, None]
    sign = 1.0 if registration.outcome.better == Wanted.MORE else -1.0
    people = np.broadcast_to(layout.sizes[:, None], (size, periods))
    moved = np.asarray(sign * effect / scale_of(registration.outcome) * has_program, dtype=np.float64)
    total, squares = _outcomes(registration, people, moved, random)
    keys = np.array([arm.key for arm in registration.arms[:2]], dtype=object)
    empty = np.full(size * periods, "", dtype=object)
    return Cells(
        arm=keys[has_program.astype(int)].ravel(),
        n=people.ravel().astype(float),
        total=total.ravel(),
        squares=squares.ravel(),
        assigned=people.ravel().astype(float),
        took_part=np.full(size * periods, np.nan),
        city=empty,
        block=empty,
        cluster=np.repeat(np.array(layout.names, dtype=object), periods),
        period=np.tile(np.array([str(number + 1) for number in range(periods)], dtype=object), size),
        group=empty,
    )


def _outcomes(registration: Registration, people: Floats, moved: Floats, random: Generator) -> tuple[Floats, Floats]:
    """Sums and sums of squares by group and period, as collected."""
    assumed, is_share = registration.assumptions, registration.outcome.kind == OutcomeKind.SHARE
    base = float(assumed.base_rate or 0.0) / 100.0
    sd = float(np.sqrt(base * (1.0 - base))) if is_share else float(assumed.sd or 0.0)
    icc = ICC if assumed.icc is None else assumed.icc
    between = sd * np.sqrt(icc) * _hang_together(people.shape, random)
    if is_share:
        events = random.binomial(people.astype(int), np.clip(base + between + moved, 0.0, 1.0)).astype(float)
        return events, events
    within = sd * np.sqrt(1.0 - icc)
    mean = between + moved + within / np.sqrt(people) * random.normal(size=people.shape)
    spread = within**2 * random.chisquare(np.maximum(people - 1.0, 1.0)) * (people > 1)
    return people * mean, people * mean**2 + spread


def _hang_together(shape: tuple[int, ...], random: Generator) -> Floats:
    """Groups x periods, variance 1: what stays, and shocks that fade. One period: what stays and a shock are one."""
    shocks = np.empty(shape)
    shocks[:, 0] = random.normal(size=shape[0])
    for period in range(1, shape[1]):
        fresh = np.sqrt(1.0 - FADES_TO**2) * random.normal(size=shape[0])
        shocks[:, period] = FADES_TO * shocks[:, period - 1] + fresh
    levels = random.normal(size=(shape[0], 1))
    return np.asarray(np.sqrt(STAYS) * levels + np.sqrt(1.0 - STAYS) * shocks)


def _one_after_the_other(groups: int, first: int, periods: int) -> Whole:
    """Starts from `first` to the last period, as evenly as can be, in an order that tells nothing of sizes."""
    return first + np.arange(groups) * max(periods - first, 1) // max(groups, 1)


def _named_starts(layout: Layout, before: int) -> tuple[str, ...]:
    """As the methods read them: one start for all, or each group's."""
    if layout.registration.design in (DesignKind.PHASED, DesignKind.STAGGERED):
        pairs = zip(layout.names, layout.starts, strict=True)
        return tuple(f"{name}={start + 1}" for name, start in pairs if start < layout.periods)
    return (str(before + 1),)
