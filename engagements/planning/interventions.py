"""One intervention of a plan: who is offered what, what a study says about it, and what it costs."""

from dataclasses import dataclass, field
from typing import Literal

from engagements.planning.effects import Effect
from engagements.planning.prices import check_price_year
from engagements.planning.refusals import (
    PlanningRefused,
    as_floats,
    check_money,
    check_number,
    check_people,
    check_take_up,
    check_words,
)
from engagements.planning.transport import Transport

Rule = Literal["", "take_up", "offered", "take_up_ratio"]
RULES = {
    "take_up": "people offered it x take-up x effect x share that carries over",
    "offered": "people offered it x effect x share that carries over",
    "take_up_ratio": "people offered it x effect x planned take-up / the study's take-up x share that carries over",
}
MOST_MONTHS = 600


@dataclass(frozen=True)
class Intervention:
    """offered: people; take_up: share of them who take part, 0 to 1, None when not planned yet; who: their word.

    rule: how the effect is multiplied; empty lets the estimand decide. scaling_reason: why an effect of an offer is
    scaled to the planned take-up. unit_cost: dollars of `cost_price_year` for each person offered or reached, once or
    per month of `months`. Raises PlanningRefused.
    """

    key: str
    name: str
    offered: float
    effect: Effect | None = None
    take_up: float | None = None
    who: str = "people"
    transport: Transport = field(default_factory=Transport)
    rule: Rule = ""
    scaling_reason: str = ""
    unit_cost: float | None = None
    cost_price_year: int | None = None
    cost_for: Literal["offered", "reached"] = "reached"
    cost_period: Literal["once", "month"] = "once"
    months: float | None = None
    moves_children: bool = False

    def __post_init__(self):
        as_floats(self, "offered", "take_up", "unit_cost", "months")
        check_words("key", self.key, "The intervention needs a key that stays the same.")
        check_words("name", self.name, "Give the intervention a name.")
        check_words("who", self.who, "Say who is offered it: families, children, adults.")
        check_people("offered", self.offered, "The number offered it")
        if self.take_up is not None:
            check_take_up("take_up", self.take_up, "Take-up")
        if self.months is not None and not 0 < check_number("months", self.months, "The duration") <= MOST_MONTHS:
            raise PlanningRefused("months", f"The duration is more than 0 and at most {MOST_MONTHS} months.")
        if self.cost_for not in ("offered", "reached") or self.cost_period not in ("once", "month"):
            raise PlanningRefused("cost_for", "Say whether the cost is per person offered or reached, once or a month.")
        if self.unit_cost is not None:
            check_money("unit_cost", self.unit_cost, "The unit cost")
            if self.cost_price_year is None:
                raise PlanningRefused("cost_price_year", "Say in which year's prices the unit cost is given.")
            check_price_year("cost_price_year", self.cost_price_year)
            if self.cost_period == "month" and self.months is None:
                raise PlanningRefused("months", "The cost is per month: say for how many months.")
        self._check_rule()

    def _check_rule(self) -> None:
        if not self.rule:
            return
        if self.rule not in RULES:
            raise PlanningRefused("rule", "Choose how the effect is multiplied from the list.")
        if self.effect is None:
            raise PlanningRefused("rule", "Choose a study first: without an effect there is nothing to multiply.")
        estimand = self.effect.estimand
        if not estimand:
            raise PlanningRefused(
                "rule",
                "The study's row doesn't say whether its effect is on everybody offered it or on those who took part, "
                "so it cannot be multiplied. Have the row of the evidence library completed.",
            )
        if estimand == "itt" and self.rule == "take_up":
            raise PlanningRefused(
                "rule",
                "This study reports the effect of being offered it, so people who did not take part are already "
                "counted in. Multiplying by take-up would count them twice. Use the number offered.",
            )
        if estimand == "tot" and self.rule != "take_up":
            raise PlanningRefused(
                "rule",
                "This study reports the effect on those who took part. It must be multiplied by take-up, or people "
                "who never took part would be credited with it.",
            )
        if self.rule == "take_up_ratio":
            self._check_ratio()

    def _check_ratio(self) -> None:
        if not self.scaling_reason.strip():
            raise PlanningRefused("scaling_reason", "Write why the effect of an offer may be scaled to your take-up.")
        if self.effect.study_take_up is None:
            raise PlanningRefused("rule", "The study's own take-up is not known, so its effect cannot be scaled.")
        if self.take_up is None:
            raise PlanningRefused("take_up", "Give the planned take-up: the effect is to be scaled to it.")
