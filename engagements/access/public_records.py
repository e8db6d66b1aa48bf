"""Exports for public-records requests, fetched and checked in one query."""

from django.db.models import Q

from engagements.access.errors import first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.models import PublicRecordExport, User
from engagements.permissions import EXPORT_CITY_RECORD, EXPORT_PUBLIC_RECORD


def public_export_for(user: User, pk: int) -> PublicRecordExport:
    """A whole record only to who may export one. Raises NotFound."""
    rows = PublicRecordExport.objects.filter(
        Q(in_engagements_with(user, EXPORT_PUBLIC_RECORD), is_whole=False)
        | Q(in_engagements_with(user, EXPORT_CITY_RECORD), is_whole=True),
        pk=pk,
    )
    return first_or_not_found(rows.select_related("engagement__city"))
