"""Invented indicators and risks of the demo follow-up in Detroit: a fresh one, a stale one, one that was opened again.

The two about the city's people are published values of the Urban Institute; everything else is made up and says so.
"""

from datetime import date, datetime, timedelta
from typing import Any

from engagements.base.dates import add_months
from engagements.discussion.actions.risks import add_risk, close_risk
from engagements.indicators.actions.indicators import add_indicator
from engagements.indicators.actions.value_entries import ValueEntry
from engagements.indicators.actions.value_status import move_values, review_values
from engagements.indicators.actions.values import enter_period
from engagements.models import Engagement, Indicator, IndicatorValue, User
from engagements.permissions import Role, Visibility
from engagements.reviews.rules.checklists import all_yes

Period = tuple[date, date]  # first and last day

LIST = "Appointment list of the city office (invented)"
SHARES = ((18, 75, 7, 30), (24, 80, 9, 32), (28, 82, 11, 33))  # came, offered; of these under 35
COUNT = "a full count of the program’s list (invented)"


def seed_demo_indicators(engagement: Engagement, people: dict[Role, User], now: datetime) -> None:
    """Where the engagement has none yet."""
    if Indicator.objects.filter(engagement=engagement).exists():
        return
    staff, lead = people[Role.CITY_STAFF], people[Role.LEAD]
    make = _maker(engagement, staff, now)
    months = _months(now.date(), 3)
    began = months[0][0]
    kept = make(
        "performance",
        "Kept appointments with a counselor",
        "savings_and_credit",
        "share",
        "rising",
        definition="Of the residents who were offered an appointment in the month, those who came.",
        every_months=1,
        denominator="of all who were offered an appointment",
        baseline=0.22,
        baseline_on=began,
        target=0.5,
        target_on=add_months(began, 12),
        dimensions=["age group"],
        source=LIST,
    )
    for period, (came, asked, young, young_asked) in zip(months, SHARES, strict=True):
        _enter(
            kept,
            period,
            staff,
            now,
            ValueEntry(None, numerator=came, denominator=asked),
            ValueEntry(None, "age group", "under 35", numerator=young, denominator=young_asked),
            ValueEntry(None, "age group", "35 and over", numerator=came - young, denominator=asked - young_asked),
        )
    _approve(kept, months, people, now)
    _reopen(kept, months[1], people, now)
    seen = make(
        "performance",
        "Residents seen by a counselor",
        "savings_and_credit",
        "people",
        "rising",
        definition="Residents who had at least one appointment since the start, each counted once.",
        baseline=0,
        baseline_on=began,
        target=200,
        target_on=add_months(began, 12),
        dimensions=["district"],
        counts_people=True,
        is_unduplicated=True,
        source=LIST,
    )
    so_far = [(began, end) for _, end in months]
    for period, total, west in zip(so_far, (18, 42, 70), (10, 25, 41), strict=True):
        _enter(
            seen,
            period,
            staff,
            now,
            ValueEntry(total, note="Running total since the start."),
            ValueEntry(west, "district", "West"),
            ValueEntry(total - west, "district", "East"),
        )
    _approve(seen, so_far[:2], people, now)
    _move(seen, so_far[2:], "in_review", staff, now)
    waiting = make(
        "performance",
        "Days from request to appointment",
        "savings_and_credit",
        "days",
        "falling",
        every_months=1,
        definition="Median of the days a resident waited for the first appointment.",
        baseline=30,
        baseline_on=began,
        target=10,
        target_on=add_months(began, 6),
        source=LIST,
    )
    _enter(waiting, months[0], staff, now, ValueEntry(26))
    _approve(waiting, months[:1], people, now)
    _population(make, people, now)
    _risks(engagement, people[Role.ADVISER], lead, now)


# Name, family, definition, which way, why no interval, months between values; (year, value, bounds) as published.
METRICS = "Urban Institute, Upward Mobility metrics by place, second edition: Detroit"
POPULATION = (
    (
        "Employed, aged 25 to 54",
        "employment",
        "Residents aged 25 to 54 who have a job.",
        "rising",
        "",
        36,
        ((2022, 0.605, 0.573, 0.638), (2023, 0.661, 0.630, 0.691)),
    ),
    (
        "Debt in collections",
        "savings_and_credit",
        "Residents with a credit record who have such debt.",
        "falling",
        "the source gives none",
        60,
        ((2021, 0.580, None, None),),
    ),
)


