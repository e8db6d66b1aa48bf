"""One quantity over time as a line on an axis of days, with the source's bounds and a gap where the line is broken."""

from datetime import date

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Pt

from dashboards.documents.model import Course, Moment
from dashboards.documents.slides.axes import (
    axis_title,
    fill_line,
    fill_with,
    place_chart,
    quiet_axis,
    round_range,
    say,
    set_plot,
)
from dashboards.documents.slides.error_bars import add_error_bars
from dashboards.documents.slides.look import ACCENT, MUTED, PALE, Box
from dashboards.documents.slides.number_formats import axis_format
from dashboards.documents.slides.workbook import column_letters, rebuild_workbook
from dashboards.exports.svg.elements import clean

_MANY = 40  # points, from which a line without marks says more
_MOST_TICKS = 11
_LONGEST_TITLE = 50  # letters beside the axis; longer ones stand above the chart


def add_course(slide: Slide, chart: Course, box: Box) -> Chart:
    """A series for each run, over the days of all of them in order."""
    moments = [moment for run in chart.runs for moment in run]
    days = sorted({moment.day for moment in moments})
    data = CategoryChartData(number_format="General")
    data.categories = days
    data.categories.number_format = "yyyy-mm-dd"
    for run in chart.runs:
        values = {moment.day: moment.value for moment in run}
        data.add_series(clean(chart.name), [values.get(day) for day in days])
    made: Chart = place_chart(slide, XL_CHART_TYPE.LINE_MARKERS, box, data, chart.said).chart
    for index, (run, plotted) in enumerate(zip(chart.runs, made.plots[0].series, strict=True)):
        _draw_run(plotted, run, days, len(moments) > _MANY, (index, len(chart.runs)))
    first, last = min(moments, key=_day), max(moments, key=_day)
    ends = [(last, chart.last_words, XL_LABEL_POSITION.RIGHT)]
    if first is not last and len(days) <= _MANY:  # a year leaves room between the axis and its mark
        ends.insert(0, (first, chart.first_words, XL_LABEL_POSITION.LEFT))
    for moment, words, side in ends:
        which = next(n for n, members in enumerate(chart.runs) if moment in members)
        point = list(made.plots[0].series)[which].points[days.index(moment.day)]
        say(point, words, side, color=ACCENT, bold=True)
    _axes(made, chart, days, moments)
    set_plot(made, 0.09, 0.04, 0.82, 0.82)
    rebuild_workbook(made)
    return made


def _day(moment: Moment) -> date:
    return moment.day


def _draw_run(plotted, run: tuple[Moment, ...], days: list[date], is_dense: bool, place: tuple[int, int]) -> None:
    plotted.smooth = False
    plotted.format.line.width = Pt(2.25)
    fill_line(plotted.format.line, ACCENT)
    plotted.marker.style = XL_MARKER_STYLE.NONE if is_dense else XL_MARKER_STYLE.CIRCLE
    plotted.marker.size = 9
    fill_with(plotted.marker.format.fill, ACCENT)
    fill_line(plotted.marker.format.line, ACCENT)
    for moment in run:
        if moment.is_hollow and not is_dense:
            point = plotted.points[days.index(moment.day)]
            point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 9
            fill_with(point.marker.format.fill, PALE)
            fill_line(point.marker.format.line, ACCENT)
    known = {moment.day: moment for moment in run if moment.low is not None and moment.high is not None}
    if known:
        below = tuple(known[day].value - (known[day].low or 0.0) if day in known else 0.0 for day in days)
        above = tuple((known[day].high or 0.0) - known[day].value if day in known else 0.0 for day in days)
        index, runs = place
        first = 1 + runs + 2 * index
        columns = (column_letters(first), column_letters(first + 1))
        add_error_bars(plotted._element, "y", below, above, columns, 2, MUTED)


def _axes(made: Chart, chart: Course, days: list[date], moments: list[Moment]) -> None:
    ends = [end for moment in moments for end in (moment.value, moment.low, moment.high) if end is not None]
    ends += [0.0] if chart.unit.startswith("change_since") else []
    values, time = made.value_axis, made.category_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = round_range(ends)
    if min(ends) >= 0 and values.minimum_scale < 0:
        values.minimum_scale = 0
    quiet_axis(values, axis_format(chart.unit, values.major_unit), has_grid=True)
    axis_title(values, chart.unit_words if len(chart.unit_words) <= _LONGEST_TITLE else "")
    quiet_axis(time, "yyyy" if chart.period == "year" else "mmm yyyy", has_grid=False)
    fill_line(time.format.line, MUTED)
    time.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _time_steps(time._element, chart, days)


def _time_steps(axis, chart: Course, days: list[date]) -> None:
    """Ticks in years, or in as many months as leave their words room; an axis of days, not of categories."""
    months = (days[-1].year - days[0].year) * 12 + days[-1].month - days[0].month
    base, step, unit = "years", max(1, -(-months // 12 // _MOST_TICKS)), "years"
    if chart.period != "year":
        base, unit = ("days" if chart.period == "week" else "months"), "months"
        step = next((n for n in (1, 2, 3, 6, 12) if months / n <= _MOST_TICKS), 24)
    for tag in ("c:auto", "c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit"):
        for old in axis.findall(qn(tag)):
            axis.remove(old)
    after = axis.find(qn("c:lblOffset"))
    for tag, value in (
        ("c:majorTimeUnit", unit),
        ("c:majorUnit", str(step)),
        ("c:baseTimeUnit", base),
    ):
        made = axis.makeelement(qn(tag), {"val": value})
        after.addnext(made)
    after.addprevious(axis.makeelement(qn("c:auto"), {"val": "0"}))
