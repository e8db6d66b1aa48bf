"""Invented indicators and risks of the demo follow-up in Detroit: a fresh one, a stale one, one that was opened again.

The two about the city's people are published values of the Urban Institute; everything else is made up and says so.
"""

from datetime import date, datetime, timedelta

from engagements.actions.indicators import add_indicator
from engagements.actions.risks import add_risk, close_risk
from engagements.actions.value_moves import move_values, review_values
from engagements.actions.values import Entry, enter_period
from engagements.indicators.days import add_months
from engagements.models import Engagement, Indicator, IndicatorValue, User
from engagements.permissions import Role, Visibility

COUNT = "a full count of the programme’s list (invented)"


def seed_demo_indicators(engagement: Engagement, people: dict[Role, User], now: datetime) -> None:
    """Where the engagement has none yet."""
    if Indicator.objects.filter(engagement=engagement).exists():
        return
    staff, lead = people[Role.CITY_STAFF], people[Role.LEAD]
    make = _maker(engagement, staff, now)
    quarters = _quarters(now.date(), 4)
    began = quarters[0][0]
    ends = add_months(quarters[-1][1], 12)
    kept = make(
        "performance", "Kept appointments with a counsellor", "savings_and_credit", "share", "rising",
        definition="Of the residents who were offered an appointment in the period, those who came.",
        denominator="of all who were offered an appointment", baseline=0.22, baseline_on=began, target=0.5,
        target_on=ends, dimensions=["age group"], source="Appointment list of the city office (invented)",
    )  # fmt: skip
    shares = ((18, 75, 7, 30), (24, 80, 9, 32), (28, 82, 11, 33), (33, 84, 13, 34))
    for (start, end), (came, asked, young, young_asked) in zip(quarters, shares, strict=True):
        _enter(kept, start, end, staff, now, Entry(None, numerator=came, denominator=asked),
               Entry(None, "age group", "under 35", numerator=young, denominator=young_asked),
               Entry(None, "age group", "35 and over", numerator=came - young,
                     denominator=asked - young_asked))  # fmt: skip
    _approve(kept, quarters[:3], people, now)
    _reopen(kept, quarters[1], people, now)
    _move(kept, quarters[3:], "in_review", staff, now)
    seen = make(
        "performance", "Residents seen by a counsellor", "savings_and_credit", "people", "rising",
        definition="Residents who had at least one appointment since the start, each counted once.", baseline=0,
        baseline_on=began, target=200, target_on=ends, dimensions=["district"], counts_people=True,
        is_unduplicated=True, source="Appointment list of the city office (invented)",
    )  # fmt: skip
    for (_, end), total, west in zip(quarters[:3], (18, 42, 70), (10, 25, 41), strict=True):
        _enter(seen, began, end, staff, now, Entry(total, note="Running total since the start."),
               Entry(west, "district", "West"), Entry(total - west, "district", "East"))  # fmt: skip
    _approve(seen, [(began, end) for _, end in quarters[:3]], people, now)
    waiting = make(
        "performance", "Days from request to appointment", "savings_and_credit", "days", "falling", every_months=1,
        definition="Median of the days a resident waited for the first appointment.", baseline=30, baseline_on=began,
        target=10, target_on=ends, source="Appointment list of the city office (invented)",
    )  # fmt: skip
    _enter(waiting, *quarters[0], staff, now, Entry(27))
    _approve(waiting, quarters[:1], people, now)
    _population(make, people, now)
    _risks(engagement, people[Role.ADVISER], lead, now)


# Name, family, definition, which way, baseline and last value of Detroit as the Urban Institute publishes them.
METRICS = "Urban Institute, Upward Mobility metrics by place, second edition: Detroit"
POPULATION = (
    ("Employed, aged 25 to 54", "employment", "Residents aged 25 to 54 who have a job.", "rising", "",
     ((2022, 0.605, 0.573, 0.638), (2023, 0.661, 0.630, 0.691))),
    ("Debt in collections", "savings_and_credit", "Residents with a credit record who have such debt.", "falling",
     "the publisher gives none", ((2021, 0.580, None, None),)),
)  # fmt: skip


