"""Risks as somebody may read them, reddest first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from engagements.access.discussion import visible_risks
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.base.ratings import Rating
from engagements.discussion.rules import rate_risk
from engagements.models import Risk, User
from engagements.permissions import EDIT_RECORD, VIEW_CITY


@dataclass(frozen=True)
class RiskRow:
    """`owner` is None for nobody and below the city's level. `may_edit`: by the viewer."""

    pk: int
    version: int
    engagement_id: int
    engagement_slug: str
    city_slug: str
    city_name: str
    title: str
    likelihood: int
    likelihood_label: str
    severity: int
    severity_label: str
    rating: Rating
    mitigation: str
    owner_id: int | None
    owner: str | None
    opened_on: date
    closed_on: date | None
    outcome: str
    visibility: str
    visibility_label: str
    may_edit: bool
    is_fictional: bool


@with_cached_permissions
def risks(
    user: User,
    *,
    engagements: tuple[int, ...] = (),
    pk: int | None = None,
    is_open: bool | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[RiskRow, ...]:
    """Open ones first, then by likelihood x severity, the oldest first. Two statements."""
    found = _chosen(user, engagements, pk, is_open).select_related("engagement__city", "owner")
    found = found.annotate(is_closed=Q(closed_on__isnull=False), score=F("likelihood") * F("severity"))
    ordered = found.order_by("is_closed", "-score", "opened_on", "pk")
    rows = list(ordered[offset : None if limit is None else offset + limit])
    held = permissions_by_engagement(user, {row.engagement_id for row in rows})
    return tuple(_row(row, held.get(row.engagement_id, frozenset())) for row in rows)


def count_risks(
    user: User, *, engagements: tuple[int, ...] = (), pk: int | None = None, is_open: bool | None = None
) -> int:
    return _chosen(user, engagements, pk, is_open).count()


def _chosen(user: User, engagements: tuple[int, ...], pk: int | None, is_open: bool | None):
    found = visible_risks(user)
    if engagements:
        found = found.filter(engagement_id__in=engagements)
    if pk is not None:
        found = found.filter(pk=pk)
    return found if is_open is None else found.filter(closed_on__isnull=is_open)


def _row(row: Risk, held: frozenset[str]) -> RiskRow:
    owner = row.owner if VIEW_CITY in held else None
    return RiskRow(
        pk=row.pk,
        version=row.version,
        engagement_id=row.engagement_id,
        engagement_slug=row.engagement.slug,
        city_slug=row.engagement.city.slug,
        city_name=row.engagement.city.name,
        title=row.title,
        likelihood=row.likelihood,
        likelihood_label=row.get_likelihood_display(),
        severity=row.severity,
        severity_label=row.get_severity_display(),
        rating=rate_risk(row.likelihood, row.severity),
        mitigation=row.mitigation,
        owner_id=row.owner_id if owner else None,
        owner=str(owner) if owner else None,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        outcome=row.outcome,
        visibility=row.visibility,
        visibility_label=row.get_visibility_display(),
        may_edit=EDIT_RECORD in held,
        is_fictional=row.is_fictional,
    )
