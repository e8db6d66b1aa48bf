"""What all native charts share: quiet axes, words of 15 pixels and more, one color that stands out, room for words."""

import math
from typing import Any

from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.oxml.ns import qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.util import Pt

from dashboards.charts.distribution import round_ticks
from dashboards.documents.slides.look import HAIRLINE, INK, LABEL, MUTED, SANS, SMALLEST, Box, rgb
from dashboards.exports.svg.elements import clean


def place_chart(
    slide: Slide, kind: XL_CHART_TYPE, box: Box, data: CategoryChartData | XyChartData, said: str
) -> GraphicFrame:
    """The frame of a new chart, with words for those who do not see it.

    python-pptx itself annotates `add_chart` with other types than it takes and returns.
    """
    shapes: Any = slide.shapes
    frame = shapes.add_chart(kind, *box, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(said))
    chart = frame.chart
    chart.has_title = chart.has_legend = False
    chart.font.size, chart.font.name = Pt(LABEL), SANS
    chart.font.color.rgb = rgb(INK)
    return frame


def set_plot(chart: Chart, left: float, top: float, width: float, height: float) -> None:
    """Where the plot stands inside the chart's frame without its axes' words, in shares of the frame."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = etree.Element(qn("c:layout"))
        area.insert(0, layout)
    for child in list(layout):
        layout.remove(child)
    made = etree.SubElement(layout, qn("c:manualLayout"))
    for tag, value in (("layoutTarget", "inner"), ("xMode", "edge"), ("yMode", "edge")):
        etree.SubElement(made, qn(f"c:{tag}"), val=value)
    for tag, share in (("x", left), ("y", top), ("w", width), ("h", height)):
        etree.SubElement(made, qn(f"c:{tag}"), val=f"{share:.4f}")


def show_legend(chart: Chart, hidden: tuple[int, ...]) -> None:
    """A legend at the foot, without the series that only carry words."""
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.legend.font.size, chart.legend.font.name = Pt(LABEL), SANS
    position = chart.legend._element.find(qn("c:legendPos"))
    for index in reversed(hidden):
        entry = etree.Element(qn("c:legendEntry"))
        etree.SubElement(entry, qn("c:idx"), val=str(index))
        etree.SubElement(entry, qn("c:delete"), val="1")
        position.addnext(entry)


def say(point: Any, words: str, where: XL_LABEL_POSITION, *, color: str = INK, bold: bool = False) -> None:
    """Words of our own beside a point, on one line."""
    label = point.data_label
    label.has_text_frame = True
    label.text_frame.text = clean(words)
    label.text_frame.word_wrap = False
    for paragraph in label.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(LABEL), bold, SANS
            run.font.color.rgb = rgb(color)
    label.position = where


def round_range(ends: list[float], most: int = 6, air: float = 0.06) -> tuple[float, float, float]:
    """(low, high, step) in round numbers around every end, with a little air, in shares of what they span."""
    low, high = min(ends), max(ends)
    room = (high - low) * air if high > low else abs(high) * 0.1 or 1.0
    ticks = round_ticks(low - room, high + room, most=most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else room
    return math.floor((low - room) / step + 1e-9) * step, math.ceil((high + room) / step - 1e-9) * step, step


def axis_title(axis: Any, words: str) -> None:
    axis.has_title = bool(words)
    if words:
        axis.axis_title.text_frame.text = clean(words)
        font = axis.axis_title.text_frame.paragraphs[0].font
        font.size, font.bold, font.name = Pt(SMALLEST), False, SANS
        font.color.rgb = rgb(MUTED)


def quiet_axis(axis: Any, number_format: str, *, has_grid: bool) -> None:
    axis.tick_labels.font.size, axis.tick_labels.font.name = Pt(LABEL), SANS
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False
    axis.has_major_gridlines = has_grid
    if has_grid:
        axis.major_gridlines.format.line.color.rgb = rgb(HAIRLINE)
        axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()


def fill_with(fill: Any, color: str) -> None:
    fill.solid()
    fill.fore_color.rgb = rgb(color)


def fill_line(line: Any, color: str) -> None:
    line.color.rgb = rgb(color)
