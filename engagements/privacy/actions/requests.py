"""Asking to be erased, and taking it back. Nothing is erased by it: an administrator does that."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.base.audited_transaction import audited_transaction
from engagements.models import ErasureRequest, User


def ask_erasure(*, by: User, now: datetime) -> ErasureRequest:
    """Asked twice it is one request. Raises ValidationError for an account that many share."""
    if by.is_fictional:
        raise ValidationError(_("This is a demo account that many people share: it is nobody’s."))
    with audited_transaction(by):
        User.objects.select_for_update().get(pk=by.pk)
        row, _made = ErasureRequest.objects.get_or_create(
            user=by, withdrawn_at=None, done_at=None, defaults={"asked_at": now}
        )
    return row


def withdraw_erasure(*, by: User, now: datetime) -> bool:
    """Whether there was one."""
    with audited_transaction(by):
        open_ones = ErasureRequest.objects.filter(user=by, withdrawn_at=None, done_at=None)
        return bool(open_ones.update(withdrawn_at=now))
