"""The last backups, for operators' pages, health and metrics."""

from mobility_portal.backup.models import Backup


def last_good_backup() -> Backup | None:
    """The newest backup that was made; its `verified_at` says whether a trial restore was equal. One statement."""
    return Backup.objects.filter(problem="").order_by("-started_at").first()


def last_try() -> Backup | None:
    """The newest row, whether it is a backup or says why there is none. One statement."""
    return Backup.objects.order_by("-started_at").first()
