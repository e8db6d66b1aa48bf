"""Distributions as stepped lines over one quantity: the whole, what the chart is about, and their middles."""

from pptx.chart.chart import Chart
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.slide import Slide
from pptx.util import Pt

from dashboards.charts.distribution import round_ticks
from dashboards.documents.model import Curve
from dashboards.documents.slides.axes import (
    axis_title,
    fill_line,
    place_chart,
    quiet_axis,
    round_range,
    say,
    set_plot,
    show_legend,
)
from dashboards.documents.slides.look import ACCENT, INK, OTHERS, Box
from dashboards.documents.slides.number_formats import axis_format
from dashboards.documents.slides.workbook import rebuild_workbook
from dashboards.exports.svg.elements import clean


def add_curve(slide: Slide, chart: Curve, box: Box) -> Chart:
    """Rules are as high as their words need: none stands in another's way."""
    points = [point for _, line in chart.lines for point in line]
    top = max(y for _, y in points)
    ticks = round_ticks(0.0, top * 1.3, most=6)
    ceiling = ticks[-1] + (ticks[1] - ticks[0])
    data = XyChartData()
    for name, line in chart.lines:
        series = data.add_series(clean(name))
        for x, y in line:
            series.add_data_point(x, y)
    rules = sorted(chart.rules, key=lambda rule: rule.value)
    for index, rule in enumerate(rules):
        series = data.add_series(clean(rule.label))
        series.add_data_point(rule.value, 0.0)
        series.add_data_point(rule.value, ceiling * (0.99 - 0.09 * index))
    made: Chart = place_chart(slide, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, box, data, chart.said).chart
    drawn = list(made.plots[0].series)
    for index, series in enumerate(drawn):
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE
        is_rule, is_about = index >= len(chart.lines), index == len(chart.lines) - 1
        fill_line(series.format.line, INK if is_rule else ACCENT if is_about else OTHERS)
        series.format.line.width = Pt(1.5 if is_rule else 3 if is_about else 2.25)
    low, high = min(x for x, _ in points), max(x for x, _ in points)
    for rule, series in zip(rules, drawn[len(chart.lines) :], strict=True):
        is_left = rule.value > low + (high - low) * 0.6
        side = XL_LABEL_POSITION.LEFT if is_left else XL_LABEL_POSITION.RIGHT
        say(series.points[1], rule.label, side, bold=True)
    values, shares = made.category_axis, made.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = round_range([low, high], air=0.0)
    quiet_axis(values, axis_format(chart.unit, values.major_unit), has_grid=False)
    values.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    fill_line(values.format.line, OTHERS)
    axis_title(values, chart.unit_words)
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0.0, ceiling, ticks[1] - ticks[0]
    quiet_axis(shares, "0%", has_grid=True)
    axis_title(shares, chart.share_words)
    set_plot(made, 0.07, 0.03, 0.9, 0.74)
    show_legend(made, tuple(range(len(chart.lines), len(drawn))))
    rebuild_workbook(made)
    return made
