"""The entries behind the figures: the same choice of rows as the sums, a page at a time, in funders' words.

Payees, notes of the finance system, internal labels, owners and drafts are in none of them, whoever reads.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.models import BudgetLine, Indicator, IndicatorValue, LedgerEntry, LedgerTotal
from engagements.money.rules.stages import STAGES
from engagements.portfolio.queries.milestones import milestone_rows
from engagements.portfolio.queries.rows_as_of import Sql, read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope
from engagements.portfolio.rules import Budget, budget_within
from engagements.workflow import INDICATOR_VALUE_APPROVED, MILESTONE

PAGE = 100
WHOLE_INITIATIVE = ("none",)  # as the only city of a filter: money of the whole initiative and of no city
WHICH = ("all", "due", "on_time", "late")


@dataclass(frozen=True)
class EntryLine:
    """`net_usd` is negative for a reversal, `reverses` the entry it reverses. No `city`: of the whole initiative."""

    pk: int
    occurred_on: date
    stage_label: str
    net_usd: Decimal
    price_year: int
    funder: str
    city: str
    engagement_slug: str
    reverses: int | None
    entered_at: datetime


@dataclass(frozen=True)
class MilestoneLine:
    pk: int
    title: str
    city: str
    engagement_slug: str
    label: str
    due_on: date | None
    done_on: date | None
    outcome: str


@dataclass(frozen=True)
class ValueLine:
    pk: int
    indicator_id: int
    indicator: str
    city: str
    unit: str
    period_start: date
    period_end: date
    value: float
    low: float | None
    high: float | None
    is_unduplicated: bool
    approved_at: datetime


@dataclass(frozen=True)
class PortfolioBudgetRow:
    """`counted_usd`: its days of the period; `planned_usd`: those until the day."""

    pk: int
    name: str
    city: str
    amount_usd: Decimal
    price_year: int
    first_on: date
    last_on: date
    counted_usd: Decimal
    planned_usd: Decimal


@dataclass(frozen=True)
class ListPage:
    """One page of a list: `total` rows there are, `sums` in the unit of the figure they add up to."""

    rows: tuple
    total: int
    sums: tuple[Decimal | None, ...] = ()


def entries(scope: PortfolioScope, stage: str = "", *, is_fictional: bool = False, page: int = 1) -> ListPage:
    """Of a stage ("" for all), newest day first; the only city “none”: of the whole initiative. Two statements."""
    where, params = _entries_where(scope, stage, is_fictional)
    if scope.as_of is None:
        total, net, days, offset = _from_totals(scope, stage, is_fictional, PAGE * (page - 1))
        where, params = f"{where} AND {days.text}", (*params, *days.params)
    else:
        ((total, net),) = read(f"SELECT count(*), coalesce(sum(net_usd), 0) FROM {where}", params)  # noqa: S608 - our own names; values go as parameters
        offset = PAGE * (page - 1)
    labels = {each.value: each.label for each in STAGES}
    cities = {each.pk: each for each in scope.every_city}
    rows = read(
        f"""SELECT n.id, occurred_on, stage, net_usd, price_year, o.name, engagement_id, reverses_id, entered_at
        FROM {where} ORDER BY occurred_on DESC, n.id DESC LIMIT %s OFFSET %s""",  # noqa: S608 - our own names; values go as parameters
        (*params, PAGE, offset),
    )
    return ListPage(
        tuple(
            EntryLine(
                pk,
                on,
                labels[kind],
                amount,
                year,
                funder,
                cities[at].city if at else "",
                cities[at].slug if at else "",
                reverses,
                entered,
            )
            for pk, on, kind, amount, year, funder, at, reverses, entered in rows
        ),
        total,
        (net if total else None,),  # without an entry there is no sum: $0 would say that somebody knows
    )


def _from_totals(scope: PortfolioScope, stage: str, is_fictional: bool, offset: int) -> tuple[int, Decimal, Sql, int]:
    """How many entries there are, their sum, the days that hold those from `offset` on, and how many of these days'
    entries come before: so that no list reads and sorts all of a portfolio's entries."""
    chosen = _chosen_entries(scope, stage, is_fictional, "n.quarter_start")
    quarters = read(
        f"""SELECT quarter_start, sum(entries), sum(net_usd), array_agg(DISTINCT funder_id)
        FROM {LedgerTotal._meta.db_table} n JOIN engagements_organisation o ON o.id = n.funder_id
        WHERE {chosen.text} GROUP BY 1 HAVING sum(entries) > 0 ORDER BY 1 DESC""",  # noqa: S608 - our own names; values go as parameters
        chosen.params,
    )
    total, net = sum(int(row[1]) for row in quarters), sum((row[2] for row in quarters), Decimal(0))
    before, first, held = 0, None, 0
    funders: set[int] = set()
    last = date.max
    for start, count, _, of in quarters:
        if first is None and before + count <= offset:
            before, last = before + int(count), start
            continue
        first, held, funders = start, held + int(count), funders | set(of)
        if before + held >= offset + PAGE:
            break
    if first is None:
        return total, net, Sql("false", ()), 0
    stages = [stage] if stage else [each.value for each in STAGES]
    # Funders and stages are named for the index on them that ends with the day.
    days = Sql(
        "n.funder_id = ANY(%s) AND n.stage = ANY(%s) AND n.occurred_on >= %s AND n.occurred_on < %s",
        (sorted(funders), stages, first, last),
    )
    return total, net, days, offset - before


