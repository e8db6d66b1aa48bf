"""The worked plan of the methods text: 200 offered, 70 in 100 take part, $3,477 a year (standard error 1,418)."""

from dataclasses import replace

from engagements.plans.arithmetic import Effect, Intervention, PlanInput, compute_plan

MTO = Effect(
    key="mto-young",
    value=3477,
    standard_error=1418,
    unit="dollars per year",
    outcome="adult earnings",
    outcome_family="earnings",
    estimand="tot",
    population="children in public housing",
    outcome_age="at about age 26",
    is_verified=True,
    source="the worked example",
)
OFFER = replace(MTO, key="offer", estimand="itt", study_takeup=0.5)
MOVES = Intervention(key="moves", name="help with moving", people="children", offered=200, takeup=0.7, effect=MTO)


def change(**changes) -> Intervention:
    return replace(MOVES, **changes)


def compute(*interventions: Intervention, price_year: int = 2024, **plan):
    return compute_plan(PlanInput(tuple(interventions), price_year, **plan))


def one(intervention: Intervention = MOVES, **plan):
    """The only row."""
    return compute(intervention, **plan).rows[0]
