"""When sums of a few people are not near enough to normal: a lower level, or no verdict at all.

Arms of like size cancel each other's skewness; unequal ones don't, and sums cannot show how skewed an outcome is. So
the sizes decide. In the bench (part "pilot_cells"), with earnings of which 4 in 10 are 0 and no effect, 10 against 90
people reject in 10% of draws, 30 against 270 in 8%, 100 against 900 in 6%; with half the error 30 against 270 in 5%.
"""

from dataclasses import dataclass

from engagements.pilots.rules.tallies import ArmTally

LIKE = 1.5  # the larger arm has at most so many times the people of the smaller: no caution
VERY_UNLIKE = 5.0
FEW, SOME, MANY = 30, 100, 300  # people in the smaller arm
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


def level_for(n: float, other_n: float, level: float) -> float | None:
    """The level of the interval for arms of these sizes; None: no verdict can rest on so unequal arms."""
    small, large = sorted((n, other_n))
    if large <= LIKE * small or small >= MANY:
        return level
    if small < FEW or (small < SOME and large > VERY_UNLIKE * small):
        return None
    return 100 - (100 - level) / 2


def _fewest_events(*arms: ArmTally) -> float:
    return min(min(arm.total, arm.n - arm.total) for arm in arms)
