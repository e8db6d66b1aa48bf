"""What administrators look at of accounts: the chain of the security log, failed sign-ins, reviews that are overdue."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from engagements.models import AccessReview, SecurityEvent, SecurityLink
from engagements.security_log.queries.verification import UNLINKED_AFTER
from mobility_portal.observing.figures import Figure, State

_RECENT = 10_000  # ids: older events were linked long ago
MANY_FAILURES = 100  # in an hour: somebody tries passwords


def read(now: datetime) -> tuple[Figure, ...]:
    """Four light statements. The position is an anchor too: kept by who collects metrics, it only ever grows."""
    last = SecurityLink.objects.order_by("-position").values_list("position", "event_id").first()
    position, linked = last or (0, 0)
    late = SecurityEvent.objects.filter(pk__gt=linked - _RECENT, link=None, at__lt=now - UNLINKED_AFTER).count()
    failed = SecurityEvent.objects.filter(kind="sign_in_failed", at__gte=now - timedelta(hours=1)).count()
    overdue = AccessReview.objects.filter(closed_at=None, due_on__lt=now.date()).count()
    return (
        Figure("security_log_events", _("Entries in the security log’s chain"), f"{position:,}", position),
        Figure(
            "security_log_late_events",
            _("Entries that wait for their place"),
            f"{late:,}",
            late,
            state=State.WATCH if late else State.FINE,
            advice=_("Look whether the worker runs, then run manage.py verify_security_log.") if late else "",
        ),
        Figure(
            "failed_sign_ins",
            _("Failed sign-ins in the last hour"),
            f"{failed:,}",
            failed,
            state=State.WATCH if failed >= MANY_FAILURES else State.FINE,
            advice=_("Look at the security log: somebody may try passwords.") if failed >= MANY_FAILURES else "",
        ),
        Figure(
            "overdue_access_reviews",
            _("Overdue access reviews"),
            f"{overdue:,}",
            overdue,
            state=State.WATCH if overdue else State.FINE,
            advice=_("Ask the leads named at /access-reviews/.") if overdue else "",
        ),
    )
