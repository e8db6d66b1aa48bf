"""A simulation of power from the queue to its answer."""

import logging
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Pilot
from engagements.pilots.actions.locking import planned
from engagements.pilots.actions.power_jobs import (
    DONE,
    FAILED,
    QUEUED,
    RUNNING,
    PowerJob,
    keep_job,
    power_fingerprint,
    power_job,
)
from engagements.pilots.actions.running import run_again
from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.power.simulated import simulate_power
from engagements.pilots.rules.registration import Registration

logger = logging.getLogger(__name__)
_PAUSE = timedelta(seconds=1)  # between two words about the progress


def run_power(pk: int, fingerprint: str) -> None:
    """Of the draft that it was asked for; where somebody saved another meanwhile, nothing is made."""
    row = Pilot.objects.filter(pk=pk).first()
    try:
        plan = planned(row) if row else None
    except PlainRefused:
        plan = None
    if row is None or plan is None or power_fingerprint(plan) != fingerprint:
        logger.info("pilot %s was written on: its simulation is not made", pk)
        return
    job = power_job(row, plan, timezone.now())
    if job is None or job.state != QUEUED:
        return
    try:
        _run(row, plan, job)
    except SoftTimeLimitExceeded:
        _fail(job, _("This took too long and was stopped. Fewer groups or periods help."))
    except Exception:
        said = _("The portal failed on this simulation; the log has the details. {again}")
        _fail(job, said.format(again=run_again()))
        raise


def _run(row: Pilot, plan: Registration, job: PowerJob) -> None:
    watch = _Watch(row, plan, job)
    answer = simulate_power(plan, tell=watch.tell, is_canceled=watch.is_canceled)
    if answer is None or watch.is_canceled():
        return
    done = replace(job, progress=100, seen_at=timezone.now().isoformat())
    if isinstance(answer, Refused):
        _fail(job, f"{answer.reason} {answer.needed}")
    else:
        # The cache takes JSON alone: lists for tuples.
        kept = {**asdict(answer), "curve": [list(point) for point in answer.curve]}
        keep_job(replace(done, state=DONE, answer=kept))


def _fail(job: PowerJob, reason: str) -> None:
    keep_job(replace(job, state=FAILED, reason=reason))


class _Watch:
    """Says how far it is, and hears whether anybody waits, once a second: between them is only arithmetic."""

    def __init__(self, row: Pilot, plan: Registration, job: PowerJob):
        self._row, self._plan, self._job = row, plan, job
        self._looked: datetime | None = None
        self._is_canceled = False

    def tell(self, done: int, total: int) -> None:
        now = timezone.now()
        if self._looked is not None and now - self._looked < _PAUSE:
            return
        self._looked = now
        seen = power_job(self._row, self._plan, now)
        self._is_canceled = seen is None or not seen.is_working
        if not self._is_canceled:
            keep_job(replace(self._job, state=RUNNING, progress=100 * done // total, seen_at=now.isoformat()))

    def is_canceled(self) -> bool:
        return self._is_canceled
