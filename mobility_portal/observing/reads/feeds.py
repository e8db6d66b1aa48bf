"""Feeds of indicators and money: how many, and which of them fail."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from engagements.models import Feed
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import count

_OVERDUE = timedelta(hours=1)


def read(now: datetime) -> tuple[Figure, ...]:
    """One statement."""
    running = Q(paused_at=None)
    found = Feed.objects.filter(archived_at=None).aggregate(
        active=Count("pk", filter=running),
        paused=Count("pk", filter=~running),
        failing=Count("pk", filter=running & Q(status__failures__gt=0)),
        worst=Max("status__failures", filter=running),
        overdue=Count("pk", filter=running & Q(status__next_at__lt=now - _OVERDUE)),
    )
    failing, overdue = found["failing"], found["overdue"]
    return (
        Figure("feeds_active", _("Feeds that are asked"), count(found["active"]), found["active"]),
        Figure("feeds_paused", _("Feeds that somebody paused"), count(found["paused"]), found["paused"]),
        Figure(
            "feeds_failing",
            _("Feeds whose last try failed"),
            _("%(number)s, the longest %(tries)s times in a row") % {"number": count(failing), "tries": found["worst"]}
            if failing
            else count(0),
            failing,
            state=State.WATCH if failing else State.FINE,
            advice=_(
                "The owner of the feed was told why. If all fail, look whether this machine reaches the internet."
            ),
        ),
        Figure(
            "feeds_overdue",
            _("Feeds that should have been asked an hour ago or earlier"),
            count(overdue),
            overdue,
            state=State.ACT if overdue else State.FINE,
            advice=_("Look whether scheduler and worker run: see Scheduled tasks."),
        ),
    )
