"""A write that comes twice with the same key is done once; both get the same answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements import limits
from engagements.models import IdempotencyKey, User

KEY_LIFETIME = timedelta(hours=24)


class KeyReused(Exception):
    """The key belongs to another request of this person."""


@dataclass(frozen=True)
class IdempotentResponse:
    status: int
    data: dict[str, Any]
    is_repeat: bool


def respond_once(
    *,
    by: User,
    key: str,
    method: str,
    path: str,
    body_sha256: str,
    now: datetime,
    answer: Callable[[], tuple[int, dict[str, Any]]],
) -> IdempotentResponse:
    """Key and write are one transaction: a second request waits for the first, and a failed one leaves nothing.

    Raises ValidationError for a key that is none, KeyReused, and whatever `answer` raises.
    """
    if not 1 <= len(key) <= 100 or not key.isascii() or not key.isprintable():
        raise ValidationError({"Idempotency-Key": "1 to 100 printable ASCII characters, for example a UUID."})
    asked = (method, path[: limits.API_PATH], body_sha256)
    with transaction.atomic():
        IdempotencyKey.objects.filter(user=by, created_at__lt=now - KEY_LIFETIME).delete()
        row, made = IdempotencyKey.objects.get_or_create(
            user=by, key=key, defaults={"method": method, "path": path[: limits.API_PATH], "body_sha256": body_sha256}
        )
        if not made:
            if (row.method, row.path, row.body_sha256) != asked:
                raise KeyReused(key)
            assert row.status is not None and row.answer is not None, "a key is only ever committed with its answer"
            return IdempotentResponse(row.status, row.answer, is_repeat=True)
        status, data = answer()
        row.status, row.answer = status, data
        row.save(update_fields=["status", "answer"])
    return IdempotentResponse(status, data, is_repeat=False)
