"""The last backup, for administrators' pages."""

from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from mobility_portal.backup.queries import last_good_backup, last_try

register = template.Library()


@register.inclusion_tag("mobility_portal/_last_backup.html")
def last_backup() -> dict[str, Any]:
    """Two statements. `late`: more than a quarter over the time between two backups."""
    good, tried = last_good_backup(), last_try()
    limit = settings.BACKUP_EVERY * 1.25
    return {
        "good": good,
        "failed": tried if tried and not tried.is_good else None,
        "is_set_up": settings.BACKUP_DIR is not None,
        "late": settings.BACKUP_DIR is not None and (good is None or timezone.now() - good.started_at > limit),
        "hours": round(settings.BACKUP_EVERY / timedelta(hours=1)),
    }
