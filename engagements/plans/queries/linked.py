"""Money by stage and indicators that belong to a plan."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, Sum

from engagements.access.plans import visible_indicators
from engagements.models import LedgerTotal, Plan, Stage, User


@dataclass(frozen=True)
class PlanStageSum:
    """Net dollars of one stage in prices of one year. A dollar goes through several stages: stages are not added."""

    stage: str
    label: str
    price_year: int
    usd: Decimal


@dataclass(frozen=True)
class PlanMoney:
    """`is_shown`: the viewer may see money. `as_of`: when the last entry was made."""

    is_shown: bool
    stages: tuple[PlanStageSum, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True)
class PlanIndicator:
    pk: int
    kind: str
    name: str
    unit: str
    direction: str
    baseline: float | None
    target: float | None


def plan_money(plan: Plan, may_see: bool) -> PlanMoney:
    """From the totals the database keeps. One statement."""
    if not may_see:
        return PlanMoney(False)
    found = LedgerTotal.objects.filter(plan_id=plan.pk, is_fictional=plan.is_fictional)
    rows = list(found.values("stage", "price_year").annotate(usd=Sum("net_usd"), last=Max("last_entered_at")))
    order = [stage.value for stage in Stage]
    rows.sort(key=lambda row: (order.index(row["stage"]), row["price_year"]))
    return PlanMoney(
        True,
        tuple(PlanStageSum(row["stage"], Stage(row["stage"]).label, row["price_year"], row["usd"]) for row in rows),
        max((row["last"] for row in rows), default=None),
    )


def plan_indicators(user: User, plan: int) -> tuple[PlanIndicator, ...]:
    """Those the viewer may see. One statement."""
    return tuple(
        PlanIndicator(
            row.pk,
            row.get_kind_display(),
            row.name,
            row.get_unit_display(),
            row.get_direction_display(),
            row.baseline,
            row.target,
        )
        for row in visible_indicators(user).filter(plan_id=plan)
    )
