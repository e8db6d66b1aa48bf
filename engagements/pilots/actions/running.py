"""What the worker writes about an analysis. A result appears only whole, with the state that says it is done.

While an analysis runs its worker's session holds an advisory lock: a row that says "running" whose lock is free has
lost its worker and is taken up again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from atlas.ingest import locks
from engagements import limits
from engagements.base.audited_transaction import add_activity, audited_transaction, notify
from engagements.base.editing import change, lock
from engagements.models import Notification, Pilot, PilotAnalysis
from engagements.pilots.actions.analysis import WORKING

LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels")
MAX_ATTEMPTS = 5
_A_DAY = 86_400
State = PilotAnalysis.State


class Canceled(Exception):
    """Somebody called it off while it ran."""


@contextmanager
def claimed_analysis(pk: int, now: datetime) -> Iterator[PilotAnalysis | None]:
    """The analysis, this session's until the end of the block; None where another runs it or it has ended."""
    if not locks.try_lock(locks.JOB, _key(pk)):
        yield None
        return
    try:
        open_rows = PilotAnalysis.objects.filter(pk=pk, state__in=WORKING)
        taken = open_rows.update(state=State.RUNNING, started_at=now, progress=0)
        found = PilotAnalysis.objects.select_related("pilot__engagement", "registration", "dataset", "asked_by")
        yield found.get(pk=pk) if taken else None
    finally:
        locks.unlock(locks.JOB, _key(pk))


def tell_progress(pk: int, percent: int) -> None:
    """Raises Canceled where nobody waits for it any more."""
    if not PilotAnalysis.objects.filter(pk=pk, state=State.RUNNING).update(progress=percent):
        raise Canceled


def keep_finding(*, analysis: PilotAnalysis, result: dict[str, Any], seed: str, now: datetime) -> bool:
    """The result, its code and libraries, and the pilot's state, all at once. False where it was canceled meanwhile."""
    asker = analysis.asked_by
    with audited_transaction(asker):
        pilot = lock(analysis.pilot)
        row = lock(analysis)
        if row.state != State.RUNNING:
            return False
        row.state, row.progress, row.result, row.ended_at, row.seed = State.DONE, 100, result, now, seed
        row.code_version = settings.CODE_VERSION[: limits.SHORT_NAME]
        row.libraries = {name: version(name) for name in LIBRARIES}
        row.save()
        if pilot.state in (Pilot.State.REGISTERED, Pilot.State.ALLOCATED, Pilot.State.RUNNING, Pilot.State.STOPPED):
            change(pilot, {"state": Pilot.State.ANALYZED}, None)
        add_activity(by=None, now=now, verb="analyzed", thing=pilot, engagement_id=pilot.engagement_id)
        notify(
            {asker.pk, pilot.written_by_id},
            Notification.Kind.ASSIGNMENT,
            thing=pilot,
            engagement=pilot.engagement_id,
            line=f"The analysis is done: {pilot.title}",
            by=None,
            now=now,
        )
    return True


def run_again() -> str:
    """What to do about an analysis that the portal did not finish."""
    return _("Run it again. If it fails again, tell an administrator.")


def fail_analysis(pk: int, reason: str, now: datetime) -> None:
    """`reason` is what people read. What has ended stays."""
    PilotAnalysis.objects.filter(pk=pk, state__in=WORKING).update(
        state=State.FAILED, reason=reason[: limits.LINE], ended_at=now, result=None
    )


def lost_analyses(*, now: datetime) -> list[int]:
    """Ids of those nobody works on: their message or their worker was lost. After the fifth time they fail."""
    found = []
    for pk in PilotAnalysis.objects.filter(state__in=WORKING).order_by("asked_at", "pk").values_list("pk", flat=True):
        if not locks.try_lock(locks.JOB, _key(pk)):
            continue
        locks.unlock(locks.JOB, _key(pk))
        seen = f"{_key(pk)}-seen"
        if cache.add(seen, 1, _A_DAY):
            continue  # its message may be under way: the next look decides
        if cache.incr(seen) > MAX_ATTEMPTS + 1:
            said = _("The portal’s background job was lost too often during this analysis. There is no result. {again}")
            fail_analysis(pk, said.format(again=run_again()), now)
            continue
        found.append(pk)
    return found


def _key(pk: int) -> str:
    return f"pilot-analysis-{pk}"
