"""What a device asks: who is signed in with which roles, whether an entry arrived before, why it can't be taken."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.utils.crypto import salted_hmac

from engagements.access.roles import permissions_in
from engagements.models import FormIdempotencyKey, Milestone, User
from engagements.permissions import EDIT_RECORD, LOG_PROGRESS

_SALT = "engagements.device"


@dataclass(frozen=True)
class Arrived:
    """An entry that was saved. `version`: of its milestone right after it, None where it is about none."""

    milestone: int | None
    version: int | None


def stamp_of(session_key: str, roles: frozenset[tuple[str, int | None, int]]) -> str:
    """32 hexadecimal digits that change with the session and with every role: pages of another stamp are wiped."""
    return salted_hmac(_SALT, f"{session_key} {sorted(roles, key=repr)}", algorithm="sha256").hexdigest()[:32]


def find_arrived(user: User, key: UUID) -> Arrived | None:
    """The entry this person's device sent with the key, if it was saved. Two statements at most."""
    done = FormIdempotencyKey.objects.filter(user=user, key=key, object_id__isnull=False)
    row = done.values_list("action", "object_id", "version").first()
    if row is None:
        return None
    action, pk, version = row
    if action != "log_progress":
        return Arrived(None, None)
    milestone = Milestone.objects.filter(progress=pk).values_list("pk", flat=True).first()
    return Arrived(milestone, version)


def find_archived_milestone(user: User | AnonymousUser, pk: int | None) -> Milestone | None:
    """None where the milestone is not archived, or where this person logs nothing any more. Three statements."""
    if pk is None:
        return None
    row = Milestone.objects.filter(pk=pk, archived_at__isnull=False).select_related("archived_by").first()
    if row is None or LOG_PROGRESS not in permissions_in(user, row.engagement_id):
        return None
    return row


def find_note_place(user: User | AnonymousUser, milestone: int | None, engagement: int | None) -> int | None:
    """The engagement of the milestone, else the one named, if this person may write a note there."""
    if milestone is not None:
        engagement = Milestone.objects.filter(pk=milestone).values_list("engagement_id", flat=True).first()
    if engagement is None or EDIT_RECORD not in permissions_in(user, engagement):
        return None
    return engagement
