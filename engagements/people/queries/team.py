"""Who works on an engagement."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from engagements.access.roles import permissions_in, with_cached_permissions
from engagements.mail_delivery.queries import bounced
from engagements.models import Engagement, EngagementRole, User
from engagements.permissions import MANAGE_ROLES, VIEW_CITY, VIEW_PUBLISHED, Role


@dataclass(frozen=True)
class TeamMember:
    """`role_id` to end the role; `email` is None below the city's level. `has_bounced`: no mail goes there any more,
    as those see who give roles."""

    role_id: int
    user_id: int
    name: str
    email: str | None
    title: str
    organisation: str
    role: str
    role_label: str
    began_on: date
    ended_on: date | None
    is_fictional: bool
    has_bounced: bool = False


@with_cached_permissions
def team(user: User, engagement_id: int) -> tuple[TeamMember, ...]:
    """Open roles in the engagement and its initiative, by role, as `listed`. Empty for those who see nothing of it."""
    held = permissions_in(user, engagement_id)
    if VIEW_PUBLISHED not in held and MANAGE_ROLES not in held:
        return ()
    contact = VIEW_CITY in held or MANAGE_ROLES in held
    within = Engagement.objects.filter(pk=engagement_id).values("initiative_id")
    roles = (
        EngagementRole.objects.open()
        .listed()
        .filter(Q(engagement_id=engagement_id) | Q(engagement=None, initiative_id__in=within))
    )
    order = [role.value for role in Role]
    found = sorted(roles.select_related("user__organisation"), key=lambda r: (order.index(r.role), str(r.user), r.pk))
    stopped = bounced(role.user.email for role in found) if MANAGE_ROLES in held else frozenset()
    return tuple(
        TeamMember(
            role_id=role.pk,
            user_id=role.user_id,
            name=role.user.name or (role.user.email if contact else "Someone"),
            email=role.user.email if contact else None,
            title=role.user.title,
            organisation=role.user.organisation.name if role.user.organisation else "",
            role=role.role,
            role_label=role.get_role_display(),
            began_on=role.began_on,
            ended_on=role.ended_on,
            is_fictional=role.user.is_fictional,
            has_bounced=role.user.email.lower() in stopped,
        )
        for role in found
    )
