"""Deleting data of a pilot: by the day of the agreement, or when somebody asks. Fingerprints, counts and results stay.

The row is emptied first and the file goes once that is committed: a worker that is killed between leaves a file that no
row names, which the sweep of such files deletes. Each delivery is a transaction of its own, so that nothing is half
deleted. With the last rows the pilot's key and the numbers of its units go. A restored backup deletes it all again.
"""

import logging
from datetime import UTC, date, datetime

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements import limits
from engagements.access.pilots import dataset_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.erasures import erases, record_erasure
from engagements.models import PilotDataset, PilotKey, PilotUnit, PilotUnitList, User
from engagements.permissions import UPLOAD_PILOT_DATA
from engagements.pilots.files.waiting import drop_file
from engagements.pilots.queries.bundle import bundle_key

logger = logging.getLogger(__name__)
_ROWS = PilotDataset.Kind.ROWS


def delete_dataset(*, pk: int, why: str, by: User, now: datetime) -> PilotDataset:
    """Before its day, when somebody asks. Raises NotFound, ValidationError."""
    seen = dataset_for(by, pk, UPLOAD_PILOT_DATA)
    if not why.strip():
        raise ValidationError({"why": _("Say why the data are deleted.")})
    with audited_transaction(by, why):
        row = PilotDataset.objects.select_for_update().get(pk=seen.pk)
        if row.deleted_at is not None:
            raise ValidationError(_("These data were deleted before."))
        _empty(row, why.strip(), by=by, now=now)
    return row


def delete_due(*, now: datetime) -> int:
    """Rows whose agreement's day has come; how many deliveries. Run again it goes on where it was stopped."""
    today = now.astimezone(UTC).date()
    due = PilotDataset.objects.filter(kind=_ROWS, deleted_at=None, agreement__delete_on__lte=today)
    count = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = PilotDataset.objects.select_for_update(skip_locked=True).filter(pk=pk, deleted_at=None).first()
            if row is not None:
                _empty(row, _due_words(row.agreement.delete_on if row.agreement else today), by=None, now=now)
                count += 1
    if count:
        logger.info("Data of pilots whose day of deletion came: %s", count)
    return count


def _due_words(day: date) -> str:
    return _("The agreement says that it is deleted by {day}.").format(day=day.isoformat())


def _empty(row: PilotDataset, why: str, *, by: User | None, now: datetime) -> None:
    """Inside the transaction of the caller."""
    pilot = row.pilot
    _take_content(row, why, now)
    add_activity(
        by=by,
        now=now,
        verb="deleted",
        thing=row,
        engagement_id=pilot.engagement_id,
        title=pilot.title,
        line=_("Data {number} of “{pilot}”").format(number=row.number, pilot=pilot.title),
        why=why,
    )
    if row.kind == _ROWS and not _needs_key(pilot.pk):
        _destroy_key(pilot.pk, now)


def _take_content(row: PilotDataset, why: str, now: datetime) -> None:
    name = row.file.name or ""
    record_erasure(row)
    PilotDataset.objects.filter(pk=row.pk).update(content=None, file="", deleted_at=now, deleted_why=why[: limits.WHY])
    transaction.on_commit(lambda: drop_file(name))
    transaction.on_commit(lambda: cache.delete(bundle_key(row.pk)))
    row.refresh_from_db()


def _needs_key(pilot: int) -> bool:
    """While rows are held, somebody may bring more that the ids have to fit."""
    return PilotDataset.objects.filter(pilot=pilot, kind=_ROWS, deleted_at=None).exists()


def _destroy_key(pilot: int, now: datetime) -> None:
    for key in PilotKey.objects.select_for_update().filter(pilot=pilot, destroyed_at=None):
        record_erasure(key)
        _erase_key(key.pk, now)
    for units in PilotUnitList.objects.filter(pilot=pilot):
        record_erasure(units)
        _erase_numbers(units.pk)


def _erase_key(pk: int, now: datetime) -> None:
    PilotKey.objects.filter(pk=pk, destroyed_at=None).update(encrypted="", destroyed_at=now)


def _erase_numbers(unit_list: int) -> None:
    PilotUnit.objects.filter(unit_list=unit_list).exclude(numbers={}).update(numbers={})


@erases("engagements.PilotDataset")
def erase_dataset_again(object_id: str) -> None:
    """After a restore. Nothing happens where it is not there, or was empty in the backup already."""
    row = PilotDataset.objects.filter(pk=object_id, deleted_at=None).first()
    if row is not None:
        name = row.file.name or ""
        words = _("Deleted again after a backup was restored.")
        PilotDataset.objects.filter(pk=row.pk).update(
            content=None, file="", deleted_at=timezone.now(), deleted_why=words
        )
        transaction.on_commit(lambda: drop_file(name))


@erases("engagements.PilotKey")
def erase_key_again(object_id: str) -> None:
    _erase_key(int(object_id), timezone.now())


@erases("engagements.PilotUnitList")
def erase_numbers_again(object_id: str) -> None:
    _erase_numbers(int(object_id))
