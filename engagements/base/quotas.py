"""Quotas of an engagement: what is used of how much, and taking from it so that two at once never take the same.

Days are UTC's. A limit of 0 is no limit.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from engagements.base.waiting_files import bytes_waiting
from engagements.models import AccessToken, Document, Engagement, EngagementRole, QuotaUse, User

Kind = QuotaUse.Kind


class QuotaReached(ValidationError):
    """The text says what is used up and when or how there is more."""


@dataclass(frozen=True)
class Quota:
    """`used` of `limit`: bytes of documents, rows and exports of today, valid tokens. `limit` 0: no limit."""

    kind: str
    label: str
    used: int
    limit: int

    @property
    def share(self) -> float:
        """0 to 1, or beyond where a limit was lowered."""
        return self.used / self.limit if self.limit else 0.0


def limit_of(kind: str) -> int:
    return int(settings.QUOTAS[kind])


def quotas_of(engagement: Engagement, *, now: datetime) -> tuple[Quota, ...]:
    """Of each kind. Three statements."""
    today = now.astimezone(UTC).date()
    rows = QuotaUse.objects.filter(engagement=engagement, day=today)
    used = dict(rows.values_list("kind", "used"))
    used[Kind.DOCUMENTS] = _bytes_of(engagement.pk)
    used[Kind.TOKENS] = _tokens_of(engagement.pk, now)
    return tuple(Quota(kind.value, str(kind.label), used.get(kind.value, 0), limit_of(kind.value)) for kind in Kind)


def check_document(engagement_id: int, size: int) -> None:
    """Inside the transaction that adds `size` bytes. Raises QuotaReached."""
    limit = limit_of(Kind.DOCUMENTS)
    if not limit:
        return
    _lock(engagement_id, Kind.DOCUMENTS)
    used = _bytes_of(engagement_id)
    if used + size > limit:
        left = max(0, limit - used)
        raise QuotaReached(
            {
                "file": _(
                    "This engagement has {left} MB left of {limit} MB for documents, and the file has {size} MB. "
                    "Ask an administrator for more."
                ).format(left=_mb(left), limit=_mb(limit), size=_mb(size))
            }
        )


def check_token(user: User, now: datetime) -> None:
    """Inside the transaction that makes a token, for each engagement its owner has a role in. Raises QuotaReached."""
    limit = limit_of(Kind.TOKENS)
    if not limit:
        return
    held = EngagementRole.objects.open().filter(user_id=user.pk, engagement__isnull=False)
    for pk in held.order_by("engagement_id").values_list("engagement_id", flat=True).distinct():
        _lock(pk, Kind.TOKENS)
        if _tokens_of(pk, now) >= limit:
            raise QuotaReached(
                _(
                    "The people of this engagement have {limit} access tokens, the most there may be. Remove one first."
                ).format(limit=limit)
            )


def spend(engagement_id: int, kind: str, amount: int, *, now: datetime) -> bool:
    """Takes `amount` of today's quota; False, and nothing taken, where less is left. In the caller's transaction."""
    limit = limit_of(kind)
    if not limit or amount <= 0:
        return True
    today = now.astimezone(UTC).date()
    about = {"engagement_id": engagement_id, "kind": kind, "day": today}
    QuotaUse.objects.bulk_create([QuotaUse(**about)], ignore_conflicts=True)
    rows = QuotaUse.objects.filter(**about, used__lte=limit - amount)
    return bool(rows.update(used=F("used") + amount))


def spend_rows(engagement_id: int, count: int, *, now: datetime) -> None:
    """Raises QuotaReached, which undoes the import."""
    if not spend(engagement_id, Kind.ROWS, count, now=now):
        raise QuotaReached(
            _(
                "{count} rows are more than this engagement may import today: the limit is {limit} a day. "
                "Import the rest tomorrow, or ask an administrator for more."
            ).format(count=f"{count:,}", limit=f"{limit_of(Kind.ROWS):,}")
        )


def forget_old_uses(*, today: date) -> int:
    """Of days gone by."""
    with transaction.atomic():
        count, _by_model = QuotaUse.objects.filter(day__lt=today - timedelta(days=31)).delete()
    return count


def _lock(engagement_id: int, kind: str) -> None:
    about = {"engagement_id": engagement_id, "kind": kind, "day": None}
    QuotaUse.objects.bulk_create([QuotaUse(**about)], ignore_conflicts=True)
    rows = QuotaUse.objects.select_for_update()
    rows.get(engagement_id=engagement_id, kind=kind, day__isnull=True)


def _bytes_of(engagement_id: int) -> int:
    """Archived documents too: their files stay. And files that wait until somebody keeps them."""
    found = Document.objects.filter(engagement_id=engagement_id).aggregate(sum=Sum("size"))["sum"]
    return int(found or 0) + bytes_waiting(engagement_id)


def _tokens_of(engagement_id: int, now: datetime) -> int:
    people = EngagementRole.objects.open().filter(Q(engagement_id=engagement_id)).values("user_id")
    return AccessToken.objects.valid(now).filter(user_id__in=people).count()


def _mb(size: int) -> str:
    return f"{size / 1_000_000:,.1f}"
