"""A quarter of a portfolio: how it stood at the quarter's end, how at its beginning, and what was published between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from engagements.models import PublishedUpdate, QuarterlyUpdate, ShareLink, User
from engagements.portfolio.figures import CityRow, InitiativeFact, PortfolioSection, UpdateRef
from engagements.portfolio.filters import quarter_end, quarter_start
from engagements.portfolio.queries.portfolio import NoRecordsYet, portfolio_of, readable_initiative, scope_of
from engagements.portfolio.queries.rows_as_of import read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope


@dataclass(frozen=True)
class PublishedLine:
    """An update whose newest publication of the quarter this is."""

    ref: UpdateRef
    city: str


@dataclass(frozen=True)
class QuarterPart:
    """Recorded work, or invented work. `body`: at the end. `before`: the headline at the beginning, by key; empty when
    nothing was recorded yet."""

    body: PortfolioSection
    before: dict[str, Decimal | None]
    published: tuple[PublishedLine, ...]

    @property
    def late(self) -> tuple[CityRow, ...]:
        """Cities with late milestones, A to Z as all cities are: nobody is ranked."""
        return tuple(row for row in self.body.rows if row.late.value)


@dataclass(frozen=True)
class QuarterOfPortfolio:
    """`parts`: those in which anything happened, recorded before invented. None of them: nothing happened.

    `as_of`, `began`: the ends of the quarter's last day and of the day before its first, in UTC.
    """

    initiative: InitiativeFact
    quarter: str
    began: datetime
    as_of: datetime
    parts: tuple[QuarterPart, ...]


def end_of(quarter: str) -> datetime:
    """The moment “2026Q3” ends, in UTC, as `read_as_of` reads its last day."""
    return datetime.combine(quarter_end(quarter), time.max, UTC)


def portfolio_quarter(reader: User | ShareLink, initiative: str, quarter: str, *, now: datetime) -> QuarterOfPortfolio:
    """Of the initiative with this slug, of a quarter that has ended. The same number of statements whatever there is.

    Something happened when anything a funder reads differs between the two moments: money, budgets, statuses, counts of
    milestones done and late, approved values, published plans and updates, open risks. Raises NotFound, and
    NoRecordsYet for a quarter that ended before the records begin.
    """
    as_of = end_of(quarter)
    began = datetime.combine(quarter_start(quarter) - timedelta(days=1), time.max, UTC)
    within = readable_initiative(reader, initiative)
    after = portfolio_of(within, reader, as_of=as_of, now=now)
    try:
        before = portfolio_of(within, reader, as_of=began, now=now)
    except NoRecordsYet:
        before = None
    published = _published(scope_of(within, reader, as_of=as_of, now=now), began)
    parts = []
    for body, was in ((after.recorded, before and before.recorded), (after.fictional, before and before.fictional)):
        if body is None:
            continue
        told = published[body.is_fictional]
        if told or frozenset(_facts(body)) != (frozenset(_facts(was)) if was else frozenset()):
            headline = {figure.key: figure.value for figure in was.headline} if was else {}
            parts.append(QuarterPart(body, headline, told))
    return QuarterOfPortfolio(after.initiative, quarter, began, as_of, tuple(parts))


def _facts(body: PortfolioSection) -> Iterator[tuple]:
    """What a funder reads, without what says that nothing is there."""
    yield from (("stage", line.stage, line.total.value) for line in body.money.stages if line.total.value)
    if body.money.entries:
        yield "entries", body.money.entries
    on_time = body.figure("on_time")
    if on_time.value is not None:
        yield "on time", on_time.value, on_time.note
    yield from (("reached", line.indicator_id, line.figure.value) for line in body.people.lines)
    yield from (("risk", risk.pk, risk.level.colour) for risk in body.risks)
    yield from (("update", line.ref.pk, line.ref.number) for line in body.updates)
    yield from (("offered", line.plan_id, line.name, line.published_at) for line in body.evidence.interventions)
    for row in body.rows:
        if row.status:
            yield "status", row.slug, row.status, row.status_since
        if row.late.value:
            yield "late", row.slug, row.late.value
        if row.budget.value:
            yield "budget", row.slug, row.budget.value
    for family in body.families:
        yield from (("value", line.pk, line.actual.value, line.period_end) for line in family.indicators)


def _published(scope: PortfolioScope, began: datetime) -> dict[bool, tuple[PublishedLine, ...]]:
    """What was published after `began`, by whether it is fictional, by city and quarter. One statement."""
    rows = rows_at(
        QuarterlyUpdate,
        "engagement_id, year, quarter, is_fictional, archived_at",
        "engagement_id = ANY(%s)",
        (scope.ids,),
        scope.as_of,
    )
    cities = {city.pk: city.city for city in scope.cities}
    found: dict[bool, list[PublishedLine]] = {False: [], True: []}
    for invented, engagement, *ref in read(
        f"""SELECT DISTINCT ON (u.id) u.is_fictional OR u.engagement_id = ANY(%s), u.engagement_id, u.id, u.year,
            u.quarter, p.number, p.published_at
        FROM {rows.text} u JOIN {PublishedUpdate._meta.db_table} p ON p.update_id = u.id
        WHERE u.archived_at IS NULL AND p.published_at > %s AND p.published_at <= %s
        ORDER BY u.id, p.number DESC""",  # noqa: S608 - our own names; values go as parameters
        (scope.invented, *rows.params, began, scope.known),
    ):
        found[invented].append(PublishedLine(UpdateRef(*ref), cities[engagement]))
    by_city = {
        kind: sorted(lines, key=lambda line: (line.city, line.ref.year, line.ref.quarter, line.ref.pk))
        for kind, lines in found.items()
    }
    return {kind: tuple(lines) for kind, lines in by_city.items()}
