"""Entries of the ledger as somebody may see them: payees and the finance system's words need their own permission."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from engagements.access.money import entry_for, visible_entries
from engagements.access.roles import (
    engagements_with,
    initiatives_with,
    permissions_by_engagement,
    permissions_by_initiative,
    with_cached_permissions,
)
from engagements.models import LedgerEntry, LedgerPlacement, LedgerPlacementTract, User
from engagements.money.rules.stages import BY_VALUE
from engagements.permissions import VIEW_CITY, VIEW_PAYEE, VIEW_PLAN
from engagements.plans.queries.versions import title_as_published


@dataclass(frozen=True)
class EntryFilter:
    """Empty fields don't filter. `words` are looked for in what the viewer may see. `placed` False: no tracts yet."""

    engagement: int | None = None
    stages: tuple[str, ...] = ()
    funder: int | None = None
    plan: int | None = None
    project: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""
    placed: bool | None = None
    external_id: str = ""


@dataclass(frozen=True)
class EntryRow:
    """`usd` is negative for a reversal. `payee` and the four below it are None without view_payee, `entered_by` without
    view_city, `plan` for a draft the viewer doesn't see: they read the
    title that was published. `tracts`: GEOID and share as last placed; a reversal's are
    those of the entry it reverses."""

    pk: int
    engagement_id: int | None
    engagement_slug: str | None
    city_name: str | None
    initiative: str
    initiative_slug: str
    stage: str
    label: str
    definition: str
    usd: Decimal
    price_year: int
    occurred_on: date
    funder_id: int
    funder: str
    plan_id: int | None
    plan: str | None
    project_id: int | None
    project: str | None
    milestone_id: int | None
    milestone: str | None
    payee: str | None
    payee_address: str | None
    description: str | None
    source_system: str | None
    external_id: str | None
    reverses_id: int | None
    reversed_by_id: int | None
    why: str
    entered_by: str | None
    entered_at: datetime
    is_fictional: bool
    tracts: tuple[tuple[str, float], ...]
    permissions: frozenset[str]


@dataclass(frozen=True)
class PlacementRow:
    number: int
    at: datetime
    by: str | None
    why: str
    tracts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class EntryPage:
    """An entry, the entry it reverses or is reversed by, and where it was placed, newest first."""

    row: EntryRow
    reverses: EntryRow | None
    reversed_by: EntryRow | None
    placements: tuple[PlacementRow, ...]


@with_cached_permissions
def entries(user: User, where: EntryFilter, *, limit: int | None = 50, offset: int = 0) -> tuple[EntryRow, ...]:
    """Newest day first. Five statements whatever their number; `limit` None: all, for exports."""
    found = _filter(user, where).order_by("-occurred_on", "-pk")
    if limit is None:
        return rows_of(user, found)
    page = list(found.values_list("pk", flat=True)[offset : offset + limit])  # far pages skip an index, not joined rows
    return rows_of(user, LedgerEntry.objects.filter(pk__in=page).order_by("-occurred_on", "-pk"))


def count_entries(user: User, where: EntryFilter) -> int:
    return _filter(user, where).count()


@with_cached_permissions
def entry_page(user: User, pk: int) -> EntryPage:
    """Raises NotFound."""
    found = entry_for(user, pk)
    around = LedgerEntry.objects.filter(Q(pk=pk) | Q(reverses=pk) | Q(reversed_by=pk))
    rows: dict[int | None, EntryRow] = {row.pk: row for row in rows_of(user, around)}
    row = rows[pk]
    city, payee = VIEW_CITY in row.permissions, VIEW_PAYEE in row.permissions
    placements = (
        LedgerPlacement.objects.filter(entry=found.reverses_id or pk)
        .select_related("placed_by")
        .prefetch_related("tracts")
    )
    return EntryPage(
        row=row,
        reverses=rows.get(row.reverses_id),
        reversed_by=rows.get(row.reversed_by_id),
        placements=tuple(
            PlacementRow(
                each.number,
                each.placed_at,
                str(each.placed_by) if city else None,
                each.why if payee else "",
                tuple((tract.geoid, tract.share) for tract in each.tracts.all()),
            )
            for each in placements
        ),
    )


def rows_of(user: User, found: QuerySet[LedgerEntry]) -> tuple[EntryRow, ...]:
    """Three statements: the entries, where they are placed, and the viewer's roles; one more for roles in whole
    initiatives where there are entries of those."""
    rows = list(
        found.select_related(
            "engagement__city", "initiative", "funder", "plan", "project", "milestone", "entered_by", "reversed_by"
        ).annotate(published_title=title_as_published("plan"))
    )
    held = permissions_by_engagement(user, {row.engagement_id for row in rows if row.engagement_id})
    wholes = {row.initiative_id for row in rows if row.engagement_id is None}
    whole = permissions_by_initiative(user, wholes) if wholes else {}
    placed = _last_placements([row.reverses_id or row.pk for row in rows])
    return tuple(
        _row(
            row,
            row.published_title,
            (held.get(row.engagement_id) if row.engagement_id else whole.get(row.initiative_id)) or frozenset(),
            placed.get(row.reverses_id or row.pk, ()),
        )
        for row in rows
    )


