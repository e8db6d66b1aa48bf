"""Sums of money from the totals the database keeps: recorded and invented ones never together."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum

from engagements.access.engagements import engagement_for
from engagements.access.money import visible_budget_lines
from engagements.access.plans import visible_plans
from engagements.access.roles import engagements_with, initiatives_with, permissions_in, with_cached_permissions
from engagements.models import BudgetLine, Engagement, LedgerTotal, Plan, User
from engagements.money.rules import budget as budgets
from engagements.money.rules.stages import STAGES, Stage
from engagements.money.rules.sums import Quarter, cumulative, quarter
from engagements.permissions import VIEW_MONEY, VIEW_PLAN
from engagements.plans.queries.versions import title_as_published


@dataclass(frozen=True)
class StageSum:
    """Net of reversals, dollars as booked; None without an entry: $0 would say that somebody knows."""

    stage: str
    label: str
    definition: str
    usd: Decimal | None
    entries: int


@dataclass(frozen=True)
class SumRow:
    """A funder's or a plan's five sums, in the order of the stages, None where there is no entry. `pk` None: no plan,
    or one not shown."""

    pk: int | None
    name: str
    usd: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class BudgetRow:
    """`plan`, `funder`: names, "" for any. `spent`, `left`: None while no spending is entered for these quarters.
    `left` below 0: more was spent than budgeted."""

    plan: str
    funder: str
    budget: Decimal
    spent: Decimal | None
    left: Decimal | None
    share: Decimal | None
    lines: tuple[BudgetLine, ...]


@dataclass(frozen=True)
class Budget:
    """`spent`: in all, and `outside` every budget; None where no spending is entered."""

    rows: tuple[BudgetRow, ...]
    budget: Decimal
    spent: Decimal | None
    outside: Decimal | None

    @property
    def inside(self) -> Decimal | None:
        known = [row.spent for row in self.rows if row.spent is not None]
        return sum(known, Decimal(0)) if known else None


@dataclass(frozen=True)
class Sums:
    """Of recorded or of invented entries. `over_time`: stage -> ((year, quarter), running total)."""

    is_fictional: bool
    stages: tuple[StageSum, ...]
    by_funder: tuple[SumRow, ...]
    by_plan: tuple[SumRow, ...]
    over_time: dict[str, tuple[tuple[Quarter, Decimal], ...]]
    price_years: tuple[int, ...]
    as_of: datetime | None

    @property
    def entries(self) -> int:
        return sum(stage.entries for stage in self.stages)


@dataclass(frozen=True)
class Money:
    """What an engagement's money page says. Commitments to the whole initiative are of no city and not in it.

    `version` changes with every entry and with every release of the portal.
    """

    engagement: Engagement
    recorded: Sums
    fictional: Sums
    budget: Budget
    fictional_budget: Budget
    permissions: frozenset[str]
    version: str

    @property
    def as_of(self) -> datetime | None:
        return max(filter(None, (self.recorded.as_of, self.fictional.as_of)), default=None)


@with_cached_permissions
def money(user: User, key: int | str) -> Money:
    """Raises NotFound. The same number of statements whatever there is."""
    within = engagement_for(user, key, VIEW_MONEY)
    held = permissions_in(user, within.pk)
    totals = list(LedgerTotal.objects.filter(engagement=within).select_related("funder"))
    plans = _plan_names(within, held)
    lines = list(visible_budget_lines(user).filter(engagement=within).select_related("funder", "plan"))
    recorded, fictional = ([t for t in totals if t.is_fictional is kind] for kind in (False, True))
    return Money(
        engagement=within,
        recorded=sums_of(recorded, plans, False),
        fictional=sums_of(fictional, plans, True),
        budget=_budget([each for each in lines if not each.is_fictional], recorded, plans),
        fictional_budget=_budget([each for each in lines if each.is_fictional], fictional, plans),
        permissions=held,
        version=_version(totals),
    )


@with_cached_permissions
def money_version(user: User, key: int | str) -> str:
    """Whether anything was posted since: as `Money.version`. Raises NotFound."""
    within = engagement_for(user, key, VIEW_MONEY)
    found = LedgerTotal.objects.filter(engagement=within).aggregate(count=Sum("entries"), last=Max("last_entered_at"))
    return _version_of(found["count"], found["last"])


@with_cached_permissions
def money_sums(user: User, *, engagement: int | None = None, initiative: int | None = None) -> tuple[dict, ...]:
    """Sums by initiative, engagement, funder, plan, project, stage, price year and kind, as the API gives them; of all
    that the viewer sees money of. A plan the viewer doesn't see is none. Two statements beside those of the roles."""
    rows = _visible_totals(user)
    if engagement is not None:
        rows = rows.filter(engagement=engagement_for(user, engagement, VIEW_MONEY))
    if initiative is not None:
        rows = rows.filter(initiative=initiative)
    plans = set(visible_plans(user).values_list("pk", flat=True))
    by = (
        "initiative__slug",
        "engagement_id",
        "engagement__slug",
        "funder_id",
        "funder__name",
        "plan_id",
        "project_id",
        "stage",
        "price_year",
        "is_fictional",
    )
    found = (
        rows.order_by(*by).values(*by).annotate(usd=Sum("net_usd"), count=Sum("entries"), as_of=Max("last_entered_at"))
    )
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found:
        row["plan_id"] = row["plan_id"] if row["plan_id"] in plans else None
        same = merged.setdefault(tuple(row[name] for name in by), row)
        if same is not row:
            same["usd"] += row["usd"]
            same["count"] += row["count"]
            same["as_of"] = max(same["as_of"], row["as_of"])
    return tuple(merged.values())


