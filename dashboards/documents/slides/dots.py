"""Estimates as dots on one axis: names at the left, values in words at the right, what they are held against as a rule.

A scatter chart that PowerPoint draws itself: two series without marks carry the names and the words, so that both move
with the chart when somebody edits it.
"""

from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.slide import Slide
from pptx.util import Emu, Pt

from dashboards.documents.model import Dots, DotValue
from dashboards.documents.slides.axes import (
    axis_title,
    fill_line,
    fill_with,
    place_chart,
    quiet_axis,
    round_range,
    say,
    set_plot,
    show_legend,
)
from dashboards.documents.slides.error_bars import add_error_bars
from dashboards.documents.slides.look import ACCENT, INK, LABEL, OTHERS, PALE, Box
from dashboards.documents.slides.text import break_lines
from dashboards.documents.slides.widths import width_of
from dashboards.documents.slides.workbook import rebuild_workbook
from dashboards.exports.svg.elements import clean

NAMES, WORDS = "Names of the rows", "Values in words"  # series without marks
MOST_ROWS, MOST_TALL_ROWS = 14, 8  # on one slide; where a name takes two lines
_LONGEST_NAME, _LONGEST_WORDS = 0.42, 0.2  # of the chart's width
_HEAD, _FOOT, _LEGEND = 26.0, 46.0, 24.0  # points: the rule's words, the axis with its title, the legend
_SMALLEST_SPAN = 5.0  # of an axis of differences
_RULE_POINTS = 2
_RULE_ROWS = 4  # of the sheet: a name, two points, a free one
_LABEL_COLUMN = 4  # E: names of the rows, for whoever edits the sheet


def add_dots(slide: Slide, chart: Dots, box: Box) -> Chart:
    """At most `rows_that_fit` rows. The rows that the document is about are one series, the others another."""
    rows, count = chart.rows, len(chart.rows)
    ends = [end for row in rows for end in (row.value, row.low, row.high, row.reference) if end is not None]
    ends += [chart.rule.value] if chart.rule else []
    low, high, step = round_range([*ends, *((0.0, _SMALLEST_SPAN) if chart.has_zero else ())])
    at = {row: count - index for index, row in enumerate(rows)}
    groups = _groups(chart)
    data = XyChartData()
    rule_first = chart.rule is not None and count < _RULE_POINTS
    if rule_first:
        _add_rule(data, chart)
    _add(data, NAMES, [(low, at[row]) for row in rows])
    for name, members in groups:
        _add(data, name, [(row.value, at[row]) for row in members])
    references = [row for row in rows if row.reference is not None]
    if references:
        _add(data, chart.reference_name, [(row.reference, at[row]) for row in references])
    if not rule_first:
        _add_rule(data, chart)
    _add(data, WORDS, [(high, at[row]) for row in rows])
    made: Chart = place_chart(slide, XL_CHART_TYPE.XY_SCATTER, box, data, chart.said).chart
    drawn = list(made.plots[0].series)
    if chart.rule:
        _draw_rule(drawn.pop(0 if rule_first else -2), chart.rule.label)
    first = 1 + _RULE_ROWS * rule_first
    names, *dots, words = drawn
    for point, row in enumerate(rows):
        bold = row.is_this and not all(other.is_this for other in rows)
        say(names.points[point], "\n".join(_name_lines(row, box)), XL_LABEL_POSITION.LEFT, bold=bold)
        say(words.points[point], row.words, XL_LABEL_POSITION.RIGHT, color=ACCENT if row.is_this else INK, bold=bold)
    for bare in (names, words):
        _hide(bare)
    labels = [(first + n, _LABEL_COLUMN, clean(row.label)) for n, row in enumerate(rows)]
    first += count + 2
    for (_, members), series in zip(groups, dots, strict=False):
        _draw_group(series, members, first)
        labels += [(first + n, _LABEL_COLUMN, clean(row.label)) for n, row in enumerate(members)]
        first += len(members) + 2
    if references:
        _draw_references(dots[-1])
    _place(made, chart, box, (low, high, step), bool(references))
    rebuild_workbook(made, labels)
    return made


