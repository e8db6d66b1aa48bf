"""People reached: only what counts each person once and overlaps no other count is added, as on engagements' pages."""

from collections import defaultdict
from decimal import Decimal

from engagements.indicators.rules.rollup import ReachedCount, ReachedTotal, add_people, running_totals
from engagements.portfolio.figures import Figure, PeopleLine, PeoplePart
from engagements.portfolio.queries.indicators import IndicatorAsOf, as_decimal
from engagements.portfolio.queries.plans import PublishedPlan
from engagements.portfolio.queries.scope import City, PortfolioScope

LINE_RULE = (
    "Approved values of periods that do not overlap, added; a period that holds all others stands for them. What may "
    "not be added shows its largest period."
)
TOTAL_RULE = (
    "Sum of the counts that count each person once and whose periods, and tracts of their plans, overlap no other such "
    "count of the city. A count without a plan covers the whole city. Someone who moved may be counted in two cities."
)
NO_COUNT = "no approved count of people"


def people_part(
    scope: PortfolioScope,
    rows: tuple[IndicatorAsOf, ...],
    plans: dict[int, PublishedPlan],
    areas: dict[int, frozenset[str]],
    kind: dict[str, str],
) -> PeoplePart:
    cities = {city.pk: city for city in scope.cities}
    counting = {row.pk: row for row in rows if row.counts_people}
    periods = [each for row in counting.values() for each in _reached(row, cities[row.engagement_id], areas)]
    together = {found.unit: found for found in add_people(periods)}
    summed, apart = defaultdict(list), defaultdict(list)
    for found in together.values():
        for each in found.summed:
            summed[each.indicator].append(each)
        for each, why in found.apart:
            apart[each.indicator].append((each, why))
    lines = tuple(
        _line(scope, row, cities[row.engagement_id], plans, summed[row.pk], apart[row.pk], kind)
        for row in sorted(counting.values(), key=lambda row: (cities[row.engagement_id].city, row.name, row.pk))
    )
    people, households = together.get("people"), together.get("households")
    words = _sum_sentence(people)
    return PeoplePart(
        people=_total(scope, "people", "People reached", people, words, kind),
        households=_total(scope, "households", "Households reached", households, "never added to people", kind)
        if households
        else None,
        is_unduplicated=bool(people and people.summed),
        words=words,
        lines=lines,
    )


def _reached(row: IndicatorAsOf, city: City, areas: dict[int, frozenset[str]]) -> tuple[ReachedCount, ...]:
    area = areas.get(row.plan_id) if row.plan_id else None
    return running_totals(
        ReachedCount(
            row.name,
            city.city,
            row.unit,
            value.value,
            value.period_start,
            value.period_end,
            row.is_unduplicated,
            area or None,
            row.pk,
        )
        for value in row.values
    )


def _line(
    scope: PortfolioScope,
    row: IndicatorAsOf,
    city: City,
    plans: dict[int, PublishedPlan],
    summed: list[ReachedCount],
    apart: list[tuple[ReachedCount, str]],
    kind: dict[str, str],
) -> PeopleLine:
    shown = summed or [max((each for each, _ in apart), key=lambda each: (each.value, each.end))]
    total = sum((as_decimal(each.value) for each in shown), Decimal(0))
    figure = scope.figure(
        f"reached-{row.pk}",
        row.name,
        total,
        row.unit,
        LINE_RULE,
        scope.address("values", indicator=str(row.pk), **kind),
        uncertainty=row.no_interval_reason or "a count, entered without an interval",
    )
    return PeopleLine(
        row.pk,
        city.city,
        row.name,
        plans[row.plan_id].title if row.plan_id in plans else "",
        figure,
        min(each.start for each in shown),
        max(each.end for each in shown),
        row.is_unduplicated,
        bool(summed),
        "; ".join(dict.fromkeys(why for _, why in apart)),
        row.plan_id if row.plan_id in plans else None,
    )


def _total(
    scope: PortfolioScope, key: str, label: str, found: ReachedTotal | None, note: str, kind: dict[str, str]
) -> Figure:
    value = sum((as_decimal(each.value) for each in found.summed), Decimal(0)) if found and found.summed else None
    return scope.figure(
        key,
        label,
        value,
        key,
        TOTAL_RULE,
        scope.address("values", which="people", **kind),
        note=note,
        uncertainty="a sum of counts, entered without an interval",
    )


def _sum_sentence(found: ReachedTotal | None) -> str:
    if found is None:
        return NO_COUNT
    by_reason = defaultdict(set)
    for each, _ in found.apart:
        by_reason[each.is_unduplicated].add(each.indicator)
    words = ["each person counted once within a city" if found.summed else "no count that may be added"]
    for is_unduplicated, why in ((False, "may count a person twice"), (True, "overlap others")):
        left_out = by_reason[is_unduplicated]
        if left_out:
            one = why.replace("overlap others", "overlaps another")
            words.append(
                f"{len(left_out)} {'count' if len(left_out) == 1 else 'counts'} left out because "
                f"{'it' if len(left_out) == 1 else 'they'} {one if len(left_out) == 1 else why}"
            )
    return "; ".join(words)