def _population(make, people: dict[Role, User], now: datetime) -> None:
    for name, family, definition, direction, no_interval, months, published in POPULATION:
        year, value, *_ = published[0]
        row = make(
            "population",
            name,
            family,
            "share",
            direction,
            definition=definition,
            denominator="of these residents",
            baseline=value,
            baseline_on=date(year, 12, 31),
            every_months=months,
            source=METRICS,
            no_interval_reason=no_interval,
        )
        for year, value, low, high in published:
            period = date(year, 1, 1), date(year, 12, 31)
            _enter(row, period, people[Role.CITY_STAFF], now, ValueEntry(value, low=low, high=high))
            _approve(row, [period], people, now)


def _maker(engagement: Engagement, staff: User, now: datetime):
    def make(kind: str, name: str, family: str, unit: str, direction: str, **more) -> Indicator:
        fields = {
            "kind": kind,
            "name": name,
            "outcome_family": family,
            "unit": unit,
            "direction": direction,
            "no_interval_reason": COUNT,
            "owner": staff.pk,
        } | more
        return add_indicator(engagement=engagement.pk, fields=fields, by=staff, now=now)

    return make


def _months(today: date, count: int) -> list[Period]:
    """The last whole months before today, oldest first."""
    first = today.replace(day=1)
    firsts = [add_months(first, -back) for back in range(count, 0, -1)]
    return [(day, add_months(day, 1) - timedelta(days=1)) for day in firsts]


def _enter(row: Indicator, period: Period, staff: User, now: datetime, *entries: ValueEntry) -> None:
    start, end = period
    at = _after(end, 5, now)
    enter_period(indicator=row.pk, period_start=start, period_end=end, entries=entries, by=staff, now=at)


def _after(end: date, days: int, now: datetime) -> datetime:
    """So many days after a period, and never in the future."""
    return min(now, now.replace(hour=15, minute=0) - timedelta(days=(now.date() - end).days - days))


def _versions(row: Indicator, start: date, end: date) -> dict[int, int]:
    found = IndicatorValue.objects.filter(indicator=row, period_start=start, period_end=end, archived_at=None)
    return dict(found.values_list("pk", "version"))


def _move(row: Indicator, periods: list[Period], status: str, by: User, now: datetime, days: int = 6) -> None:
    for period in periods:
        values, at = _versions(row, *period), _after(period[1], days, now)
        answers = all_yes("value") if status == "approved" else ()
        move_values(indicator=row.pk, values=values, status=status, by=by, now=at, answers=answers)


def _approve(row: Indicator, periods: list[Period], people: dict[Role, User], now: datetime, days: int = 6) -> None:
    _move(row, periods, "in_review", people[Role.CITY_STAFF], now, days)
    for period in periods:
        values, at = _versions(row, *period), _after(period[1], days + 2, now)
        review_values(indicator=row.pk, values=values, by=people[Role.EXPERT], now=at, answers=all_yes("value"))
    _move(row, periods, "approved", people[Role.LEAD], now, days + 3)


def _reopen(row: Indicator, period: Period, people: dict[Role, User], now: datetime) -> None:
    """Once opened again with a reason, and approved again."""
    move_values(
        indicator=row.pk,
        values=_versions(row, *period),
        status="draft",
        reason="late_data",
        words="Two late lists came in.",
        by=people[Role.LEAD],
        now=_after(period[1], 20, now),
    )
    _approve(row, [period], people, now, days=21)


def _risks(engagement: Engagement, adviser: User, lead: User, now: datetime) -> None:
    common: dict[str, Any] = {
        "engagement": engagement.pk,
        "by": adviser,
        "now": now - timedelta(days=59),
        "opened_on": now.date() - timedelta(days=60),
    }
    add_risk(
        title="The agreement to share data comes too late for the first letters",
        likelihood=3,
        severity=3,
        mitigation="Letters can begin with one department’s own list.",
        owner=lead.pk,
        visibility=Visibility.ALL.value,
        **common,
    )
    add_risk(title="The only counselor who speaks Spanish leaves", likelihood=2, severity=2, **common)
    over = add_risk(
        title="No room to see residents in the evening",
        likelihood=1,
        severity=2,
        visibility=Visibility.CITY.value,
        **common,
    )
    close_risk(
        risk=over.pk,
        closed_on=now.date() - timedelta(days=10),
        outcome="The library gives a room.",
        expected_version=over.version,
        by=adviser,
        now=now,
    )
