"""Charts that PowerPoint draws itself, so that they can be edited: dots with intervals, courses in time, bands."""

import math
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.util import Pt

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED
from dashboards.documents.slides.error_bars import add_error_bars
from dashboards.documents.slides.series import ChartRows, Series
from dashboards.documents.slides.text import Box
from dashboards.documents.slides.workbook import column_letters, rebuild_workbook
from dashboards.exports.svg.elements import clean

# Told apart by lightness too; the city is always the first series and the first row.
COLORS = (ACCENT, INK, "#d97a1a", MUTED, "#41b6c4", "#8553a8", "#7f3b08", "#1a7f37")
_SPREAD = 0.22  # rows apart, for several series on one row
_LABEL_COLUMN = 4  # E: names of the rows, for whoever edits the sheet


def add_chart(slide: Slide, rows: ChartRows, box: Box, description: str) -> Chart:
    """A native chart in the box, with its sheet, its intervals and words for those who do not see it."""
    frame = _dots(slide, rows, box) if rows.kind == "dots" else _lines(slide, rows, box)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(description))
    return frame.chart


def place_chart(slide: Slide, kind: XL_CHART_TYPE, box: Box, data: CategoryChartData | XyChartData) -> GraphicFrame:
    """The frame of a new chart. python-pptx itself annotates `add_chart` with other types than it takes and returns."""
    shapes: Any = slide.shapes
    return shapes.add_chart(kind, *box, data)


def _dots(slide: Slide, rows: ChartRows, box: Box) -> GraphicFrame:
    """XY scatter: x is the value, rows run down from the first; each dot carries its row's name."""
    data, known, count = XyChartData(), [], len(rows.names)
    for position, series in enumerate(rows.series):
        added = data.add_series(clean(series.name))
        shift = (position - (len(rows.series) - 1) / 2) * _SPREAD
        points = [index for index, value in enumerate(series.values) if value is not None]
        for index in points:
            added.add_data_point(series.values[index], count - index - shift)
        known.append(points)
    frame = place_chart(slide, XL_CHART_TYPE.XY_SCATTER, box, data)
    chart, labels, row = frame.chart, [], 1
    quiet(chart, len(rows.series))
    for series, plotted, points, color in zip(rows.series, chart.plots[0].series, known, COLORS, strict=False):
        plotted.format.line.fill.background()
        plotted.marker.style, plotted.marker.size = XL_MARKER_STYLE.CIRCLE, 11
        fill_with(plotted.marker.format.fill, color)
        plotted.marker.format.line.fill.background()
        for place, index in enumerate(points):
            label = plotted.points[place].data_label
            if series is rows.series[0]:
                _say(label, clean(rows.names[index]), bold=index == 0)
            labels.append((row + place, _LABEL_COLUMN, clean(rows.names[index])))
        if any(series.below[i] or series.above[i] for i in points if series.below):
            below, above = (tuple(side[i] for i in points) for side in (series.below, series.above))
            add_error_bars(plotted._element, "x", below, above, ("C", "D"), row + 1, color)
        row += len(points) + 2
    _value_range(chart.category_axis, rows.series, rows.unit)
    _row_range(chart.value_axis, count)
    rebuild_workbook(chart, labels)
    return frame


def _lines(slide: Slide, rows: ChartRows, box: Box) -> GraphicFrame:
    """A line per series over its names; intervals as upright lines."""
    data = CategoryChartData()
    data.categories = [clean(name) for name in rows.names]
    for series in rows.series:
        data.add_series(clean(series.name), series.values)
    frame = place_chart(slide, XL_CHART_TYPE.LINE_MARKERS, box, data)
    chart = frame.chart
    quiet(chart, len(rows.series))
    for index, (series, plotted) in enumerate(zip(rows.series, chart.plots[0].series, strict=True)):
        color = COLORS[index % len(COLORS)]
        plotted.smooth = False
        plotted.format.line.width = Pt(2.5)
        fill_line(plotted.format.line, color)
        few = len(rows.names) <= 40
        plotted.marker.style = XL_MARKER_STYLE.CIRCLE if few else XL_MARKER_STYLE.NONE
        plotted.marker.size = 6
        fill_with(plotted.marker.format.fill, color)
        plotted.marker.format.line.fill.background()
        if any(series.below) or any(series.above):
            first = 1 + len(rows.series) + 2 * index
            columns = (column_letters(first), column_letters(first + 1))
            add_error_bars(plotted._element, "y", series.below, series.above, columns, 2, color)
    chart.category_axis.tick_labels.font.size = Pt(11)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.has_major_gridlines = False
    fill_line(chart.category_axis.format.line, LINE)
    axis_title(chart.value_axis, rows.unit)
    chart.value_axis.tick_labels.font.size = Pt(12)
    chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = "General", False
    fill_line(chart.value_axis.major_gridlines.format.line, LINE)
    chart.value_axis.format.line.fill.background()
    rebuild_workbook(chart)
    return frame


def quiet(chart: Chart, series: int) -> None:
    """No title of its own (the slide has one), a legend only where there is more than one series."""
    chart.has_title = False
    chart.font.size = Pt(12)
    chart.font.color.rgb = RGBColor.from_string(INK[1:])
    chart.has_legend = series > 1
    if series > 1:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def value_range(series: tuple[Series, ...]) -> tuple[float, float, float]:
    """(low, high, step) in round numbers around every value and its interval."""
    ends = [
        end
        for one in series
        for index, value in enumerate(one.values)
        if value is not None
        for end in ((value - one.below[index], value + one.above[index]) if one.below else (value,))
    ]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.12 or 1.0
    ticks = round_ticks(low - room, high + room, most=7)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else room
    return math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step, step


def _value_range(axis, series: tuple[Series, ...], unit: str) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = value_range(series)
    axis.has_major_gridlines = True
    fill_line(axis.major_gridlines.format.line, LINE)
    axis.format.line.fill.background()
    axis.tick_labels.font.size = Pt(12)
    axis_title(axis, unit)


def _row_range(axis, count: int) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0.3, count + 0.7, 1
    axis.has_major_gridlines = False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    axis.format.line.fill.background()


def axis_title(axis, words: str) -> None:
    axis.has_title = bool(words)
    if words:
        axis.axis_title.text_frame.text = words
        axis.axis_title.text_frame.paragraphs[0].font.size = Pt(12)
        axis.axis_title.text_frame.paragraphs[0].font.bold = False


def _say(label, words: str, *, bold: bool) -> None:
    label.has_text_frame = True
    label.text_frame.text = words
    run = label.text_frame.paragraphs[0].runs
    if run:
        run[0].font.size, run[0].font.bold = Pt(12), bold
    label.position = XL_LABEL_POSITION.ABOVE


def fill_with(fill, color: str) -> None:
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(color[1:].upper())


def fill_line(line, color: str) -> None:
    line.color.rgb = RGBColor.from_string(color[1:].upper())
