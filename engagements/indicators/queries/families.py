"""What may be said of many indicators together, for an engagement or a portfolio."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from engagements.access.plans import visible_values
from engagements.access.roles import with_cached_permissions
from engagements.indicators.queries.indicators import IndicatorRow
from engagements.indicators.rules.rollup import (
    FamilyCounts,
    ReachedCount,
    ReachedTotal,
    add_people,
    count_families,
    running_totals,
)
from engagements.models import IndicatorValue, OutcomeFamily, PlanTract, User
from engagements.workflow import INDICATOR_VALUE_APPROVED


@dataclass(frozen=True)
class FamilyRow:
    """`on_track` with those that reached their target; `behind` with those that are late; `data_overdue`: on track by
    the last value, and a newer one is due."""

    family: str
    label: str
    total: int
    on_track: int
    data_overdue: int
    behind: int
    no_value: int
    not_judged: int


def families(rows: Iterable[IndicatorRow]) -> tuple[FamilyRow, ...]:
    """Of performance indicators, or of whichever are given; never a sum of their values. No statement."""
    counted = count_families((row.family, row.rating.label) for row in rows)
    return tuple(_family(found) for found in counted)


@with_cached_permissions
def people_reached(user: User, *, engagements: tuple[int, ...]) -> tuple[ReachedTotal, ...]:
    """By approved totals of indicators that count people. Two statements."""
    found = (
        visible_values(user)
        .filter(
            engagement__in=engagements, indicator__counts_people=True, dimension="", status__in=INDICATOR_VALUE_APPROVED
        )
        .select_related("indicator__engagement__city")
    )
    rows = list(found.order_by("indicator__name", "indicator", "period_end", "pk"))
    areas = defaultdict(set)
    plans = {row.indicator.plan_id for row in rows} - {None}
    for plan, geoid in PlanTract.objects.filter(plan__in=plans).values_list("plan_id", "geoid"):
        areas[plan].add(geoid)
    by_indicator = defaultdict(list)
    for row in rows:
        by_indicator[row.indicator_id].append(_reached(row, areas))
    return add_people(reached for rows in by_indicator.values() for reached in running_totals(rows))


def _family(found: FamilyCounts) -> FamilyRow:
    label = OutcomeFamily(found.family).label
    return FamilyRow(
        found.family,
        label,
        found.total,
        found.of("on track", "target reached"),
        found.of("data overdue"),
        found.of("behind", "late"),
        found.of("no value"),
        found.of("not judged"),
    )


def _reached(row: IndicatorValue, areas: dict[int, set[str]]) -> ReachedCount:
    indicator = row.indicator
    tracts = areas.get(indicator.plan_id) if indicator.plan_id else None
    return ReachedCount(
        name=indicator.name,
        place=indicator.engagement.city.name,
        unit=indicator.unit,
        value=row.value,
        start=row.period_start,
        end=row.period_end,
        is_unduplicated=indicator.is_unduplicated,
        area=frozenset(tracts) if tracts else None,
        indicator=indicator.pk,
    )