def _population(make, people: dict[Role, User], now: datetime) -> None:
    for name, family, definition, direction, no_interval, published in POPULATION:
        year, value, *_ = published[0]
        row = make(
            "population", name, family, "share", direction, definition=definition,
            denominator="of these residents", baseline=value, baseline_on=date(year, 12, 31), every_months=12,
            source=METRICS, no_interval_reason=no_interval,
        )  # fmt: skip
        for year, value, low, high in published:
            period = date(year, 1, 1), date(year, 12, 31)
            _enter(row, *period, people[Role.CITY_STAFF], now, Entry(value, low=low, high=high))
            _approve(row, [period], people, now)


def _maker(engagement: Engagement, staff: User, now: datetime):
    def make(kind: str, name: str, family: str, unit: str, direction: str, **more) -> Indicator:
        fields = {"kind": kind, "name": name, "outcome_family": family, "unit": unit, "direction": direction,
                  "no_interval_reason": COUNT, "owner": staff.pk} | more  # fmt: skip
        return add_indicator(engagement=engagement.pk, fields=fields, by=staff, now=now)

    return make


def _quarters(today: date, count: int) -> list[tuple[date, date]]:
    """The last whole quarters before today, oldest first."""
    start = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    firsts = [add_months(start, -3 * back) for back in range(count, 0, -1)]
    return [(first, add_months(first, 3) - timedelta(days=1)) for first in firsts]


def _enter(row: Indicator, start: date, end: date, staff: User, now: datetime, *entries: Entry) -> None:
    enter_period(indicator=row.pk, period_start=start, period_end=end, entries=entries, by=staff, now=now)


def _versions(row: Indicator, start: date, end: date) -> dict[int, int]:
    found = IndicatorValue.objects.filter(indicator=row, period_start=start, period_end=end, archived_at=None)
    return dict(found.values_list("pk", "version"))


def _move(row: Indicator, periods, status: str, by: User, now: datetime) -> None:
    for period in periods:
        move_values(indicator=row.pk, values=_versions(row, *period), status=status, by=by, now=now)


def _approve(row: Indicator, periods, people: dict[Role, User], now: datetime) -> None:
    _move(row, periods, "in_review", people[Role.CITY_STAFF], now)
    for period in periods:
        review_values(indicator=row.pk, values=_versions(row, *period), by=people[Role.EXPERT], now=now)
    _move(row, periods, "approved", people[Role.LEAD], now)


def _reopen(row: Indicator, period: tuple[date, date], people: dict[Role, User], now: datetime) -> None:
    """Once opened again with a reason, and approved anew."""
    move_values(
        indicator=row.pk, values=_versions(row, *period), status="draft", reason="late_data",
        words="Two late lists came in.", by=people[Role.LEAD], now=now,
    )  # fmt: skip
    _approve(row, [period], people, now)


def _risks(engagement: Engagement, adviser: User, lead: User, now: datetime) -> None:
    common = {"engagement": engagement.pk, "by": adviser, "now": now, "opened_on": now.date() - timedelta(days=60)}
    add_risk(title="The agreement to share data comes too late for the first letters", likelihood=3, severity=3,
             mitigation="Letters can begin with one department’s own list.", owner=lead.pk,
             visibility=Visibility.ALL.value, **common)  # fmt: skip
    add_risk(title="The only counsellor who speaks Spanish leaves", likelihood=2, severity=2, **common)
    over = add_risk(title="No room to see residents in the evening", likelihood=1, severity=2,
                    visibility=Visibility.CITY.value, **common)  # fmt: skip
    close_risk(risk=over.pk, closed_on=now.date() - timedelta(days=10), outcome="The library gives a room.",
               expected_version=over.version, by=adviser, now=now)  # fmt: skip
