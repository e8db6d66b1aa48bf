"""The registered method of designs that draw whole groups: CR2 with Satterthwaite's df, and a second test.

The effect is the difference of means over people (with blocks: within them), so that a large school counts for more
than a small one. Nothing is taken to be found unless both locks open: the CR2 interval, and randomization where the
draw can reach the level, else the wild bootstrap with its signs counted out. The interval shown is the wider of both.
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused, SecondTest, scale_of
from engagements.pilots.rules.estimators import missing, patterns, randomization, wild
from engagements.pilots.rules.estimators.cluster_fit import ClusterFit, fit
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums, informative
from engagements.pilots.rules.estimators.counted_units import counted, plural
from engagements.pilots.rules.estimators.locks import Lock, lock_for
from engagements.pilots.rules.quantiles import below, quantile
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.tallies import ClusterTally, by_cluster

METHOD = "clustered"
FEWEST = 3  # clusters of each kind
FEWEST_DF = 2.0
NO_SPREAD = 1e-10  # a standard error this small beside the outcomes is rounding


@dataclass(frozen=True)
class Fitted:
    """What both tests say of one contrast, as collected."""

    sums: ClusterSums
    fit: ClusterFit
    lock: Lock
    second: SecondTest


def clustered(registration: Registration, data: PilotData, treated: str) -> Answer:
    """The arm `treated` against the comparison arm. Refused under 3 clusters of either kind and without variation."""

    def compute(known: PilotData) -> Answer:
        tally = by_cluster(known, (registration.arms[0].key, treated))
        sums = informative(sums_of(tally))
        if refused := _refuse(registration, tally, sums):
            return refused
        found = fit(sums)
        if not _varies(found, tally):
            return Refused(
                METHOD,
                f"The outcome does not differ between {plural(registration.unit)} of the same kind.",
                "Outcomes that vary: a test compares differences between groups with those within them.",
            )
        lock = lock_for(sums, round(1.0 - registration.assumptions.level / 100.0, 12))
        return _shown(registration, tally, Fitted(sums, found, lock, second_test(sums, found, lock)))

    return missing.answer(registration, data, treated, METHOD, compute)


def sums_of(tally: ClusterTally) -> ClusterSums:
    """Arm 1 is treated; blocks become numbers."""
    _, block = np.unique(tally.block.astype(str), return_inverse=True)
    return ClusterSums(tally.arm == 1, block.astype(np.int64), tally.n, tally.total)


def second_test(sums: ClusterSums, found: ClusterFit, lock: Lock) -> SecondTest:
    """The test that the lock names, with the interval of its inversion."""
    if lock.second == "wild":
        signs = wild.patterns_for(len(sums.block))
        between = wild.interval(sums, lock.alpha, 2.0 * float(found.standard_error), signs)
        p, count, exact = float(wild.p_value(sums, signs)), len(signs), wild.is_exact(len(sums.block))
        count = 2 * count if exact else count
    else:
        draws, exact = patterns.draws_of(sums)
        between = randomization.interval(sums, draws, lock.alpha)
        p, count = float(randomization.p_value(sums, draws)), len(draws)
    low, high = (value if np.isfinite(value) else None for value in (between.low, between.high))
    return SecondTest(lock.second, p, lock.attainable_p, count, exact, low, high)


def _refuse(registration: Registration, tally: ClusterTally, sums: ClusterSums) -> Refused | None:
    unit = registration.unit
    if tally.in_two_arms:
        return Refused(
            METHOD,
            f"People of {counted(tally.in_two_arms, unit)} stand in both groups.",
            f"Each {unit} in one group only, as drawn.",
        )
    if np.any(tally.cluster == ""):
        return Refused(
            METHOD,
            f"Some people's {unit} is not known.",
            f"The {unit} of everybody: whole {plural(unit)} were drawn.",
        )
    offered, not_offered = int(sums.treated.sum()), int((~sums.treated).sum())
    if min(offered, not_offered) < FEWEST:
        few, what = (offered, "got the program") if offered < FEWEST else (not_offered, "did not get the program")
        within = " in blocks that have both kinds" if len(sums.n) < len(tally.n) else ""
        only = f"Only {counted(few, unit)}" if few else f"No {unit}"
        return Refused(METHOD, f"{only} {what}{within}.", f"At least {FEWEST} {plural(unit)} of each kind.")
    return None


def _varies(found: ClusterFit, tally: ClusterTally) -> bool:
    size = np.sqrt(float(tally.squares.sum()) / float(tally.n.sum()))
    return bool(np.isfinite(found.standard_error) and np.isfinite(found.df) and found.standard_error > NO_SPREAD * size)


def _shown(registration: Registration, tally: ClusterTally, found: Fitted) -> Estimate:
    scale, lock, second, df = scale_of(registration.outcome), found.lock, found.second, float(found.fit.df)
    value, error = float(found.fit.effect), float(found.fit.standard_error)
    half = quantile(1.0 - lock.alpha / 2.0, df) * error
    low, high = value - half, value + half
    shown_low = low if second.low is None else min(low, second.low)
    shown_high = high if second.high is None else max(high, second.high)
    return Estimate(
        method=METHOD,
        value=value * scale,
        standard_error=error * scale,
        low=shown_low * scale,
        high=shown_high * scale,
        level=round(100.0 * (1.0 - lock.alpha), 6),
        df=df,
        p=2.0 * below(-abs(value) / error, df),
        attainable_p=second.attainable_p,
        second=_scaled(second, scale),
        people=int(found.sums.n.sum()),
        units=len(found.sums.n),
        caps=_caps(registration, df, lock),
        notes=_notes(registration, tally, found),
        details={
            "treated_clusters": float(found.sums.treated.sum()),
            "cr2_low": low * scale,
            "cr2_high": high * scale,
            "blocks": float(len(found.sums.blocks)),
        },
    )


def _scaled(second: SecondTest, scale: float) -> SecondTest:
    low, high = (None if value is None else value * scale for value in (second.low, second.high))
    return SecondTest(second.name, second.p, second.attainable_p, second.draws, second.exact, low, high)


def _caps(registration: Registration, df: float, lock: Lock) -> tuple[str, ...]:
    caps = []
    if df < FEWEST_DF:
        caps.append(
            f"The comparison rests on so few or so unequal {plural(registration.unit)} that its degrees of freedom "
            f"({df:.1f}) are under {FEWEST_DF:.0f}."
        )
    if not lock.is_reachable:
        caps.append(
            f"With these {plural(registration.unit)} the second test cannot go below {lock.attainable_p:.2g}, and "
            f"would have to go below {lock.alpha:.2g}."
        )
    return tuple(caps)


def _notes(registration: Registration, tally: ClusterTally, found: Fitted) -> tuple[str, ...]:
    notes = [f"Means are over people: a large {registration.unit} counts for more than a small one."]
    if found.lock.is_lowered:
        level = round(100.0 * (1.0 - found.lock.alpha), 2)
        notes.append(
            f"The interval is at {level:g} percent: with so few {plural(registration.unit)}, one at "
            f"{registration.assumptions.level:g} percent would miss the truth more often than it says."
        )
    left_out = len(tally.n) - len(found.sums.n)
    if left_out:
        notes.append(f"Left out: {counted(left_out, registration.unit)} in blocks where all are of one kind.")
    return tuple(notes)
