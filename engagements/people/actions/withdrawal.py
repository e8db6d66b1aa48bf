"""An invitation is taken back, by who manages roles or with the role it would give again; and what is noted of any."""

from datetime import datetime

from engagements.base.audited_transaction import add_activity
from engagements.models import Invitation, User
from engagements.security_log.actions.recording import Kind, record_security_event


def withdraw(row: Invitation, *, by: User, now: datetime) -> None:
    """Inside the transaction in which the row was locked and found open."""
    row.revoked_at, row.revoked_by = now, by
    row.save(update_fields=["revoked_at", "revoked_by"])
    add_invitation_activity(row, "withdrew", by, now)
    record_invitation_event(Kind.INVITATION_WITHDRAWN, row, by)


def record_invitation_event(kind: Kind, row: Invitation, by: User) -> None:
    """The log names the invitation; the address stays in its row."""
    record_security_event(
        kind, by=by, engagement=row.engagement_id, initiative=row.initiative_id, thing=row, detail={"role": row.role}
    )


def add_invitation_activity(row: Invitation, verb: str, by: User, now: datetime) -> None:
    title = f"{row.name or 'Someone'}: {row.get_role_display()}"
    add_activity(by=by, now=now, verb=verb, thing=row, engagement_id=row.engagement_id, title=title)
