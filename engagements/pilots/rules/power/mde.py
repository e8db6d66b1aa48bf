"""The smallest effect that a registered test can detect, by formula, in the time between two key strokes.

The multiple of the standard error is t(1 - alpha/2) + t(power) (Bloom 1995). For clusters sizes and draw are known or
assumed, and t has CR2's df: with t(clusters - 2) real power is 28 to 81 percent where 80 were promised. For a share the
variance of the treated is that of the share they would reach, which textbooks leave out: power at the base rate's
variance alone is 75 percent at 22 in 100 (600 people), and 64 at 5 in 100, where 80 were promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators.counted_units import counted
from engagements.pilots.rules.power.designs import precision_of
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.power.precision import Precision
from engagements.pilots.rules.registration import OutcomeKind, Registration
from engagements.pilots.rules.spoken_numbers import speak


@dataclass(frozen=True)
class Detectable:
    """`value`: on everybody offered, in the shown unit, found with `power` percent at `level` percent. `df`: None for
    the normal. `on_takers`: what that is for each who takes part, None if all do. `sentence`: for the page."""

    value: float
    level: float
    power: float
    df: float | None
    sentence: str
    on_takers: float | None = None
    people: float = 0.0
    clusters: int = 0


def detectable(
    registration: Registration, clusters: Sequence[DrawnCluster] | None = None, *, is_locked: bool = False
) -> Detectable | Refused:
    """Of the primary contrast; `clusters`: as drawn, once they are. `is_locked`: the sentence is read by everybody, not
    by whoever writes the plan.

    Worked: 600 people in two equal arms, SD 12,000: 2,744.98; with r2 .4 2,126.25, and 3,543.76 on those who take part
    if 60 in 100 do.
    """
    precision = precision_of(registration, clusters)
    if isinstance(precision, Refused):
        return precision
    assumed = registration.assumptions
    value = precision.effect_at(assumed.power)
    takers = 100.0 * value / assumed.take_up if assumed.take_up < 100.0 else None
    return Detectable(
        value=value,
        level=round(precision.level, 6),
        power=assumed.power,
        df=None if precision.df == float("inf") else precision.df,
        sentence=_sentence(registration, precision, value, takers, is_locked=is_locked),
        on_takers=takers,
        people=precision.people,
        clusters=precision.clusters,
    )


def _sentence(
    registration: Registration, precision: Precision, value: float, takers: float | None, *, is_locked: bool
) -> str:
    worth = registration.smallest_worthwhile
    spoken = speak(registration.outcome, (value, worth), (0.0,))
    per = " in 100" if spoken.is_share else ""
    size = f"{spoken.size(value)}{per}"
    wanted = f"{spoken.size(worth)}{per if is_locked or value <= worth else ''}"
    said = "the plan says" if is_locked else "you said"
    found = f"cannot detect less than {size}" if value > worth else f"can detect {size} or more"
    sentences = [f"{_with_these(registration, precision)} this test {found}; {said} {wanted} would be worth it."]
    if registration.outcome.kind == OutcomeKind.SHARE and value > _room(registration):
        sentences.append("That is more than can change.")
    if takers is not None:
        each = speak(registration.outcome, (takers,), (0.0,))
        share = f"{registration.assumptions.take_up:g} in 100"
        sentences.append(f"If {share} take part, that is {each.size(takers)}{per} of those who do.")
    return " ".join(sentences)


def _with_these(registration: Registration, precision: Precision) -> str:
    people = f"{round(precision.people):,} {registration.people}"
    if not precision.clusters:
        return f"With these {people}"
    groups = counted(precision.clusters, registration.unit)
    return f"With these {groups} ({precision.treated_clusters} of them offered it) and {people}"


def _room(registration: Registration) -> float:
    """How many points a share can move in the good direction."""
    base = float(registration.assumptions.base_rate or 0.0)
    return base if registration.outcome.better.value == "less" else 100.0 - base
