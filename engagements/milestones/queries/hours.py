"""Hours of an engagement: entries, and sums by quarter and person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncQuarter

from engagements.models import HoursEntry, User


@dataclass(frozen=True)
class HoursRow:
    """`hours` of 60 minutes; `is_own`: the viewer's."""

    pk: int
    version: int
    on: date
    person: str
    hours: Decimal
    what: str
    note: str
    is_own: bool


@dataclass(frozen=True)
class QuarterHours:
    """`people`: (name, hours) by name; `total` is their sum. `starts`: first day of the quarter."""

    starts: date
    people: tuple[tuple[str, Decimal], ...]

    @property
    def total(self) -> Decimal:
        return sum((hours for _, hours in self.people), Decimal(0))

    @property
    def quarter(self) -> int:
        return (self.starts.month + 2) // 3


def hours_entries(user: User, engagement_id: int, *, limit: int, offset: int = 0) -> tuple[HoursRow, ...]:
    """Newest first, for a viewer who may read the team's. One statement."""
    found = HoursEntry.objects.filter(engagement_id=engagement_id, archived_at=None).select_related("user")
    return tuple(
        HoursRow(row.pk, row.version, row.on, str(row.user), row.hours, row.what, row.note, row.user_id == user.pk)
        for row in found[offset : offset + limit]
    )


def count_hours(engagement_id: int) -> int:
    return HoursEntry.objects.filter(engagement_id=engagement_id, archived_at=None).count()


def hours_by_quarter(engagement_id: int) -> tuple[QuarterHours, ...]:
    """Newest quarter first. Two statements, whatever there is."""
    summed = list(
        HoursEntry.objects.filter(engagement_id=engagement_id, archived_at=None)
        .annotate(starts=TruncQuarter("on"))
        .order_by("-starts")
        .values_list("starts", "user_id")
        .annotate(hours=Sum("hours"))
    )
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={pk for _, pk, _ in summed})}
    by_quarter: dict[date, list[tuple[str, Decimal]]] = {}
    for starts, pk, hours in summed:
        by_quarter.setdefault(starts, []).append((names[pk], hours))
    return tuple(QuarterHours(starts, tuple(sorted(rows))) for starts, rows in by_quarter.items())


def hours_between(engagement_id: int, first: date, last: date) -> tuple[Decimal, int]:
    """(hours, people) of the days from `first` to `last`. One statement."""
    within = HoursEntry.objects.filter(engagement_id=engagement_id, archived_at=None, on__range=(first, last))
    found = within.aggregate(hours=Sum("hours"), people=Count("user", distinct=True))
    return found["hours"] or Decimal(0), found["people"]
