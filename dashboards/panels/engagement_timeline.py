"""Money, work and indicators of one engagement on one axis of time. No effect is claimed by drawing them together."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars
from dashboards.charts.actuals import Dot, ReferencePoint
from dashboards.charts.engagement_timeline import (
    Drawing,
    EffectPlot,
    Event,
    IndicatorPlot,
    Lane,
    MoneySteps,
    draw_engagement_timeline,
)
from dashboards.panels.base import Column, Panel, Table, fictional_column
from dashboards.panels.indicator_axes import axis_of, dot_of, format_axis_value, local_day, marks_of
from engagements.base.dates import add_months
from engagements.home.queries.timeline import EngagementTimeline, IndicatorSeries, MoneySeries, MoneyStage
from engagements.milestones.queries.milestones import MilestoneRow
from engagements.pilots.queries.timeline import PilotEffect, TimelinePilot
from engagements.workflow import MILESTONE_DONE_LABELS

NO_EFFECT = (
    "No effect estimated: no evaluated pilot is linked to this engagement. Lines that move together do not show that "
    "one moved the other."
)
EFFECTS = (
    "Each effect is of a pilot with a published verdict. Everything else shows when things happened, not what moved "
    "them."
)
LANE_LETTERS = 17  # of a pilot's title beside its lane
STAGES = (
    "Committed: promised by a funder. Budgeted (allocated): set aside for a use. Under contract (obligated): bound by "
    "a contract. Paid out (disbursed): paid by the funder. Spent: paid for goods, services or people. A later stage "
    "doesn’t take from an earlier one."
)


def claim_of(pilots: tuple[TimelinePilot, ...]) -> str:
    """What the timeline says of causes."""
    return EFFECTS if any(one.effect for one in pilots) else NO_EFFECT


def build(shown: EngagementTimeline, today: date, pilots: tuple[TimelinePilot, ...] = ()) -> Panel:
    drawing, claim = _drawing(shown, today, pilots), claim_of(pilots)
    return Panel(
        slug="timeline",
        title="What happened when?",
        finding=claim,
        figure=draw_engagement_timeline(drawing) if drawing else None,
        table=_table(shown, pilots),
        sources=(),
        caveats=sources(shown, pilots),
        context=(claim,),
        reason="" if drawing else "No money, milestone, update or approved value is recorded yet.",
    )


def sources(shown: EngagementTimeline, pilots: tuple[TimelinePilot, ...] = ()) -> tuple[str, ...]:
    """Each series with its source and as-of time."""
    made = []
    if shown.money:
        years = " and ".join(str(year) for year in shown.money.price_years)
        made.append(
            f"Money: the ledger of this engagement, {shown.money.entries:,} entries, the last made"
            f" {local_day(shown.money.as_of)}. Sums to the end of each quarter, in dollars as entered (price"
            f" year {years}), not adjusted for prices. No interval: entries are amounts, not estimates."
        )
        made.append(STAGES)
    elif shown.sees_money:
        made.append("Money: no entry names this engagement yet.")
    else:
        made.append("Money is not shown to your role.")
    made.append("Milestones and updates: what the team entered, as of now.")
    if pilots:
        made.append(
            "Pilots: their locked registrations, and their results as they were published. Each dot stands at the end"
            " of the measuring, which the gray bar shows; its line is the interval of the verdict."
        )
    for series in shown.indicators:
        row = series.row
        as_of = f"last approval {local_day(row.latest.as_of)}" if row.latest else "no approved value"
        why = f" No interval: {row.no_interval_reason}." if row.no_interval_reason else ""
        made.append(f"{row.name}: {row.source}; {as_of}.{why}")
    if shown.is_fictional:
        made.append("Demo data: made up, and kept out of real totals.")
    if shown.milestones_total > len(shown.milestones):
        made.append(f"Shown are the first {len(shown.milestones)} of {shown.milestones_total:,} milestones.")
    return tuple(made)


def _drawing(shown: EngagementTimeline, today: date, pilots: tuple[TimelinePilot, ...]) -> Drawing | None:
    lanes = _lanes(shown, pilots)
    effects = tuple(_effect_plot(one, one.effect) for one in pilots if one.effect)
    smalls = tuple(small for series in shown.indicators if (small := _small(series)))
    lines = tuple(_line(stage, today) for stage in shown.money.stages) if shown.money else ()
    days = [event.on for lane in lanes for event in lane.events] + [day for line in lines for day, _ in line.points]
    days += [dot.on for small in smalls for dot in small.dots]
    days += [mark.on for small in smalls for mark in (small.baseline, small.target) if mark]
    days += [day for effect in effects for day in (effect.opens, effect.closes)]
    if not days:
        return None
    first, last = min(days), max(days)
    if first > today > first - timedelta(days=92):
        first = today
    if last < today < last + timedelta(days=92):
        last = today
    if first == last:
        last = add_months(first, 1)
    sums = [value for line in lines for _, value in line.points]
    return Drawing(
        first,
        last,
        today if first <= today <= last else None,
        _money_heading(shown.money),
        lines,
        axis_of(sums, "usd", from_zero=True) if sums else None,
        lanes,
        smalls,
        effects,
    )


def _effect_plot(pilot: TimelinePilot, found: PilotEffect) -> EffectPlot:
    said = f"{pilot.title}. {pilot.verdict}: {found.words}, {found.outcome}"
    numbers = [found.value, found.low, found.high, found.worth, 0.0]
    return EffectPlot(
        said,
        Dot(found.closes, found.value, found.low, found.high, said),
        ReferencePoint(found.closes, found.worth, "worth having"),
        ReferencePoint(found.opens, 0.0, "no effect"),
        found.opens,
        found.closes,
        axis_of(numbers, "", most=3),
    )


def _money_heading(money: MoneySeries | None) -> str:
    return f"Money to date by stage, dollars as entered, as of {local_day(money.as_of)}" if money else ""


def _line(stage: MoneyStage, today: date) -> MoneySteps:
    """From nothing at the first quarter's start; each sum holds from the end of its quarter."""
    points = [(stage.quarters[0].quarter_start, 0.0)]
    for quarter in stage.quarters:
        ends = add_months(quarter.quarter_start, 3) - timedelta(days=1)
        points.append((max(min(ends, today), points[-1][0]), float(quarter.to_date_usd)))
    return MoneySteps(stage.label, tuple(points), f"{stage.label} {format_axis_value(float(stage.total_usd), 'usd')}")


