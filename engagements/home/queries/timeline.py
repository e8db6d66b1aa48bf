"""What an engagement's one timeline shows: money by stage and quarter, work, published updates, approved values."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.access.work import engagement_for, permissions_in, with_cached_permissions
from engagements.discussion.queries.updates import UpdateRow, updates
from engagements.indicators.queries.indicators import IndicatorRow, indicators
from engagements.indicators.queries.values import ValueRow, values
from engagements.milestones.queries.milestones import MilestoneFilter, MilestoneRow, milestones
from engagements.models import LedgerTotal, Stage, User
from engagements.permissions import VIEW_MONEY, VIEW_PUBLISHED

MOST_MILESTONES = 300  # drawn; the rest is told by its number


@dataclass(frozen=True)
class QuarterSum:
    """`net_usd` entered for the quarter, `to_date_usd` with all quarters before it."""

    quarter_start: date
    net_usd: Decimal
    to_date_usd: Decimal


@dataclass(frozen=True)
class MoneyStage:
    stage: str
    label: str
    quarters: tuple[QuarterSum, ...]

    @property
    def total_usd(self) -> Decimal:
        return self.quarters[-1].to_date_usd


@dataclass(frozen=True)
class MoneySeries:
    """`as_of`: when the last entry was made. `price_years`: whose dollars are in the sums, as entered."""

    stages: tuple[MoneyStage, ...]
    price_years: tuple[int, ...]
    entries: int
    as_of: datetime


@dataclass(frozen=True)
class IndicatorSeries:
    """Approved values of everybody, oldest first."""

    row: IndicatorRow
    values: tuple[ValueRow, ...]


@dataclass(frozen=True)
class EngagementTimeline:
    """`money` None: not for this reader, or none entered: `sees_money` says which."""

    engagement_id: int
    slug: str
    city_name: str
    initiative: str
    is_fictional: bool
    sees_money: bool
    money: MoneySeries | None
    milestones: tuple[MilestoneRow, ...]
    milestones_total: int
    updates: tuple[UpdateRow, ...]
    indicators: tuple[IndicatorSeries, ...]


@with_cached_permissions
def engagement_timeline(user: User, key: int | str, *, today: date) -> EngagementTimeline:
    """Raises NotFound. The same number of statements whatever there is in it, but for money one may not see."""
    found = engagement_for(user, key, VIEW_PUBLISHED)
    sees_money = VIEW_MONEY in permissions_in(user, found.pk)
    work = milestones(user, MilestoneFilter(engagements=(found.pk,)), today=today, limit=MOST_MILESTONES)
    return EngagementTimeline(
        engagement_id=found.pk,
        slug=found.slug,
        city_name=found.city.name,
        initiative=found.initiative.name,
        is_fictional=found.is_fictional,
        sees_money=sees_money,
        money=_money(found.pk, found.is_fictional) if sees_money else None,
        milestones=tuple(work.rows),
        milestones_total=work.total,
        updates=tuple(row for row in updates(user, engagements=(found.pk,)) if row.published_at),
        indicators=_indicators(user, found.pk, today),
    )


def _money(engagement: int, is_fictional: bool) -> MoneySeries | None:
    """Of this engagement alone: what is committed to the whole initiative is not divided among its cities."""
    rows = list(LedgerTotal.objects.filter(engagement=engagement, is_fictional=is_fictional))
    if not rows:
        return None
    sums: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        sums[row.stage][row.quarter_start] += row.net_usd
    return MoneySeries(
        stages=tuple(_stage(stage, sums[stage.value]) for stage in Stage if stage.value in sums),
        price_years=tuple(sorted({row.price_year for row in rows})),
        entries=sum(row.entries for row in rows),
        as_of=max(row.last_entered_at for row in rows),
    )


def _stage(stage: Stage, by_quarter: dict[date, Decimal]) -> MoneyStage:
    made, reached = [], Decimal()
    for quarter in sorted(by_quarter):
        reached += by_quarter[quarter]
        made.append(QuarterSum(quarter, by_quarter[quarter], reached))
    return MoneyStage(stage.value, stage.label, tuple(made))


def _indicators(user: User, engagement: int, today: date) -> tuple[IndicatorSeries, ...]:
    approved: dict[int, list[ValueRow]] = defaultdict(list)
    for value in values(user, engagements=(engagement,), statuses=("approved", "locked"), with_groups=False):
        approved[value.indicator_id].append(value)
    rows = indicators(user, today=today, engagements=(engagement,))
    return tuple(IndicatorSeries(row, tuple(reversed(approved[row.pk]))) for row in rows)
