"""Which milestone waits for which; never in a circle."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection

from engagements.access.engagements import milestone_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.models import Milestone, MilestoneDependency, User
from engagements.permissions import EDIT_MILESTONE

_REACHES = """
WITH RECURSIVE before(id) AS (
    SELECT %s::bigint
    UNION
    SELECT d.needs_id FROM engagements_milestonedependency d JOIN before b ON d.milestone_id = b.id
)
SELECT EXISTS (SELECT 1 FROM before WHERE id = %s)
"""


def add_dependency(*, milestone: int, needs: int, by: User, now: datetime) -> MilestoneDependency:
    """`milestone` waits for `needs`. Raises NotFound, ValidationError for a circle or another engagement's."""
    waiting, first = milestone_for(by, milestone, EDIT_MILESTONE), milestone_for(by, needs, EDIT_MILESTONE)
    if waiting == first:
        raise ValidationError({"needs": "A milestone can't depend on itself: choose another one."})
    if waiting.engagement_id != first.engagement_id:
        raise ValidationError({"needs": "Both milestones are of one engagement."})
    with audited_transaction(by):
        made = link(waiting, first)
        add_activity(
            by=by,
            now=now,
            verb="linked",
            thing=waiting,
            engagement_id=waiting.engagement_id,
            line=f"depends on {first.title}",
        )
    return made


def remove_dependency(*, milestone: int, needs: int, by: User, now: datetime) -> None:
    """Raises NotFound."""
    waiting = milestone_for(by, milestone, EDIT_MILESTONE)
    with audited_transaction(by):
        gone, _ = MilestoneDependency.objects.filter(milestone=waiting, needs_id=needs).delete()
        if gone:
            add_activity(by=by, now=now, verb="unlinked", thing=waiting, engagement_id=waiting.engagement_id)


def link(waiting: Milestone, first: Milestone) -> MilestoneDependency:
    """Inside a transaction. The lock is the trigger's: two halves of a circle can't pass one another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('engagements_milestonedependency'), %s)", [waiting.engagement_id]
        )
        cursor.execute(_REACHES, [first.pk, waiting.pk])
        if cursor.fetchone()[0]:
            raise ValidationError({"needs": f"“{first.title}” itself depends on “{waiting.title}”."})
    made, _ = MilestoneDependency.objects.get_or_create(
        milestone=waiting, needs=first, defaults={"engagement_id": waiting.engagement_id}
    )
    return made