def _lanes(shown: EngagementTimeline, pilots: tuple[TimelinePilot, ...]) -> tuple[Lane, ...]:
    tested = _pilots_of_milestones(pilots)
    work = tuple(
        Event(on, _kind(m), f"{m.title}: {m.label}, {format_day(on)}{tested.get(m.pk, '')}")
        for m in shown.milestones
        if (on := _day(m))
    )
    published = [(timezone.localdate(row.published_at), f"Q{row.quarter} {row.year}") for row in shown.updates]
    told = tuple(Event(on, "published", f"Update of {which}, published {format_day(on)}") for on, which in published)
    lanes = [("Milestones", work), ("Updates", told), *((_short(one.title), _events(one)) for one in pilots)]
    return tuple(Lane(name, events) for name, events in lanes if events)


def _events(pilot: TimelinePilot) -> tuple[Event, ...]:
    return tuple(Event(day.on, day.kind, f"{pilot.title}: {day.words}, {format_day(day.on)}") for day in pilot.days)


def _short(title: str) -> str:
    return title if len(title) <= LANE_LETTERS else f"{title[: LANE_LETTERS - 1].rstrip()}…"


def _pilots_of_milestones(pilots: tuple[TimelinePilot, ...]) -> dict[int, str]:
    """By milestone: the pilots it belongs to, to be said after it."""
    titles: dict[int, list[str]] = {}
    for one in pilots:
        for milestone in one.milestones:
            titles.setdefault(milestone, []).append(one.title)
    return {milestone: f"; pilot: {', '.join(named)}" for milestone, named in titles.items()}


def _day(row: MilestoneRow) -> date | None:
    return row.done_on if row.done_on and not row.is_open else row.due_on or row.done_on


