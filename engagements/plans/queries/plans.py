"""Plans: the working version for the team; for everybody else the content and figures that were published."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q

from engagements.access.discussion import visible_documents
from engagements.access.engagements import visible_milestones
from engagements.access.errors import NotFound
from engagements.access.plans import plan_for, visible_plans
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.discussion.queries.discussion import DocumentRow, document_rows
from engagements.milestones.queries.milestones import MilestoneRow, rows_of
from engagements.models import Plan, PlanIntervention, PlanPublication, User
from engagements.permissions import VIEW_MONEY, VIEW_PLAN
from engagements.plans.queries.figures import LoadedPlan, content_of, figures_of, load_plan
from engagements.plans.queries.library import changed_fields
from engagements.plans.queries.linked import PlanIndicator, PlanMoney, plan_indicators, plan_money
from engagements.plans.queries.review import unmeasured
from engagements.plans.records import PlanContent, PlanFigures, thaw
from engagements.workflow import PLAN, State

CLOSED = "Closed"


@dataclass(frozen=True)
class PlanRow:
    """A line of a list. `status` is None, and the words are those published, for people who see no draft."""

    pk: int
    version: int
    engagement_id: int
    engagement_slug: str
    city_slug: str
    city_name: str
    title: str
    area_name: str
    tracts: int
    interventions: int
    status: str | None
    label: str
    number: int  # of the last publication, 0 before the first
    published_at: datetime | None
    is_public: bool
    is_fictional: bool
    permissions: frozenset[str]


@dataclass(frozen=True)
class PublicationRow:
    number: int
    published_at: datetime
    published_by: str
    approved_by: str


@dataclass(frozen=True)
class EvidenceChange:
    """A row of the library that says something else than when the plan read it, or is there no more."""

    intervention: int
    version: int  # of the intervention
    name: str
    key: str
    read: int
    now: int
    is_withdrawn: bool  # out of the library
    is_waiting: bool  # a change that is not reviewed yet


@dataclass(frozen=True)
class PlanPage:
    """Everything a plan's page shows. `is_team`: the viewer sees the draft; else it is what was published.

    `missing`: what a review still needs, as sentences; `unmeasured`: that it has no indicator or no milestone.
    `legal_review_note`, `written_by`, `reviewed_by`, `evidence_changes` and `next_states` are the team's.
    """

    row: PlanRow
    initiative: str
    is_team: bool
    content: PlanContent
    figures: PlanFigures
    next_states: tuple[State, ...]
    missing: tuple[str, ...]
    legal_review_note: str
    written_by: str
    reviewed_by: str
    reviewed_at: datetime | None
    approved_by: str
    publications: tuple[PublicationRow, ...]
    evidence_changes: tuple[EvidenceChange, ...]
    milestones: tuple[MilestoneRow, ...]
    documents: tuple[DocumentRow, ...]
    money: PlanMoney
    indicators: tuple[PlanIndicator, ...]
    unmeasured: tuple[str, ...] = ()


@with_cached_permissions
def plans(
    user: User, *, engagements: tuple[int, ...] = (), city: str = "", limit: int | None = None, offset: int = 0
) -> tuple[PlanRow, ...]:
    """Newest first. Four statements."""
    found = _filtered(user, engagements, city)[offset : None if limit is None else offset + limit]
    rows = list(found)
    held = permissions_by_engagement(user, {row.engagement_id for row in rows})
    pairs = [(row, held.get(row.engagement_id, frozenset())) for row in rows]
    return tuple(_row(row, those) for row, those in pairs if VIEW_PLAN in those or row.publications.all())


@with_cached_permissions
def count_plans(user: User, *, engagements: tuple[int, ...] = (), city: str = "") -> int:
    return _filtered(user, engagements, city).count()


def count_public_plans(city_slug: str) -> int:
    """Of a city, for everybody. One statement."""
    return Plan.objects.filter(
        is_public=True, published_at__isnull=False, archived_at=None, engagement__city__slug=city_slug
    ).count()


@with_cached_permissions
def plan_page(user: User, pk: int, *, today: date, now: datetime) -> PlanPage:
    """Raises NotFound. The same number of statements whatever it holds."""
    found = _annotated(visible_plans(user).filter(pk=plan_for(user, pk).pk)).get()
    held = permissions_by_engagement(user, [found.engagement_id]).get(found.engagement_id, frozenset())
    published = list(found.publications.all())
    if VIEW_PLAN in held:
        loaded = load_plan(found)
        return _page(user, found, held, published, today, content_of(loaded), figures_of(loaded, now), loaded)
    if not published:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    content, figures = thaw(PlanContent, published[0].content), thaw(PlanFigures, published[0].figures)
    return _page(user, found, held, published, today, content, figures, None)


def intervention_versions(plan: int) -> dict[int, int]:
    """Version by id of the plan's live interventions, for people who may change them. One statement."""
    rows = PlanIntervention.objects.filter(plan_id=plan, archived_at=None)
    return dict(rows.values_list("pk", "version"))


