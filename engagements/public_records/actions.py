"""Marking what may be shared, asking for an export, and making it in the worker."""

import hashlib
import logging
import tempfile
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction

from atlas.ingest import locks
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.fair_order import fair_order
from engagements.base.time_zone_middleware import zone_of
from engagements.city_records.archive import TooLarge, write_city_record
from engagements.models import PublicRecordExport, PublicRecordMark, User
from engagements.models.public_records import RecordMark, RecordNoun, WithheldReason
from engagements.permissions import EXPORT_CITY_RECORD, EXPORT_PUBLIC_RECORD, MARK_PUBLIC_RECORD
from engagements.public_records.archive import TooMuch, write_archive
from engagements.public_records.queries.entries import Entry, record_entries
from engagements.public_records.queries.nouns import rows_of
from engagements.security_log.actions.recording import Kind, record_security_event

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
WHOLE_KEPT_FOR = timedelta(days=7)
MOST_AT_ONCE = 200
_LOCK = "public records exports"
MOST_EXPORTS = 3  # of one person, waiting or being made
FAILURE = "The portal failed on this export. Ask for it again; the log has the details."
TOOK_TOO_LONG = "This export took too long and was stopped. Choose fewer days, and ask again."


def mark_entries(
    *,
    engagement: int | str,
    things: Collection[tuple[str, int]],
    mark: str,
    reason: str = "",
    words: str = "",
    by: User,
    now: datetime,
) -> int:
    """(noun, id) each; how many marks differ now. One reason for all of them. Raises NotFound, ValidationError."""
    within = engagement_for(by, engagement, MARK_PUBLIC_RECORD)
    if mark not in RecordMark.values:
        raise ValidationError({"mark": "Choose whether it is shareable or withheld."})
    if mark == RecordMark.SHAREABLE:
        reason = words = ""
    elif reason not in WithheldReason.values:
        raise ValidationError({"reason": "Choose why it is withheld."})
    words = words.strip() if reason == WithheldReason.OTHER else ""
    if reason == WithheldReason.OTHER and not words:
        raise ValidationError({"words": "Say in words why it is withheld."})
    if not things:
        raise ValidationError({"things": "Choose at least one entry."})
    if len(things) > MOST_AT_ONCE:
        raise ValidationError({"things": f"At most {MOST_AT_ONCE} entries are marked at once."})
    for noun in {noun for noun, _pk in things}:
        ids = {pk for kind, pk in things if kind == noun}
        if noun not in RecordNoun.values or rows_of(noun, within.pk).filter(pk__in=ids).count() != len(ids):
            raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    wanted = {"mark": mark, "reason": reason, "words": words}
    changed = 0
    with audited_transaction(by, words):
        for noun, pk in sorted(set(things)):
            key = {"noun": noun, "object_id": pk, "engagement": within}
            row = PublicRecordMark.objects.select_for_update().filter(**key).first()
            if row and all(getattr(row, name) == value for name, value in wanted.items()):
                continue
            row = row or PublicRecordMark(**key)
            for name, value in (wanted | {"marked_by": by, "marked_at": now}).items():
                setattr(row, name, value)
            row.full_clean(exclude={"engagement", "marked_by"})
            row.save()
            changed += 1
    return changed


def request_export(
    *, engagement: int | str, first: date, last: date, by: User, now: datetime, submission: UUID | None = None
) -> PublicRecordExport:
    """A row in the queue; the worker makes the file. Raises NotFound, ValidationError."""
    within = engagement_for(by, engagement, EXPORT_PUBLIC_RECORD)
    if first > last:
        raise ValidationError({"last": "The last day is before the first."})
    with audited_transaction(by):
        claimed = begin_idempotent(by, "public_export", submission)
        if claimed.object_id:
            return PublicRecordExport.objects.get(pk=claimed.object_id)
        locks.lock_until_commit(locks.JOB, f"exports of person {by.pk}")
        if PublicRecordExport.objects.filter(asked_by=by, status__in=["queued", "running"]).count() >= MOST_EXPORTS:
            raise ValidationError({"last": f"{MOST_EXPORTS} exports of yours are being made. Wait until one is ready."})
        made = PublicRecordExport.objects.create(
            engagement=within, first=first, last=last, asked_by=by, asked_at=now, expires_at=now + KEPT_FOR
        )
        title = f"Public records, {first.isoformat()} to {last.isoformat()}"
        add_activity(by=by, now=now, verb="exported", thing=made, engagement_id=within.pk, title=title)
        record_security_event(Kind.PUBLIC_RECORD_MADE, by=by, engagement=within, thing=made)
        complete_idempotent(claimed, made)
    return made