def rows_that_fit(chart: Dots, box: Box) -> int:
    """How many rows of the chart a slide holds with their names on lines of their own."""
    is_tall = any(len(_name_lines(row, box)) > 1 for row in chart.rows)
    return MOST_TALL_ROWS if is_tall else MOST_ROWS


def _groups(chart: Dots) -> list[tuple[str, list[DotValue]]]:
    mine = [row for row in chart.rows if row.is_this]
    others = [row for row in chart.rows if not row.is_this]
    if not mine or not others:
        return [(chart.name or chart.unit, mine or others)]
    return [(mine[0].label if len(mine) == 1 else chart.name, mine), ("Others", others)]


def _add(data: XyChartData, name: str, points: list[tuple[float | None, float]]) -> None:
    series = data.add_series(clean(name))
    for x, y in points:
        series.add_data_point(x, y)


def _add_rule(data: XyChartData, chart: Dots) -> None:
    """Behind the names, unless it has more points than they: LibreOffice draws nothing before its longest series."""
    if chart.rule:
        _add(data, chart.rule.label, [(chart.rule.value, 0.5), (chart.rule.value, len(chart.rows) + 0.5)])


def _name_lines(row: DotValue, box: Box) -> list[str]:
    room = Emu(int(box[2] * _LONGEST_NAME))
    return break_lines(clean(row.label), LABEL, room, "calibri bold")[:2]


def _hide(series: Any) -> None:
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE


def _draw_group(series: Any, rows: list[DotValue], first: int) -> None:
    is_this = rows[0].is_this
    color = ACCENT if is_this else OTHERS
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 12 if is_this else 10
    fill_with(series.marker.format.fill, color)
    fill_line(series.marker.format.line, color)
    for index, row in enumerate(rows):
        if row.is_hollow:
            point = series.points[index]
            point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 12 if is_this else 10
            fill_with(point.marker.format.fill, PALE)
            fill_line(point.marker.format.line, color)
    below, above = (tuple(_reach(row, end) for row in rows) for end in ("low", "high"))
    if any(below) or any(above):
        add_error_bars(series._element, "x", below, above, ("C", "D"), first + 1, color)


def _reach(row: DotValue, end: str) -> float:
    bound = getattr(row, end)
    return 0.0 if bound is None else max(0.0, (row.value - bound) * (1 if end == "low" else -1))


def _draw_references(series: Any) -> None:
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.DIAMOND, 10
    fill_with(series.marker.format.fill, OTHERS)
    fill_line(series.marker.format.line, OTHERS)


def _draw_rule(series: Any, label: str) -> None:
    series.marker.style = XL_MARKER_STYLE.NONE
    fill_line(series.format.line, INK)
    series.format.line.width = Pt(2.25)
    say(series.points[1], label, XL_LABEL_POSITION.ABOVE, bold=True)


def _place(made: Chart, chart: Dots, box: Box, span: tuple[float, float, float], has_legend: bool) -> None:
    wide, high = Emu(box[2]).pt, Emu(box[3]).pt
    names = max(width_of(line, LABEL, "calibri bold") for row in chart.rows for line in _name_lines(row, box))
    words = max((width_of(row.words, LABEL, "calibri bold") for row in chart.rows), default=0.0)
    left = (names + 14) / wide
    right = min(max(_LONGEST_WORDS, (words + 14) / wide), 0.34)
    head = _HEAD if chart.rule else 8.0
    foot = _FOOT + (_LEGEND if has_legend else 0.0)
    tall = min(high - head - foot, 60.0 * len(chart.rows) + 20)  # few rows stay together
    set_plot(made, left, head / high, 1 - left - right, tall / high)
    values, rows = made.category_axis, made.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = span
    whole = float(span[2]).is_integer() and float(span[0]).is_integer()
    quiet_axis(values, "0" if whole else "0.0", has_grid=True)
    values.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis_title(values, chart.unit)
    rows.minimum_scale, rows.maximum_scale, rows.major_unit = 0.5, len(chart.rows) + 0.5, 1
    quiet_axis(rows, "General", has_grid=False)
    rows.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    if has_legend:
        bare = {NAMES, WORDS, *((clean(chart.rule.label),) if chart.rule else ())}
        named = [series.name for series in made.plots[0].series]
        show_legend(made, tuple(index for index, name in enumerate(named) if name in bare))
