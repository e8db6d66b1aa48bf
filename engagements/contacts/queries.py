"""Contacts of an engagement, by name."""

from dataclasses import dataclass

from django.db.models import Q

from engagements.access.contacts import visible_contacts
from engagements.models import Engagement, User


@dataclass(frozen=True)
class ContactRow:
    pk: int
    version: int
    name: str
    email: str
    phone: str
    title: str
    organisation: str
    note: str
    is_fictional: bool


def contacts(user: User, within: Engagement, search: str = "") -> tuple[ContactRow, ...]:
    """Whose name, organization, title or address has the text. One statement and the roles."""
    rows = visible_contacts(user).filter(engagement=within)
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(organisation__icontains=word)
            | Q(title__icontains=word)
            | Q(email__icontains=word)
        )
    names = ("pk", "version", "name", "email", "phone", "title", "organisation", "note", "is_fictional")
    return tuple(ContactRow(*row) for row in rows.values_list(*names))
