"""Indicators and values, for tests."""

from datetime import date, timedelta
from itertools import pairwise

from engagements.indicators.actions.indicators import add_indicator
from engagements.indicators.actions.value_entries import ValueEntry
from engagements.indicators.actions.value_status import move_values
from engagements.indicators.actions.values import enter_period
from engagements.models import Engagement, Indicator, IndicatorValue, User
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from tests.factories.engagements import NOW

Q2, Q3 = (date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 9, 30))
FIELDS = {
    "kind": "performance",
    "name": "Residents seen",
    "definition": "Residents who came at least once.",
    "unit": "people",
    "direction": "rising",
    "outcome_family": "employment",
    "source": "A list",
    "no_interval_reason": "a full count",
    "baseline": 0,
    "baseline_on": date(2026, 3, 31),
    "target": 200,
    "target_on": date(2027, 3, 31),
    "dimensions": ["sex"],
}


def make_indicator(engagement: Engagement, by: User, **changes) -> Indicator:
    return add_indicator(engagement=engagement.pk, fields=FIELDS | changes, by=by, now=NOW)


def enter(indicator: Indicator, by: User, *entries: ValueEntry, period=Q3) -> tuple[IndicatorValue, ...]:
    entries = entries or (ValueEntry(60),)
    return enter_period(
        indicator=indicator.pk, period_start=period[0], period_end=period[1], entries=entries, by=by, now=NOW
    )


def versions(*rows: IndicatorValue) -> dict[int, int]:
    return dict(IndicatorValue.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "version"))


def move(rows: tuple[IndicatorValue, ...], status: str, by: User, **more) -> tuple[IndicatorValue, ...]:
    checked = {"answers": all_yes("value")} if status == "approved" else {}
    sent = {"indicator": rows[0].indicator_id, "values": versions(*rows), "status": status} | checked | more
    return move_values(**sent, by=by, now=NOW)


def approved(
    indicator: Indicator, people: dict[Role, User], *entries: ValueEntry, period=Q3
) -> tuple[IndicatorValue, ...]:
    """Entered by the city's staff, approved by the lead."""
    rows = enter(indicator, people[Role.CITY_STAFF], *entries, period=period)
    move(rows, "in_review", people[Role.CITY_STAFF])
    return move(rows, "approved", people[Role.LEAD])


def make_years(engagements: list[Engagement], by: User, lead: User, indicators: int = 12, quarters: int = 20) -> None:
    """In each city so many indicators, each with so many approved quarters of everybody, women and men."""
    starts = [date(2021 + (9 + 3 * n) // 12, 1 + (9 + 3 * n) % 12, 1) for n in range(quarters + 1)]
    fields = FIELDS | {"baseline_on": date(2021, 9, 30), "owner": by}
    frames = Indicator.objects.bulk_create(
        Indicator(engagement=within, **fields | {"name": f"Residents seen {n}", "target": 900})
        for within in engagements
        for n in range(indicators)
    )
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            indicator=frame,
            engagement=frame.engagement,
            period_start=start,
            period_end=end - timedelta(days=1),
            dimension=dimension,
            category=category,
            value=10 * (n + 1) // part,
            status="approved",
            entered_by=by,
            entered_at=NOW,
            approved_by=lead,
            approved_at=NOW,
        )
        for frame in frames
        for n, (start, end) in enumerate(pairwise(starts))
        for dimension, category, part in (("", "", 1), ("sex", "women", 2), ("sex", "men", 2))
    )
