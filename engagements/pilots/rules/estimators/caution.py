"""When people are too few for a t interval: a lower level, or no verdict at all, and the sentences that say so."""

from dataclasses import dataclass

from engagements.pilots.rules.estimators.unequal_arms import LIKE, level_for
from engagements.pilots.rules.tallies import ArmTally

FEW_EVENTS = 10


@dataclass(frozen=True)
class Caution:
    """`level`: in percent, of the interval as it is shown; sentences for the reader."""

    level: float
    caps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def caution_for(comparison: ArmTally, treated: ArmTally, level: float, *, is_share: bool) -> Caution:
    """What the sizes of two arms ask of a t interval around a difference of means or of shares.

    Worked: 30 against 90 at 95 -> 97.5; 10 against 90 -> no verdict; 100 against 100 -> as asked.
    """
    small, large = sorted((comparison.n, treated.n))
    caps, notes = [], []
    shown = level_for(small, large, level)
    if shown is None:
        caps.append(f"The groups are too unequal for their size: {small:,.0f} people and {large:,.0f}.")
    elif shown != level:
        notes.append(
            f"The interval is at {shown:g} percent, because the groups are unequal: "
            f"{small:,.0f} people and {large:,.0f}."
        )
    if is_share and large > LIKE * small and _fewest_events(comparison, treated) < FEW_EVENTS:
        caps.append(f"In one of two unequal groups, fewer than {FEW_EVENTS} people had, or did not have, the outcome.")
    if not is_share and 0 in (comparison.spread, treated.spread):
        caps.append("Everybody in one group has the same value, so chance cannot be judged there.")
    return Caution(level if shown is None else shown, tuple(caps), tuple(notes))


def _fewest_events(*arms: ArmTally) -> float:
    return min(min(arm.total, arm.n - arm.total) for arm in arms)
