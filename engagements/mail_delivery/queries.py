"""Which addresses take no mail now."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from engagements.models import MailAddress


def is_stopped(address: str) -> bool:
    """Whether no mail goes there any more."""
    return MailAddress.objects.filter(address=address.lower(), stopped_at__isnull=False).exists()


def problem_of(address: str) -> MailAddress | None:
    """The row of an address that no mail goes to, for its owner and for those who lead."""
    return MailAddress.objects.filter(address=address.lower(), stopped_at__isnull=False).first()


def bounced(addresses: Iterable[str]) -> frozenset[str]:
    """Those of them, in small letters, that no mail goes to. One statement."""
    asked = {address.lower() for address in addresses}
    rows = MailAddress.objects.filter(address__in=asked, stopped_at__isnull=False)
    return frozenset(rows.values_list("address", flat=True))


def waits(field: str, now: datetime) -> Exists:
    """For `exclude`: the address in `field` asked to be tried later than now."""
    return Exists(MailAddress.objects.filter(Q(address=Lower(OuterRef(field))), next_try_at__gt=now))
