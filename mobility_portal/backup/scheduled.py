"""What beat does: a backup when one is due, rotation, the list of erasures; operators are told when it fails."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import User
from engagements.security_log.actions.recording import Kind, record_security_event
from mobility_portal.backup.erasures import write_missing_lines
from mobility_portal.backup.make import make_backup
from mobility_portal.backup.models import Backup
from mobility_portal.backup.queries import last_good_backup, last_try
from mobility_portal.backup.rotation import file_name, is_due, removable
from mobility_portal.embedded.refusal import Refusal

logger = logging.getLogger(__name__)


def make_due_backup(now: datetime) -> Backup | None:
    """The row of what was made or failed; None while nothing is due or no BACKUP_DIR is set."""
    folder = settings.BACKUP_DIR
    if folder is None:
        return None
    _write_erasures(folder)
    good, tried = last_good_backup(), last_try()
    if not is_due(good.started_at if good else None, now, settings.BACKUP_EVERY):
        return None
    if tried and tried.problem and now - tried.started_at < settings.BACKUP_RETRY:
        return None  # not every quarter of an hour: a trial restore of a full portal takes minutes of a processor
    try:
        row = make_backup(
            folder / file_name(now),
            recipient=settings.BACKUP_RECIPIENT,
            verify=settings.BACKUP_VERIFY,
            is_scheduled=True,
        )
    except Refusal as refusal:
        row = _failed(str(refusal), now)
    except Exception:
        logger.exception("The backup failed")
        row = _failed(_("The portal failed on this backup; the log has the details."), now)
    row.save()
    if row.is_good:
        record_security_event(Kind.BACKUP_MADE, thing=row, detail={"scheduled": True, "bytes": row.size})
        rotate(folder, now)
    else:
        _tell_operators(row, tried)
    return row


def _failed(problem: str, now: datetime) -> Backup:
    logger.error("No backup was made: %s", problem)
    return Backup(
        started_at=now,
        seconds=(timezone.now() - now).total_seconds(),
        is_scheduled=True,
        build=str(settings.CODE_VERSION)[:64],
        problem=problem[:500],
    )


def rotate(folder: Path, now: datetime) -> list[str]:
    """Removes files whose time is over; their names."""
    names = removable([path.name for path in folder.iterdir() if path.is_file()], settings.BACKUP_KEEP)
    for name in names:
        (folder / name).unlink(missing_ok=True)
        Backup.objects.filter(file_name=name, removed_at=None).update(removed_at=now)
    return names


def _write_erasures(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_missing_lines(folder)
    except (OSError, Refusal) as error:
        logger.error("The list of erasures beside the backups is not complete: %s", error)


def _tell_operators(row: Backup, before: Backup | None) -> None:
    """Once for each new reason: a disk that stays full is not mailed about every time."""
    if before and before.problem == row.problem:
        return
    people = User.objects.filter(is_active=True, is_superuser=True, is_fictional=False)
    addresses = list(people.values_list("email", flat=True))
    good = last_good_backup()
    since = good.started_at.strftime("%B %-d, %Y, %H:%M UTC") if good else _("none")
    text = _(
        "No backup of the portal was made: {problem}\n\nThe last good backup: {since}\nWhat to do is in docs/backup.md."
    ).format(problem=row.problem, since=since)
    for address in addresses:  # one each: nobody reads who else operates the portal
        send_mail(_("No backup was made"), text, None, [address], fail_silently=False)