def _filter(user: User, where: EntryFilter) -> QuerySet[LedgerEntry]:
    found = visible_entries(user)
    same = {
        "engagement": where.engagement,
        "funder": where.funder,
        "project": where.project,
        "occurred_on__gte": where.since,
        "occurred_on__lte": where.until,
    }
    found = found.filter(**{name: value for name, value in same.items() if value is not None})
    if where.stages:
        found = found.filter(stage__in=where.stages)
    if where.plan is not None:
        found = found.filter(_names_plan(user), plan=where.plan)
    payee = _payees(user)
    if where.external_id:
        found = found.filter(payee, external_id=where.external_id)
    if where.words:
        said = Q(funder__name__icontains=where.words)
        for name in ("payee", "description", "external_id"):
            said |= payee & Q(**{f"{name}__icontains": where.words})
        found = found.filter(said)
    if where.placed is not None:
        there = Exists(LedgerPlacement.objects.filter(entry=OuterRef("pk")))
        taken = Exists(LedgerPlacement.objects.filter(entry=OuterRef("reverses_id")))
        found = found.filter(there | taken) if where.placed else found.exclude(there | taken)
    return found


def _payees(user: User) -> Q:
    whole = Q(engagement=None, initiative__in=initiatives_with(user, VIEW_PAYEE).values("pk"))
    return whole | Q(engagement__in=engagements_with(user, VIEW_PAYEE).values("pk"))


def _names_plan(user: User) -> Q:
    """A filter by a draft plan would reveal that it exists: only for people who see the draft."""
    return Q(engagement__in=engagements_with(user, VIEW_PLAN).values("pk")) | Q(
        plan__published_at__isnull=False, plan__archived_at=None
    )


def _last_placements(ids: list[int]) -> dict[int, tuple[tuple[str, float], ...]]:
    last = LedgerPlacement.objects.filter(entry=OuterRef("placement__entry")).order_by("-number").values("pk")[:1]
    tracts = LedgerPlacementTract.objects.filter(placement__entry__in=set(ids), placement=Subquery(last))
    found: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for entry, geoid, share in tracts.order_by("geoid").values_list("placement__entry_id", "geoid", "share"):
        found[entry].append((geoid, share))
    return {entry: tuple(parts) for entry, parts in found.items()}


def _row(
    row: LedgerEntry, published_title: str | None, held: frozenset[str], tracts: tuple[tuple[str, float], ...]
) -> EntryRow:
    payee, city = VIEW_PAYEE in held, VIEW_CITY in held
    team, within = VIEW_PLAN in held, row.engagement
    title = (row.plan.title if team else published_title) if row.plan else None
    return EntryRow(
        pk=row.pk,
        engagement_id=row.engagement_id,
        engagement_slug=within.slug if within else None,
        city_name=within.city.name if within else None,
        initiative=row.initiative.name,
        initiative_slug=row.initiative.slug,
        stage=row.stage,
        label=BY_VALUE[row.stage].label,
        definition=BY_VALUE[row.stage].definition,
        usd=row.net_usd,
        price_year=row.price_year,
        occurred_on=row.occurred_on,
        funder_id=row.funder_id,
        funder=row.funder.name,
        plan_id=row.plan_id if title else None,
        plan=title,
        project_id=row.project_id,
        project=row.project.title if row.project else None,
        milestone_id=row.milestone_id,
        milestone=row.milestone.title if row.milestone else None,
        payee=row.payee if payee else None,
        payee_address=row.payee_address if payee else None,
        description=row.description if payee else None,
        source_system=row.source_system if payee else None,
        external_id=row.external_id if payee else None,
        reverses_id=row.reverses_id,
        reversed_by_id=_reversed_by(row),
        why=row.why if payee else "",
        entered_by=str(row.entered_by) if city else None,
        entered_at=row.entered_at,
        is_fictional=row.is_fictional,
        tracts=tracts,
        permissions=held,
    )


def _reversed_by(row: LedgerEntry) -> int | None:
    return row.reversed_by.pk if hasattr(row, "reversed_by") else None


def placed_shares(entry: int) -> dict[str, float]:
    """Share by GEOID as an entry that the asker may see was last placed; {} where nobody did. One statement."""
    rows = LedgerPlacementTract.objects.filter(placement__entry=entry).order_by("-placement__number", "geoid")
    found = list(rows.values_list("placement__number", "geoid", "share"))
    return {geoid: share for number, geoid, share in found if number == found[0][0]}
