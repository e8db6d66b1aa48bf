"""Money by stage, city, funder and quarter: from the kept totals, or from the entries known at a past moment."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engagements.models import BudgetLine, LedgerEntry, LedgerTotal
from engagements.money.rules.stages import NOT_ADDED, STAGES
from engagements.portfolio.figures import Figure, FunderLine, MoneyPart, QuarterLine, StageLine
from engagements.portfolio.filters import quarter_of
from engagements.portfolio.queries.rows_as_of import Sql, read, rows_at
from engagements.portfolio.queries.scope import City, PortfolioScope
from engagements.portfolio.rules import Budget, budget_within

NO_ENTRY, NO_ENTRY_OF_STAGE = "no entry in the ledger", "no entry of this stage"
SUM_RULE = "Sum of the ledger’s entries of this stage; reversals count as minus."


@dataclass
class MoneyAsOf:
    """Net dollars of recorded or of invented entries, and when the newest was entered. A missing key: no entry."""

    by_stage: dict[str, Decimal] = field(default_factory=dict)
    by_city: dict[tuple[int | None, str], Decimal] = field(default_factory=dict)
    by_funder: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    by_quarter: dict[tuple[date, str], Decimal] = field(default_factory=dict)
    by_link: dict[tuple[int | None, int | None, str], Decimal] = field(default_factory=dict)  # plan, project, stage
    entries: int = 0
    years: tuple[int | None, int | None] = (None, None)
    last_entered_at: datetime | None = None


def read_sums(scope: PortfolioScope) -> dict[bool, MoneyAsOf]:
    """By whether it is fictional. One statement; of a past moment two."""
    source, chosen = _source(scope), _chosen(scope, "quarter_start")
    rows = read(
        f"""SELECT grouping(engagement_id), invented, engagement_id, funder_id, quarter_start, plan_id, project_id,
            stage, sum(net_usd), sum(entries), min(price_year), max(price_year), max(last_entered_at)
        FROM {source.text} t WHERE {chosen.text}
        GROUP BY GROUPING SETS (
            (invented, engagement_id, plan_id, project_id, stage), (invented, funder_id, quarter_start, stage))""",  # noqa: S608 - our own words; all values are parameters
        (*source.params, *chosen.params),
    )
    found: dict[bool, MoneyAsOf] = {False: MoneyAsOf(), True: MoneyAsOf()}
    for is_by_funder, invented, engagement, funder, quarter, plan, project, stage, net, entries, *ends in rows:
        sums, (first, last, entered) = found[invented], ends
        if is_by_funder:
            _add(sums.by_funder, (funder, stage), net)
            _add(sums.by_quarter, (quarter, stage), net)
            continue
        _add(sums.by_stage, stage, net)
        _add(sums.by_city, (engagement, stage), net)
        _add(sums.by_link, (plan, project, stage), net)
        sums.entries += int(entries)
        sums.years = (min(sums.years[0] or first, first), max(sums.years[1] or last, last))
        sums.last_entered_at = max(filter(None, (sums.last_entered_at, entered)), default=None)
    if scope.as_of is not None:
        _set_newest(scope, {kind: sums for kind, sums in found.items() if sums.entries})
    return found


def _chosen(scope: PortfolioScope, day: str) -> Sql:
    """What the filters let through; `day` is the column that a period goes by."""
    filters = scope.filters
    text = "true"
    params: list[object] = []
    for is_asked, condition, value in (
        (filters.chooses_cities, "engagement_id = ANY(%s)", scope.ids),
        (
            bool(filters.funders),
            "funder_id IN (SELECT id FROM engagements_organisation WHERE slug = ANY(%s))",
            list(filters.funders),
        ),
        (filters.starts_on is not None, f"{day} >= %s", filters.starts_on),
        (filters.ends_on is not None, f"{day} <= %s", filters.ends_on),
    ):
        if is_asked:
            text, params = f"{text} AND {condition}", [*params, value]
    return Sql(text, tuple(params))


def chosen_entries(scope: PortfolioScope) -> Sql:
    """Entries that the filters let through, by the day of each."""
    return _chosen(scope, "occurred_on")


def _set_newest(scope: PortfolioScope, found: dict[bool, MoneyAsOf]) -> None:
    """When the newest entry that counts was made, which totals of a past moment no longer say."""
    chosen = chosen_entries(scope)
    one = f"""(SELECT entered_at FROM {LedgerEntry._meta.db_table} WHERE initiative_id = %s AND entered_at <= %s
        AND (is_fictional OR coalesce(engagement_id = ANY(%s), false)) = %s AND {chosen.text}
        ORDER BY entered_at DESC LIMIT 1)"""  # noqa: S608 - our own names; values go as parameters
    kinds = sorted(found)
    params = [
        value for kind in kinds for value in (scope.initiative.pk, scope.as_of, scope.invented, kind, *chosen.params)
    ]
    (row,) = read(f"SELECT 1, {', '.join([one] * len(kinds))}" if kinds else "SELECT 1", tuple(params))
    for kind, entered in zip(kinds, row[1:], strict=True):
        found[kind].last_entered_at = entered


def _add(sums: dict[Any, Decimal], key: object, net: Decimal) -> None:
    sums[key] = sums.get(key, Decimal(0)) + net


def _source(scope: PortfolioScope) -> Sql:
    """The kept totals that count an entry, with `invented`; of a past moment without what was entered later, of which
    there is little."""
    invented = "(is_fictional OR coalesce(engagement_id = ANY(%s), false)) AS invented"
    columns = f"{invented}, engagement_id, funder_id, plan_id, project_id, stage, price_year"
    totals = f"""SELECT {columns}, quarter_start, net_usd, entries, last_entered_at
        FROM {LedgerTotal._meta.db_table} WHERE initiative_id = %s"""  # noqa: S608 - our own names; values go as parameters
    params = (scope.invented, scope.initiative.pk)
    if scope.as_of is None:
        return Sql(f"({totals} AND entries > 0)", params)
    later = f"""SELECT {columns}, date_trunc('quarter', occurred_on::timestamp)::date, -net_usd, -1, NULL
        FROM {LedgerEntry._meta.db_table} WHERE initiative_id = %s AND entered_at > %s"""  # noqa: S608 - our own names; values go as parameters
    known = f"""SELECT invented, engagement_id, funder_id, quarter_start, plan_id, project_id, stage, price_year,
            sum(net_usd) AS net_usd, sum(entries) AS entries, max(last_entered_at) AS last_entered_at
        FROM ({totals} UNION ALL {later}) kept GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(entries) > 0"""  # noqa: S608 - our own names; values go as parameters
    return Sql(f"({known})", (*params, *params, scope.as_of))


def read_funders(scope: PortfolioScope) -> dict[int, tuple[str, str, bool]]:
    """Slug, name and whether it is fictional by id: of whoever is a funder of the initiative or in its ledger, whatever
    the filters choose. One statement."""
    rows = read(
        """SELECT id, slug, name, is_fictional FROM engagements_organisation o
           WHERE id IN (SELECT funder_id FROM engagements_ledgertotal WHERE initiative_id = %s)
           OR (kind = 'funder' AND id IN (
               SELECT organisation_id FROM engagements_partnership WHERE initiative_id = %s))
           ORDER BY name, id""",
        (scope.initiative.pk, scope.initiative.pk),
    )
    return {pk: (slug, name, is_fictional) for pk, slug, name, is_fictional in rows}


def read_budgets(scope: PortfolioScope) -> dict[bool, dict[int, list[Budget]]]:
    """Lines by whether they are fictional and by engagement. One statement."""
    columns = "engagement_id, funder_id, amount_usd, period_start, period_end, is_fictional, archived_at"
    rows = rows_at(BudgetLine, columns, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    text, params = f"SELECT {columns} FROM {rows.text} b WHERE archived_at IS NULL", [*rows.params]  # noqa: S608 - our own names; values go as parameters
    if scope.filters.funders:
        text += " AND funder_id IN (SELECT id FROM engagements_organisation WHERE slug = ANY(%s))"
        params.append(list(scope.filters.funders))
    found: dict[bool, dict[int, list[Budget]]] = {False: defaultdict(list), True: defaultdict(list)}
    invented = set(scope.invented)
    for engagement, _, amount, first, last, is_fictional, _ in read(text, tuple(params)):
        found[is_fictional or engagement in invented][engagement].append(Budget(amount, first, last))
    return found


def money_part(
    scope: PortfolioScope, sums: MoneyAsOf, funders: dict[int, tuple[str, str, bool]], kind: dict[str, str]
) -> MoneyPart:
    """`kind`: what the addresses of entries say of recorded or invented."""
    stages = [stage.value for stage in STAGES]

    def line(keys: dict, of, **where: str) -> tuple[Figure, ...]:
        return tuple(
            stage_figure(scope, stage, keys.get((of, stage)), f"{stage}-{of or 'whole'}", sums, **where, **kind)
            for stage in stages
        )

    whole = None if scope.filters.chooses_cities else line(sums.by_city, None, city="none")
    shown = {funder for funder, _ in sums.by_funder}
    first, last = sums.years
    return MoneyPart(
        stages=tuple(
            StageLine(
                each.value,
                each.label,
                each.definition,
                stage_figure(scope, each.value, sums.by_stage.get(each.value), each.value, sums, **kind),
            )
            for each in STAGES
        ),
        funders=tuple(
            FunderLine(slug, name, line(sums.by_funder, pk, funder=slug))
            for pk, (slug, name, _) in funders.items()
            if pk in shown
        ),
        quarters=tuple(
            QuarterLine(
                quarter_of(day), day, line(sums.by_quarter, day, **dict.fromkeys(("from", "to"), quarter_of(day)))
            )
            for day in sorted({day for day, _ in sums.by_quarter})
        ),
        whole=whole,
        entries=sums.entries,
        first_price_year=first,
        last_price_year=last,
        last_entered_at=sums.last_entered_at,
        not_added=NOT_ADDED,
        price_note=price_note(first, last),
    )


def city_money(
    scope: PortfolioScope, city: City, sums: MoneyAsOf, budgets: list[Budget], kind: dict[str, str]
) -> dict[str, Figure]:
    """Committed, spent, budget of the period, and the part of it whose time has passed."""
    where = {"city": city.city_slug, **kind}
    first, last = scope.filters.starts_on, scope.filters.ends_on
    until = min(scope.today, last) if last else scope.today
    entries = scope.address("budget", **where)
    counted, planned = (budget_within(budgets, first, end) if budgets else None for end in (last, until))
    return {
        **{
            stage: stage_figure(scope, stage, sums.by_city.get((city.pk, stage)), stage, sums, **where)
            for stage in ("committed", "spent")
        },
        "budget": scope.figure(
            "budget",
            "Budget",
            counted,
            "usd",
            "Sum of the budget lines, each by its days in the period.",
            entries,
            note=_none(budgets),
            uncertainty="a plan, not an estimate",
        ),
        "planned": scope.figure(
            "planned",
            "Budget until now",
            planned,
            "usd",
            "Sum of the budget lines, each by its days until now.",
            entries,
            note=_none(budgets),
            uncertainty="a plan, not an estimate",
        ),
    }


def price_note(first: int | None, last: int | None) -> str:
    if first is None:
        return "no entries"
    years = f"dollars of {first}" if first == last else f"dollars of {first} to {last}, each entry in those of its year"
    return f"{years}, not adjusted for prices"


def _none(budgets: list[Budget]) -> str:
    return "" if budgets else "no budget line"


def stage_figure(
    scope: PortfolioScope, stage: str, value: Decimal | None, key: str, sums: MoneyAsOf, **where: str
) -> Figure:
    """`value` None: no entry is a part of it. That is no sum: $0 would say that somebody knows."""
    label = next(each.label for each in STAGES if each.value == stage)
    address = scope.address("entries", stage=stage, **where)
    note = "" if value is not None else NO_ENTRY_OF_STAGE if sums.entries else NO_ENTRY
    return scope.figure(key, label, value, "usd", SUM_RULE, address, note=note)
