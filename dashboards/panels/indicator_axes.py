"""Numbers of indicators on axes and in tables of panels."""

from datetime import datetime

from django.utils import timezone

from atlas.formatting.counts import format_axis_number
from atlas.formatting.dates import format_day
from atlas.formatting.money import format_axis_dollars
from atlas.formatting.rounding import true_minus
from dashboards.charts.actuals import Axis, Dot, ReferencePoint
from dashboards.charts.distribution import round_ticks
from dashboards.panels.base import Cell, Column
from engagements.indicators.queries.indicators import IndicatorRow
from engagements.indicators.queries.values import ValueRow
from engagements.indicators.rules.units import format_value


class UnitColumn(Column):
    """Numbers in an indicator's own unit; raw in CSV."""

    def format(self, cell: Cell) -> str:
        return "none" if cell is None else format_value(float(cell), self.unit)


def format_axis_value(value: float, unit: str) -> str:
    """Short: 35%, $1.2m, 12k, 1,200."""
    if unit == "share":
        return f"{true_minus(f'{round(value * 100, 6):g}')}%"
    return format_axis_dollars(value) if unit == "usd" else format_axis_number(value)


def axis_of(numbers: list[float], unit: str, *, most: int = 4, from_zero: bool = False) -> Axis:
    """A value axis around the numbers, with room for words above and below."""
    low, high = min([*numbers, 0.0] if from_zero else numbers), max(numbers)
    room = (high - low) or abs(high) or 1.0
    low, high = low - (0.02 if from_zero else 0.2) * room, high + 0.2 * room
    ticks = [tick for tick in round_ticks(low, high) if low <= tick <= high]
    step = max(1, -(-len(ticks) // most))
    return Axis(low, high, tuple((tick, format_axis_value(tick, unit)) for tick in ticks[::step]))


def marks_of(row: IndicatorRow) -> tuple[ReferencePoint | None, ReferencePoint | None]:
    baseline = target = None
    if row.baseline is not None and row.baseline_on is not None:
        baseline = ReferencePoint(row.baseline_on, row.baseline, f"baseline {row.baseline_label}")
    if row.target is not None and row.target_on is not None:
        target = ReferencePoint(row.target_on, row.target, f"target {row.target_label}")
    return baseline, target


def dot_of(value: ValueRow) -> Dot:
    state = "" if value.is_approved else f"; {value.label.lower()}"
    said = f"{value.period_label}: {value.number.words}; {value.number.uncertainty}{state}"
    return Dot(value.period_end, value.value, value.low, value.high, said, is_hollow=not value.is_approved)


def local_day(at: datetime) -> str:
    """The day it is for the reader."""
    return format_day(timezone.localdate(at))


def latest_label(row: IndicatorRow) -> str:
    """The last approved value with period, uncertainty and as-of day."""
    if row.latest is None:
        return "No approved value yet."
    latest = row.latest
    return (
        f"{latest.number.words} until {format_day(latest.period_end)} ({latest.number.uncertainty}; approved"
        f" {local_day(latest.as_of)})."
    )
