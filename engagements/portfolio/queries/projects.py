"""What certification and federal reports ask of each project: planned dollars by kind of evidence, money, indicators.

And the decisions that everybody of the initiative may read. All as of one moment, as in the figures.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.models import EvidenceRow, Indicator, LedgerEntry, Plan, PlanIntervention, Record, User
from engagements.portfolio.codec import from_plain, to_plain
from engagements.portfolio.queries.plans import TIERS, PublishedPlan, read_plans
from engagements.portfolio.queries.rows_as_of import event_table, read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope

OBLIGATED, SPENT = "obligated", "spent"


@dataclass(frozen=True)
class TierCost:
    """Planned dollars of one kind of evidence in the prices of one year: years are not added."""

    tier: str
    label: str
    price_year: int
    interventions: int
    usd: Decimal


@dataclass(frozen=True)
class Project:
    """A published plan, in the words and numbers that were published last. `indicators` are names."""

    plan_id: int
    title: str
    city: str
    engagement_slug: str
    need: str
    starts_on: date | None
    ends_on: date | None
    published_at: datetime
    is_fictional: bool
    costs: tuple[TierCost, ...]
    obligated: Decimal
    spent: Decimal
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """One that is marked for all. Invented where whoever wrote it is, or where its engagement is."""

    pk: int
    city: str
    engagement_slug: str
    title: str
    on: date
    is_fictional: bool


@dataclass(frozen=True)
class Projects:
    projects: tuple[Project, ...]
    decisions: tuple[Decision, ...]

    def to_json(self) -> dict:
        return to_plain(self)

    @classmethod
    def from_json(cls, plain: dict) -> "Projects":
        return from_plain(cls, plain)


def projects(scope: PortfolioScope) -> Projects:
    """By city, A to Z. Six statements, whatever there is."""
    published = read_plans(scope)
    words, costs, money, names = (
        _published_texts(published),
        _costs(published),
        _money(scope, published),
        _indicators(scope),
    )
    cities = {city.pk: city for city in scope.cities}
    invented = set(scope.invented)
    found = [
        Project(
            plan.pk,
            plan.title,
            cities[plan.engagement_id].city,
            cities[plan.engagement_id].slug,
            *words[plan.pk],
            plan.published_at,
            plan.is_fictional or plan.engagement_id in invented,
            tuple(costs[plan.pk]),
            money[plan.pk, OBLIGATED],
            money[plan.pk, SPENT],
            tuple(names[plan.pk]),
        )
        for plan in published.values()
    ]
    return Projects(tuple(sorted(found, key=lambda row: (row.city, row.title, row.plan_id))), _decisions(scope))


def _publication_times(plans: dict[int, PublishedPlan]) -> tuple[list[int], list[datetime]]:
    return list(plans), [plan.cut for plan in plans.values()]


def _published_texts(plans: dict[int, PublishedPlan]) -> dict[int, tuple[str, date | None, date | None]]:
    """Need, begin and end as they were published."""
    rows = read(
        f"""SELECT DISTINCT ON (e.pgh_obj_id) e.pgh_obj_id, e.need, e.starts_on, e.ends_on FROM {event_table(Plan)} e
        JOIN unnest(%s::bigint[], %s::timestamptz[]) AS p(id, cut) ON p.id = e.pgh_obj_id AND e.pgh_created_at <= p.cut
        ORDER BY e.pgh_obj_id, e.pgh_id DESC""",  # noqa: S608 - our own names
        _publication_times(plans),
    )
    return {pk: (need.strip(), begin, end) for pk, need, begin, end in rows}


def _costs(plans: dict[int, PublishedPlan]) -> dict[int, list[TierCost]]:
    labels, order = dict(TIERS), [tier for tier, _ in TIERS]
    found: dict[int, list[TierCost]] = defaultdict(list)
    rows = read(
        f"""SELECT i.plan_id, coalesce(v.tier, e.tier, 'none'), i.cost_price_year, count(*),
            round(sum(i.cost_usd::numeric * CASE i.cost_basis WHEN 'total' THEN 1 WHEN 'offered' THEN i.offered
                ELSE i.offered * i.takeup::numeric END), 2)
        FROM (SELECT DISTINCT ON (n.pgh_obj_id) n.* FROM {event_table(PlanIntervention)} n
            JOIN unnest(%s::bigint[], %s::timestamptz[]) AS p(id, cut) ON p.id = n.plan_id AND n.pgh_created_at <= p.cut
            ORDER BY n.pgh_obj_id, n.pgh_id DESC) i
        LEFT JOIN LATERAL (SELECT v.tier FROM {event_table(EvidenceRow)} v
            WHERE v.pgh_obj_id = i.evidence_id AND v.version = i.evidence_version
            ORDER BY v.pgh_id DESC LIMIT 1) v ON true
        LEFT JOIN {EvidenceRow._meta.db_table} e ON e.id = i.evidence_id
        WHERE i.archived_at IS NULL GROUP BY 1, 2, 3""",  # noqa: S608 - our own names; values go as parameters
        _publication_times(plans),
    )
    for plan, tier, year, count, usd in sorted(rows, key=lambda row: (row[0], order.index(row[1]), row[2])):
        found[plan].append(TierCost(tier, labels[tier], year, count, usd))
    return found


def _money(scope: PortfolioScope, plans: dict[int, PublishedPlan]) -> dict[tuple[int, str], Decimal]:
    """Net dollars of the entries that name the plan; an entry of the other kind than its plan is in none."""
    found: dict[tuple[int, str], Decimal] = defaultdict(lambda: Decimal("0.00"))
    rows = read(
        f"""SELECT plan_id, stage, is_fictional, sum(net_usd) FROM {LedgerEntry._meta.db_table}
        WHERE plan_id = ANY(%s) AND stage = ANY(%s) AND entered_at <= %s GROUP BY 1, 2, 3""",  # noqa: S608 - our own names; values go as parameters
        (list(plans), [OBLIGATED, SPENT], scope.known),
    )
    for plan, stage, is_fictional, net in rows:
        if is_fictional == plans[plan].is_fictional:
            found[plan, stage] = net
    return found


def _indicators(scope: PortfolioScope) -> dict[int, list[str]]:
    """Names of each plan's performance indicators."""
    kept = rows_at(
        Indicator,
        "engagement_id, plan_id, kind, name, archived_at",
        "engagement_id = ANY(%s)",
        (scope.ids,),
        scope.as_of,
    )
    found: dict[int, list[str]] = defaultdict(list)
    for plan, name in read(
        f"""SELECT plan_id, name FROM {kept.text} i WHERE plan_id IS NOT NULL AND kind = 'performance'
        AND archived_at IS NULL ORDER BY plan_id, name, id""",  # noqa: S608 - our own names; values go as parameters
        kept.params,
    ):
        found[plan].append(name)
    return found


def _decisions(scope: PortfolioScope) -> tuple[Decision, ...]:
    kept = rows_at(
        Record,
        '"on", engagement_id, kind, title, visibility, written_by_id, archived_at',
        "engagement_id = ANY(%s)",
        (scope.ids,),
        scope.as_of,
    )
    cities, invented = {city.pk: city for city in scope.cities}, set(scope.invented)
    rows = read(
        f"""SELECT r.id, engagement_id, r.title, "on", u.is_fictional FROM {kept.text} r
        JOIN {User._meta.db_table} u ON u.id = r.written_by_id
        WHERE r.kind = 'decision' AND visibility = 'all' AND archived_at IS NULL AND "on" <= %s
        ORDER BY "on" DESC, r.id DESC""",  # noqa: S608 - our own names; values go as parameters
        (*kept.params, scope.today),
    )
    found = [
        Decision(pk, cities[at].city, cities[at].slug, title, on, fictional or at in invented)
        for pk, at, title, on, fictional in rows
    ]
    return tuple(sorted(found, key=lambda row: row.city))
