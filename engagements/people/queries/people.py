"""Who works on what: the people of an engagement or an initiative, and one's own keys."""

from dataclasses import dataclass
from datetime import date, datetime

from engagements.access.engagements import engagement_for, initiative_for
from engagements.access.errors import NotFound
from engagements.access.roles import engagements_with, initiatives_with, permissions_in
from engagements.mail_delivery.queries import bounced
from engagements.models import AccessToken, EngagementRole, Initiative, Invitation, User
from engagements.people.queries.team import TeamMember, team
from engagements.permissions import MANAGE_ROLES, VIEW_PUBLISHED


@dataclass(frozen=True)
class InvitationRow:
    """Open ones only, so that they can be withdrawn."""

    pk: int
    email: str
    name: str
    role_label: str
    organisation: str
    invited_by: str
    expires_at: datetime


@dataclass(frozen=True)
class PeoplePage:
    """`team` as the viewer may see it; `invitations` only for those who manage roles (`may_manage`).

    `city_slug` is empty for an initiative."""

    pk: int
    slug: str
    city_slug: str
    title: str
    initiative_slug: str
    initiative: str
    is_initiative: bool
    may_manage: bool
    may_manage_initiative: bool
    team: tuple[TeamMember, ...]
    invitations: tuple[InvitationRow, ...]


@dataclass(frozen=True)
class ManagedPlace:
    """An initiative and its engagements (slug, city) in which one gives roles."""

    slug: str
    name: str
    engagements: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RoleRow:
    role_label: str
    where: str
    engagement_slug: str | None
    began_on: date


@dataclass(frozen=True)
class TokenRow:
    pk: int
    name: str
    first_characters: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def people_of_engagement(user: User, slug: str, *, now: datetime) -> PeoplePage:
    """For everybody who sees anything of the engagement, or gives roles in it. Raises NotFound."""
    try:
        found = engagement_for(user, slug, VIEW_PUBLISHED)
    except NotFound:
        found = engagement_for(user, slug, MANAGE_ROLES)
    held = permissions_in(user, found.pk)
    may_manage = MANAGE_ROLES in held
    waiting = Invitation.objects.open(now).filter(engagement=found) if may_manage else Invitation.objects.none()
    return PeoplePage(
        pk=found.pk,
        slug=found.slug,
        city_slug=found.city.slug,
        title=found.city.name,
        initiative_slug=found.initiative.slug,
        initiative=found.initiative.name,
        is_initiative=False,
        may_manage=may_manage,
        may_manage_initiative=may_manage,
        team=team(user, found.pk),
        invitations=_invitations(waiting),
    )


def people_of_initiative(user: User, slug: str, *, now: datetime) -> PeoplePage:
    """Leads and funders, for those who give these roles. Raises NotFound."""
    found = initiative_for(user, slug, MANAGE_ROLES)
    roles = EngagementRole.objects.open().listed().filter(initiative=found, engagement=None)
    return PeoplePage(
        pk=found.pk,
        slug=found.slug,
        city_slug="",
        title=found.name,
        initiative_slug=found.slug,
        initiative=found.name,
        is_initiative=True,
        may_manage=True,
        may_manage_initiative=True,
        team=_members(roles),
        invitations=_invitations(Invitation.objects.open(now).filter(initiative=found, engagement=None)),
    )


def managed_places(user: User) -> tuple[ManagedPlace, ...]:
    """Where one gives roles. Two statements."""
    cities: dict[int, list[tuple[str, str]]] = {}
    for row in engagements_with(user, MANAGE_ROLES).select_related("city").order_by("city__name", "pk"):
        cities.setdefault(row.initiative_id, []).append((row.slug, row.city.name))
    found: list[Initiative] = list(initiatives_with(user, MANAGE_ROLES).order_by("name", "pk"))
    return tuple(ManagedPlace(row.slug, row.name, tuple(cities.get(row.pk, ()))) for row in found)


def own_roles(user: User) -> tuple[RoleRow, ...]:
    rows = user.roles.open().select_related("initiative", "engagement__city")
    return tuple(
        RoleRow(
            row.get_role_display(),
            row.engagement.city.name if row.engagement else row.initiative.name,
            row.engagement.slug if row.engagement else None,
            row.began_on,
        )
        for row in rows
    )


def own_tokens(user: User, *, now: datetime) -> tuple[TokenRow, ...]:
    """Those that still open something."""
    return tuple(
        TokenRow(
            row.pk, row.name, row.first_characters, tuple(row.scopes), row.created_at, row.expires_at, row.last_used_at
        )
        for row in AccessToken.objects.valid(now).filter(user=user).order_by("-created_at", "-pk")
    )


def _invitations(rows) -> tuple[InvitationRow, ...]:
    return tuple(
        InvitationRow(
            row.pk,
            row.email,
            row.name,
            row.get_role_display(),
            row.organisation.name if row.organisation else "",
            str(row.invited_by),
            row.expires_at,
        )
        for row in rows.select_related("organisation", "invited_by")
    )


def _members(roles) -> tuple[TeamMember, ...]:
    found = list(roles.select_related("user__organisation").order_by("role", "user__name", "pk"))
    stopped = bounced(role.user.email for role in found)
    return tuple(
        TeamMember(
            role_id=role.pk,
            user_id=role.user_id,
            name=str(role.user),
            email=role.user.email,
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
