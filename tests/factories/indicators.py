"""Indicators and values, for tests."""

from datetime import date

from engagements.actions.indicators import add_indicator
from engagements.actions.value_moves import move_values
from engagements.actions.values import Entry, enter_period
from engagements.models import Engagement, Indicator, IndicatorValue, User
from engagements.permissions import Role
from tests.factories.engagements import NOW

Q2, Q3 = (date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 9, 30))
FIELDS = {
    "kind": "performance", "name": "Residents seen", "definition": "Residents who came at least once.",
    "unit": "people", "direction": "rising", "outcome_family": "employment", "source": "A list",
    "no_interval_reason": "a full count", "baseline": 0, "baseline_on": date(2026, 3, 31), "target": 200,
    "target_on": date(2027, 3, 31), "dimensions": ["sex"],
}  # fmt: skip


def make_indicator(engagement: Engagement, by: User, **changes) -> Indicator:
    return add_indicator(engagement=engagement.pk, fields=FIELDS | changes, by=by, now=NOW)


def enter(indicator: Indicator, by: User, *entries: Entry, period=Q3) -> tuple[IndicatorValue, ...]:
    entries = entries or (Entry(60),)
    return enter_period(
        indicator=indicator.pk, period_start=period[0], period_end=period[1], entries=entries, by=by, now=NOW
    )


def versions(*rows: IndicatorValue) -> dict[int, int]:
    return dict(IndicatorValue.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "version"))


def move(rows: tuple[IndicatorValue, ...], status: str, by: User, **more) -> tuple[IndicatorValue, ...]:
    return move_values(indicator=rows[0].indicator_id, values=versions(*rows), status=status, by=by, now=NOW, **more)


def approved(indicator: Indicator, people: dict[Role, User], *entries: Entry, period=Q3) -> tuple[IndicatorValue, ...]:
    """Entered by the city's staff, approved by the lead."""
    rows = enter(indicator, people[Role.CITY_STAFF], *entries, period=period)
    move(rows, "in_review", people[Role.CITY_STAFF])
    return move(rows, "approved", people[Role.LEAD])
