"""A document as PDF, US Letter: on one sheet, or on as many pages as it takes; tagged, table heads on every page."""

from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from atlas.formatting.money import format_whole_dollars
from dashboards.charts.bar_groups import draw_bar_groups
from dashboards.charts.interval_rows import draw_interval_rows, span_of
from dashboards.documents.cells import NUMBERS, color_of, left_out, printed
from dashboards.documents.model import Bars, Document, Dots, Drawing, Grid, Picture, Section, Tally
from dashboards.documents.one_page import in_words, one_page_data
from dashboards.documents.slides.tally import SHADES
from dashboards.exports.figure_svg import draw_figure
from dashboards.exports.typeset import typeset

_WIDTH = 720  # pixels a chart is drawn at; it is as wide as the page's words
_ROWS = 40  # dots in one drawing, about a page: more go on in the next, on the same axis
_TALLEST = 560.0  # pixels at _WIDTH that a picture may be high
_MOST_LINES = 3  # of one kind of the tally; more are named in short
_PAGES = b"<xmpTPg:NPages>%d</xmpTPg:NPages>"


class DoesNotFit(ValueError):
    """The document has more to show than its one page holds, or the two sides of its sheet."""


def write_pdf(document: Document) -> bytes:
    """PDF/UA-1; the same document gives the same bytes.

    Raises DoesNotFit for a document of one sheet that needs more, and UnknownFigurePart where a figure cannot be drawn.
    """
    name, data = ("one_page", one_page_data(document)) if document.is_one_page else ("report", report_data(document))
    pdf = typeset(name, data, "pdf", at=document.as_of.replace(microsecond=0))[0]
    if document.is_one_page and _PAGES % (pages := 2 if data["first"] else 1) not in pdf:
        raise DoesNotFit(f"{document.title} does not fit on {'one page' if pages == 1 else 'two pages'}.")
    return pdf


def report_data(document: Document) -> dict[str, Any]:
    """Everything the pages print, as plain strings."""
    return {
        "title": document.title,
        "lede": document.lede,
        "publisher": document.publisher,
        "address": document.address,
        "short": document.short_address,
        "as_of": document.as_of_label,
        "banner": document.banner,
        "numbers": [vars(number) for number in document.numbers],
        "tally": _tally(document.tally) if document.tally else [],
        "groups": [
            {"banner": banner, "sections": [_section(section) for section in sections]}
            for banner, sections in groupby(document.sections, key=lambda section: section.banner)
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "said": f"{section.finding.rstrip('.')}. {section.said}"
        if section.finding and section.said
        else section.finding or section.said,
        "numbers": [vars(number) for number in section.numbers],
        "stacks": [_stack(chart) for chart in section.charts if isinstance(chart, Bars) and chart.colors],
        "pictures": [picture for chart in section.charts for picture in _pictures(chart, section.title)]
        if section.picture is None
        else [_picture(section.picture)],
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
        "note": " ".join(words for words in (grid.note, left_out(grid)) if words),
    }


def _tally(tally: Tally) -> list[dict[str, Any]]:
    """A row a kind; `share` of the longest bar, 0-1."""
    most = max(row.count for row in tally.rows)
    return [
        {
            "label": row.label,
            "count": f"{row.count:,}",
            "share": row.count / most,
            "color": SHADES[row.shade],
            "words": list(row.lines) if len(row.lines) <= _MOST_LINES else [", ".join(row.names)],
        }
        for row in tally.rows
    ]


def _stack(chart: Bars) -> dict[str, Any]:
    """Bars of parts, as shares of the longest, and what each color stands for; parts below nothing are not drawn."""
    sums = [sum(max(values[at] or 0.0, 0.0) for _, values in chart.series) for at in range(len(chart.categories))]
    most = max(sums, default=0.0) or 1.0
    return {
        "said": chart.said,
        "keys": [{"label": name, "color": color} for (name, _), color in zip(chart.series, chart.colors, strict=True)],
        "rows": [
            {
                "label": label,
                "total": format_whole_dollars(sums[at]),
                "parts": [
                    {"share": max(values[at] or 0.0, 0.0) / most, "color": color}
                    for (_, values), color in zip(chart.series, chart.colors, strict=True)
                ],
            }
            for at, label in enumerate(chart.categories)
        ],
    }


def _picture(picture: Picture | Drawing) -> dict[str, Any]:
    if isinstance(picture, Drawing):
        svg = draw_figure(
            picture.figure, picture.title, picture.said, picture.geometry, width=_WIDTH, below=picture.below
        )
        return {"svg": svg, "alt": in_words(picture.title, picture.said), "share": 1.0}
    high = picture.height * _WIDTH / picture.width
    return {"svg": picture.svg, "alt": picture.alt, "share": min(1.0, _TALLEST / high)}


def _pictures(chart: object, title: str) -> list[dict[str, Any]]:
    if isinstance(chart, Bars) and chart.colors:
        return []  # typeset as rules of their own
    if isinstance(chart, Bars):
        return [_drawn(draw_bar_groups(chart.categories, chart.series, chart.unit), title, chart.said)]
    if isinstance(chart, Dots) and chart.rows:
        rows = tuple((row.label, row.value, row.low, row.high, row.words) for row in chart.rows)
        span = span_of(rows)
        return [
            _drawn(draw_interval_rows(rows[at : at + _ROWS], chart.unit, span), title, chart.said, chart.below)
            for at in range(0, len(rows), _ROWS)
        ]
    raise TypeError(f"{type(chart).__name__} is drawn on slides only: on paper its section has a picture.")


def _drawn(figure: go.Figure, title: str, said: str, below: tuple[str, ...] = ()) -> dict[str, Any]:
    svg = draw_figure(figure, title, said, width=_WIDTH, below=below)
    return {"svg": svg, "alt": in_words(title, said), "share": 1.0}
