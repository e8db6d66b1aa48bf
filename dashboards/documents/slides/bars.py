"""Bars that PowerPoint draws itself, with their numbers in the sheet behind and beside the bars."""

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION
from pptx.slide import Slide
from pptx.util import Emu, Pt

from dashboards.documents.model import Bars
from dashboards.documents.slides.axes import (
    axis_title,
    fill_line,
    fill_with,
    place_chart,
    quiet_axis,
    set_plot,
    show_legend,
)
from dashboards.documents.slides.look import ACCENT, GRAY, HAIRLINE, LABEL, OTHERS, SANS, Box
from dashboards.documents.slides.widths import width_of
from dashboards.documents.slides.workbook import rebuild_workbook
from dashboards.exports.svg.elements import clean

_QUIET = (OTHERS, HAIRLINE, GRAY)
_LONGEST_NAME = 0.4  # of the chart's width


def add_bars(slide: Slide, chart: Bars, box: Box) -> Chart:
    """Lying, the first category on top; upright where they are quarters. One color stands out: the first series."""
    upright = chart.is_over_time
    data = CategoryChartData()
    data.categories = [clean(name) for name in chart.categories]
    for name, values in chart.series:
        data.add_series(clean(name), values)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if upright else XL_CHART_TYPE.BAR_CLUSTERED
    kind = XL_CHART_TYPE.BAR_STACKED if chart.colors else kind
    made: Chart = place_chart(slide, kind, box, data, chart.said).chart
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 60, 100 if chart.colors else 0
    for index, plotted in enumerate(plot.series):
        color = ACCENT if index == 0 else _QUIET[(index - 1) % len(_QUIET)]
        fill_with(plotted.format.fill, chart.colors[index] if chart.colors else color)
        plotted.invert_if_negative = False
    names, values = made.category_axis, made.value_axis
    quiet_axis(names, "General", has_grid=False)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    fill_line(names.format.line, OTHERS)
    names.reverse_order = not upright
    number_format = "$#,##0" if chart.unit == "dollars" else "#,##0"
    quiet_axis(values, number_format, has_grid=upright or bool(chart.colors))
    if chart.colors:
        # Parts of one bar have no room for their numbers: a scale stands below, and the table has them.
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    elif upright:
        axis_title(values, chart.unit)
    else:
        values.tick_label_position = XL_TICK_LABEL_POSITION.NONE  # the values stand beside the bars
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
        labels.number_format, labels.number_format_is_linked = number_format, False
        labels.font.size, labels.font.name = Pt(LABEL), SANS
    wide = Emu(box[2]).pt
    left = 0.1 if upright else min(_LONGEST_NAME, (max(width_of(n, LABEL) for n in chart.categories) + 16) / wide)
    has_legend = len(chart.series) > 1
    set_plot(made, left, 0.04, 0.98 - left - (0.0 if upright else 0.12), _high(has_legend, upright, bool(chart.colors)))
    if has_legend:
        show_legend(made, ())
    rebuild_workbook(made)
    return made


def _high(has_legend: bool, upright: bool, has_scale: bool) -> float:
    """Of the chart's height: what its legend and its scale leave."""
    if has_scale:
        return 0.66
    return 0.78 if has_legend or upright else 0.9
