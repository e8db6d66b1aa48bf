"""Initiatives, engagements, milestones, roles and invitations of them: fetched and checked in one query.

What a person may not see answers exactly as what is not there.
"""

from django.db.models import Q, QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import engagements_with, in_engagements_with, initiatives_with
from engagements.models import (
    Engagement,
    EngagementRole,
    Initiative,
    Invitation,
    Milestone,
    User,
)
from engagements.models.milestone import MilestoneQuerySet
from engagements.permissions import (
    EDIT_MILESTONE,
    MANAGE_ROLES,
    VIEW_PUBLISHED,
)


def visible_engagements(user: User) -> QuerySet[Engagement]:
    return engagements_with(user, VIEW_PUBLISHED)


def visible_milestones(user: User) -> MilestoneQuerySet:
    """Archived ones only where one may edit."""
    seen = in_engagements_with(user, VIEW_PUBLISHED) & Q(archived_at=None)
    return Milestone.objects.filter(seen | in_engagements_with(user, EDIT_MILESTONE))


def engagement_for(user: User, key: int | str, permission: str) -> Engagement:
    """By id or slug. One statement. Raises NotFound."""
    match = Q(pk=key) if isinstance(key, int) else Q(slug=key)
    return first_or_not_found(engagements_with(user, permission).filter(match).select_related("city", "initiative"))


def milestone_for(user: User, pk: int, permission: str) -> Milestone:
    """Raises NotFound."""
    rows = visible_milestones(user).filter(in_engagements_with(user, permission), pk=pk)
    return first_or_not_found(rows.select_related("engagement__city", "owner"))


def role_for(user: User, pk: int) -> EngagementRole:
    """To end it: who manages roles in its engagement or initiative. Raises NotFound."""
    within = Q(initiative__in=initiatives_with(user, MANAGE_ROLES).values("pk"))
    return first_or_not_found(EngagementRole.objects.filter(within, pk=pk).select_related("user"))


def invitation_for(user: User, pk: int) -> Invitation:
    """To withdraw it: who manages roles in its initiative. Raises NotFound."""
    return first_or_not_found(
        Invitation.objects.filter(initiative__in=initiatives_with(user, MANAGE_ROLES).values("pk"), pk=pk)
    )


def initiative_for(user: User, key: int | str, permission: str) -> Initiative:
    """By id or slug, through a role in the whole initiative. Raises NotFound."""
    match = Q(pk=key) if isinstance(key, int) else Q(slug=key)
    return first_or_not_found(initiatives_with(user, permission).filter(match))
