"""Small server-drawn charts in templates: `{% dot_row mark axis %}`. See dashboards/charts/marks/."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from dashboards.charts.marks.axis import Axis, draw_axis
from dashboards.charts.marks.bracket import draw_bracket
from dashboards.charts.marks.dot_row import HEIGHT, DotMark, draw_dot_row
from dashboards.charts.marks.line import LineMark, draw_line

register = template.Library()


@register.simple_tag
def dot_row(mark: DotMark, axis: Axis, height: int = HEIGHT) -> SafeString:
    """One row of a dot plot."""
    return mark_safe(draw_dot_row(mark, axis, height))  # noqa: S308 - escaped when drawn


@register.simple_tag
def axis_row(axis: Axis) -> SafeString:
    """The labels under rows that share an axis."""
    return mark_safe(draw_axis(axis))  # noqa: S308 - escaped when drawn


@register.simple_tag
def gap_bracket() -> SafeString:
    """The bracket beside rows whose gap is named."""
    return mark_safe(draw_bracket())  # noqa: S308 - constant


@register.simple_tag
def line_chart(mark: LineMark) -> SafeString:
    """A small line chart."""
    return mark_safe(draw_line(mark))  # noqa: S308 - escaped when drawn