def _entries_where(scope: PortfolioScope, stage: str, is_fictional: bool) -> tuple[str, tuple]:
    chosen = _chosen_entries(scope, stage, is_fictional, "n.occurred_on")
    table = f"{LedgerEntry._meta.db_table} n JOIN engagements_organisation o ON o.id = n.funder_id"
    if scope.as_of is None:
        return f"{table} WHERE {chosen.text}", chosen.params
    return f"{table} WHERE {chosen.text} AND n.entered_at <= %s", (*chosen.params, scope.as_of)


def _chosen_entries(scope: PortfolioScope, stage: str, is_fictional: bool, day: str) -> Sql:
    """What the filters let through of entries or of their totals `n`; `day`: the column a period goes by. Periods are
    whole quarters, so that both say the same."""
    filters = scope.filters
    text = "n.initiative_id = %s AND (n.is_fictional OR coalesce(n.engagement_id = ANY(%s), false)) = %s"
    params: list = [scope.initiative.pk, scope.invented, is_fictional]
    optional = (
        (bool(stage), "n.stage = %s", stage),
        (bool(filters.funders), "o.slug = ANY(%s)", list(filters.funders)),
        (filters.starts_on is not None, f"{day} >= %s", filters.starts_on),
        (filters.ends_on is not None, f"{day} <= %s", filters.ends_on),
        (filters.chooses_cities and filters.cities != WHOLE_INITIATIVE, "n.engagement_id = ANY(%s)", scope.ids),
    )
    for is_asked, condition, value in optional:
        if is_asked:
            text, params = f"{text} AND {condition}", [*params, value]
    if filters.cities == WHOLE_INITIATIVE:
        text += " AND n.engagement_id IS NULL"
    return Sql(text, tuple(params))


def milestones(scope: PortfolioScope, which: str, *, is_fictional: bool = False, page: int = 1) -> ListPage:
    """`which`: one of WHICH. By due day. Two statements."""
    rows, still_open = milestone_rows(scope), list(MILESTONE.open_values)
    conditions = {
        "all": ("true", ()),
        "due": ("status <> 'cancelled' AND due_on < %s", (scope.today,)),
        "on_time": ("status = 'done' AND due_on < %s AND done_on <= due_on", (scope.today,)),
        "late": ("status = ANY(%s) AND due_on < %s", (still_open, scope.today)),
    }
    where, params = conditions[which]
    source = f"{rows.text} m WHERE invented = %s AND {where}"
    ((total,),) = read(f"SELECT count(*) FROM {source}", (*rows.params, is_fictional, *params))  # noqa: S608 - our own names; values go as parameters
    cities = {each.pk: each for each in scope.cities}
    found = read(
        f"""SELECT id, title, engagement_id, status, due_on, done_on FROM {source}
        ORDER BY due_on NULLS LAST, id LIMIT %s OFFSET %s""",  # noqa: S608 - our own names; values go as parameters
        (*rows.params, is_fictional, *params, PAGE, PAGE * (page - 1)),
    )
    return ListPage(
        tuple(
            MilestoneLine(
                pk,
                title,
                cities[at].city,
                cities[at].slug,
                MILESTONE.state(status).funder_label,
                due,
                done,
                _outcome(status, due, done, scope.today),
            )
            for pk, title, at, status, due, done in found
        ),
        total,
    )