def sums_of(totals: Iterable[LedgerTotal], plans: dict[int, str], is_fictional: bool) -> Sums:
    """Totals of one kind, with their funders."""
    rows = list(totals)
    usd: dict[str, Decimal] = defaultdict(Decimal)
    entries: dict[str, int] = defaultdict(int)
    quarters: dict[str, dict[Quarter, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        usd[row.stage] += row.net_usd
        entries[row.stage] += row.entries
        quarters[row.stage][quarter(row.quarter_start)] += row.net_usd
    return Sums(
        is_fictional=is_fictional,
        stages=tuple(StageSum(m.value, m.label, m.definition, usd.get(m.value), entries[m.value]) for m in STAGES),
        by_funder=_rows(rows, lambda row: (row.funder_id, row.funder.name)),
        by_plan=_rows(rows, lambda row: _plan_of(row, plans)),
        over_time={stage: tuple(cumulative(found)) for stage, found in quarters.items()},
        price_years=tuple(sorted({row.price_year for row in rows})),
        as_of=max((row.last_entered_at for row in rows), default=None),
    )


def _rows(totals: list[LedgerTotal], name: Callable[[LedgerTotal], tuple[int | None, str]]) -> tuple[SumRow, ...]:
    found: dict[tuple[int | None, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in totals:
        found[name(row)][row.stage] += row.net_usd
    ordered = sorted(found.items(), key=lambda pair: (pair[0][0] is None, pair[0][1]))
    return tuple(SumRow(pk, words, tuple(sums.get(stage.value) for stage in STAGES)) for (pk, words), sums in ordered)


def _plan_of(row: LedgerTotal, plans: dict[int, str]) -> tuple[int | None, str]:
    if row.plan_id is None:
        return None, "No plan"
    return (row.plan_id, plans[row.plan_id]) if row.plan_id in plans else (None, "A plan that is not published")


def _plan_names(within: Engagement, held: frozenset[str]) -> dict[int, str]:
    """Drafts are the team's: others read the titles that were published, of what is not archived."""
    rows = Plan.objects.filter(engagement=within)
    if VIEW_PLAN in held:
        return dict(rows.values_list("pk", "title"))
    titles = rows.annotate(published_title=title_as_published("pk")).exclude(published_title=None)
    return dict(titles.values_list("pk", "published_title"))


def _budget(lines: list[BudgetLine], totals: list[LedgerTotal], plans: dict[int, str]) -> Budget:
    spent = [row for row in totals if row.stage == Stage.SPENT]
    compared, outside = budgets.compare(
        [budgets.BudgetAmount(b.plan_id, b.funder_id, b.amount_usd, b.period_start, b.period_end) for b in lines],
        [budgets.QuarterSpending(t.plan_id, t.funder_id, t.quarter_start, t.net_usd) for t in spent],
    )
    rows = []
    for found in compared:
        mine = tuple(b for b in lines if (b.plan_id, b.funder_id) == (found.plan, found.funder))
        plan = plans.get(found.plan, "A plan that is not published") if found.plan else ""
        of_whom = mine[0].funder
        funder = of_whom.name if of_whom else ""
        rows.append(BudgetRow(plan, funder, found.budget, found.spent, found.left, found.share, mine))
    total = sum((r.budget for r in rows), Decimal(0))
    all_spent = sum((t.net_usd for t in spent), Decimal(0)) if spent else None
    return Budget(tuple(sorted(rows, key=lambda r: (r.plan, r.funder))), total, all_spent, outside)


def _version(totals: list[LedgerTotal]) -> str:
    last = max((row.last_entered_at for row in totals), default=None)
    return _version_of(sum(row.entries for row in totals), last)


def _version_of(count: int | None, last: datetime | None) -> str:
    entries = f"{count or 0}-{last.timestamp():.6f}" if last else "0"
    return f"{settings.CODE_VERSION}-{entries}"


def _visible_totals(user: User) -> QuerySet[LedgerTotal]:
    here = Q(engagement__in=engagements_with(user, VIEW_MONEY).values("pk"))
    whole = Q(engagement=None, initiative__in=initiatives_with(user, VIEW_MONEY).values("pk"))
    return LedgerTotal.objects.filter(here | whole)
