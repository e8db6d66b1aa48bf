"""What belongs to one person alone: their absences, the views of work they keep and how much they have not read."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from engagements.access.errors import first_or_not_found
from engagements.models import Absence, EngagementRole, Notification, User, WorkView


def absence_for(user: User, pk: int) -> Absence:
    """One's own. Raises NotFound."""
    return first_or_not_found(Absence.objects.filter(user_id=user.pk, pk=pk))


def work_view_for(user: User, pk: int) -> WorkView:
    """One's own. Raises NotFound."""
    return first_or_not_found(WorkView.objects.filter(user_id=user.pk, pk=pk))


def roles_and_unread(user: User) -> tuple[frozenset[tuple[str, int | None, int]], int]:
    """What this person holds today, as `open_roles`, and how many notifications are unread.

    One statement: every page asks. What they may no longer see is counted until it is marked as read.
    """
    if not user.is_active:
        return frozenset(), 0
    mine = Notification.objects.filter(user_id=OuterRef("user_id"), seen_at=None)
    unread = mine.order_by().values("user_id").annotate(n=Count("pk")).values("n")
    held = EngagementRole.objects.open().filter(user_id=user.pk).annotate(unread=Coalesce(Subquery(unread), 0))
    rows = list(held.order_by().values_list("role", "engagement_id", "initiative_id", "unread"))
    return frozenset(row[:3] for row in rows), max((row[3] for row in rows), default=0)
