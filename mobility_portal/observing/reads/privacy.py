"""Requests to be erased, and what was let go because it was kept long enough: numbers, never names."""

from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext as _

from engagements.models import ErasureRequest, RetentionRun
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import ago, count, how_long

_ANSWER_WITHIN = 30 * 86_400.0  # seconds: many laws on privacy give a month or 45 days
_LATE_RUN = 2 * 86_400.0  # it runs four times a day


def read(now: datetime) -> tuple[Figure, ...]:
    """Two statements."""
    rows = ErasureRequest.objects.filter(done_at=None, withdrawn_at=None).order_by()
    oldest = rows.aggregate(oldest=Min("asked_at"))["oldest"]
    waits = (now - oldest).total_seconds() if oldest else 0.0
    run = RetentionRun.objects.first()
    age = (now - run.at).total_seconds() if run else None
    gone = sum(run.counts.values()) if run else 0
    return (
        Figure(
            "erasure_request_oldest_seconds",
            _("Requests to be erased"),
            _("the oldest for %(time)s") % {"time": how_long(waits)} if oldest else _("none"),
            waits,
            state=State.ACT if waits > _ANSWER_WITHIN else State.WATCH if oldest else State.FINE,
            advice=_("Open “Requests to be erased” below and look at what would happen."),
        ),
        Figure(
            "retention_run_age_seconds",
            _("Old data was let go"),
            _("%(ago)s, %(number)s rows") % {"ago": ago(run.at, now), "number": count(gone)} if run else _("not yet"),
            age,
            state=State.WATCH if age is not None and age > _LATE_RUN else State.FINE,
            advice=_("Look whether beat and a worker run: the task is let_go_of_old_data."),
        ),
    )
