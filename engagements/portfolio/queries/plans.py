"""Plans as they were published: their interventions with the kind of evidence behind each, and their tracts.

Drafts stay out, those of a published plan that is being revised too: what is read is what stood when it was published.
"""

from dataclasses import dataclass
from datetime import datetime

from engagements.models import EvidenceRow, Plan, PlanIntervention, PlanTract
from engagements.portfolio.figures import EvidencePart, InterventionLine, TierLine
from engagements.portfolio.queries.rows_as_of import event_table, read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope

TIERS = (*EvidenceRow.Tier.choices, ("none", "No study finding"))
TIER_RULE = "Interventions of published plans, by the kind of study behind the row of evidence that each names."


@dataclass(frozen=True)
class PublishedPlan:
    """`cut`: when it was published last; what belongs to it is read as of then."""

    pk: int
    engagement_id: int
    title: str
    is_fictional: bool
    published_at: datetime
    cut: datetime


def read_plans(scope: PortfolioScope) -> dict[int, PublishedPlan]:
    """By id, of the chosen cities, the archived left out. One statement."""
    live = rows_at(Plan, "engagement_id, archived_at", "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    found = read(
        f"""SELECT p.pgh_obj_id, p.engagement_id, p.title, p.is_fictional, p.published_at, p.pgh_created_at
        FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM {event_table(Plan)}
              WHERE engagement_id = ANY(%s) AND status IN ('published', 'closed') AND pgh_created_at <= %s
              ORDER BY pgh_obj_id, pgh_id DESC) p
        JOIN {live.text} l ON l.id = p.pgh_obj_id WHERE l.archived_at IS NULL ORDER BY p.pgh_obj_id""",  # noqa: S608 - our own names; values go as parameters
        (scope.ids, scope.known, *live.params),
    )
    return {row[0]: PublishedPlan(*row) for row in found}


def read_areas(plans: dict[int, PublishedPlan]) -> dict[int, frozenset[str]]:
    """Tracts by plan, as published. One statement."""
    found: dict[int, set[str]] = {pk: set() for pk in plans}
    for plan, geoid in read(
        f"""SELECT plan_id, geoid FROM (
            SELECT DISTINCT ON (t.pgh_obj_id) t.plan_id, t.geoid, t.pgh_label FROM {event_table(PlanTract)} t
            JOIN unnest(%s::bigint[], %s::timestamptz[]) AS p(id, cut) ON p.id = t.plan_id AND t.pgh_created_at <= p.cut
            ORDER BY t.pgh_obj_id, t.pgh_id DESC) newest WHERE pgh_label <> 'delete'""",  # noqa: S608 - our own names; values go as parameters
        _publication_times(plans),
    ):
        found[plan].add(geoid)
    return {pk: frozenset(tracts) for pk, tracts in found.items()}


def read_interventions(
    scope: PortfolioScope, plans: dict[int, PublishedPlan]
) -> dict[bool, tuple[InterventionLine, ...]]:
    """By whether they are fictional. The tier is that of the version of the evidence that was read. One statement."""
    cities = {city.pk: city for city in scope.cities}
    invented = set(scope.invented)
    labels, findings = dict(TIERS), dict(EvidenceRow.Finding.choices)
    found: dict[bool, list[InterventionLine]] = {False: [], True: []}
    for plan_id, name, tier, finding in read(
        f"""SELECT i.plan_id, i.name, coalesce(v.tier, e.tier, 'none'), coalesce(v.finding, e.finding, '') FROM (
            SELECT DISTINCT ON (n.pgh_obj_id) n.* FROM {event_table(PlanIntervention)} n
            JOIN unnest(%s::bigint[], %s::timestamptz[]) AS p(id, cut) ON p.id = n.plan_id AND n.pgh_created_at <= p.cut
            ORDER BY n.pgh_obj_id, n.pgh_id DESC) i
        LEFT JOIN LATERAL (SELECT tier, finding FROM {event_table(EvidenceRow)} v
            WHERE v.pgh_obj_id = i.evidence_id AND v.version = i.evidence_version
            ORDER BY v.pgh_id DESC LIMIT 1) v ON true
        LEFT JOIN {EvidenceRow._meta.db_table} e ON e.id = i.evidence_id
        WHERE i.archived_at IS NULL ORDER BY i.plan_id, i.position, i.pgh_obj_id""",  # noqa: S608 - our own names; values go as parameters
        _publication_times(plans),
    ):
        plan = plans[plan_id]
        city = cities[plan.engagement_id]
        found[plan.is_fictional or plan.engagement_id in invented].append(
            InterventionLine(
                plan_id,
                plan.title,
                city.city,
                city.slug,
                name,
                tier,
                labels[tier],
                findings.get(finding, ""),
                plan.published_at,
            )
        )
    return {kind: tuple(lines) for kind, lines in found.items()}


def evidence_part(scope: PortfolioScope, lines: tuple[InterventionLine, ...]) -> EvidencePart:
    tiers = tuple(
        TierLine(
            tier,
            label,
            scope.figure(
                f"tier-{tier}",
                label,
                sum(line.tier == tier for line in lines),
                "interventions",
                TIER_RULE,
                "#interventions",
            ),
        )
        for tier, label in TIERS
    )
    return EvidencePart(tiers, lines)


def _publication_times(plans: dict[int, PublishedPlan]) -> tuple[list[int], list[datetime]]:
    return list(plans), [plan.cut for plan in plans.values()]
