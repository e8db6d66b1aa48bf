"""What a query raises when this person may not have what it looks for."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet

T = TypeVar("T", bound=Model)


class NotFound(LookupError):
    """Not there, or not for this person: the answer is the same."""


class NotAllowed(PermissionDenied):
    """Somebody sees the thing and may not do this to it; the text says why."""


def first_or_not_found(rows: QuerySet[T]) -> T:
    """Raises NotFound."""
    found = rows.first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    return found
