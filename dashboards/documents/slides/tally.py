"""How many there are of each kind, as bars that PowerPoint draws; the count and what it is of stand beside each bar."""

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide
from pptx.util import Emu

from dashboards.documents.model import Tally, TallyRow
from dashboards.documents.slides.axes import fill_with, place_chart, set_plot
from dashboards.documents.slides.look import ACCENT, GRAY, HAIRLINE, INK, OTHERS, SERIF, Box, px
from dashboards.documents.slides.text import add_text, fits
from dashboards.documents.slides.widths import width_of
from dashboards.documents.slides.workbook import rebuild_workbook
from dashboards.exports.svg.elements import clean

SHADES = (ACCENT, OTHERS, GRAY, HAIRLINE)  # of TallyRow.shade
_LABELS, _BARS, _GAP = 300, 360, 20  # pixels: words at the left, the longest bar, before and after a count
_TALLEST = 190  # pixels, of a row
_FULL = 0.58  # of a row's height: its bar
_LABEL_SIZES, _COUNT_SIZE, _SIZES = (18.0, 16.0, 14.0), 30.0, (16.0, 15.0, 14.0, 13.0, 12.0)


def add_tally(slide: Slide, tally: Tally, box: Box) -> Chart:
    """One row below the other, the first on top."""
    left, top, width, height = box
    high = min(px(_TALLEST), Emu(height // len(tally.rows)))
    most = max(row.count for row in tally.rows)
    data = CategoryChartData()
    data.categories = [clean(row.label) for row in tally.rows]
    data.add_series(clean(tally.unit), [row.count for row in tally.rows])
    frame = Emu(left + px(_LABELS + 10)), top, px(_BARS), Emu(high * len(tally.rows))
    made: Chart = place_chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, frame, data, tally.said).chart
    plot, names, values = made.plots[0], made.category_axis, made.value_axis
    plot.gap_width = round(100 * (1 - _FULL) / _FULL)
    for index, row in enumerate(tally.rows):
        fill_with(plot.series[0].points[index].format.fill, SHADES[row.shade])
    names.reverse_order, values.minimum_scale, values.maximum_scale = True, 0, most
    for axis in (names, values):
        axis.visible, axis.has_major_gridlines = False, False
    set_plot(made, 0, 0, 1, 1)
    rebuild_workbook(made)
    for index, row in enumerate(tally.rows):
        _words(slide, row, box, Emu(top + high * index), high, row.count / most)
    return made


def _words(slide: Slide, row: TallyRow, box: Box, top: Emu, high: Emu, share: float) -> None:
    left, _, width, _ = box
    label = left, top, px(_LABELS), high
    size = next((size for size in _LABEL_SIZES if fits(row.label, size, label, "calibri bold")), _LABEL_SIZES[-1])
    _middle(add_text(slide, row.label, label, size, bold=True))
    at = Emu(left + px(_LABELS + 10 + _GAP) + int(px(_BARS) * share))
    number = f"{row.count:,}"
    wide = Emu(int(12700 * width_of(number, _COUNT_SIZE, "georgia bold") * 1.1))
    _middle(add_text(slide, number, (at, top, wide, high), _COUNT_SIZE, color=INK, bold=True, font=SERIF))
    beside = Emu(at + wide + px(_GAP))
    place = beside, Emu(top + px(4)), Emu(left + width - beside), Emu(high - px(8))
    words, size = _fitting(row, place)
    _middle(add_text(slide, words, place, size))


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