def request_city_record(
    *, engagement: int | str, by: User, now: datetime, submission: UUID | None = None
) -> PublicRecordExport:
    """The whole record, as one archive; the worker makes it. Raises NotFound."""
    within = engagement_for(by, engagement, EXPORT_CITY_RECORD)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "city_record", submission)
        if claimed.object_id:
            return PublicRecordExport.objects.get(pk=claimed.object_id)
        today = now.date()
        made = PublicRecordExport.objects.create(
            engagement=within,
            first=today,
            last=today,
            is_whole=True,
            asked_by=by,
            asked_at=now,
            expires_at=now + WHOLE_KEPT_FOR,
        )
        add_activity(by=by, now=now, verb="exported", thing=made, engagement_id=within.pk, title="The whole record")
        record_security_event(Kind.ARCHIVE_MADE, by=by, engagement=within, thing=made)
        complete_idempotent(claimed, made)
    return made


def make_exports(*, now: datetime) -> int:
    """Makes what waits and takes away the files that expired. A second worker leaves at once."""
    if not locks.try_lock(locks.JOB, _LOCK):
        return 0
    try:
        _expire(now)
        waiting = PublicRecordExport.objects.filter(status__in=["queued", "running"])
        about = ("engagement__city", "engagement__initiative", "asked_by")
        found = {row.pk: row for row in waiting.select_related(*about)}
        for pk in fair_order((pk, found[pk].asked_by_id) for pk in sorted(found)):
            _make(found[pk], now)
        return len(found)
    finally:
        locks.unlock(locks.JOB, _LOCK)


def _make(export: PublicRecordExport, now: datetime) -> None:
    PublicRecordExport.objects.filter(pk=export.pk).update(status="running")
    zone = zone_of(export.asked_by)
    try:
        with tempfile.TemporaryFile() as out:
            if export.is_whole:
                export.shared = write_city_record(out, export.engagement, now=now)
                export.file_name = f"record-{export.engagement.slug}-{export.first}.zip"[:120]
            else:
                entries = record_entries(export.engagement_id, zone=zone, first=export.first, last=export.last)
                write_archive(out, export, entries, now=now.astimezone(zone))
                _name(export, entries)
            _finish(export, out, now)
    except (TooMuch, TooLarge) as reason:
        PublicRecordExport.objects.filter(pk=export.pk).update(status="failed", problem=str(reason), finished_at=now)
    except SoftTimeLimitExceeded:
        PublicRecordExport.objects.filter(pk=export.pk).update(status="failed", problem=TOOK_TOO_LONG, finished_at=now)
        raise  # there is no time left for the next one either
    except (OperationalError, InterfaceError):
        raise  # the database went away: the export is taken up again when it is back
    except Exception:
        logger.exception("public records export %s failed", export.pk)
        PublicRecordExport.objects.filter(pk=export.pk).update(status="failed", problem=FAILURE, finished_at=now)


def _name(export: PublicRecordExport, entries: Sequence[Entry]) -> None:
    export.file_name = f"public-records-{export.engagement.city.slug}-{export.first}-to-{export.last}.zip"[:120]
    export.shared = sum(entry.decision.is_shareable for entry in entries)
    export.withheld = len(entries) - export.shared


def _finish(export: PublicRecordExport, out: BinaryIO, now: datetime) -> None:
    out.seek(0)
    digest = hashlib.sha256()
    while chunk := out.read(1 << 20):
        digest.update(chunk)
    export.size, export.sha256 = out.tell(), digest.hexdigest()
    out.seek(0)
    export.file.save("", File(out), save=False)
    export.status, export.finished_at = "done", now
    try:
        with transaction.atomic():
            export.save()
    except BaseException:
        export.file.storage.delete(export.file.name)
        raise


def _expire(now: datetime) -> None:
    for export in PublicRecordExport.objects.filter(status="done", expires_at__lte=now):
        # The row first: a file without a row is found later, a row without a file is a broken promise.
        PublicRecordExport.objects.filter(pk=export.pk).update(status="expired", file="")
        export.file.storage.delete(export.file.name)
