"""Effects of tests as rows of dots around no change, with the smallest effect that would be worth having."""

from typing import Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe

from dashboards.charts.effect_line import draw_effect_line
from dashboards.charts.marks.axis import Axis
from dashboards.charts.marks.change_axis import change_axis
from dashboards.charts.marks.dot_row import DotMark
from dashboards.templatetags.marks import axis_row, dot_row
from engagements.pilots.rules.effect_line import EffectLine
from engagements.verdicts import Scale

register = template.Library()


class Row(Protocol):
    """What a row needs; `words` say it with its numbers."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def words(self) -> str: ...


class Table(Protocol):
    """`ends`: what the axis must hold; `none`: no change on its scale; `unit` may begin with "dollars" or "$"."""

    @property
    def unit(self) -> str: ...
    @property
    def scale(self) -> str: ...
    @property
    def none(self) -> float: ...
    @property
    def ends(self) -> tuple[float, ...]: ...


@register.simple_tag
def effect_axis(table: Table) -> SafeString:
    """The labels of the table's axis, and one on no change."""
    return axis_row(axis_of(table))


@register.simple_tag
def effect_row(row: Row, table: Table, worth: float | None = None) -> SafeString:
    """A dot with its interval, hollow without one; upright: no change; dashed: worth having. Nothing for a row without
    a number."""
    if row.value is None:
        return SafeString()
    mark = DotMark(
        row.words,
        row.value,
        us=table.none,
        low=row.low,
        high=row.high,
        is_hollow=row.low is None,
        has_shortfall=False,
        worth=worth,
    )
    return dot_row(mark, axis_of(table))


@register.simple_tag
def effect_line(line: EffectLine) -> SafeString:
    """One effect on a line, with what would be worth having and what could be detected."""
    return mark_safe(draw_effect_line(line))  # noqa: S308 - every text of it is escaped


def axis_of(table: Table) -> Axis:
    is_money = table.unit.casefold().startswith(("dollar", "$", "us dollar"))
    return change_axis(table.ends, is_money=is_money, is_ratio=table.scale == Scale.RATIO)
