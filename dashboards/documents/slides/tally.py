"""How many there are of each kind, as bars that PowerPoint draws; the count and what it is of stand beside each bar."""

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide
from pptx.util import Emu, Pt

from dashboards.documents.model import Tally, TallyRow
from dashboards.documents.slides.axes import fill_with, place_chart, set_plot
from dashboards.documents.slides.look import ACCENT, GRAY, HAIRLINE, OTHERS, SERIF, Box, px
from dashboards.documents.slides.text import add_text, fits
from dashboards.documents.slides.workbook import rebuild_workbook
from dashboards.exports.svg.elements import clean

SHADES = (ACCENT, OTHERS, GRAY, HAIRLINE)  # of TallyRow.shade
_LABELS, _BARS, _COUNT = 300, 330, 84  # pixels: words at the left, the longest bar, room for its count
_TALLEST = 190  # pixels, of a row
_FULL = 0.58  # of a row's height: its bar
_LABEL_SIZES, _COUNT_SIZE, _SIZES = (18.0, 16.0, 14.0), 30.0, (16.0, 15.0, 14.0, 13.0, 12.0)


def add_tally(slide: Slide, tally: Tally, box: Box) -> Chart:
    """One row below the other, the first on top: its kind, a bar with its count, and what the count is of."""
    left, top, width, height = box
    high = min(px(_TALLEST), Emu(height // len(tally.rows)))
    data = CategoryChartData()
    data.categories = [clean(row.label) for row in tally.rows]
    data.add_series(clean(tally.unit), [row.count for row in tally.rows])
    frame = Emu(left + px(_LABELS + 10)), top, px(_BARS + _COUNT), Emu(high * len(tally.rows))
    made: Chart = place_chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, frame, data, tally.said).chart
    plot, names, values = made.plots[0], made.category_axis, made.value_axis
    plot.gap_width = round(100 * (1 - _FULL) / _FULL)
    for index, row in enumerate(tally.rows):
        fill_with(plot.series[0].points[index].format.fill, SHADES[row.shade])
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.number_format, labels.number_format_is_linked = "#,##0", False
    labels.font.size, labels.font.name, labels.font.bold = Pt(_COUNT_SIZE), SERIF, True
    names.reverse_order, values.minimum_scale = True, 0
    values.maximum_scale = max(row.count for row in tally.rows) * (_BARS + _COUNT) / _BARS
    for axis in (names, values):
        axis.visible, axis.has_major_gridlines = False, False
    set_plot(made, 0, 0, 1, 1)
    rebuild_workbook(made)
    beside = Emu(left + px(_LABELS + _BARS + _COUNT + 24))
    for index, row in enumerate(tally.rows):
        at = Emu(top + high * index)
        label = left, at, px(_LABELS), high
        size = next((size for size in _LABEL_SIZES if fits(row.label, size, label, "calibri bold")), _LABEL_SIZES[-1])
        _middle(add_text(slide, row.label, label, size, bold=True))
        place = beside, Emu(at + px(4)), Emu(left + width - beside), Emu(high - px(8))
        words, size = _fitting(row, place)
        _middle(add_text(slide, words, place, size))
    return made


def _fitting(row: TallyRow, place: Box) -> tuple[str, float]:
    """All of what the count is of, in its longest form that fits; at last as many names as fit, and how many more."""
    for lines in (row.lines, (", ".join(row.names),)):
        words = "\n".join(lines)
        for size in _SIZES:
            if words and fits(words, size, place):
                return words, size
    size = _SIZES[-1]
    for count in range(len(row.names) - 1, 0, -1):
        words = f"{', '.join(row.names[:count])} and {len(row.names) - count} more"
        if fits(words, size, place):
            return words, size
    return "", size


def _middle(shape) -> None:
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
