"""Links to updates that were sent, and the update of a quarter."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from engagements.models import QuarterlyUpdate, UpdateLink


@dataclass(frozen=True)
class UpdateLinkRow:
    """`state`: open, used, revoked or expired. `openings` and `addresses`: how often, and from how many addresses."""

    pk: int
    year: int
    quarter: int
    user: str
    created_at: datetime
    expires_at: datetime
    state: str
    openings: int
    addresses: int
    refused: int
    last_at: datetime | None


def update_of_quarter(engagement_id: int, year: int, quarter: int) -> QuarterlyUpdate | None:
    """Whoever asks was let into the engagement before. One statement."""
    found: QuarterlyUpdate | None = QuarterlyUpdate.objects.filter(
        engagement_id=engagement_id, year=year, quarter=quarter, archived_at=None
    ).first()
    return found


def update_links(engagement_id: int, *, now: datetime) -> tuple[UpdateLinkRow, ...]:
    """The newest 50. One statement."""
    opened = Q(uses__what="opened")
    rows = (
        UpdateLink.objects.filter(engagement_id=engagement_id)
        .select_related("user")
        .annotate(
            openings=Count("uses", filter=opened),
            addresses=Count("uses__address_hash", filter=opened, distinct=True),
            refused=Count("uses", filter=Q(uses__what="refused")),
            last=Max("uses__at"),
        )
    )
    return tuple(
        UpdateLinkRow(
            pk=row.pk,
            year=row.year,
            quarter=row.quarter,
            user=str(row.user),
            created_at=row.created_at,
            expires_at=row.expires_at,
            state=_state(row, now),
            openings=row.openings,
            addresses=row.addresses,
            refused=row.refused,
            last_at=row.last,
        )
        for row in rows[:50]
    )


def _state(row: UpdateLink, now: datetime) -> str:
    if row.used_at:
        return "used"
    if row.revoked_at:
        return "revoked"
    return "open" if now < row.expires_at else "expired"
