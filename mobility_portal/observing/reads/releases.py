"""File versions: which are in use, and which wait for an administrator."""

from datetime import datetime

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from atlas.models import Release
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import ago, at, count


def read(now: datetime) -> tuple[Figure, ...]:
    """One statement."""
    rows = Release.objects.order_by().values("status").annotate(number=Count("pk"), newest=Max("activated_at"))
    found = {row["status"]: row for row in rows}
    live, staged = (found.get(status, {}) for status in (Release.Status.LIVE, Release.Status.STAGED))
    newest, waiting = live.get("newest"), staged.get("number", 0)
    return (
        Figure(
            "releases_live",
            _("File versions in use"),
            count(live.get("number", 0)),
            live.get("number", 0),
            state=State.FINE if live else State.ACT,
            advice=_("Import a file on the page Data: without one, pages show no numbers."),
        ),
        Figure(
            "last_release_timestamp_seconds",
            _("Newest one in use since"),
            f"{at(newest)} ({ago(newest, now)})" if newest else _("none"),
            newest.timestamp() if newest else None,
        ),
        Figure(
            "releases_waiting",
            _("File versions that wait for a decision"),
            count(waiting),
            waiting,
            state=State.WATCH if waiting else State.FINE,
            advice=_("Compare and decide on the page Data. Until then the older version stays in use."),
        ),
    )
