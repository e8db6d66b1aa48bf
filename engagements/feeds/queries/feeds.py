"""Feeds as their team sees them: how each fares, how old its newest value is, what waits."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from atlas.formatting.dates import format_period
from engagements.access.feeds import editable_feeds, feed_for, visible_feeds
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.feeds.rules.mapping import NAMES
from engagements.indicators.rules.freshness import Freshness, cadence_of, freshness
from engagements.indicators.rules.units import format_value
from engagements.models import Feed, FeedKey, FeedReading, FeedVintage, IndicatorValue, User
from engagements.permissions import APPROVE_INDICATOR
from engagements.workflow import INDICATOR_VALUE_APPROVED

SHOWN_VINTAGES, SHOWN_WAITING, SHOWN_CORRECTIONS = 20, 50, 20
# In the order in which an operator looks at them.
STATES = (
    ("failing", "Failing"),
    ("waiting", "Values to decide"),
    ("unapproved", "Waiting for approval"),
    ("overdue", "Overdue"),
    ("paused", "Paused"),
    ("on_cadence", "On cadence"),
)


@dataclass(frozen=True)
class FeedRow:
    """`freshness` None before the first value. `state`: of STATES."""

    pk: int
    version: int
    name: str
    city: str
    engagement_slug: str
    indicator_id: int | None
    kind: str
    kind_label: str
    cadence: str
    cadence_label: str
    owner: str
    owner_id: int
    host: str
    is_trusted: bool
    trusted_by: str
    trusted_at: datetime | None
    is_paused: bool
    freshness: Freshness | None
    checked_at: datetime | None
    next_at: datetime | None
    failures: int
    failing_since: datetime | None
    problem: str
    advice: str
    waiting: int
    state: str
    is_fictional: bool

    @property
    def state_label(self) -> str:
        return dict(STATES)[self.state]


@dataclass(frozen=True)
class WaitingReading:
    """`before`: what an earlier vintage said of the period, "" where none did."""

    pk: int
    period: str
    value: str
    before: str
    why: str
    read_at: datetime
    description: str


@dataclass(frozen=True)
class Correction:
    """A value its publisher changed later. `difference` with its sign."""

    period: str
    before: str
    after: str
    difference: str
    vintage: int
    read_at: datetime
    state: str


@dataclass(frozen=True)
class FeedPage:
    """`value`: the newest that stands, in words; "" where there is none."""

    row: FeedRow
    value: str
    value_id: int | None
    address: str
    query: str
    columns: tuple[tuple[str, str], ...]
    secret: str
    waiting: tuple[WaitingReading, ...]
    vintages: tuple[FeedVintage, ...]
    vintage_count: int
    corrections: tuple[Correction, ...]
    keys: tuple[FeedKey, ...]
    permissions: frozenset[str]
    may_edit: bool
    may_trust: bool
    is_own: bool


@with_cached_permissions
def feed_rows(user: User, *, today: date, engagement: int | None = None, pk: int | None = None) -> tuple[FeedRow, ...]:
    """What needs somebody first. Two statements, whatever there is."""
    found = visible_feeds(user)
    if engagement is not None:
        found = found.filter(engagement=engagement)
    if pk is not None:
        found = found.filter(pk=pk)
    approved = IndicatorValue.objects.filter(
        indicator=OuterRef("indicator"), dimension="", status__in=INDICATOR_VALUE_APPROVED, archived_at=None
    ).order_by()
    rows = _with_people(found).annotate(
        waiting=Count("readings", filter=Q(readings__state="waiting")),
        value_through=Subquery(approved.values("indicator").annotate(last=Max("period_end")).values("last")),
        entry_through=Max("readings__period_end", filter=Q(readings__entry__isnull=False)),
    )
    made = [_row(feed, today) for feed in rows]
    order = {state: place for place, (state, _label) in enumerate(STATES)}
    return tuple(sorted(made, key=lambda row: (order[row.state], row.city, row.name, row.pk)))


def count_states(rows: tuple[FeedRow, ...]) -> tuple[tuple[str, str, int], ...]:
    """(state, label, how many) of those there are."""
    counts = [(state, label, sum(row.state == state for row in rows)) for state, label in STATES]
    return tuple(each for each in counts if each[2])


@with_cached_permissions
def feed_page(user: User, pk: int, *, today: date) -> FeedPage:
    """Raises NotFound. The same number of statements whatever there is in it."""
    feed = feed_for(user, pk)
    (row,) = feed_rows(user, today=today, pk=pk)
    held = permissions_by_engagement(user, [feed.engagement_id]).get(feed.engagement_id, frozenset())
    unit = feed.indicator.unit if feed.indicator else "usd"
    may_edit = editable_feeds(user).filter(pk=pk).exists()
    newest = _newest_value(feed)
    own = user.pk in (feed.owner_id, feed.defined_by_id)
    secret = getattr(feed, "secret", None)
    return FeedPage(
        row=row,
        value=format_value(newest.value, unit) if newest else "",
        value_id=newest.pk if newest else None,
        address=feed.address,
        query=feed.query,
        columns=tuple((_column_label(n), column) for n, column in feed.columns.items() if column),
        secret=(secret.variable or "kept encrypted") if secret else "",
        waiting=_waiting(feed, unit),
        vintages=tuple(feed.vintages.select_related("key").order_by("-number")[:SHOWN_VINTAGES]),
        vintage_count=feed.vintages.count(),
        corrections=_corrections(feed, unit),
        keys=tuple(feed.keys.select_related("created_by")) if feed.kind == "push" and may_edit else (),
        permissions=held,
        may_edit=may_edit,
        may_trust=APPROVE_INDICATOR in held and not own and not row.is_trusted,
        is_own=own,
    )


def readings_of_value(user: User, feed: int, *, limit: int, offset: int = 0) -> tuple[FeedReading, ...]:
    """Every reading of a feed, the newest vintage first. Raises NotFound."""
    kept = feed_for(user, feed)
    rows = kept.readings.select_related("vintage").order_by("-vintage__number", "-period_end", "-pk")
    return tuple(rows[offset : offset + limit])


def count_readings(user: User, feed: int) -> int:
    return feed_for(user, feed).readings.count()


def _with_people(found: QuerySet[Feed]) -> QuerySet[Feed]:
    return found.select_related("engagement__city", "owner", "trusted_by", "status", "indicator").order_by("pk")


def _row(feed: Feed, today: date) -> FeedRow:
    status = feed.status
    through = feed.value_through if feed.indicator_id else feed.entry_through  # type: ignore[attr-defined]
    fresh = freshness(through, cadence_of(1, feed.cadence), today) if through else None
    waiting = feed.waiting  # type: ignore[attr-defined]
    if status.failures:
        state = "failing"
    elif feed.paused_at is not None:
        state = "paused"
    elif waiting:
        state = "waiting"
    elif feed.trusted_by_id is None:
        state = "unapproved"
    else:
        state = "on_cadence" if fresh is not None and not fresh.is_overdue else "overdue"
    return FeedRow(
        pk=feed.pk,
        version=feed.version,
        name=feed.name,
        city=feed.engagement.city.name,
        engagement_slug=feed.engagement.slug,
        indicator_id=feed.indicator_id,
        kind=feed.kind,
        kind_label=feed.get_kind_display(),
        cadence=feed.cadence,
        cadence_label=feed.get_cadence_display(),
        owner=str(feed.owner),
        owner_id=feed.owner_id,
        host=feed.address.partition("://")[2].partition("/")[0],
        is_trusted=feed.trusted_by_id is not None,
        trusted_by=str(feed.trusted_by) if feed.trusted_by else "",
        trusted_at=feed.trusted_at,
        is_paused=feed.paused_at is not None,
        freshness=fresh,
        checked_at=status.checked_at,
        next_at=status.next_at,
        failures=status.failures,
        failing_since=status.failing_since,
        problem=status.problem,
        advice=status.advice,
        waiting=waiting,
        state=state,
        is_fictional=feed.is_fictional,
    )


def _newest_value(feed: Feed) -> IndicatorValue | None:
    if feed.indicator is None:
        return None
    rows = feed.indicator.values.filter(dimension="", status__in=INDICATOR_VALUE_APPROVED, archived_at=None)
    return rows.order_by("-period_end", "period_start", "-pk").first()


def _waiting(feed: Feed, unit: str) -> tuple[WaitingReading, ...]:
    rows = feed.readings.filter(state="waiting").select_related("vintage", "corrects").order_by("period_end", "pk")
    return tuple(
        WaitingReading(
            row.pk,
            format_period(row.period_start, row.period_end) + (f", {row.key}" if row.key else ""),
            format_value(row.value, unit),
            format_value(row.corrects.value, unit) if row.corrects else "",
            row.why,
            row.vintage.fetched_at,
            row.description,
        )
        for row in rows[:SHOWN_WAITING]
    )


def _corrections(feed: Feed, unit: str) -> tuple[Correction, ...]:
    rows = feed.readings.filter(corrects__isnull=False).select_related("vintage", "corrects")
    return tuple(
        Correction(
            format_period(row.period_start, row.period_end),
            format_value(row.corrects.value, unit),
            format_value(row.value, unit),
            _difference(row.value - row.corrects.value, unit),
            row.vintage.number,
            row.vintage.fetched_at,
            row.get_state_display(),
        )
        for row in rows.order_by("-vintage__number", "-period_end")[:SHOWN_CORRECTIONS]
        if row.corrects is not None
    )


def _difference(number: float, unit: str) -> str:
    if unit == "share":
        return f"{'+' if number >= 0 else '−'}{abs(number) * 100:.1f} points"
    return f"{'+' if number >= 0 else '−'}{format_value(abs(number), unit)}"


def _column_label(name: str) -> str:
    return NAMES.get(name) or {"key": "Number of the entry", "description": "Description"}.get(name, name)
