"""Giving and ending roles."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagements.access.engagements import engagement_for, role_for
from engagements.access.errors import NotFound
from engagements.access.roles import initiatives_with
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.models import EngagementRole, Invitation, Notification, User
from engagements.people.actions.withdrawal import withdraw
from engagements.permissions import INITIATIVE_ROLES, MANAGE_ROLES, Role
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.sessions.actions import end_access_without_roles


def give_role(
    *, user: int, role: str, by: User, now: datetime, engagement: int | str | None = None, initiative: int | None = None
) -> EngagementRole:
    """A role from today: in an engagement, or (lead, funder) in an initiative. Raises NotFound, ValidationError."""
    if role not in {known.value for known in Role}:
        raise ValidationError({"role": "There is no such role."})
    if (Role(role) in INITIATIVE_ROLES) != (engagement is None):
        raise ValidationError({"role": "Leads and funders belong to an initiative, all others to one engagement."})
    if engagement is not None:
        within = engagement_for(by, engagement, MANAGE_ROLES)
        initiative_id, engagement_id = within.initiative_id, within.pk
    else:
        found = None if initiative is None else initiatives_with(by, MANAGE_ROLES).filter(pk=initiative).first()
        if found is None:
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
        initiative_id, engagement_id = found.pk, None
    if not User.objects.filter(pk=user, is_active=True).exists():
        raise ValidationError({"user": "There is no such person."})
    with audited_transaction(by):
        try:
            with transaction.atomic():
                made = EngagementRole.objects.create(
                    user_id=user,
                    role=role,
                    initiative_id=initiative_id,
                    engagement_id=engagement_id,
                    given_by=by,
                    began_on=timezone.localdate(now, UTC),
                )
        except IntegrityError as taken:
            raise ValidationError({"role": "They have this role already."}) from taken
        _add_activity(made, "joined", by, now)
        _record(Kind.ROLE_GIVEN, made, by)
        notify(
            [user],
            Notification.Kind.ASSIGNMENT,
            thing=made,
            engagement=engagement_id,
            line=f"You are now: {made.get_role_display()}",
            by=by,
            now=now,
        )
    return made


def end_role(*, role: int, by: User, now: datetime, why: str = "") -> EngagementRole:
    """Today is the first day without it. What the person owns stays theirs until somebody takes it over; an open
    invitation to the same role ends."""
    seen = role_for(by, role)
    with audited_transaction(by, why):
        row: EngagementRole = EngagementRole.objects.select_for_update().get(pk=seen.pk)
        if row.ended_on is None:
            row.ended_on = max(timezone.localdate(now, UTC), row.began_on)
            row.save(update_fields=["ended_on"])
            row.refresh_from_db(fields=["version"])
            _add_activity(row, "left", by, now, why)
            _record(Kind.ROLE_ENDED, row, by)
            _withdraw_invitations(row, by, now)
            end_access_without_roles(person=seen.user, by=by, now=now)
    return row


def _withdraw_invitations(role: EngagementRole, by: User, now: datetime) -> None:
    """To the same role in the same place: an older email would give it back."""
    place = {"role": role.role, "initiative_id": role.initiative_id, "engagement_id": role.engagement_id}
    for row in Invitation.objects.open(now).select_for_update().filter(email=role.user.email, **place):
        withdraw(row, by=by, now=now)


def _record(kind: Kind, role: EngagementRole, by: User) -> None:
    record_security_event(
        kind,
        by=by,
        about=role.user_id,
        engagement=role.engagement_id,
        initiative=role.initiative_id,
        thing=role,
        detail={"role": role.role},
    )


def _add_activity(role: EngagementRole, verb: str, by: User, now: datetime, why: str = "") -> None:
    title = f"{role.user}: {role.get_role_display()}"
    add_activity(by=by, now=now, verb=verb, thing=role, engagement_id=role.engagement_id, title=title, why=why)
