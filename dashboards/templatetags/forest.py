"""Findings of studies as rows of dots with their ranges around the line of no change."""

from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dashboards.charts.effect_rows import EffectRow, draw_effect_row
from dashboards.charts.marks.axis import Axis
from dashboards.charts.marks.change_axis import change_axis
from dashboards.templatetags.marks import axis_row

register = template.Library()


class Table(Protocol):
    """`ends`: what the axis must hold; `unit`: begins with "dollars" for money."""

    @property
    def unit(self) -> str: ...
    @property
    def ends(self) -> tuple[float, ...]: ...


@register.simple_tag
def forest_axis(table: Table) -> SafeString:
    """The labels of the table's axis: "−$5k", "0", "+$10k"; "+10" for points."""
    return axis_row(_axis(table))


@register.simple_tag
def forest_row(row: EffectRow, table: Table) -> SafeString:
    """A dot with its range, hollow without one; the upright line is no change. Nothing for a row without a number."""
    return mark_safe(draw_effect_row(row, _axis(table), none=0.0))  # noqa: S308 - escaped when drawn


@register.simple_tag
def strength_marks(marks: int, word: str) -> SafeString:
    """Three squares, as many of them full as the study is strong, and the word beside them."""
    squares = [
        format_html(
            '<rect class="{}" x="{}" y="3" width="8" height="8"/>', "m-full" if at < marks else "m-blank", 10 * at
        )
        for at in range(3)
    ]
    return format_html(
        '<svg class="strength" width="28" height="14" aria-hidden="true" focusable="false" '
        'xmlns="http://www.w3.org/2000/svg">{}{}{}</svg> {}',
        *squares,
        word,
    )


def _axis(table: Table) -> Axis:
    """Labels on 1, 2 or 5 times a power of ten, and always on no change."""
    return change_axis(table.ends, is_money=table.unit.startswith("dollars"))
