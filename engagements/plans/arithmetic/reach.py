"""How many people's worth of the study's effect a plan may expect, and by which rule."""

from dataclasses import dataclass

from engagements.plans.arithmetic.interventions import RULES, Intervention, Rule
from engagements.plans.arithmetic.quantities import Quantity, certain, no_quantity

PLANNED = "a number of the plan, not an estimate"
NO_TAKEUP = "the planned take-up is missing"
NO_STUDY = "no study is chosen"
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
    """Rows on those who took part: N x u. Rows on an offer: N, or N x u / the study's u with a written reason.

    Source: methods section 3 as amended. Worked: N=200, u=.7: 140; an offer with study take-up .5: 200, or 280.
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
    offered, takeup = intervention.offered, intervention.takeup
    if effect.estimand == "tot":
        if takeup is None:
            return Multiplier(None, "takeup", reason=NO_TAKEUP)
        return Multiplier(offered * takeup, "takeup")
    wants_ratio = intervention.rule == "takeup_ratio" or (
        not intervention.rule and bool(intervention.itt_reason.strip())
    )
    if wants_ratio and effect.study_takeup is not None and takeup is not None:
        return Multiplier(offered * takeup / effect.study_takeup, "takeup_ratio")
    return Multiplier(offered, "offered", warning=_warn_unscaled(intervention, effect.study_takeup, wants_ratio))


def _warn_unscaled(intervention: Intervention, study: float | None, wants_ratio: bool) -> str:
    """`study`: the study's own take-up, 0 to 1, where it is known."""
    planned = intervention.takeup
    if wants_ratio and study is None:
        return "The effect of the offer is not scaled to the planned take-up: the study's own take-up is not known."
    if wants_ratio:
        return "The effect of the offer is not scaled: the planned take-up is missing."
    if study is not None and planned is not None and abs(study - planned) > 0.05:
        return (
            f"Take-up is planned at {planned:.0%} and was {study:.0%} in the study. The effect of the offer is not "
            "scaled, because no reason is written why it would change in proportion."
        )
    return ""
