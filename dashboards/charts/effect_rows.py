"""Effects of tests as rows of dots around no change, with the smallest effect that would be worth having."""

from typing import Protocol

from dashboards.charts.marks.axis import Axis
from dashboards.charts.marks.change_axis import change_axis
from dashboards.charts.marks.dot_row import DotMark, draw_dot_row
from engagements.verdicts import Scale


class EffectRow(Protocol):
    """What a row needs; `words` say it with its numbers."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def words(self) -> str: ...


class EffectTable(Protocol):
    """`ends`: what the axis must hold; `none`: no change on its scale; `unit` may begin with "dollars" or "$"."""

    @property
    def unit(self) -> str: ...
    @property
    def scale(self) -> str: ...
    @property
    def none(self) -> float: ...
    @property
    def ends(self) -> tuple[float, ...]: ...


def axis_of(table: EffectTable) -> Axis:
    """One for all rows of the table."""
    is_money = table.unit.casefold().startswith(("dollar", "$", "us dollar"))
    return change_axis(table.ends, is_money=is_money, is_ratio=table.scale == Scale.RATIO)


def draw_effect_row(row: EffectRow, axis: Axis, none: float, worth: float | None = None) -> str:
    """A dot with its interval, hollow without one; upright: no change; dashed: worth having. "" without a number.

    Every text of it is escaped.
    """
    if row.value is None:
        return ""
    mark = DotMark(
        row.words,
        row.value,
        us=none,
        low=row.low,
        high=row.high,
        is_hollow=row.low is None,
        has_shortfall=False,
        worth=worth,
    )
    return draw_dot_row(mark, axis)
