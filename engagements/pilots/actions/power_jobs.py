"""Power by simulation as a job: asked for, watched, called off. Its answer is kept by the plan it was made for.

It lives in the cache alone: the same plan gives the same numbers, so what is lost is asked for again. Nothing about it
is registered.
"""

import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from engagements.access.pilots import pilot_for
from engagements.models import Pilot, User
from engagements.permissions import EDIT_PILOT
from engagements.pilots.actions.locking import planned
from engagements.pilots.rules.canonical import canonical_json
from engagements.pilots.rules.registration import OVER_TIME, Registration

logger = logging.getLogger(__name__)
TASK = "engagements.tasks.simulate_pilot_power"
QUEUED, RUNNING, DONE, FAILED, CANCELED = "queued", "running", "done", "failed", "canceled"
KEPT = 30 * 86_400  # seconds
# Without a word from the worker for so long, it was lost; other reports may go first.
SILENT = {QUEUED: timedelta(minutes=20), RUNNING: timedelta(minutes=3)}


@dataclass(frozen=True)
class PowerJob:
    """`answer`: of `simulate_power` as plain values, once it is done. `reason`: why there is none. `seen_at`: the last
    word of the worker, or when it was asked for."""

    pilot: int
    fingerprint: str
    asked_by: int
    asked_at: str
    seen_at: str
    state: str = QUEUED
    progress: int = 0
    answer: dict[str, Any] | None = None
    reason: str = ""

    @property
    def is_working(self) -> bool:
        return self.state in (QUEUED, RUNNING)


def power_fingerprint(plan: Registration) -> str:
    """SHA-256 of the plan's canonical text: another word, another job."""
    return sha256(canonical_json(plan).encode()).hexdigest()


def ask_power(*, pk: int, by: User, now: datetime) -> PowerJob:
    """For the draft as it is saved. Asked for twice it is one job. Raises NotFound, ValidationError."""
    row = pilot_for(by, pk, EDIT_PILOT)
    plan = planned(row)
    if plan.design not in OVER_TIME:
        raise ValidationError(_("For this design a formula holds: what the test can find is shown already."))
    found = power_job(row, plan, now)
    if found is not None and found.state not in (FAILED, CANCELED):
        return found
    mine = f"pilot-power-of-{by.pk}"
    busy = job_at(cache.get(mine) or "", now)
    if busy is not None and busy.is_working:
        raise ValidationError(_("A simulation of yours is on its way. Wait for it, or cancel it."))
    fingerprint = power_fingerprint(plan)
    made = PowerJob(pk, fingerprint, by.pk, now.isoformat(), now.isoformat())
    cache.delete(_off(_key(pk, fingerprint)))
    keep_job(made)
    cache.set(mine, _key(pk, fingerprint), KEPT)
    try:
        current_app.send_task(TASK, args=[pk, fingerprint])
    except OperationalError:
        logger.warning("The broker does not answer: the simulation of pilot %s was not started.", pk)
        made = replace(
            made, state=FAILED, reason=_("The portal’s background job cannot be reached. Ask again in a few minutes.")
        )
        keep_job(made)
    return made


def cancel_power(*, pk: int, by: User, now: datetime) -> None:
    """What has ended stays. Raises NotFound."""
    row = pilot_for(by, pk, EDIT_PILOT)
    found = power_job(row, planned(row), now)
    if found is not None and found.is_working:
        cache.set(_off(_key(pk, found.fingerprint)), 1, KEPT)  # a key of its own: the worker's next word keeps it


def power_job(pilot: Pilot, plan: Registration, now: datetime) -> PowerJob | None:
    """The job for exactly this plan. None where nobody asked for one."""
    return job_at(_key(pilot.pk, power_fingerprint(plan)), now)


def job_at(key: str, now: datetime) -> PowerJob | None:
    """One that was called off, or whose worker fell silent, has ended."""
    kept = cache.get(key) if key else None
    if not kept:
        return None
    found = PowerJob(**kept)
    if found.is_working and cache.get(_off(key)):
        return replace(found, state=CANCELED)
    if found.is_working and now - datetime.fromisoformat(found.seen_at) > SILENT[found.state]:
        return replace(
            found, state=FAILED, reason=_("The portal’s background job was lost during this simulation. Run it again.")
        )
    return found


def keep_job(job: PowerJob) -> None:
    cache.set(_key(job.pilot, job.fingerprint), asdict(job), KEPT)


def _key(pk: int, fingerprint: str) -> str:
    return f"pilot-power-{pk}-{fingerprint}"


def _off(key: str) -> str:
    return f"{key}-off"
