"""How many people's worth of the study's effect a plan may expect, and by which rule."""

from dataclasses import dataclass

from atlas.formatting.shares import format_short_percent
from engagements.plans.arithmetic.interventions import RULES, Intervention, Rule
from engagements.plans.arithmetic.quantities import Quantity, certain, no_quantity

PLANNED = "a number of the plan, not an estimate"
NO_TAKEUP = "the planned take-up is missing"
NO_STUDY = "no study is chosen"
NO_STUDY_TAKEUP = (
    "the study reports the effect of an offer and its take-up is not recorded, so it cannot be brought to the planned "
    "take-up; give the study's take-up, or write why the planned one is taken as the study's"
)
NEAR = 0.05  # take-ups no further apart are not spoken of
NOT_STATED = (
    "the study doesn't state whether its effect is on everybody offered it or on those who took part, "
    "so it is not multiplied"
)
RELATIVE = (
    "the effect is relative to a level the row doesn't give, so a number of people cannot be multiplied by it; where "
    "percentage points are meant, the unit must say so"
)


@dataclass(frozen=True)
class Multiplier:
    """count: of people, times the effect on one; None with the reason. warning: a sentence shown with the number."""

    count: float | None
    rule: Rule = ""
    reason: str = ""
    warning: str = ""

    @property
    def words(self) -> str:
        return RULES.get(self.rule, "")


def count_offered(intervention: Intervention) -> Quantity:
    return certain(intervention.offered, intervention.people, PLANNED)


def count_reached(intervention: Intervention) -> Quantity:
    """N x take-up. Worked: 200 x .7 = 140."""
    if intervention.takeup is None:
        return no_quantity(intervention.people, NO_TAKEUP)
    return certain(intervention.offered * intervention.takeup, intervention.people, PLANNED)


def find_multiplier(intervention: Intervention) -> Multiplier:
    """Rows on those who took part: N x u. Rows on an offer: N x u / the study's u, for a study's offer holds at its u.

    Source: methods sections 0a and 3; the ratio is Bloom's (1984) no-show correction, carried to another take-up. It
    supposes that whoever does not take part is not affected. Worked: N=200, u=.7: 140; an offer taken up by .5 of
    those in the study: 280; by nobody knows how many: no number.
    """
    effect = intervention.effect
    if effect is None:
        return Multiplier(None, reason=NO_STUDY)
    if effect.reason:
        return Multiplier(None, reason=effect.reason)
    if effect.scale == "relative":
        return Multiplier(None, reason=RELATIVE)
    if not effect.estimand:
        return Multiplier(None, reason=NOT_STATED)
    offered, takeup, study = intervention.offered, intervention.takeup, intervention.takeup_of_study
    rule: Rule = "takeup" if effect.estimand == "tot" else "takeup_ratio"
    if takeup is None:
        return Multiplier(None, rule, reason=NO_TAKEUP)
    if rule == "takeup":
        return Multiplier(offered * takeup, rule)
    if study is None:
        return Multiplier(None, rule, reason=NO_STUDY_TAKEUP)
    return Multiplier(offered * takeup / study, rule, warning=_warn_scaled(intervention, takeup, study))


def _warn_scaled(intervention: Intervention, planned: float, study: float) -> str:
    """On what the study's take-up rests where the planner gave it; what scaling does where the two differ."""
    said = []
    if intervention.study_takeup is not None:
        said.append(
            f"The study's row records no take-up. The planner takes it as {format_short_percent(study)}: "
            f"{intervention.itt_reason.strip().rstrip('.')}."
        )
    if abs(study - planned) > NEAR:
        here, there = format_short_percent(planned), format_short_percent(study)
        said.append(
            f"Take-up is planned at {here} and was {there} in the study. The effect of the "
            "offer is scaled in proportion; no study measured it at the planned take-up."
        )
    return " ".join(said)
