"""Work by status: the first cards of each column, and how many there are in all."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from engagements.access.roles import engagements_with, in_engagements_with, with_cached_permissions
from engagements.milestones.queries.milestones import MilestoneFilter, filtered, rows_of
from engagements.models import Milestone, User
from engagements.permissions import APPROVE_MILESTONE, VIEW_PUBLISHED
from engagements.workflow import MILESTONE
from engagements.worklist.queries.cards import cards_of
from engagements.worklist.records import Card, Column, WorkCounts
from engagements.worklist.rules import WEEK, by_due, same_tasks

A_COLUMN = 12  # cards shown; the list has the rest
OPEN = MILESTONE.open_values


@dataclass(frozen=True)
class Board:
    columns: tuple[Column, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for column in self.columns for card in column.cards)


@with_cached_permissions
def work_board(
    user: User,
    where: MilestoneFilter,
    *,
    today: date,
    covered: Mapping[int, str] | None = None,
    others: Collection[Card] = (),
    keep: Collection[int] = (),
) -> Board:
    """The columns of what is open, each with what is due first. Six statements whatever there is.

    `others`: cards of other tasks, which come before the milestones of their day. `keep`: ids that are shown even where
    their column is long, because somebody is editing them.
    """
    found = filtered(user, replace(where, only_unfinished=True), today)
    order = (F("due_on").asc(nulls_last=True), F("pk").asc())
    place = Window(RowNumber(), partition_by=F("status"), order_by=order)
    total = Window(Count("pk"), partition_by=F("status"))
    first = found.annotate(place=place, total=total).filter(Q(place__lte=A_COLUMN) | Q(pk__in=list(keep))).order_by()
    wanted, totals = [], {}
    for pk, status, number in first.values_list("pk", "status", "total"):
        wanted.append(pk)
        totals[status] = number
    rows = rows_of(user, Milestone.objects.filter(pk__in=wanted).order_by("due_on", "position", "pk"), today)
    cards = cards_of(rows, today=today, covered=covered)
    beside = Counter(card.column for card in others)
    return Board(
        tuple(
            Column(
                status,
                MILESTONE.state(status).label,
                tuple(same_tasks(by_due([c for c in (*others, *cards) if c.column == status]))),
                totals.get(status, 0) + beside[status],
            )
            for status in OPEN
            if not where.statuses or status in where.statuses
        )
    )


@with_cached_permissions
def work_counts(user: User, where: MilestoneFilter, *, today: date, others: Collection[Card] = ()) -> WorkCounts:
    """Of the filters of whose, city and theme alone. One statement."""
    plain = MilestoneFilter(
        engagements=where.engagements,
        cities=where.cities,
        whose=where.whose,
        in_teams=where.in_teams,
        themes=where.themes,
    )
    is_open, late = Q(status__in=OPEN), Q(status__in=OPEN, due_on__lt=today)
    approving = in_engagements_with(user, APPROVE_MILESTONE)
    counted = filtered(user, plain, today).aggregate(
        overdue=Count("pk", filter=late),
        cities=Count("engagement__city", filter=late, distinct=True),
        week=Count("pk", filter=is_open & Q(due_on__gte=today, due_on__lte=today + WEEK)),
        review=Count("pk", filter=Q(status="awaiting_review", needs_approval=True) & approving),
        trouble=Count("pk", filter=Q(status__in=("at_risk", "blocked"))),
        done=Count("pk", filter=Q(status="done", done_on__gte=today.replace(day=1))),
    )
    return WorkCounts(
        overdue=counted["overdue"] + sum(card.is_overdue for card in others),
        overdue_cities=counted["cities"],
        this_week=counted["week"] + sum(card.days is not None and 0 <= card.days <= WEEK.days for card in others),
        to_review=counted["review"] + sum(card.column == "awaiting_review" for card in others),
        in_trouble=counted["trouble"],
        done_this_month=counted["done"],
    )


@with_cached_permissions
def work_choices(user: User) -> tuple[list[tuple[str, str]], list[str]]:
    """(slug, name) of the cities and the themes this person may see, by name. One statement."""
    found = (
        engagements_with(user, VIEW_PUBLISHED).order_by("city__name").values_list("city__slug", "city__name", "theme")
    )
    cities = {slug: name for slug, name, _ in found}
    themes = sorted({theme for *_, theme in found if theme})
    return list(cities.items()), themes
