"""Clustered columns that PowerPoint draws itself, with their numbers in the sheet behind."""

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.slide import Slide
from pptx.util import Pt

from dashboards.charts.bar_groups import COLORS
from dashboards.charts.theme import LINE
from dashboards.documents.slides.native_charts import axis_title, fill_line, fill_with, place_chart, quiet
from dashboards.documents.slides.text import Box
from dashboards.documents.slides.workbook import rebuild_workbook
from dashboards.exports.svg.elements import clean


def add_bars(
    slide: Slide,
    categories: tuple[str, ...],
    series: tuple[tuple[str, tuple[float | None, ...]], ...],
    unit: str,
    box: Box,
    description: str,
) -> Chart:
    """A column per series in each category; `unit` beside the axis; `description` for those who do not see it."""
    data = CategoryChartData()
    data.categories = [clean(name) for name in categories]
    for name, values in series:
        data.add_series(clean(name), values)
    frame = place_chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, box, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(description))
    chart = frame.chart
    quiet(chart, len(series))
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 0
    for index, plotted in enumerate(chart.plots[0].series):
        fill_with(plotted.format.fill, COLORS[index % len(COLORS)])
        plotted.invert_if_negative = False
    chart.category_axis.tick_labels.font.size = Pt(12)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    fill_line(chart.category_axis.format.line, LINE)
    axis_title(chart.value_axis, unit)
    chart.value_axis.tick_labels.font.size = Pt(12)
    chart.value_axis.tick_labels.number_format, chart.value_axis.tick_labels.number_format_is_linked = "#,##0", False
    fill_line(chart.value_axis.major_gridlines.format.line, LINE)
    chart.value_axis.format.line.fill.background()
    rebuild_workbook(chart)
    return chart
