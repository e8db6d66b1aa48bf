"""What an operator does in the browser: import a file, make a release live, discard it, roll back.

Each is one transaction under the data set's lock, checks what it finds against what the person saw,
and raises OperationDeclined with a sentence for them when the two differ.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction

from atlas.formatting.dates import format_instant
from atlas.ingest import activation, comparison, history, kept_uploads, locks
from atlas.ingest.report import shorten_doubts
from atlas.models import IngestJob, Release, ReleaseEvent

MOST_AT_ONCE = 20  # imports of one person, waiting or being made
LOCK_TIMEOUT = "5s"  # an import of the same data set may hold it for minutes
STATEMENT_TIMEOUT = "10min"  # of putting a release in use
_UNSAFE = re.compile(r"[^\w.+-]+", re.ASCII)
_MAX_NAME_LENGTH = 120


class OperationDeclined(Exception):
    """Nothing was changed; the text says why."""


def release_comparison(release_id: int) -> comparison.Comparison:
    """What a staged release would change now; of any other, what it changed when it came."""
    release = Release.objects.get(pk=release_id)
    if release.status == Release.Status.STAGED:
        return comparison.compare_staged(release)
    return comparison.stored_comparison(release)


def safe_name(name: str) -> str:
    """A name for our own disk: letters, digits and `._+-`, no folder, not hidden, not long.

    >>> safe_name("../../<script>.csv")
    'script_.csv'
    """
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).lstrip("._-")
    return plain[-_MAX_NAME_LENGTH:].lstrip("._-") or "upload"


def create_import_job(
    *, path: Path, upload_name: str, upload_folder: Path, job_id: UUID, make_live: bool, by: int
) -> tuple[IngestJob, bool]:
    """(job, whether it is new). A form that was sent twice names the same job and gets the first one again.

    A file that has just arrived (it has an `upload_name`) moves to a place of its job's own, under a safe name. Raises
    OperationDeclined while too many of this person's wait.
    """
    place = kept_uploads.keep(path, upload_folder, job_id, safe_name(upload_name)) if upload_name else str(path)
    job = IngestJob(pk=job_id, path=place, is_upload=bool(upload_name), commit=make_live, requested_by_id=by)
    try:
        with transaction.atomic():
            locks.lock_until_commit(locks.JOB, f"imports of person {by}")
            waiting = IngestJob.objects.filter(requested_by_id=by, status__in=["queued", "running"])
            if not IngestJob.objects.filter(pk=job_id).exists() and waiting.count() >= MOST_AT_ONCE:
                raise OperationDeclined(
                    f"{MOST_AT_ONCE} imports of yours are waiting or being made. Wait until one is done."
                )
            job.save(force_insert=True)
    except IntegrityError:
        if upload_name:
            kept_uploads.forget(place)
        return IngestJob.objects.get(pk=job_id), False
    except BaseException:
        if upload_name:
            kept_uploads.forget(place)
        raise
    return job, True


def activate(
    *,
    release_id: int,
    compared_with: tuple[int, ...],
    accept_losses: bool,
    by: int,
    reason: str = "",
    accept_implausible: bool = False,
) -> tuple[str, ...]:
    """Makes a staged release live; `compared_with` are the live releases it was compared with on the person's page.

    Returns the slugs of the cities whose tracts were recalculated.
    """
    with _locked_staged_release(release_id) as release:
        if comparison.live_release_ids(release.dataset, activation.release_parts(release)) != compared_with:
            raise OperationDeclined(
                "The data in use have changed since you looked. Nothing was changed: look at the fresh comparison "
                "and confirm again."
            )
        found = comparison.compare_staged(release)
        if found.loses and not accept_losses:
            raise OperationDeclined(
                f"It would drop {found.loss} that are in use. Nothing was changed: tick the box if that is meant."
            )
        if found.doubts and not accept_implausible:
            raise OperationDeclined(
                f"It has {shorten_doubts(found.doubts)}. Nothing was changed: tick the box if the file is right."
            )
        return activation.activate(release, by=by, via=history.BROWSER, reason=reason, changes=found.measures)[1]


def discard(*, release_id: int, by: int, reason: str = "") -> None:
    """Deletes a staged release; its history keeps what it was."""
    with _locked_staged_release(release_id) as release:
        history.record_event(
            history.Kind.DISCARDED, dataset=release.dataset, release=release, by=by, via=history.BROWSER, reason=reason
        )
        history.settle_jobs(release, "discarded", f"discarded: release {release.pk} was never live")
        release.delete()


def rollback(
    *, dataset: str, part: str = "", expected_release: int | None = None, by: int | None = None, reason: str = ""
) -> tuple[int, ...]:
    """Lets the releases kept for a data set answer again; returns their ids. See `activation.roll_back`."""
    via = history.BROWSER if by else history.COMMAND_LINE
    try:
        with transaction.atomic():
            _lock_dataset(dataset)
            return activation.roll_back(
                dataset, part=part, expected_release=expected_release, by=by, via=via, reason=reason
            )[0]
    except activation.NothingToRollBack as nothing:
        raise OperationDeclined(str(nothing)) from nothing


@contextmanager
def _locked_staged_release(release_id: int) -> Iterator[Release]:
    """A staged release under its data set's lock, in a transaction. Raises OperationDeclined when it is
    staged no more.
    """
    dataset = Release.objects.filter(pk=release_id).values_list("dataset", flat=True).first()
    with transaction.atomic():
        if dataset:
            _lock_dataset(dataset)
        release = Release.objects.filter(pk=release_id).first()
        if release is None or release.status != Release.Status.STAGED:
            raise OperationDeclined(last_decision(release_id))
        yield release


def _lock_dataset(dataset: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        try:
            with transaction.atomic():
                locks.lock_until_commit(locks.DATASET, dataset)
        except OperationalError as error:
            raise OperationDeclined(
                "An import of this data set is under way. Nothing was changed: try again soon."
            ) from error
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
        # A web request's own limit is for pages: here a person watches 73,000 tracts being put in use.
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])


def last_decision(release_id: int) -> str:
    """The last decision on a release in a sentence, for somebody who comes too late to take it."""
    event = ReleaseEvent.objects.filter(release=release_id).select_related("by").order_by("-id").first()
    if event is None:
        return "There is no such release. Nothing was changed."
    known = {"activated": "put in use", "rolled_back": "rolled back", "staged": "imported"}
    words = known.get(event.kind, event.kind)
    who = f" by {event.by}" if event.by else ""
    when = format_instant(event.at.astimezone(UTC))
    return f"Version {release_id} was {words}{who} on {when}. Nothing was changed now."


def delete_stale_uploads(folder: Path, before: float) -> None:
    """Deletes what half-arrived uploads have left: files directly in `folder` older than `before` (a timestamp)."""
    for path in folder.glob("*.part"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def delete_upload(path: Path) -> None:
    """An upload whose form was refused, or sent twice."""
    path.unlink(missing_ok=True)
