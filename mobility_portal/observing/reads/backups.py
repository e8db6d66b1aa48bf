"""The last good backup and the last try."""

from datetime import datetime

from django.utils.translation import gettext as _

from mobility_portal.backup.queries import last_good_backup, last_try
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import ago, at, gigabytes, how_long

_WATCH_AFTER, _ACT_AFTER = 26 * 3600.0, 50 * 3600.0  # seconds: one is made every night


def read(now: datetime) -> tuple[Figure, ...]:
    """Two statements."""
    good, tried = last_good_backup(), last_try()
    age = (now - good.started_at).total_seconds() if good else None
    return (
        Figure(
            "last_backup_age_seconds",
            _("Last good backup"),
            f"{at(good.started_at)} ({ago(good.started_at, now)}), {gigabytes(good.size)}" if good else _("none yet"),
            age,
            state=State.ACT if age is None or age > _ACT_AFTER else State.WATCH if age > _WATCH_AFTER else State.FINE,
            advice=_("Run manage.py backup now, and look at the last try: what is written today could be lost."),
        ),
        Figure(
            "last_backup_verified",
            _("Restored on trial"),
            "" if good is None else _("yes, %(at)s") % {"at": at(good.verified_at)} if good.verified_at else _("no"),
            None if good is None else float(good.verified_at is not None),
            state=State.WATCH if good and not good.verified_at else State.FINE,
            advice=_("Restore it into an empty folder once: a backup that was never restored is a hope."),
        ),
        Figure(
            "last_backup_duration_seconds",
            _("Time it took"),
            how_long(good.seconds) if good else "",
            good.seconds if good else None,
        ),
        Figure(
            "last_backup_try_failed",
            _("Last try"),
            "" if tried is None else tried.problem or _("succeeded %(ago)s") % {"ago": ago(tried.started_at, now)},
            None if tried is None else float(bool(tried.problem)),
            state=State.ACT if tried and tried.problem else State.FINE,
            advice=_("The sentence says why. Mend it and run manage.py backup."),
        ),
    )
