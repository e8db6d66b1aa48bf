"""Asking somebody in: a link to one address, good for two weeks and for one use."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from engagements.access.engagements import engagement_for, initiative_for, invitation_for
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.tokens import hash_secret
from engagements.base.audited_transaction import (
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.models import Engagement, EngagementRole, Invitation, Organisation, User
from engagements.people.actions.roles import give_role
from engagements.people.actions.withdrawal import add_invitation_activity, record_invitation_event, withdraw
from engagements.permissions import INITIATIVE_ROLES, MANAGE_ROLES, Role
from engagements.security_log.actions.recording import Kind

VALID_FOR = timedelta(days=14)


class InvitationClosed(Exception):
    """It was used, withdrawn or is too old; the text says which."""


def invite(
    *,
    email: str,
    role: str,
    by: User,
    now: datetime,
    name: str = "",
    organisation: int | None = None,
    engagement: int | str | None = None,
    initiative: int | None = None,
    submission: UUID | None = None,
) -> tuple[Invitation, str | None]:
    """The invitation and its link's secret, None when this submission came before.

    An earlier open invitation of the address to the same role ends. Raises NotFound, ValidationError by field.
    """
    within, initiative_id = _place(by, engagement, initiative)
    email = email.strip().lower()
    _check(email, role, within, initiative_id, organisation)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "invite", submission)
        if claimed.object_id:
            return Invitation.objects.get(pk=claimed.object_id), None
        place = {"email": email, "role": role, "initiative_id": initiative_id, "engagement": within}
        Invitation.objects.open(now).filter(**place).update(revoked_at=now, revoked_by=by)
        secret = secrets.token_urlsafe(32)
        made = Invitation.objects.create(
            **place,
            name=name.strip(),
            organisation_id=organisation,
            sha256=hash_secret(secret),
            invited_by=by,
            invited_at=now,
            expires_at=now + VALID_FOR,
        )
        add_invitation_activity(made, "invited", by, now)
        record_invitation_event(Kind.INVITED, made, by)
        complete_idempotent(claimed, made)
    return made, secret


def revoke_invitation(*, invitation: int, by: User, now: datetime) -> Invitation:
    """The link opens nothing any more. Raises NotFound; nothing happens to one that was used or withdrawn."""
    seen = invitation_for(by, invitation)
    with audited_transaction(by):
        row: Invitation = Invitation.objects.select_for_update().get(pk=seen.pk)
        if row.accepted_at is None and row.revoked_at is None:
            withdraw(row, by=by, now=now)
    return row


def find_invitation(*, secret: str, now: datetime) -> Invitation:
    """Raises NotFound for a link nobody sent, InvitationClosed for one that no longer works."""
    rows = Invitation.objects.select_related("initiative", "engagement__city", "organisation", "invited_by")
    found: Invitation | None = rows.filter(sha256=hash_secret(secret)).first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    _check_open(found, now)
    return found


def account_of(invitation: Invitation) -> User | None:
    """The account that has the invited address."""
    return User.objects.filter(email=invitation.email).first()


def accept_as_new(*, secret: str, name: str, password: str, now: datetime) -> User:
    """An account for the invited address, with its role. Raises NotFound, InvitationClosed, NotAllowed."""
    seen = find_invitation(secret=secret, now=now)
    with transaction.atomic():
        row = _lock(seen, now)
        if account_of(row) is not None:
            raise NotAllowed("There is an account with this address: sign in with it.")
        return _accept(row, _make_account(row, name, password), now).user


def accept_invitation(*, secret: str, by: User, now: datetime) -> EngagementRole:
    """For whom has an account: the role. Raises NotFound, InvitationClosed, NotAllowed for another's address."""
    seen = find_invitation(secret=secret, now=now)
    if seen.email != by.email:
        raise NotAllowed("This invitation is for another address than yours.")
    with transaction.atomic():
        return _accept(_lock(seen, now), by, now)


def accept_by_address(*, email: str, name: str, now: datetime) -> User | None:
    """A new account without a password for a verified address with open invitations, all of which are accepted."""
    with transaction.atomic():
        sent = Invitation.objects.open(now).filter(email=email.lower()).select_related("invited_by")
        rows = [row for row in sent.select_for_update(of=("self",)) if row.invited_by.may_act]
        if not rows:
            return None
        user = _make_account(rows[0], name, None)
        for row in rows:
            _accept(row, user, now)
    return user


def _place(by: User, engagement: int | str | None, initiative: int | None) -> tuple[Engagement | None, int]:
    if engagement is not None:
        within = engagement_for(by, engagement, MANAGE_ROLES)
        return within, within.initiative_id
    if initiative is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return None, initiative_for(by, initiative, MANAGE_ROLES).pk


def _check(email: str, role: str, within: Engagement | None, initiative_id: int, organisation: int | None) -> None:
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise ValidationError({"email": wrong.messages}) from wrong
    if role not in {known.value for known in Role}:
        raise ValidationError({"role": "There is no such role."})
    if (Role(role) in INITIATIVE_ROLES) != (within is None):
        raise ValidationError({"role": "Leads and funders belong to an initiative, all others to one engagement."})
    if organisation is not None and not Organisation.objects.filter(pk=organisation).exists():
        raise ValidationError({"organisation": "There is no such organization."})
    account = User.objects.filter(email=email).first()
    if account is None:
        return
    if not account.is_active:
        raise ValidationError({"email": "The account with this address is switched off."})
    if account.roles.open().filter(role=role, initiative=initiative_id, engagement=within).exists():
        raise ValidationError({"role": "They have this role already."})


def _check_open(invitation: Invitation, now: datetime) -> None:
    if invitation.accepted_at is not None:
        raise InvitationClosed("It was used already.")
    if invitation.revoked_at is not None:
        raise InvitationClosed("It was withdrawn, or a newer one was sent.")
    if invitation.expires_at <= now:
        raise InvitationClosed("It is older than two weeks.")
    if not invitation.invited_by.may_act:
        raise InvitationClosed("Who sent it no longer gives roles here.")


def _lock(invitation: Invitation, now: datetime) -> Invitation:
    """Of two who follow the link at once the second finds it used."""
    row: Invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _check_open(row, now)
    return row


def _make_account(invitation: Invitation, name: str, password: str | None) -> User:
    name = name.strip() or invitation.name
    return User.objects.create_user(invitation.email, password, name=name, organisation=invitation.organisation)


def _accept(row: Invitation, user: User, now: datetime) -> EngagementRole:
    """As given by who invited: nobody gets what the inviter may no longer give."""
    open_roles = user.roles.open().filter(role=row.role, initiative=row.initiative_id, engagement=row.engagement_id)
    held: EngagementRole | None = open_roles.first()
    if held is None:
        try:
            held = give_role(
                user=user.pk,
                role=row.role,
                by=row.invited_by,
                now=now,
                engagement=row.engagement_id,
                initiative=row.initiative_id,
            )
        except NotFound as lost:
            raise InvitationClosed("Who sent it no longer gives roles here.") from lost
    if user.organisation_id is None and row.organisation_id and not user.is_fictional:
        user.organisation_id = row.organisation_id
        user.save(update_fields=["organisation"])
    row.accepted_at, row.accepted_by = now, user
    row.save(update_fields=["accepted_at", "accepted_by"])
    record_invitation_event(Kind.INVITATION_ACCEPTED, row, user)
    return held
