"""What somebody may log progress on, most due first: the quick log shows it without a search."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from engagements.access.roles import engagements_with, permissions_by_engagement, with_cached_permissions
from engagements.models import Milestone, User
from engagements.permissions import EDIT_MILESTONE, LOG_PROGRESS
from engagements.workflow import MILESTONE, State

OFFERED = 40


@dataclass(frozen=True)
class LogChoice:
    """`states`: where it stands, then where the viewer may take it. `days_late` is 0 where it is not overdue."""

    pk: int
    version: int
    city_name: str
    engagement_slug: str
    title: str
    due_on: date | None
    days_late: int
    may_move: bool
    is_fictional: bool
    is_mine: bool
    status: str
    states: tuple[State, ...]

    @property
    def label(self) -> str:
        return self.states[0].label


@with_cached_permissions
def log_choices(
    user: User, *, today: date, also: int | None = None, without: int | None = None
) -> tuple[LogChoice, ...]:
    """At most 40, one's own first, then soonest due; `also` is always among them. Three statements.

    `without`: the one just logged.
    """
    found = _loggable(user).filter(status__in=MILESTONE.open_values)
    if without:
        found = found.exclude(pk=without)
    mine_first = Case(When(owner_id=user.pk, then=Value(0)), default=Value(1), output_field=IntegerField())
    first = found.annotate(turn=mine_first).order_by("turn", "due_on", "pk").values("pk")[:OFFERED]
    rows = (
        _loggable(user).filter(Q(pk__in=first) | Q(pk=also)).annotate(turn=mine_first).order_by("turn", "due_on", "pk")
    )
    held = permissions_by_engagement(user)
    return tuple(_choice(row, held[row.engagement_id], user, today) for row in rows.select_related("engagement__city"))


def _loggable(user: User) -> QuerySet[Milestone]:
    return Milestone.objects.live().filter(engagement__in=engagements_with(user, LOG_PROGRESS).values("pk"))


def _choice(row: Milestone, held: frozenset[str], user: User, today: date) -> LogChoice:
    states = (MILESTONE.state(row.status), *MILESTONE.next_states(row.status, held, needs_approval=row.needs_approval))
    is_late = bool(row.due_on and row.due_on < today and states[0].is_open)
    return LogChoice(
        pk=row.pk,
        version=row.version,
        city_name=row.engagement.city.name,
        engagement_slug=row.engagement.slug,
        title=row.title,
        due_on=row.due_on,
        is_mine=row.owner_id == user.pk,
        status=row.status,
        states=states,
        days_late=(today - row.due_on).days if is_late and row.due_on else 0,
        may_move=EDIT_MILESTONE in held,
        is_fictional=row.is_fictional or row.engagement.is_fictional,
    )


@dataclass(frozen=True)
class LogCity:
    """An engagement something can be logged about; its name tells it from the others."""

    pk: int
    slug: str
    name: str
    is_fictional: bool


@with_cached_permissions
def log_cities(user: User, permission: str) -> tuple[LogCity, ...]:
    """One's engagements by city, the one with one's most due milestone first. Three statements at most."""
    rows = list(engagements_with(user, permission).select_related("city", "initiative").order_by("city__name", "pk"))
    mine = Milestone.objects.live().filter(owner_id=user.pk, status__in=MILESTONE.open_values)
    first = mine.order_by("due_on", "pk").values_list("engagement_id", flat=True).first()
    names = [row.city.name for row in rows]
    cities = [
        LogCity(
            row.pk,
            row.slug,
            row.city.name if names.count(row.city.name) == 1 else f"{row.city.name}: {row.initiative.name}",
            row.is_fictional,
        )
        for row in rows
    ]
    return tuple(sorted(cities, key=lambda city: city.pk != first))