def _kind(row: MilestoneRow) -> str:
    if row.is_overdue:
        return "late"
    if row.is_open:
        return "open"
    return "done" if row.label in MILESTONE_DONE_LABELS else "closed"


def _small(series: IndicatorSeries) -> IndicatorPlot | None:
    row, (baseline, target) = series.row, marks_of(series.row)
    dots = tuple(dot_of(value) for value in series.values)
    numbers = [n for dot in dots for n in (dot.value, dot.low, dot.high) if n is not None]
    numbers += [mark.value for mark in (baseline, target) if mark]
    if not dots:
        return None
    kind = "the city’s people" if row.kind == "population" else "the program"
    last = f", last {row.latest.number.words}" if row.latest else ""
    return IndicatorPlot(f"{row.name} ({kind}){last}", dots, baseline, target, axis_of(numbers, row.unit, most=3))


def _table(shown: EngagementTimeline, pilots: tuple[TimelinePilot, ...]) -> Table:
    """One row a quarter and stage, milestone, update, day of a pilot and value; files say of each whether it is made
    up."""
    rows = sorted((*_rows(shown), *_pilot_rows(pilots)), key=lambda row: row[0][:3])
    columns = (
        Column("on", "Day", "date"),
        Column("what", "What"),
        Column("name", "Name"),
        RawColumn("number", "Number", "value"),
        Column("words", "In words"),
        Column("uncertainty", "Uncertainty"),
        Column("source", "Source"),
        Column("as_of", "As of", "date"),
    )
    caption = f"Timeline of {shown.city_name}, {shown.initiative}"
    made_up = fictional_column(is_fictional for _, is_fictional in rows)
    return Table(caption, columns, tuple(cells for cells, _ in rows), (made_up,))


def _rows(shown: EngagementTimeline) -> Iterator[tuple[tuple, bool]]:
    """(cells, whether they are made up), in no order."""
    cells: tuple
    if shown.money:
        ledger, as_of = "ledger of this engagement", timezone.localdate(shown.money.as_of).isoformat()
        for stage in shown.money.stages:
            for quarter in stage.quarters:
                ends = add_months(quarter.quarter_start, 3) - timedelta(days=1)
                cells = (
                    ends.isoformat(),
                    "money",
                    f"{stage.label}, to date",
                    float(quarter.to_date_usd),
                    format_dollars(quarter.to_date_usd, cents=True),
                    "an amount, not an estimate",
                    ledger,
                    as_of,
                )
                yield cells, shown.is_fictional
    for row in shown.milestones:
        if on := _day(row):
            cells = (on.isoformat(), "milestone", row.title, None, row.label, "", row.source or "the team", "")
            yield cells, row.is_fictional
    for update in shown.updates:
        at = timezone.localdate(update.published_at).isoformat()
        cells = (at, "update", f"Q{update.quarter} {update.year}", None, "Published", "", "the team", at)
        yield cells, shown.is_fictional
    for series in shown.indicators:
        for value in series.values:
            cells = (
                value.period_end.isoformat(),
                series.row.kind,
                series.row.name,
                value.value,
                value.number.words,
                value.number.uncertainty,
                series.row.source,
                timezone.localdate(value.approved_at).isoformat(),
            )
            yield cells, series.row.is_fictional or value.is_fictional


def _pilot_rows(pilots: tuple[TimelinePilot, ...]) -> Iterator[tuple[tuple, bool]]:
    """Its days, and its effect at the end of the measuring."""
    cells: tuple
    for one in pilots:
        for day in one.days:
            cells = (day.on.isoformat(), "pilot", one.title, None, day.words, "", "the pilot", day.on.isoformat())
            yield cells, one.is_fictional
        if one.effect and one.published_on:
            found = one.effect
            words = f"{one.verdict}: {found.words}, {found.outcome}"
            day_of = found.closes.isoformat()
            cells = (day_of, "effect", one.title, found.value, words, found.likely, "the published verdict")
            yield (*cells, one.published_on.isoformat()), one.is_fictional


class RawColumn(Column):
    """Numbers of many units: the next column says them in words."""

    def format(self, cell) -> str:
        return "" if cell is None else f"{cell:,.10g}"
