"""Approved values only: performance indicators against their targets, and how many people were reached."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engagements.indicators.rules.checks import IndicatorDefinition
from engagements.indicators.rules.freshness import BY_HAND, ON_CADENCE, OVERDUE, cadence_of, freshness
from engagements.models import Feed, Indicator, IndicatorValue, OutcomeFamily
from engagements.portfolio.figures import CadenceCounts, FamilyLine, IndicatorLine
from engagements.portfolio.queries.rows_as_of import read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope
from engagements.portfolio.rules import mark_target
from engagements.workflow import INDICATOR_VALUE_APPROVED

ACTUAL_RULE = "The approved value of the newest period, of everybody the indicator counts."
_INDICATOR = (
    "engagement_id, plan_id, kind, name, unit, direction, outcome_family, baseline, baseline_on, target, target_on, "
    "every_months, no_interval_reason, counts_people, is_unduplicated, is_fictional, archived_at"
)
_VALUE = (
    "indicator_id, engagement_id, period_start, period_end, dimension, value, low, high, status, is_fictional, "
    "archived_at"
)
_FEED = "engagement_id, indicator_id, cadence, archived_at"


@dataclass(frozen=True)
class IndicatorAsOf:
    """A performance indicator as it was; `values` are approved ones of everybody, the oldest period first."""

    pk: int
    engagement_id: int
    plan_id: int | None
    name: str
    unit: str
    direction: str
    family: str
    baseline: float | None
    baseline_on: date | None
    target: float | None
    target_on: date | None
    every_months: int
    no_interval_reason: str
    counts_people: bool
    is_unduplicated: bool
    is_fictional: bool
    fed: str | None
    values: tuple["ValueAsOf", ...]


@dataclass(frozen=True)
class ValueAsOf:
    pk: int
    period_start: date
    period_end: date
    value: float
    low: float | None
    high: float | None


def read_indicators(scope: PortfolioScope) -> dict[bool, tuple[IndicatorAsOf, ...]]:
    """Those with an approved value in the period, by whether they are fictional. Two statements.

    A recorded indicator may have invented values: it is then in both, with the values of each.
    """
    rows = rows_at(Indicator, _INDICATOR, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    feeds = rows_at(Feed, _FEED, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    indicators = read(
        f"""SELECT id, engagement_id, plan_id, name, unit, direction, outcome_family, baseline, baseline_on, target,
            target_on, every_months, no_interval_reason, counts_people, is_unduplicated, is_fictional,
            (SELECT f.cadence FROM {feeds.text} f WHERE f.indicator_id = i.id AND f.archived_at IS NULL LIMIT 1)
        FROM {rows.text} i
        WHERE kind = 'performance' AND archived_at IS NULL ORDER BY outcome_family, name, id""",  # noqa: S608 - our own names; values go as parameters
        (*feeds.params, *rows.params),
    )
    values = _read_values(scope)
    invented = set(scope.invented)
    found: dict[bool, list[IndicatorAsOf]] = {False: [], True: []}
    for row in indicators:
        always = row[-2] or row[1] in invented
        for kind in (False, True):
            own = [
                each
                for fictional in (False, True)
                for each in values.get((row[0], fictional), ())
                if (always or fictional) is kind
            ]
            if own:
                ordered = tuple(sorted(own, key=lambda v: (v.period_end, v.period_start, v.pk)))
                found[kind].append(IndicatorAsOf(*(*row, ordered)))
    return {kind: tuple(rows) for kind, rows in found.items()}


def _read_values(scope: PortfolioScope) -> dict[tuple[int, bool], list[ValueAsOf]]:
    """The newest of each indicator, and all of those that count people. One statement."""
    rows = rows_at(IndicatorValue, _VALUE, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    counting = rows_at(Indicator, "counts_people", "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    where = ""
    params: list[object] = [list(INDICATOR_VALUE_APPROVED)]
    for sign, day in ((">=", scope.filters.starts_on), ("<=", scope.filters.ends_on)):
        if day:
            where, params = f"{where} AND period_end {sign} %s", [*params, day]
    found: dict[tuple[int, bool], list[ValueAsOf]] = {}
    for indicator, fictional, *value in read(
        f"""SELECT indicator_id, is_fictional, approved.id, period_start, period_end, value, low, high FROM (
            SELECT v.*, row_number() OVER (
                PARTITION BY indicator_id, is_fictional ORDER BY period_end DESC, period_start DESC, id DESC) AS place
            FROM {rows.text} v
            WHERE dimension = '' AND archived_at IS NULL AND status = ANY(%s){where}) approved
        JOIN {counting.text} c ON c.id = indicator_id
        WHERE place = 1 OR c.counts_people""",  # noqa: S608 - our own names; values go as parameters
        (*rows.params, *params, *counting.params),
    ):
        found.setdefault((indicator, fictional), []).append(ValueAsOf(*value))
    return found


def families(scope: PortfolioScope, rows: tuple[IndicatorAsOf, ...], kind: dict[str, str]) -> tuple[FamilyLine, ...]:
    """In the order of the outcome families; those without an approved value are absent."""
    cities = {city.pk: city for city in scope.cities}
    found: dict[str, list[IndicatorLine]] = {}
    for row in sorted(rows, key=lambda row: (cities[row.engagement_id].city, row.name, row.pk)):
        found.setdefault(row.family, []).append(_line(scope, row, cities[row.engagement_id], kind))
    return tuple(FamilyLine(key, label, tuple(found[key])) for key, label in OutcomeFamily.choices if key in found)


def count_cadences(found: tuple[FamilyLine, ...]) -> CadenceCounts | None:
    """None where there is no indicator with a value."""
    lines = [line for family in found for line in family.indicators]
    if not lines:
        return None
    of = {state: [line for line in lines if line.cadence == state] for state in (ON_CADENCE, OVERDUE, BY_HAND)}
    return CadenceCounts(
        on_cadence=len(of[ON_CADENCE]),
        overdue=len(of[OVERDUE]),
        by_hand=len(of[BY_HAND]),
        by_hand_overdue=sum(line.is_overdue for line in of[BY_HAND]),
        old=sum(not line.is_current for line in lines),
    )


def _line(scope: PortfolioScope, row: IndicatorAsOf, city, kind: dict[str, str]) -> IndicatorLine:
    newest = row.values[-1]
    fresh = freshness(newest.period_end, cadence_of(row.every_months, row.fed), scope.today)
    if newest.low is None:
        uncertainty = row.no_interval_reason or "no interval was given for this value"
    else:
        uncertainty = "95% interval as entered"
    return IndicatorLine(
        pk=row.pk,
        engagement_slug=city.slug,
        city=city.city,
        name=row.name,
        unit=row.unit,
        direction=row.direction,
        baseline=row.baseline,
        baseline_on=row.baseline_on,
        target=row.target,
        target_on=row.target_on,
        actual=scope.figure(
            f"indicator-{row.pk}",
            row.name,
            as_decimal(newest.value),
            row.unit,
            ACTUAL_RULE,
            scope.address("values", indicator=str(row.pk), **kind),
            uncertainty=uncertainty,
        ),
        low=newest.low,
        high=newest.high,
        period_start=newest.period_start,
        period_end=newest.period_end,
        mark=mark_target(
            IndicatorDefinition(
                row.unit,
                row.direction,
                baseline=row.baseline,
                baseline_on=row.baseline_on,
                target=row.target,
                target_on=row.target_on,
                every_months=row.every_months,
            ),
            newest.value,
            newest.period_end,
            scope.today,
            row.fed,
        ),
        age_days=fresh.days,
        is_current=fresh.is_current,
        is_overdue=fresh.is_overdue,
        cadence=fresh.state,
    )


def as_decimal(value: float) -> Decimal:
    """The shortest text that reads as this number."""
    return Decimal(repr(float(value))).normalize() + 0
