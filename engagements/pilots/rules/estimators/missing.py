"""The registered rule about people whose outcome is not known, applied before any method. Shares only."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engagements.pilots.rules.data import Cells, PilotData, Rows
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.registration import MissingRule, OutcomeKind, Registration
from engagements.verdicts import Wanted

_CAP = (
    "Counting the people with no known outcome the other way, what it did could be worth having: "
    "too many outcomes are missing to say that it was not."
)


def answer(
    registration: Registration, data: PilotData, treated: str, method: str, compute: Callable[[PilotData], Answer]
) -> Answer:
    """`compute` on those measured, or under the rule "worst" with the missing filled against the program.

    Filled so, the estimate may say "worked" but must not say "did not work" or "made things worse" because of people
    nobody measured: if filled the other way the smallest effect worth having is inside the interval, it is capped.
    """
    if registration.missing != MissingRule.WORST:
        return compute(data)
    if registration.outcome.kind != OutcomeKind.SHARE:
        return Refused(
            method,
            "Missing outcomes can be counted as the worst answer only where the outcome is a share.",
            "A registered rule for missing outcomes that fits an average.",
        )
    if isinstance(data, Cells) and bool(np.isnan(data.assigned).any()):
        return Refused(
            method,
            "The data do not say how many people were drawn, so missing outcomes cannot be counted as the worst.",
            "The number of people drawn into each group, beside the number measured.",
        )
    worst = compute(filled(registration, data, treated, against=True))
    best = compute(filled(registration, data, treated, against=False))
    if not isinstance(worst, Estimate) or not isinstance(best, Estimate):
        return worst
    worthwhile = registration.smallest_worthwhile
    if _best_end(registration, worst) < worthwhile <= _best_end(registration, best):
        return replace(worst, caps=(*worst.caps, _CAP))
    return worst


def filled(registration: Registration, data: PilotData, treated: str, *, against: bool) -> PilotData:
    """Everybody drawn has an outcome: `against` the program the bad one if treated, the good one if not."""
    good = 1.0 if registration.outcome.better == Wanted.MORE else 0.0
    is_treated = data.arm == treated
    value = np.where(is_treated == against, 1 - good, good)
    if isinstance(data, Rows):
        return replace(data, outcome=np.where(np.isfinite(data.outcome), data.outcome, value))
    lost = np.maximum(data.assigned - data.n, 0.0)
    return replace(
        data,
        n=data.n + lost,
        total=data.total + lost * value,
        squares=data.squares + lost * value**2,
    )


def _best_end(registration: Registration, estimate: Estimate) -> float:
    """The end of the interval on the good side, with better turned to plus."""
    return estimate.high if registration.outcome.better == Wanted.MORE else -estimate.low
