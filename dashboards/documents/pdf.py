"""A report as PDF, US Letter, as many pages as it takes: tagged, its tables with their heads on every page."""

from itertools import groupby
from typing import Any

from dashboards.charts.bar_groups import draw_bar_groups
from dashboards.charts.interval_rows import draw_interval_rows, span_of
from dashboards.documents.cells import NUMBERS, color_of, printed
from dashboards.documents.model import Bars, Document, Dots, Grid, Picture, Section
from dashboards.exports.figure_svg import draw_figure
from dashboards.exports.typeset import typeset

_WIDTH = 720  # pixels a chart is drawn at; it is as wide as the page's words
_ROWS = 40  # dots in one drawing, about a page: more go on in the next, on the same axis
_TALLEST = 560.0  # pixels at _WIDTH that a picture may be high


def write_pdf(document: Document) -> bytes:
    """PDF/UA-1; the same document gives the same bytes."""
    return typeset("report", report_data(document), "pdf", at=document.as_of.replace(microsecond=0))[0]


def report_data(document: Document) -> dict[str, Any]:
    """Everything the pages print, as plain strings."""
    return {
        "title": document.title,
        "lede": document.lede,
        "publisher": document.publisher,
        "address": document.address,
        "short": document.address.split("?")[0],
        "as_of": document.as_of_label,
        "banner": document.banner,
        "numbers": [vars(number) for number in document.numbers],
        "groups": [
            {"banner": banner, "sections": [_section(section) for section in sections]}
            for banner, sections in groupby(document.sections, key=lambda section: section.banner)
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "said": section.said,
        "numbers": [vars(number) for number in section.numbers],
        "pictures": [*_pictures(section), *([_picture(section.picture)] if section.picture else [])],
        "grids": [_grid(grid) for grid in section.grids if grid.in_print and grid.rows],
        "paragraphs": [vars(words) | {"text": lines(words.text)} for words in section.paragraphs],
        "notes": list(section.notes),
    }


def lines(text: str) -> list[str]:
    """Paragraphs of what somebody typed, without the empty ones."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _grid(grid: Grid) -> dict[str, Any]:
    heads, rows, total = printed(grid)
    return {
        "name": grid.name,
        "heads": [head.label for head in heads],
        "widths": [head.weight for head in heads],
        "dates": [head.kind == "date" for head in heads],
        "numeric": [head.kind in NUMBERS for head in heads],
        "rows": [
            [
                {"text": words, "color": color_of(words) if head.kind == "mark" else ""}
                for words, head in zip(row, heads, strict=True)
            ]
            for row in rows
        ],
        "total": total or [],
        "note": grid.note,
    }


def _picture(picture: Picture) -> dict[str, Any]:
    high = picture.height * _WIDTH / picture.width
    return {"svg": picture.svg, "alt": picture.alt, "share": min(1.0, _TALLEST / high)}


def _pictures(section: Section) -> list[dict[str, Any]]:
    chart = section.chart
    if isinstance(chart, Bars):
        figure = draw_bar_groups(chart.categories, chart.series, chart.unit)
        return [_drawn(figure, section.title, chart.said)]
    if isinstance(chart, Dots) and chart.rows:
        rows = tuple((row.label, row.value, row.low, row.high, row.words) for row in chart.rows)
        span = span_of(rows)
        return [
            _drawn(draw_interval_rows(rows[at : at + _ROWS], chart.unit, span), section.title, chart.said)
            for at in range(0, len(rows), _ROWS)
        ]
    return []


def _drawn(figure, title: str, said: str) -> dict[str, Any]:
    return {"svg": draw_figure(figure, title, said, width=_WIDTH), "alt": f"{title}. {said}", "share": 1.0}
