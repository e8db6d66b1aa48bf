"""Effects of tests in templates: see dashboards/charts/effect_rows.py and effect_line.py."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from dashboards.charts.effect_line import draw_effect_line
from dashboards.charts.effect_rows import EffectRow, EffectTable, axis_of, draw_effect_row
from dashboards.templatetags.marks import axis_row
from engagements.pilots.rules.effect_line import EffectLine

register = template.Library()


@register.simple_tag
def effect_axis(table: EffectTable) -> SafeString:
    """The labels of the table's axis, and one on no change."""
    return axis_row(axis_of(table))


@register.simple_tag
def effect_row(row: EffectRow, table: EffectTable, worth: float | None = None) -> SafeString:
    """One row on the table's axis. Nothing for a row without a number."""
    return mark_safe(draw_effect_row(row, axis_of(table), table.none, worth))  # noqa: S308 - escaped when drawn


@register.simple_tag
def effect_line(line: EffectLine) -> SafeString:
    """One effect on a line, with what would be worth having and what could be detected."""
    return mark_safe(draw_effect_line(line))  # noqa: S308 - every text of it is escaped