def _page(
    user: User,
    found: Plan,
    held: frozenset[str],
    published: list[PlanPublication],
    today: date,
    content: PlanContent,
    figures: PlanFigures,
    loaded: LoadedPlan | None,
) -> PlanPage:
    team = loaded is not None
    milestones = visible_milestones(user).filter(pk__in=content.milestones, archived_at=None)
    indicators = plan_indicators(user, found.pk)
    return PlanPage(
        row=_row(found, held),
        initiative=found.engagement.initiative.name,
        is_team=team,
        content=content,
        figures=figures,
        next_states=PLAN.next_states(found.status, held) if team else (),
        missing=missing_for_review(found, content) if team else (),
        legal_review_note=found.legal_review_note if team else "",
        written_by=str(found.written_by) if team else "",
        reviewed_by=str(found.reviewed_by) if team and found.reviewed_by else "",
        reviewed_at=found.reviewed_at if team else None,
        approved_by=str(found.approved_by) if team and found.approved_by else "",
        publications=tuple(
            PublicationRow(row.number, row.published_at, str(row.published_by), str(row.approved_by))
            for row in published
        ),
        evidence_changes=() if loaded is None else _changes(loaded),
        milestones=rows_of(user, milestones, today),
        documents=document_rows(visible_documents(user).filter(pk__in=content.documents)),
        money=plan_money(found, VIEW_MONEY in held),
        indicators=indicators,
        unmeasured=unmeasured(len(indicators), len(content.milestones)) if team else (),
    )


def missing_for_review(plan: Plan, content: PlanContent) -> tuple[str, ...]:
    """What an expert could not review without, as sentences."""
    said = []
    if not content.need.strip():
        said.append("Say what the need is, and which number shows it.")
    if not content.geoids:
        said.append("Choose the tracts.")
    if not content.interventions:
        said.append("Add what will be done.")
    if plan.targets_by_race and not plan.legal_review_note.strip():
        said.append("The area was chosen on a measure of one race: note what the city's lawyers said.")
    return tuple(said)


def _changes(loaded: LoadedPlan) -> tuple[EvidenceChange, ...]:
    return tuple(
        EvidenceChange(
            row.pk,
            row.version,
            row.name,
            row.evidence.key,
            row.evidence_version,
            row.evidence.version,
            row.evidence.archived_at is not None,
            row.evidence.status != "reviewed",
        )
        for row, read in loaded.pairs
        if row.evidence is not None
        and row.evidence_version is not None  # it is kept with every row of the library
        and (row.evidence.archived_at is not None or changed_fields(read, row.evidence))
    )


def _filtered(user: User, engagements: tuple[int, ...], city: str):
    found = _annotated(visible_plans(user))
    if engagements:
        found = found.filter(engagement_id__in=engagements)
    return found.filter(engagement__city__slug=city) if city else found


def _annotated(found):
    publications = PlanPublication.objects.order_by("-number").select_related("published_by", "approved_by")
    return (
        found.select_related(
            "engagement__city", "engagement__initiative", "written_by", "reviewed_by", "approved_by", "closed_by"
        )
        .prefetch_related(Prefetch("publications", publications))
        .annotate(
            tract_count=Count("tracts", distinct=True),
            intervention_count=Count("interventions", distinct=True, filter=Q(interventions__archived_at=None)),
        )
    )


def _row(row: Plan, held: frozenset[str]) -> PlanRow:
    team, last = VIEW_PLAN in held, next(iter(row.publications.all()), None)
    words: dict[str, Any] = {}
    if not team:
        assert last is not None, "who reads no draft reads a plan that was published"
        words = last.content
    counted: Any = row  # with the counts of _annotated
    state = PLAN.state(row.status)
    closed = row.status == "closed" if team else bool(words.get("what_happened"))
    return PlanRow(
        pk=row.pk,
        version=row.version,
        engagement_id=row.engagement_id,
        engagement_slug=row.engagement.slug,
        city_slug=row.engagement.city.slug,
        city_name=row.engagement.city.name,
        title=row.title if team else words["title"],
        area_name=row.area_name if team else words["area_name"],
        tracts=counted.tract_count if team else len(words["geoids"]),
        interventions=counted.intervention_count if team else len(words["interventions"]),
        status=row.status if team else None,
        label=state.label if team else CLOSED if closed else "Published",
        number=last.number if last else 0,
        published_at=last.published_at if last else None,
        is_public=row.is_public,
        is_fictional=row.is_fictional,
        permissions=held,
    )
