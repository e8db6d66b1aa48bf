"""Actuals by period: of everybody and of groups, with status, reviewers and the file they rest on."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet

from atlas.formatting.dates import format_period
from engagements.access.discussion import visible_documents
from engagements.access.errors import NotFound
from engagements.access.plans import indicator_for, visible_values
from engagements.access.roles import permissions_by_engagement, with_cached_permissions
from engagements.base.queries.history import HistoryEntry, history
from engagements.indicators.queries.indicators import FormattedNumber, IndicatorRow, indicators, number_of
from engagements.indicators.queries.small_cells import withheld_dimensions, withheld_values
from engagements.models import IndicatorValue, User
from engagements.permissions import REVIEW_INDICATOR, VIEW_INDICATOR
from engagements.workflow import INDICATOR_VALUE, State

PAST = 60  # changes on the page of an indicator


@dataclass(frozen=True)
class ValueRow:
    """`document_id` None where there is none the viewer may open; people are None below the team."""

    pk: int
    version: int
    indicator_id: int
    engagement_id: int
    engagement_slug: str
    period_start: date
    period_end: date
    period_label: str
    dimension: str
    category: str
    number: FormattedNumber
    value: float
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    note: str
    status: str
    label: str
    is_approved: bool
    revision: int
    change_reason: str
    change_words: str
    document_id: int | None
    document_title: str
    entered_by_id: int | None
    entered_by: str | None
    entered_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    is_fictional: bool


@dataclass(frozen=True)
class StatusStep:
    """A button: where values of one status may go. `versions`: (id, version) as the viewer sees them."""

    status: str
    label: str
    next_states: tuple[State, ...]
    may_review: bool
    is_own: bool
    versions: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PeriodValues:
    """All values of one period: `total` None where only groups were entered. `steps`: what the viewer may do.

    `withheld`: what it is broken down by that this viewer does not see, as a group is too small.
    """

    start: date
    end: date
    words: str
    total: ValueRow | None
    groups: tuple[ValueRow, ...]
    steps: tuple[StatusStep, ...]
    withheld: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        return (self.total, *self.groups) if self.total else self.groups


@dataclass(frozen=True)
class IndicatorPage:
    """Newest period first."""

    row: IndicatorRow
    periods: tuple[PeriodValues, ...]
    history: tuple[HistoryEntry, ...]


@with_cached_permissions
def indicator_page(user: User, pk: int, *, today: date) -> IndicatorPage:
    """Raises NotFound. The same number of statements whatever there is in it."""
    found = indicators(user, today=today, pk=pk)
    if not found:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    (row,) = found
    return IndicatorPage(row, periods(user, row, values(user, indicator=pk)), _history(user, row))


@with_cached_permissions
def values(
    user: User,
    *,
    indicator: int | None = None,
    engagements: tuple[int, ...] = (),
    pk: int | None = None,
    statuses: tuple[str, ...] = (),
    with_groups: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[ValueRow, ...]:
    """Newest period first, everybody before groups; below the team without breakdowns that tell of a small group.

    Four statements, three without groups.
    """
    found = (
        _chosen(user, indicator, engagements, pk, statuses, with_groups=with_groups)
        .select_related("indicator__engagement", "document", "entered_by", "reviewed_by", "approved_by")
        .order_by("indicator", "-period_end", "-period_start", "dimension", "pk")
    )
    rows = list(found[offset : None if limit is None else offset + limit])
    held = permissions_by_engagement(user, {row.engagement_id for row in rows})
    ids = {row.document_id for row in rows if row.document_id}
    open_to = set(visible_documents(user).filter(pk__in=ids).values_list("pk", flat=True))
    return tuple(_row(row, held.get(row.engagement_id, frozenset()), open_to) for row in rows)


def count_values(
    user: User,
    *,
    indicator: int | None = None,
    engagements: tuple[int, ...] = (),
    pk: int | None = None,
    statuses: tuple[str, ...] = (),
) -> int:
    return _chosen(user, indicator, engagements, pk, statuses).count()


def check_indicator(user: User, pk: int) -> None:
    """Raises NotFound for one that is not there for this person: its list of values is missing, not empty."""
    indicator_for(user, pk)


def periods(user: User, row: IndicatorRow, found: tuple[ValueRow, ...]) -> tuple[PeriodValues, ...]:
    """Rows of one indicator, in their order."""
    made, withheld = [], {} if row.is_team else withheld_dimensions(user, row.pk)
    for (start, end), group in groupby(found, key=lambda value: (value.period_start, value.period_end)):
        here = tuple(group)
        total = next((value for value in here if not value.dimension), None)
        groups = tuple(value for value in here if value.dimension)
        steps, closed = _steps(user, row, here), withheld.get((start, end), ())
        made.append(PeriodValues(start, end, format_period(start, end), total, groups, steps, closed))
    return tuple(made)


def _history(user: User, row: IndicatorRow) -> tuple[HistoryEntry, ...]:
    """Of the indicator and all values it ever had, as the database kept it; for the team."""
    if not row.is_team:
        return ()
    ids = tuple(IndicatorValue.objects.filter(indicator=row.pk).values_list("pk", flat=True))
    of_values = history(user, row.engagement_slug, noun="indicatorvalue", object_id=ids, limit=PAST) if ids else ()
    of_itself = history(user, row.engagement_slug, noun="indicator", object_id=row.pk, limit=PAST)
    return tuple(sorted((*of_itself, *of_values), key=lambda entry: (entry.at, entry.event), reverse=True)[:PAST])


def _steps(user: User, row: IndicatorRow, here: tuple[ValueRow, ...]) -> tuple[StatusStep, ...]:
    """One for each status there is in the period; nobody reviews or approves what they entered."""
    if not row.is_team:
        return ()
    made = []
    for state in INDICATOR_VALUE.states:
        rows = [value for value in here if value.status == state.value]
        if not rows:
            continue
        own = any(value.entered_by_id == user.pk for value in rows)
        following = INDICATOR_VALUE.next_states(state.value, row.permissions)
        following = tuple(s for s in following if not (own and state.value == "in_review" and s.value == "approved"))
        unread = any(value.reviewed_at is None for value in rows)
        review = state.value == "in_review" and REVIEW_INDICATOR in row.permissions and unread and not own
        if following or review:
            versions = tuple((value.pk, value.version) for value in rows)
            made.append(StatusStep(state.value, state.label, following, review, own, versions))
    return tuple(made)


def _chosen(
    user: User,
    indicator: int | None,
    engagements: tuple[int, ...],
    pk: int | None,
    statuses: tuple[str, ...],
    *,
    with_groups: bool = True,
) -> QuerySet[IndicatorValue]:
    """What pages, tables and the API list: the one place where groups are left out."""
    found = visible_values(user)
    if indicator is not None:
        found = found.filter(indicator=indicator)
    if engagements:
        found = found.filter(engagement__in=engagements)
    if pk is not None:
        found = found.filter(pk=pk)
    if with_groups:
        found = found.exclude(pk__in=withheld_values(user, found))
    else:
        found = found.filter(dimension="")
    return found.filter(status__in=statuses) if statuses else found


def _row(row: IndicatorValue, held: frozenset[str], open_to: set[int]) -> ValueRow:
    team, state = VIEW_INDICATOR in held, INDICATOR_VALUE.state(row.status)
    indicator, document = row.indicator, row.document if row.document_id in open_to else None
    return ValueRow(
        pk=row.pk,
        version=row.version,
        indicator_id=row.indicator_id,
        engagement_id=row.engagement_id,
        engagement_slug=indicator.engagement.slug,
        period_start=row.period_start,
        period_end=row.period_end,
        period_label=format_period(row.period_start, row.period_end),
        dimension=row.dimension,
        category=row.category,
        number=number_of(row.value, row.low, row.high, indicator.unit, indicator.no_interval_reason),
        value=row.value,
        low=row.low,
        high=row.high,
        numerator=row.numerator,
        denominator=row.denominator,
        note=row.note,
        status=row.status if team else "approved",
        label=state.label if team else state.funder_label,
        is_approved=not state.is_open,
        revision=row.revision,
        change_reason=row.get_change_reason_display() if row.change_reason else "",
        change_words=row.change_words if team else "",
        document_id=document.pk if document else None,
        document_title=document.title if document else "",
        entered_by_id=row.entered_by_id if team else None,
        entered_by=str(row.entered_by) if team else None,
        entered_at=row.entered_at,
        reviewed_by=str(row.reviewed_by) if team and row.reviewed_by else None,
        reviewed_at=row.reviewed_at,
        approved_by=str(row.approved_by) if team and row.approved_by else None,
        approved_at=row.approved_at,
        is_fictional=row.is_fictional,
    )
