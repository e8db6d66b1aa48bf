"""Panels of one indicator: its values over time, and its groups in the last period that has any."""

from django.utils import timezone

from dashboards.charts.actuals import draw_actuals
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.panels.base import Column, Panel, Table, fictional_column
from dashboards.panels.indicator_axes import UnitColumn, axis_of, dot_of, latest_label, local_day, marks_of
from engagements.indicators.queries.indicators import IndicatorRow
from engagements.indicators.queries.values import IndicatorPage, PeriodValues, ValueRow
from engagements.indicators.rules.units import ADD_UP, LABELS, format_value_without_unit

FEW = 5  # groups that a sentence can name
NO_CAUSE = "A straight way from baseline to target is only a yardstick. Nothing here shows why values moved."


def build(page: IndicatorPage) -> tuple[Panel, Panel]:
    """Over time, and by group; a panel without values says why."""
    return build_actuals(page), build_groups(page)


def build_actuals(page: IndicatorPage) -> Panel:
    row = page.row
    totals = tuple(period.total for period in page.periods if period.total)
    baseline, target = marks_of(row)
    figure = None
    if totals or baseline or target:
        numbers = [n for value in totals for n in (value.value, value.low, value.high) if n is not None]
        numbers += [mark.value for mark in (baseline, target) if mark]
        figure = draw_actuals(tuple(dot_of(v) for v in totals), baseline, target, axis_of(numbers, row.unit))
    finding = f"{latest_label(row)} {_sentence(row.rating.rule)}" if totals or row.latest else ""
    return Panel(
        slug="actuals",
        title="Progress toward target",
        finding=finding,
        figure=figure,
        table=_table(row, [value for period in page.periods for value in period.rows], "values of every period"),
        sources=(),
        caveats=caveats(row),
        reason="" if figure else "No value, baseline or target was entered yet.",
    )


def build_groups(page: IndicatorPage) -> Panel:
    row = page.row
    period = next((period for period in page.periods if period.groups), None)
    title = "For whom?"
    if period is None:
        reason = (
            f"Broken down by {', '.join(row.dimensions)}; no group has a value yet."
            if row.dimensions
            else "This indicator is not broken down by group."
        )
        table = _table(row, [], "values by group")
        return Panel("groups", title, "", None, table, (), caveats(row), reason=reason)
    scale = 100 if row.unit == "share" else 1
    blocks = tuple(
        _block(row, period, dimension, scale) for dimension in dict.fromkeys(g.dimension for g in period.groups)
    )
    return Panel(
        slug="groups",
        title=title,
        finding=_groups_finding(row, period),
        figure=draw_dot_rows(blocks),
        table=_table(row, list(period.groups), f"values by group, {period.words}"),
        sources=(),
        caveats=(*caveats(row), _adding(row)),
    )


def caveats(row: IndicatorRow) -> tuple[str, ...]:
    """Definition, source, uncertainty, as-of time and the rules: what "How we know" says."""
    as_of = f"Last approval {local_day(row.latest.as_of)}." if row.latest else "No value is approved yet."
    uncertainty = (
        f"No intervals: {row.no_interval_reason}."
        if row.no_interval_reason
        else "Thin lines are 95% intervals, as entered with each value."
    )
    parts = (
        f"Definition: {row.definition}",
        f"Source: {row.source}. {as_of}",
        uncertainty,
        row.due.rule,
        f"A share {row.denominator}." if row.denominator else "",
        NO_CAUSE,
        "Demo data: made up, and kept out of real totals." if row.is_fictional else "",
    )
    return tuple(part for part in parts if part)


def _block(row: IndicatorRow, period: PeriodValues, dimension: str, scale: int) -> DotBlock:
    total = period.total if row.unit not in ADD_UP else None
    groups = sorted((g for g in period.groups if g.dimension == dimension), key=lambda g: -g.value)
    return DotBlock(
        f"By {dimension}, {period.words}",
        LABELS[row.unit],
        tuple(_dot_row(value, total, scale, row.unit) for value in groups),
    )


def _dot_row(value: ValueRow, total: ValueRow | None, scale: int, unit: str) -> DotRow:
    low, high = value.low, value.high
    return DotRow(
        label=value.category,
        note="" if value.is_approved else value.label.lower(),
        value=value.value * scale,
        low=None if low is None else low * scale,
        high=None if high is None else high * scale,
        words=format_value_without_unit(value.value, unit),
        reference=total.value * scale if total else None,
        reference_words=f"all {format_value_without_unit(total.value, unit)}" if total else "",
        is_hollow=not value.is_approved,
    )


def _groups_finding(row: IndicatorRow, period: PeriodValues) -> str:
    """The groups themselves where they are few."""
    everybody = f"; everybody {period.total.number.words}" if period.total else ""
    if len(period.groups) <= FEW:
        said = ", ".join(f"{group.category} {group.number.words}" for group in period.groups)
        return f"{period.words}: {said}{everybody}."
    by = " and ".join(dict.fromkeys(group.dimension for group in period.groups))
    return f"{period.words}: {len(period.groups)} groups by {by}{everybody}."


def _adding(row: IndicatorRow) -> str:
    if row.unit in ADD_UP:
        return "Groups may leave people out: they are never more than everybody, and may be fewer."
    return "The upright stroke is everybody. Groups differ in size, so their average is not everybody’s value."


def _table(row: IndicatorRow, values: list[ValueRow], what: str) -> Table:
    columns = [
        Column("period_start", "First day", "date"),
        Column("period_end", "Last day", "date"),
        Column("dimension", "By"),
        Column("category", "Group"),
        UnitColumn("value", "Value", "value", row.unit),
        UnitColumn("low", "Lower end, 95%", "value", row.unit),
        UnitColumn("high", "Upper end, 95%", "value", row.unit),
    ]
    if row.unit == "share":
        columns += [
            Column("numerator", "Numerator", "count", none="none"),
            Column("denominator", "Denominator", "count", none="none"),
        ]
    columns += [Column("uncertainty", "Uncertainty"), Column("status", "Status"), Column("as_of", "As of", "date")]
    made_up = fictional_column(row.is_fictional or value.is_fictional for value in values)
    return Table(f"{row.name}: {what}", tuple(columns), tuple(_cells(row, value) for value in values), (made_up,))


def _cells(row: IndicatorRow, value: ValueRow) -> tuple:
    parts = (value.numerator, value.denominator) if row.unit == "share" else ()
    return (
        value.period_start.isoformat(),
        value.period_end.isoformat(),
        value.dimension,
        value.category or "everybody",
        value.value,
        value.low,
        value.high,
        *parts,
        value.number.uncertainty,
        value.label,
        timezone.localdate(value.approved_at or value.entered_at).isoformat(),
    )


def _sentence(words: str) -> str:
    """A rule as a sentence of its own."""
    words = words[:1].upper() + words[1:]
    return words if words.endswith(".") else f"{words}."
