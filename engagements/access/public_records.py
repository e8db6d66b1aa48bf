"""Exports for public-records requests, fetched and checked in one query."""

from engagements.access.errors import first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.models import PublicRecordExport, User
from engagements.permissions import EXPORT_PUBLIC_RECORD


def public_export_for(user: User, pk: int) -> PublicRecordExport:
    """Raises NotFound."""
    rows = PublicRecordExport.objects.filter(in_engagements_with(user, EXPORT_PUBLIC_RECORD), pk=pk)
    return first_or_not_found(rows.select_related("engagement__city"))
