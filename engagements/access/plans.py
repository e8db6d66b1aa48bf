"""Plans, the evidence they cite and their indicators, fetched and checked in one query."""

import pghistory.core
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from engagements.access.errors import NotAllowed, first_or_not_found
from engagements.access.roles import has_permission_anywhere, in_engagements_with
from engagements.models import (
    EvidenceRow,
    Indicator,
    IndicatorValue,
    Plan,
    User,
)
from engagements.permissions import (
    EDIT_EVIDENCE,
    VIEW_INDICATOR,
    VIEW_PLAN,
    VIEW_PUBLISHED,
)
from engagements.workflow import INDICATOR_VALUE_APPROVED


def visible_evidence(user: User | AnonymousUser) -> QuerySet[EvidenceRow]:
    """Reviewed rows for everyone; drafts for people who may edit evidence in any engagement."""
    rows = EvidenceRow.objects.filter(archived_at=None)
    return rows if has_permission_anywhere(user, EDIT_EVIDENCE) else rows.filter(status="reviewed")


def evidence_with_unreviewed_change() -> QuerySet[EvidenceRow]:
    """Reviewed once, changed since. Everyone reads the version last reviewed, never the fields of these rows."""
    events: type[Model]
    (events,) = pghistory.core.event_models(tracks_model=EvidenceRow)
    reviewed = events._default_manager.filter(pgh_obj_id=OuterRef("pk"), status="reviewed")
    return EvidenceRow.objects.filter(Exists(reviewed), status="draft", archived_at=None)


def evidence_for(user: User | AnonymousUser, key: str, permission: str | None = None) -> EvidenceRow:
    """By key. With a permission: to edit or review it. Raises NotFound, NotAllowed."""
    found = first_or_not_found(visible_evidence(user).filter(key=key))
    if permission and not has_permission_anywhere(user, permission):
        raise NotAllowed("Evidence is written and reviewed by experts and leads.")
    return found


def visible_plans(user: User | AnonymousUser) -> QuerySet[Plan]:
    """Drafts for the team; published plans for the initiative; public ones for everyone.

    A person who sees a plan only because it was published reads `publications`, never its fields.
    """
    public = Q(is_public=True, published_at__isnull=False)
    if not user.is_authenticated or not user.is_active:
        return Plan.objects.filter(public, archived_at=None)
    published = in_engagements_with(user, VIEW_PUBLISHED) & Q(published_at__isnull=False)
    return Plan.objects.filter(public | published | in_engagements_with(user, VIEW_PLAN), archived_at=None)


def plan_for(user: User | AnonymousUser, pk: int, permission: str | None = None) -> Plan:
    """Without a permission: whatever of it this person may read. Raises NotFound."""
    rows = visible_plans(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative"))


def visible_indicators(user: User) -> QuerySet[Indicator]:
    """All of them for the team; for others those with an approved value."""
    approved = IndicatorValue.objects.filter(
        indicator=OuterRef("pk"), status__in=INDICATOR_VALUE_APPROVED, archived_at=None
    )
    published = in_engagements_with(user, VIEW_PUBLISHED) & Q(Exists(approved))
    return Indicator.objects.filter(published | in_engagements_with(user, VIEW_INDICATOR), archived_at=None)


def visible_values(user: User) -> QuerySet[IndicatorValue]:
    """All of them for the team; for others approved ones."""
    published = in_engagements_with(user, VIEW_PUBLISHED) & Q(status__in=INDICATOR_VALUE_APPROVED)
    live = Q(archived_at=None, indicator__archived_at=None)
    return IndicatorValue.objects.filter(live, published | in_engagements_with(user, VIEW_INDICATOR))


def indicator_for(user: User, pk: int, permission: str | None = None) -> Indicator:
    """Raises NotFound."""
    rows = visible_indicators(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative", "plan"))


def value_for(user: User, pk: int, permission: str | None = None) -> IndicatorValue:
    """Raises NotFound."""
    rows = visible_values(user).filter(pk=pk)
    if permission:
        rows = rows.filter(in_engagements_with(user, permission))
    return first_or_not_found(rows.select_related("indicator__engagement__city"))
