"""Contacts of an engagement, fetched and checked in one query: the team's, for nobody else."""

from django.db.models import QuerySet

from engagements.access.errors import first_or_not_found
from engagements.access.roles import in_engagements_with
from engagements.models import Contact, User
from engagements.permissions import EDIT_RECORD, VIEW_TEAM


def visible_contacts(user: User) -> QuerySet[Contact]:
    return Contact.objects.filter(in_engagements_with(user, VIEW_TEAM), archived_at=None)


def contact_for(user: User, pk: int) -> Contact:
    """To change it. Raises NotFound."""
    rows = visible_contacts(user).filter(in_engagements_with(user, EDIT_RECORD), pk=pk)
    return first_or_not_found(rows.select_related("engagement__city", "engagement__initiative"))