def _outcome(status: str, due: date | None, done: date | None, today: date) -> str:
    if status == "cancelled" or due is None:
        return "not counted"
    if status == "done":
        return "on time" if done and done <= due else "done late"
    return "late" if due < today else "not due yet"


def values(
    scope: PortfolioScope, indicator: int | None = None, *, is_fictional: bool = False, page: int = 1
) -> ListPage:
    """Approved values of everybody: of one indicator, or (None) of all that count people. Two statements."""
    kept = rows_at(
        IndicatorValue,
        "indicator_id, engagement_id, period_start, period_end, dimension, value, low, high, status, approved_at, "
        "is_fictional, archived_at",
        "engagement_id = ANY(%s)",
        (scope.ids,),
        scope.as_of,
    )
    of = rows_at(
        Indicator,
        "engagement_id, kind, name, unit, counts_people, is_unduplicated, is_fictional, archived_at",
        "engagement_id = ANY(%s)",
        (scope.ids,),
        scope.as_of,
    )
    source = f"""{kept.text} v JOIN {of.text} i ON i.id = v.indicator_id
        WHERE v.dimension = '' AND v.status = ANY(%s) AND v.archived_at IS NULL AND i.archived_at IS NULL
        AND i.kind = 'performance'
        AND (v.is_fictional OR i.is_fictional OR v.engagement_id = ANY(%s)) = %s"""
    params: list = [*kept.params, *of.params, list(INDICATOR_VALUE_APPROVED), scope.invented, is_fictional]
    for condition, value in (
        (" AND i.id = %s", indicator),
        (" AND v.period_end >= %s", scope.filters.starts_on),
        (" AND v.period_end <= %s", scope.filters.ends_on),
    ):
        if value:
            source, params = source + condition, [*params, value]
    source += "" if indicator else " AND i.counts_people"
    ((total,),) = read(f"SELECT count(*) FROM {source}", tuple(params))  # noqa: S608 - our own names; values go as parameters
    cities = {each.pk: each.city for each in scope.cities}
    rows = read(
        f"""SELECT v.id, i.id, i.name, v.engagement_id, i.unit, v.period_start, v.period_end, v.value, v.low, v.high,
            i.is_unduplicated, v.approved_at FROM {source}
        ORDER BY i.name, i.id, v.period_end DESC, v.period_start DESC, v.id LIMIT %s OFFSET %s""",  # noqa: S608 - our own names; values go as parameters
        (*params, PAGE, PAGE * (page - 1)),
    )
    lines = (ValueLine(pk, of, name, cities[engagement], *rest) for pk, of, name, engagement, *rest in rows)
    return ListPage(tuple(lines), total)


def budget(scope: PortfolioScope, *, is_fictional: bool = False) -> ListPage:
    """Every budget line of the chosen cities. `sums`: counted in the period, planned until the day. One statement."""
    columns = (
        "engagement_id, funder_id, name, amount_usd, price_year, period_start, period_end, is_fictional, archived_at"
    )
    kept = rows_at(BudgetLine, columns, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    text = f"""SELECT b.id, b.name, engagement_id, amount_usd, price_year, period_start, period_end FROM {kept.text} b
        LEFT JOIN engagements_organisation o ON o.id = b.funder_id
        WHERE archived_at IS NULL AND (b.is_fictional OR engagement_id = ANY(%s)) = %s"""  # noqa: S608 - our own names; values go as parameters
    params: list = [*kept.params, scope.invented, is_fictional]
    if scope.filters.funders:
        text, params = f"{text} AND o.slug = ANY(%s)", [*params, list(scope.filters.funders)]
    cities = {each.pk: each.city for each in scope.cities}
    first, last = scope.filters.starts_on, scope.filters.ends_on
    until = min(scope.today, last) if last else scope.today
    rows = []
    for pk, name, at, amount, year, begin, end in read(f"{text} ORDER BY period_start, b.name, b.id", tuple(params)):
        line = [Budget(amount, begin, end)]
        counted, planned = budget_within(line, first, last), budget_within(line, first, until)
        rows.append(PortfolioBudgetRow(pk, name, cities[at], amount, year, begin, end, counted, planned))
    sums = sum((r.counted_usd for r in rows), Decimal(0)), sum((r.planned_usd for r in rows), Decimal(0))
    return ListPage(tuple(rows), len(rows), sums)
