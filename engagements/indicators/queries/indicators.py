"""Indicators as somebody may read them: how far, by which rule, how fresh, from where."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from engagements.access.plans import visible_indicators
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.base.ratings import Rating
from engagements.indicators.rules.checks import IndicatorDefinition
from engagements.indicators.rules.freshness import Cadence, Freshness, cadence_of, freshness
from engagements.indicators.rules.progress import Progress, progress_at, rate
from engagements.indicators.rules.staleness import Due, next_due
from engagements.indicators.rules.units import format_interval, format_value
from engagements.models import Feed, Indicator, IndicatorValue, User
from engagements.permissions import VIEW_CITY, VIEW_INDICATOR
from engagements.workflow import INDICATOR_VALUE_APPROVED


@dataclass(frozen=True)
class FormattedNumber:
    """A number as text. `uncertainty`: the interval in words, or the reason for none."""

    value: float
    words: str
    uncertainty: str


@dataclass(frozen=True)
class LatestValue:
    """The newest approved value of everybody. `as_of`: when it was approved."""

    pk: int
    number: FormattedNumber
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    period_start: date
    period_end: date
    as_of: datetime
    revision: int
    note: str


@dataclass(frozen=True)
class IndicatorRow:
    """`waiting` values in review and `drafts` are None below the team. `family` is a code, `family_label` its words."""

    pk: int
    version: int
    engagement_id: int
    engagement_slug: str
    city_slug: str
    city_name: str
    initiative: str
    kind: str
    kind_label: str
    name: str
    definition: str
    unit: str
    unit_label: str
    direction: str
    direction_label: str
    denominator: str
    family: str
    family_label: str
    baseline: float | None
    baseline_label: str
    baseline_on: date | None
    target: float | None
    target_label: str
    target_on: date | None
    every_months: int
    dimensions: tuple[str, ...]
    source: str
    no_interval_reason: str
    counts_people: bool
    is_unduplicated: bool
    owner_id: int | None
    owner: str | None
    plan_id: int | None
    plan_title: str
    latest: LatestValue | None
    progress: Progress
    rating: Rating
    due: Due
    feed_id: int | None
    feed_label: str
    freshness: Freshness | None
    waiting: int | None
    drafts: int | None
    is_fictional: bool
    permissions: frozenset[str]

    @property
    def is_team(self) -> bool:
        return VIEW_INDICATOR in self.permissions


@with_cached_permissions
def indicators(
    user: User,
    *,
    today: date,
    engagements: tuple[int, ...] = (),
    kinds: tuple[str, ...] = (),
    pk: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[IndicatorRow, ...]:
    """By engagement, kind and name. Four statements, whatever there is."""
    found = (
        _chosen(user, engagements, kinds, pk)
        .select_related("engagement__city", "engagement__initiative", "owner", "plan")
        .annotate(
            waiting=Count("values", filter=Q(values__archived_at=None, values__status="in_review")),
            drafts=Count("values", filter=Q(values__archived_at=None, values__status="draft")),
            feed_id=Subquery(_feeds().values("pk")[:1]),
            feed_cadence=Subquery(_feeds().values("cadence")[:1]),
        )
    )
    rows = list(
        found.order_by("engagement__city__name", "engagement", "kind", "name", "pk")[
            offset : None if limit is None else offset + limit
        ]
    )
    held = permissions_by_engagement(user, {row.engagement_id for row in rows})
    latest = _latest([row.pk for row in rows])
    return tuple(
        _row(row, latest.get(row.pk), held.get(row.engagement_id, frozenset()), today, (row.waiting, row.drafts))
        for row in rows
    )


def count_indicators(
    user: User, *, engagements: tuple[int, ...] = (), kinds: tuple[str, ...] = (), pk: int | None = None
) -> int:
    return _chosen(user, engagements, kinds, pk).count()


def definition_of(row: Indicator | IndicatorRow) -> IndicatorDefinition:
    return IndicatorDefinition(
        unit=row.unit,
        direction=row.direction,
        denominator=row.denominator,
        baseline=row.baseline,
        baseline_on=row.baseline_on,
        target=row.target,
        target_on=row.target_on,
        every_months=row.every_months,
        dimensions=tuple(row.dimensions),
        counts_people=row.counts_people,
    )


def number_of(
    value: float, low: float | None, high: float | None, unit: str, no_interval_reason: str
) -> FormattedNumber:
    if low is not None and high is not None:
        said = f"95% interval {format_interval(low, high, unit)}"
    else:
        said = f"no interval: {no_interval_reason}" if no_interval_reason else "no interval was given"
    return FormattedNumber(value, format_value(value, unit), said)


def _chosen(user: User, engagements: tuple[int, ...], kinds: tuple[str, ...], pk: int | None) -> QuerySet[Indicator]:
    found = visible_indicators(user)
    if engagements:
        found = found.filter(engagement_id__in=engagements)
    if kinds:
        found = found.filter(kind__in=kinds)
    return found if pk is None else found.filter(pk=pk)


def _feeds() -> QuerySet[Feed]:
    return Feed.objects.filter(indicator=OuterRef("pk"), archived_at=None)


def _latest(ids: list[int]) -> dict[int, IndicatorValue]:
    """The newest approved total of each, of those that end on one day the longest."""
    totals = IndicatorValue.objects.filter(
        indicator__in=ids, dimension="", status__in=INDICATOR_VALUE_APPROVED, archived_at=None
    )
    newest = totals.order_by("indicator_id", "-period_end", "period_start", "-pk").distinct("indicator_id")
    return {row.indicator_id: row for row in newest}


def _row(
    row: Indicator, value: IndicatorValue | None, held: frozenset[str], today: date, unapproved: tuple[int, int]
) -> IndicatorRow:
    """`unapproved`: how many values are in review, and how many are drafts."""
    waiting, drafts = unapproved
    team, definition = VIEW_INDICATOR in held, definition_of(row)
    fed: str | None = getattr(row, "feed_cadence", None)
    cadence: Cadence = cadence_of(row.every_months, fed)
    due = next_due(
        every_months=row.every_months,
        fed=fed,
        last_end=value.period_end if value else None,
        begins_on=row.baseline_on or row.engagement.starts_on,
        today=today,
    )
    number = value.value if value else None
    progress = progress_at(definition, value=number, on=value.period_end if value else None, due=due)
    owner = row.owner if team or VIEW_CITY in held else None
    return IndicatorRow(
        pk=row.pk,
        version=row.version,
        engagement_id=row.engagement_id,
        engagement_slug=row.engagement.slug,
        city_slug=row.engagement.city.slug,
        city_name=row.engagement.city.name,
        initiative=row.engagement.initiative.name,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        name=row.name,
        definition=row.definition,
        unit=row.unit,
        unit_label=_unit_label(row),
        direction=row.direction,
        direction_label=row.get_direction_display(),
        denominator=row.denominator,
        family=row.outcome_family,
        family_label=row.get_outcome_family_display(),
        baseline=row.baseline,
        baseline_label=_format_value(row.baseline, row.unit),
        baseline_on=row.baseline_on,
        target=row.target,
        target_label=_format_value(row.target, row.unit),
        target_on=row.target_on,
        every_months=row.every_months,
        dimensions=tuple(row.dimensions),
        source=row.source,
        no_interval_reason=row.no_interval_reason,
        counts_people=row.counts_people,
        is_unduplicated=row.is_unduplicated,
        owner_id=row.owner_id if owner else None,
        owner=str(owner) if owner else None,
        plan_id=row.plan_id if team else None,
        plan_title=str(row.plan) if team and row.plan else "",
        latest=_latest_value(value, row) if value else None,
        progress=progress,
        rating=rate(definition, progress, value=number, due=due, today=today),
        due=due,
        feed_id=getattr(row, "feed_id", None) if team else None,
        feed_label=str(Feed.Cadence(fed).label) if fed else "",
        freshness=freshness(value.period_end, cadence, today) if value else None,
        waiting=waiting if team else None,
        drafts=drafts if team else None,
        is_fictional=row.is_fictional,
        permissions=held,
    )


def _latest_value(value: IndicatorValue, row: Indicator) -> LatestValue:
    assert value.approved_at is not None, "the database keeps the time of an approval with its approver"
    return LatestValue(
        value.pk,
        number_of(value.value, value.low, value.high, row.unit, row.no_interval_reason),
        value.low,
        value.high,
        value.numerator,
        value.denominator,
        value.period_start,
        value.period_end,
        value.approved_at,
        value.revision,
        value.note,
    )


def _format_value(value: float | None, unit: str) -> str:
    return "" if value is None else format_value(value, unit)


def _unit_label(row: Indicator) -> str:
    return "share" if row.unit == "share" else row.get_unit_display()
