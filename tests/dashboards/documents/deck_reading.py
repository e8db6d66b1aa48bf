"""A deck as a reader gets it: its charts' points and words, and what no slide may do (spilled, covered, small text)."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu

from dashboards.documents.slides.dots import NAMES, WORDS
from dashboards.documents.slides.look import HEIGHT, SMALLEST, WIDTH
from dashboards.documents.slides.text import face_of, height_of
from dashboards.documents.slides.widths import width_of

_EPOCH = date(1899, 12, 30)  # day 0 of a sheet


def open_deck(content: bytes):
    return Presentation(io.BytesIO(content))


def charts_on(deck) -> list:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def chart_of(slide):
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    return chart


def title_of(slide) -> str:
    return slide.shapes.title.text_frame.text


def points_of(series) -> list[tuple[float, float]]:
    sides = [[float(v.text) for v in series._element.find(f"{{*}}{side}").iter("{*}v")] for side in ("xVal", "yVal")]
    return list(zip(*sides, strict=True))


def labels_of(series) -> dict[int, str]:
    """Words of our own beside its points, lines joined."""
    return {
        int(label.find(qn("c:idx")).get("val")): " ".join(
            "".join(t.text for t in line.iter(qn("a:t"))) for line in label.iter(qn("a:p"))
        )
        for label in series._element.iter(qn("c:dLbl"))
    }


def dots_on(chart) -> dict[str, float]:
    """Name of each row -> its value, and the rule's words -> where it stands."""
    drawn = {series.name: series for series in chart.plots[0].series}
    names = drawn.pop(NAMES)
    drawn.pop(WORDS)
    at = {y: labels_of(names)[index] for index, (_, y) in enumerate(points_of(names))}
    found: dict[str, float] = {}
    for name, series in drawn.items():
        points = points_of(series)
        if len(points) == 2 and points[0][0] == points[1][0] and points[0][1] == 0.5:
            found[name] = points[0][0]
        elif not name.startswith("Same group"):
            found |= {at[y]: x for x, y in points}
    return found


def moments_on(chart) -> dict[date, float]:
    """Day -> value over all series of a chart over time; each day once."""
    categories = chart._chartSpace.find(f".//{qn('c:cat')}")
    days = [_EPOCH + timedelta(days=int(float(v.text))) for v in categories.iter(qn("c:v"))]
    assert days == sorted(set(days)), "time runs forward"
    found: dict[date, float] = {}
    for series in chart.plots[0].series:
        for day, value in zip(days, series.values, strict=True):
            if value is not None:
                assert day not in found
                found[day] = value
    return found


def sheet_of(chart):
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]


def check_slides(deck) -> None:
    """Everything on its slide, nothing over another thing, no letters under 15 pixels, all words inside their boxes."""
    for slide in deck.slides:
        boxes = []
        for shape in slide.shapes:
            box = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            assert min(box[:2]) >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT, shape.name
            boxes.append((box, shape.name))
            _check_words(shape)
            if shape.has_chart:
                check_chart_words(shape)
        for index, (one, name) in enumerate(boxes):
            for two, other in boxes[index + 1 :]:
                apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
                assert apart, (title_of(slide), name, other)


def _check_words(shape) -> None:
    runs = [run for p in shape.text_frame.paragraphs for run in p.runs] if shape.has_text_frame else []
    if runs:
        font = runs[0].font
        assert font.name in ("Georgia", "Calibri")
        assert font.size.pt >= SMALLEST
        words = shape.text_frame.text
        high = height_of(words, font.size.pt, shape.width, face_of(font.name, bool(font.bold)))
        assert high <= Emu(shape.height).pt + 1, words
        if shape.is_placeholder and font.name == "Georgia" and font.size.pt <= 28:
            assert high <= 2 * font.size.pt * 1.2 + 1, f"more than two lines: {words}"
    if shape.has_table:
        sizes = [int(r.get("sz")) for r in shape.table._tbl.iter(qn("a:rPr"))]
        assert min(sizes) >= SMALLEST * 100


def check_chart_words(shape) -> None:
    """Letters of 15 pixels and more; names and values of rows inside the frame, beside the plot, on lines apart."""
    chart, wide, high = shape.chart, Emu(shape.width).pt, Emu(shape.height).pt
    sizes = [int(e.get("sz")) for e in chart._chartSpace.iter(qn("a:rPr"), qn("a:defRPr")) if e.get("sz")]
    assert min(sizes) >= SMALLEST * 100
    layout = chart._chartSpace.find(f".//{qn('c:manualLayout')}")
    plot = {e.tag: float(e.get("val")) for e in layout if e.tag in {qn(f"c:{side}") for side in "xywh"}}
    left, across, tall = (plot[qn(f"c:{side}")] for side in "xwh")
    drawn = {series.name: series for series in chart.plots[0].series}
    if NAMES not in drawn:
        return
    for name, room in ((NAMES, left * wide), (WORDS, (1 - left - across) * wide)):
        for label in drawn[name]._element.iter(qn("c:dLbl")):
            bold = label.find(f".//{qn('a:rPr')}").get("b") == "1"
            lines = ["".join(t.text for t in line.iter(qn("a:t"))) for line in label.iter(qn("a:p"))]
            assert all(width_of(line, 13, face_of("Calibri", bold)) <= room for line in lines), lines
            assert len(lines) * 13 * 1.2 <= tall * high / len(points_of(drawn[name])) * 1.25, lines


def check_sheet(chart) -> int:
    """Every range the chart refers to holds the chart's own numbers, those of its error bars too."""
    sheet, checked = sheet_of(chart), 0
    for reference in chart._chartSpace.iter("{*}numRef"):
        cells = sheet[reference.findtext("{*}f").split("!")[1].replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        told = {int(p.get("idx")): float(p.findtext("{*}v")) for p in reference.iter("{*}pt")}
        held = {index: _number(row[0].value) for index, row in enumerate(rows) if row[0].value is not None}
        assert held == pytest.approx(told, rel=1e-12), reference.findtext("{*}f")
        checked += 1
    return checked


def _number(value) -> float:
    return float((value.date() - _EPOCH).days) if isinstance(value, datetime) else value


def xml_of(chart) -> str:
    return etree.tostring(chart._chartSpace).decode()
