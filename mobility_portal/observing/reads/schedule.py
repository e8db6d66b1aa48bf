"""What the scheduler sends: when each task last succeeded."""

from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.utils.translation import gettext as _

from mobility_portal.observing import notes
from mobility_portal.observing.figures import Figure, State
from mobility_portal.observing.words import ago, how_long

_GRACE = 600.0  # seconds: a restart, or a long import in both processes of the worker
_DAY = 86_400.0


def read(now: datetime) -> tuple[Figure, ...]:
    """One command to the broker; two figures for each task, of which the page shows one."""
    runs = notes.task_runs()
    entries = sorted(settings.CELERY_BEAT_SCHEDULE.items())
    return tuple(
        figure
        for key, entry in entries
        for figure in _task(key, entry, runs.get(entry["task"], notes.TaskRun(entry["task"])), now)
    )


def _task(key: str, entry: dict[str, Any], run: notes.TaskRun, now: datetime) -> list[Figure]:
    name = key.replace("-", " ").capitalize()
    due = period(entry["schedule"])
    labels = {"task": entry["task"]}
    failed_last = (run.failed_at or 0.0) > (run.succeeded_at or 0.0)
    since = None if run.succeeded_at is None else now.timestamp() - run.succeeded_at
    late = since is not None and since > 3 * due + _GRACE
    state = State.ACT if late or (failed_last and since is None) else State.WATCH if failed_last else State.FINE
    return [
        Figure(
            "task_last_success_timestamp_seconds",
            name,
            _shown(run, now, failed_last),
            run.succeeded_at,
            labels,
            state,
            _advice(late),
        ),
        Figure("task_last_failure_timestamp_seconds", name, "", run.failed_at, labels),
        Figure("task_duration_seconds", name, "", run.seconds if run.succeeded_at else None, labels),
        Figure("task_period_seconds", name, "", due, labels),
    ]


def _shown(run: notes.TaskRun, now: datetime, failed_last: bool) -> str:
    if run.succeeded_at is None:
        said = _("not yet")
    else:
        took = {"ago": ago(datetime.fromtimestamp(run.succeeded_at, UTC), now), "time": how_long(run.seconds)}
        said = _("%(ago)s, took %(time)s") % took
    if failed_last and run.failed_at is not None:
        told = {"ago": ago(datetime.fromtimestamp(run.failed_at, UTC), now), "error": run.error}
        said += "; " + _("failed %(ago)s (%(error)s)") % told
    return said


def _advice(late: bool) -> str:
    if late:
        return _("Look whether scheduler and worker run. If they do, the errors below say what stops this task.")
    return _("It is tried again by itself. If it keeps failing, the errors below say why.")


def period(schedule: Any) -> float:
    """Seconds between two runs, the longest that happens.

    >>> period(30.0), period(crontab(hour="3", minute="0"))
    (30.0, 86400.0)
    """
    if isinstance(schedule, int | float):
        return float(schedule)
    if isinstance(schedule, timedelta):
        return schedule.total_seconds()
    if isinstance(schedule, crontab):
        if len(schedule.day_of_month) < 31 or len(schedule.month_of_year) < 12:
            return 31 * _DAY if len(schedule.month_of_year) == 12 else 366 * _DAY
        if len(schedule.day_of_week) < 7:
            return 7 * _DAY
        return _DAY if len(schedule.hour) < 24 else 3600.0
    return float(schedule.run_every.total_seconds())
