"""The duties of engagements at work, of one person, and counted for a portfolio."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from engagements.access.kept_statements import rows_for, rows_of_all
from engagements.access.roles import engagements_with, with_cached_permissions
from engagements.duties.rules import (
    OWNER_WANTED_BEFORE,
    SILENT_FOR,
    Duty,
    DutyCount,
    EngagementFacts,
    IndicatorFacts,
    MilestoneFacts,
    count_by_kind,
    in_order,
    indicator_duties,
    milestone_duties,
    quarter_before,
    quarter_of,
    result_duties,
    update_duties,
)
from engagements.indicators.rules.staleness import next_due
from engagements.models import (
    Engagement,
    EngagementRole,
    Feed,
    Indicator,
    IndicatorValue,
    Milestone,
    Participation,
    ProgressEntry,
    QuarterlyUpdate,
    Result,
    SearchRecord,
    User,
)
from engagements.permissions import VIEW_TEAM
from engagements.workflow import INDICATOR_VALUE_APPROVED, PARTICIPATION_AT_WORK

_COMPLETED = "completed"


@dataclass(frozen=True)
class DutyRow:
    """A duty with where it is."""

    duty: Duty
    engagement_slug: str
    city_name: str
    is_fictional: bool


@dataclass(frozen=True)
class CityDuties:
    """Of one engagement: `counts` of every kind, zeros too. `is_at_work`: otherwise nothing is expected of it."""

    engagement: int
    is_at_work: bool
    counts: tuple[DutyCount, ...]

    @property
    def open(self) -> int:
        return sum(count.open for count in self.counts)


@dataclass(frozen=True)
class _Place:
    """An engagement at work, or completed. `last_on`: since when it is; `active_on`: when it first was active."""

    pk: int
    initiative_id: int
    slug: str
    city_name: str
    is_fictional: bool
    starts_on: date | None
    ends_on: date | None
    last_status: str
    last_on: date
    active_on: date | None


_COLUMNS = tuple("city__name" if one.name == "city_name" else one.name for one in fields(_Place))


def duties_of(engagements: QuerySet[Engagement], *, today: date) -> tuple[DutyRow, ...]:
    """What is to be done in those of the engagements that are at work or ended, the soonest due first. Six statements
    at most.
    """
    return _duties(_by_number(_concerned(engagements)), today)


def _duties(rows: dict[int, _Place], today: date) -> tuple[DutyRow, ...]:
    if not rows:
        return ()
    facts = _engagement_facts(rows, today)
    found = [duty for each in facts.values() for duty in (*update_duties(each, today), *result_duties(each, today))]
    at_work = {pk: row for pk, row in rows.items() if facts[pk].is_at_work}
    if at_work:
        found += indicator_duties(_indicator_facts(at_work, today), facts, today)
        found += milestone_duties(_milestone_facts(tuple(at_work), today), facts)
    return tuple(
        DutyRow(duty, row.slug, row.city_name, row.is_fictional)
        for duty in in_order(found)
        for row in (rows[duty.engagement],)
    )


@with_cached_permissions
def duties_for(user: User, *, today: date, covered: Collection[int] = ()) -> tuple[DutyRow, ...]:
    """What this person is to do, themselves or for those they cover.

    Six statements at most, and two to read their roles outside `cached_permissions`.
    """
    places, people = _by_number(rows_for(user, _write_places)), {user.pk, *covered}
    return tuple(row for row in _duties(places, today) if not people.isdisjoint(row.duty.owners))


def _write_places(user: User) -> QuerySet[Engagement, Any]:
    return _concerned(engagements_with(user, VIEW_TEAM))


def unsent_updates(*, today: date) -> tuple[DutyRow, ...]:
    """Updates of all engagements at work that are not sent in: not started, or still a draft. Four statements."""
    rows = _by_number(_concerned(Engagement.objects.all()))
    facts = _engagement_facts(rows, today, but_drafts=True) if rows else {}
    found = in_order(duty for each in facts.values() for duty in update_duties(each, today))
    return tuple(
        DutyRow(duty, row.slug, row.city_name, row.is_fictional) for duty in found for row in (rows[duty.engagement],)
    )


def count_duties(engagement_ids: Collection[int], *, today: date) -> dict[int, CityDuties]:
    """By engagement, for whoever may read that they exist: numbers only. Six statements at most."""
    rows = _by_number(_concerned(Engagement.objects.filter(pk__in=list(engagement_ids))))
    found: dict[int, list[Duty]] = {}
    for row in _duties(rows, today):
        found.setdefault(row.duty.engagement, []).append(row.duty)
    at_work = {pk for pk, row in rows.items() if row.last_status in PARTICIPATION_AT_WORK}
    return {pk: CityDuties(pk, pk in at_work, count_by_kind(found.get(pk, ()), today)) for pk in sorted(engagement_ids)}


def _concerned(engagements: QuerySet[Engagement]) -> QuerySet[Engagement, Any]:
    """At work, or completed."""
    last = Participation.objects.filter(engagement=OuterRef("pk")).order_by("-began_on", "-pk")
    active = Participation.objects.filter(engagement=OuterRef("pk"), status="active").order_by()
    found = engagements.annotate(
        last_status=Subquery(last.values("status")[:1]),
        last_on=Subquery(last.values("began_on")[:1]),
        active_on=Subquery(active.values("engagement").annotate(first=Min("began_on")).values("first")),
    )
    wanted = found.filter(last_status__in=(*PARTICIPATION_AT_WORK, _COMPLETED), initiative__archived_at=None)
    return wanted.values_list(*_COLUMNS)


def _by_number(found: Iterable[tuple[Any, ...]]) -> dict[int, _Place]:
    return {place.pk: place for place in (_Place(*row) for row in found)}


def _engagement_facts(rows: dict[int, _Place], today: date, *, but_drafts: bool = False) -> dict[int, EngagementFacts]:
    """Three statements. `but_drafts`: a draft does not count as written."""
    engagements = tuple(rows)
    roles = rows_of_all(
        _write_roles,
        engagements,
        frozenset(row.initiative_id for row in rows.values()),
        timezone.localdate(timezone=UTC),
    )
    quarters = (quarter_before(quarter_of(today)), quarter_of(today))
    written: dict[int, set[tuple[int, int]]] = {}
    for engagement, year, quarter in rows_of_all(_write_updates, engagements, quarters, but_drafts):
        written.setdefault(engagement, set()).add((year, quarter))
    recorded = {pk for (pk,) in rows_of_all(_write_recorded, engagements)}
    found = {}
    for pk, row in rows.items():
        team: dict[int, set[str]] = {}
        for person, role, at, within in roles:
            if at == pk or (at is None and within == row.initiative_id):
                team.setdefault(person, set()).add(role)
        completed = row.last_status == _COMPLETED
        found[pk] = EngagementFacts(
            engagement=pk,
            begins_on=row.starts_on or row.active_on,
            team=team,
            written=frozenset(written.get(pk, ())),
            is_at_work=not completed,
            ended_on=row.last_on if completed else row.ends_on,
            has_result=pk in recorded,
        )
    return found


def _write_roles(engagements: tuple[int, ...], initiatives: frozenset[int], on: date) -> QuerySet[EngagementRole, Any]:
    held = EngagementRole.objects.open(on).filter(initiative__in=sorted(initiatives), user__is_active=True)
    found = held.filter(Q(engagement=None) | Q(engagement__in=engagements))
    return found.values_list("user_id", "role", "engagement_id", "initiative_id")


def _write_updates(
    engagements: tuple[int, ...], quarters: tuple[tuple[int, int], ...], but_drafts: bool
) -> QuerySet[QuarterlyUpdate, Any]:
    recent = Q()
    for year, quarter in quarters:
        recent |= Q(year=year, quarter=quarter)
    found = QuarterlyUpdate.objects.filter(recent, engagement__in=engagements, archived_at=None).order_by()
    if but_drafts:
        found = found.exclude(status="draft")
    return found.values_list("engagement_id", "year", "quarter")


def _write_recorded(engagements: tuple[int, ...]) -> QuerySet[Any, Any]:
    """Those of which a result of the initiative is recorded, or a search that found none."""
    results = Result.objects.filter(engagement__in=engagements, is_outside=False, archived_at=None).order_by()
    searches = SearchRecord.objects.filter(engagement__in=engagements, archived_at=None).order_by()
    return results.values_list("engagement_id").union(searches.values_list("engagement_id"))


def _milestone_facts(engagements: tuple[int, ...], today: date) -> list[MilestoneFacts]:
    found = rows_of_all(_write_milestones, engagements, today)
    return [
        MilestoneFacts(engagement, owner, first, tuple(pks), title) for engagement, owner, first, pks, title in found
    ]


def _write_milestones(engagements: tuple[int, ...], today: date) -> QuerySet[Milestone, Any]:
    """Grouped by the database: thousands may wait, and a page shows one line of them."""
    lines = ProgressEntry.objects.filter(milestone=OuterRef("pk")).order_by()
    found = Milestone.objects.unfinished().filter(engagement__in=engagements).annotate(since=_wanted_since(today))
    wanted = found.filter(Q(owner=None) | Q(~Exists(lines), since__lte=today)).order_by()
    grouped = wanted.values("engagement_id", "owner_id").annotate(
        first=Min("since"), pks=ArrayAgg("pk", order_by=("since", "pk")), title=Min("title")
    )
    return grouped.values_list("engagement_id", "owner_id", "first", "pks", "title")


def _wanted_since(today: date) -> Case:
    """Without an owner: two weeks before it is due, today without a date. With one the day by which a line was to be
    expected: three weeks after its start; unbegun, when it is due; none for unbegun work without a date."""
    before = ExpressionWrapper(F("due_on") - Value(OWNER_WANTED_BEFORE.days), output_field=DateField())
    begun = ExpressionWrapper(F("started_on") + Value(SILENT_FOR.days), output_field=DateField())
    return Case(
        When(owner=None, then=Coalesce(before, today, output_field=DateField())),
        When(started_on__isnull=False, then=begun),
        default=F("due_on"),
        output_field=DateField(),
    )


def _indicator_facts(rows: dict[int, _Place], today: date) -> list[IndicatorFacts]:
    found = []
    for row in rows_of_all(_write_indicators, tuple(rows)):
        pk, engagement, name, owner, every_months, baseline_on, until, entered = row
        due = next_due(
            every_months=every_months,
            last_end=until,
            begins_on=baseline_on or rows[engagement].starts_on,
            today=today,
        )
        is_entered = entered is not None and (until is None or entered > until)
        found.append(IndicatorFacts(pk, engagement, name, owner, due.due_on, is_entered))
    return found


def _write_indicators(engagements: tuple[int, ...]) -> QuerySet[Indicator, Any]:
    """With the ends of the last period that is approved, and of the last that was entered."""
    values = IndicatorValue.objects.filter(indicator=OuterRef("pk"), dimension="", archived_at=None).order_by()
    ended = values.values("indicator").annotate(last=Max("period_end")).values("last")
    approved = ended.filter(status__in=INDICATOR_VALUE_APPROVED)
    fed = Feed.objects.filter(indicator=OuterRef("pk"), archived_at=None)  # nobody enters what a feed brings
    found = Indicator.objects.filter(~Exists(fed), engagement__in=engagements, archived_at=None).order_by("pk")
    about = ("pk", "engagement_id", "name", "owner_id", "every_months", "baseline_on")
    return found.values_list(*about, Subquery(approved), Subquery(ended))
