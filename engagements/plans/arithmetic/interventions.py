"""One intervention of a plan: who is offered what, what a study says about it, and what it costs."""

from dataclasses import dataclass, field
from typing import Literal

from engagements.limits import MOST_USD_EACH, MOST_USD_INTERVENTION
from engagements.plans.arithmetic.effects import Effect
from engagements.plans.arithmetic.lifetime import LifetimeInput
from engagements.plans.arithmetic.prices import check_price_year
from engagements.plans.arithmetic.refusals import (
    PlanningRefused,
    as_floats,
    check_money,
    check_number,
    check_people,
    check_takeup,
    check_text,
)
from engagements.plans.arithmetic.transport import Transport

Rule = Literal["", "takeup", "takeup_ratio"]
CostBasis = Literal["offered", "reached", "total"]
RULES = {
    "takeup": "people offered it x take-up x effect x share that carries over",
    "takeup_ratio": "people offered it x effect x planned take-up / the study's take-up x share that carries over",
}
MOST_MONTHS = 600


@dataclass(frozen=True)
class Intervention:
    """offered: how many; takeup: share of them who take part, above 0 up to 1, None when not planned yet; people: their
    word.

    rule: how the effect is multiplied; empty lets the estimand decide. study_takeup: share of those offered who took
    part in the study, as the planner gives it where the study's row records none; itt_reason: where that was read, or
    why the planned take-up is taken as the study's. cost_usd: dollars of `cost_price_year` for each person offered,
    each reached, or in total, once or per month of `duration_months`. lifetime: for help with moving only. Raises
    PlanningRefused with the names of these fields.
    """

    key: str
    name: str
    offered: float
    effect: Effect | None = None
    takeup: float | None = None
    people: str = "people"
    transport: Transport = field(default_factory=Transport)
    rule: Rule = ""
    study_takeup: float | None = None
    itt_reason: str = ""
    cost_usd: float | None = None
    cost_price_year: int | None = None
    cost_basis: CostBasis = "reached"
    cost_period: Literal["once", "month"] = "once"
    duration_months: float | None = None
    moves_children: bool = False
    lifetime: LifetimeInput | None = None

    def __post_init__(self) -> None:
        as_floats(self, "offered", "takeup", "study_takeup", "cost_usd", "duration_months")
        check_text("key", self.key, "The intervention needs a key that stays the same.")
        check_text("name", self.name, "Give the intervention a name.")
        check_text("people", self.people, "Say who is offered it: families, children, adults.")
        check_people("offered", self.offered, "The number offered it")
        if self.takeup is not None:
            check_takeup("takeup", self.takeup, "Take-up")
        if self.duration_months is not None:
            months = check_number("duration_months", self.duration_months, "The duration")
            if not 0 < months <= MOST_MONTHS:
                raise PlanningRefused("duration_months", f"The duration is above 0 and at most {MOST_MONTHS} months.")
        if self.cost_basis not in ("offered", "reached", "total") or self.cost_period not in ("once", "month"):
            raise PlanningRefused(
                "cost_basis",
                "Say for whom the cost is (each offered, each reached, all) and how often (once, a month).",
            )
        if self.cost_usd is not None:
            check_money(
                "cost_usd",
                self.cost_usd,
                "The cost",
                most=MOST_USD_INTERVENTION if self.cost_basis == "total" else MOST_USD_EACH,
            )
            if self.cost_price_year is None:
                raise PlanningRefused("cost_price_year", "Say in which year's prices the cost is given.")
            check_price_year("cost_price_year", self.cost_price_year)
            if self.cost_period == "month" and self.duration_months is None:
                raise PlanningRefused("duration_months", "The cost is per month: say for how many months.")
        if self.lifetime is not None and not self.moves_children:
            raise PlanningRefused(
                "lifetime",
                "Lifetime earnings are calculated only for help with moving. The share behind them comes from children "
                "who moved, and says nothing about a place that changes.",
            )
        self._check_study_takeup()
        self._check_rule()

    def _check_study_takeup(self) -> None:
        if self.study_takeup is None:
            return
        check_takeup("study_takeup", self.study_takeup, "The study's take-up")
        if self.effect is None or self.effect.estimand != "itt":
            raise PlanningRefused(
                "study_takeup", "Only the effect of an offer (ITT) is scaled from the study's take-up. Leave it empty."
            )
        if self.effect.study_takeup is not None:
            raise PlanningRefused(
                "study_takeup",
                f"The study's row records its take-up, {self.effect.study_takeup:.1%}. Leave this empty.",
            )
        check_text(
            "itt_reason",
            self.itt_reason,
            "Write where the study's take-up was read, or why the planned one is taken as the study's.",
        )

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
        if estimand == "itt" and self.rule == "takeup":
            raise PlanningRefused(
                "rule",
                "This study reports the effect of being offered it, so people who did not take part are already "
                "counted in. Multiplying by take-up would count them twice. It is scaled by planned / study take-up.",
            )
        if estimand == "tot" and self.rule != "takeup":
            raise PlanningRefused(
                "rule",
                "This study reports the effect on those who took part. It must be multiplied by take-up, or people "
                "who never took part would be credited with it.",
            )

    @property
    def takeup_of_study(self) -> float | None:
        """Share of those offered who took part in the study: as its row records it, else as the planner gives it."""
        recorded = self.effect.study_takeup if self.effect else None
        return self.study_takeup if recorded is None else recorded
