"""People reached: a city's counts are added only where their plans cannot have reached the same people."""

from collections import defaultdict
from decimal import Decimal

from engagements.queries.portfolio.asked import Asked, City
from engagements.queries.portfolio.figures import Figure, PeopleLine, PeoplePart
from engagements.queries.portfolio.indicators import Kept, as_decimal
from engagements.queries.portfolio.plans import PublishedPlan
from engagements.queries.portfolio.rules import Period, groups_that_overlap, largest_apart

LINE_RULE = (
    "Approved values. Where each person is counted once, periods that do not overlap are added; otherwise the largest "
    "period alone."
)
TOTAL_RULE = (
    "The sum over cities. Within a city, counts whose plans share a tract, or whose area is not known, are not added: "
    "the largest of them stands for all."
)
NO_COUNT = "no approved count of people"


def people_part(
    asked: Asked,
    rows: tuple[Kept, ...],
    plans: dict[int, PublishedPlan],
    areas: dict[int, frozenset[str]],
    kind: dict[str, str],
) -> PeoplePart:
    cities = {city.pk: city for city in asked.cities}
    counting = [row for row in rows if row.counts_people]
    reached = {row.pk: _reached(row) for row in counting}
    counted = _counted(counting, reached, areas)
    lines = tuple(
        _line(asked, row, cities[row.engagement_id], plans, reached[row.pk], row.pk in counted, kind)
        for row in sorted(counting, key=lambda row: (cities[row.engagement_id].city, row.name, row.pk))
    )
    in_total = [row for row in counting if row.pk in counted]
    of_people = [row for row in in_total if row.unit == "people"]
    once = bool(of_people) and all(row.is_unduplicated for row in of_people)
    words = _words(of_people, len([row for row in counting if row.unit == "people"]))
    return PeoplePart(
        people=_total(asked, "people", "People reached", of_people, reached, words, kind),
        households=_total(
            asked, "households", "Households reached", [row for row in in_total if row.unit == "households"],
            reached, "never added to people", kind,
        ) if any(row.unit == "households" for row in in_total) else None,
        is_unduplicated=once, words=words, lines=lines,
    )  # fmt: skip


def _reached(row: Kept) -> tuple[float, tuple[Period, ...]]:
    """How many, and the periods they were counted in."""
    periods = [Period(value.period_start, value.period_end, value.value) for value in row.values]
    if row.is_unduplicated:
        return largest_apart(periods)
    largest = max(periods, key=lambda period: (period.value, period.last_on))
    return largest.value, (largest,)


def _counted(rows: list[Kept], reached: dict[int, tuple], areas: dict[int, frozenset[str]]) -> set[int]:
    """Ids of those in the total: of each group that may hold the same people the largest."""
    by_place: dict[tuple[int, str], list[Kept]] = defaultdict(list)
    for row in rows:
        by_place[row.engagement_id, row.unit].append(row)
    found = set()
    for within in by_place.values():
        known = {row.pk: (areas.get(row.plan_id) or None) if row.plan_id else None for row in within}
        for group in groups_that_overlap(known):
            found.add(max(group, key=lambda pk: (reached[pk][0], -pk)))
    return found


def _line(
    asked: Asked,
    row: Kept,
    city: City,
    plans: dict[int, PublishedPlan],
    reached: tuple[float, tuple[Period, ...]],
    is_counted: bool,
    kind: dict[str, str],
) -> PeopleLine:
    total, periods = reached
    plan = plans[row.plan_id].title if row.plan_id in plans else ""
    figure = asked.figure(
        f"reached-{row.pk}", row.name, as_decimal(total), row.unit, LINE_RULE,
        asked.address("values", indicator=str(row.pk), **kind),
        uncertainty=row.no_interval_reason or "a count, entered without an interval",
    )  # fmt: skip
    return PeopleLine(
        row.pk, city.city, row.name, plan, figure, min(p.first_on for p in periods), max(p.last_on for p in periods),
        row.is_unduplicated, is_counted,
        "" if is_counted else "May be the same people as another, larger count of this city.",
    )  # fmt: skip


def _total(asked: Asked, key: str, label: str, rows: list[Kept], reached: dict, note: str, kind) -> Figure:
    value = sum((as_decimal(reached[row.pk][0]) for row in rows), Decimal(0)) if rows else None
    return asked.figure(
        key, label, value, key, TOTAL_RULE, asked.address("values", which="people", **kind), note=note or NO_COUNT,
        uncertainty="a sum of counts, entered without an interval",
    )  # fmt: skip


def _words(counted: list[Kept], of: int) -> str:
    if not counted:
        return NO_COUNT
    twice = sum(not row.is_unduplicated for row in counted)
    if twice == len(counted):
        words = "people may be counted more than once"
    elif twice:
        words = f"in {twice} of {len(counted)} counts people may be counted more than once"
    else:
        words = "each person counted once within a city’s count"
    left_out = of - len(counted)
    if left_out:
        words += f"; {left_out} overlapping {'count' if left_out == 1 else 'counts'} left out"
    return words
