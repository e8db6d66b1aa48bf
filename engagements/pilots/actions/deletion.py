"""Deleting data of a pilot: by the day of the agreement, or when somebody asks. Fingerprints, counts and results stay.

The row is emptied first and the file goes once that is committed: a worker that is killed between leaves a file that no
row names, which the sweep of such files deletes. Each delivery is a transaction of its own, so that nothing is half
deleted. With the last rows the pilot's key and the numbers of its units go; without rows they go some time after the
pilot is over. A restored backup deletes it all again.
"""

import logging
from datetime import UTC, date, datetime, timedelta

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements import limits
from engagements.access.pilots import deletable_dataset_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.erasures import erases, record_erasure
from engagements.models import Pilot, PilotDataset, PilotKey, PilotUnit, PilotUnitList, ResultPublication, User
from engagements.permissions import UPLOAD_PILOT_DATA
from engagements.pilots.files.waiting import drop_file
from engagements.pilots.queries.bundle import bundle_key
from engagements.pilots.queries.units import latest_registration

logger = logging.getLogger(__name__)
_ROWS = PilotDataset.Kind.ROWS


def delete_dataset(*, pk: int, why: str, by: User, now: datetime) -> PilotDataset:
    """Before its day, when somebody asks. Raises NotFound, ValidationError."""
    seen = deletable_dataset_for(by, pk, UPLOAD_PILOT_DATA)
    if not why.strip():
        raise ValidationError({"why": _("Say why the data are deleted.")})
    with audited_transaction(by, why):
        row = PilotDataset.objects.select_for_update().get(pk=seen.pk)
        if row.deleted_at is not None:
            raise ValidationError(_("These data were deleted before."))
        _empty(row, why.strip(), by=by, now=now)
    return row


def delete_due(*, now: datetime) -> int:
    """Rows whose agreement's day has come; how many deliveries. Also keys and numbers of units of pilots that are over.

    Run again it goes on where it was stopped.
    """
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
    _erase_due_units(now)
    return count


def _erase_due_units(now: datetime) -> None:
    """Keys and numbers of lists that nobody needs any more, each pilot in a transaction of its own."""
    has_key = Exists(PilotKey.objects.filter(pilot=OuterRef("pilot"), destroyed_at=None))
    has_numbers = Exists(PilotUnit.objects.filter(unit_list=OuterRef("pk")).exclude(numbers={}))
    for pk in list(PilotUnitList.objects.filter(has_key | has_numbers).order_by("pk").values_list("pilot", flat=True)):
        with transaction.atomic():
            pilot = Pilot.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if pilot is None or _needs_key(pk):
                continue
            until = units_kept_until(pilot)
            if until is not None and until <= now.astimezone(UTC).date():
                _destroy_key(pk, now)
                add_activity(
                    by=None,
                    now=now,
                    verb="deleted",
                    thing=PilotUnitList.objects.get(pilot=pk),
                    engagement_id=pilot.engagement_id,
                    title=pilot.title,
                    line=_("Numbers of units and the key of ids of “{pilot}”").format(pilot=pilot.title),
                    why=_("The pilot was over long enough."),
                )


def units_kept_until(pilot: Pilot) -> date | None:
    """The day (UTC) on which the key and the numbers of its units go where no rows are held: so long after it was
    published, stopped or archived, whichever was first, else after its registered end. None without one."""
    over = over_on(pilot)
    if over is not None:
        return over + timedelta(days=limits.PILOT_UNITS_DAYS)
    plan = latest_registration(pilot)
    return plan.ends_on + timedelta(days=limits.UNFINISHED_UNITS_DAYS) if plan and plan.ends_on else None


def over_on(pilot: Pilot) -> date | None:
    """The day (UTC) on which it was published, stopped or archived, whichever was first. None while it goes on."""
    published = ResultPublication.objects.filter(result__pilot_result__pilot=pilot, number=1)
    ends = [pilot.stopped_at, pilot.archived_at, *published.values_list("published_at", flat=True)]
    return min((at.astimezone(UTC).date() for at in ends if at is not None), default=None)


def rows_kept_until(pilot: Pilot) -> date | None:
    """The last day of an agreement under which rows are held now: then the key goes with them. None without rows."""
    held = PilotDataset.objects.filter(pilot=pilot, kind=_ROWS, deleted_at=None)
    last: date | None = held.aggregate(last=Max("agreement__delete_on"))["last"]
    return last


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
