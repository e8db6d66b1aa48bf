"""A report as slides: charts and tables that can be edited, every table whole, sources and rules in the notes."""

import io
from datetime import UTC

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches, Length

from dashboards.charts.theme import ACCENT, MUTED
from dashboards.documents.cells import printed
from dashboards.documents.model import Bars, Document, Dots, DotValue, Grid, KeyNumber, Paragraph, Picture, Section
from dashboards.documents.slides.deck import (
    ACROSS,
    LEFT,
    SAID,
    WHOLE,
    add_footer,
    add_slide,
    add_title_slide,
    deck_bytes,
    describe_shape,
    new_deck,
    write_notes,
)
from dashboards.documents.slides.native_bars import add_bars
from dashboards.documents.slides.native_charts import add_chart
from dashboards.documents.slides.series import ChartRows, Series
from dashboards.documents.slides.text import LINE, Box, add_table, add_text, fitting_size, lines_of, table_heights
from dashboards.documents.text_pages import pages_of_paragraphs
from dashboards.exports.svg.elements import clean
from dashboards.exports.typeset import typeset
from dashboards.formatting.sentences import split_finding

_DOTS = 12  # names beside dots on one slide
_ROW_SIZE, _SMALL_ROW, _MANY = 11, 10, 20  # points, of tables; the smaller ones from so many rows on
_BODY: Box = (LEFT, Inches(1.5), ACROSS, Inches(4.95))
_CELL = 420  # letters
_TEXT = 14  # points, of words that fill a slide
_LABEL, _NUMBER, _SMALL = (Inches(3.65), Inches(0.6)), (Inches(4.25), Inches(0.7)), (Inches(5.0), Inches(1.45))


def write_pptx(document: Document) -> bytes:
    at = document.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    deck = new_deck(document.title, document.publisher, document.address, at)
    slide = add_title_slide(deck, document.title, document.lede, (20, 18, 16, 14, 12, 11))
    _numbers(slide, document.numbers, (_LABEL, _NUMBER, _SMALL))
    add_footer(slide, _footer(document), document.banner)
    notes = [document.as_of_label, document.address, *(f"{name}: {words}" for name, words in document.facts)]
    _note(slide, [*notes, *(f"Source: {words}" for words in document.sources)])
    for section in document.sections:
        _section(deck, document, section)
    return deck_bytes(deck)


def _section(deck: Deck, document: Document, section: Section) -> None:
    """Words and numbers, the figure, then each table and the long words on as many slides as they need."""
    banner = section.banner or document.banner

    def begin(title: str, notes: list[str]) -> Slide:
        slide = add_slide(deck, title, sizes=(26, 22, 20, 18, 16))
        add_footer(slide, _footer(document), banner)
        said = [section.said, *notes, *section.notes, document.as_of_label]
        _note(slide, [*said, *(f"Source: {words}" for words in document.sources)])
        return slide

    if section.numbers:
        slide = begin(section.title, [])
        add_text(slide, section.said, SAID, fitting_size(section.said, SAID, (16, 14, 12, 10)), color=MUTED)
        _numbers(
            slide,
            section.numbers,
            ((Inches(2.3), Inches(0.6)), (Inches(2.9), Inches(0.7)), (Inches(3.65), Inches(2.4))),
        )
    for title, chart in _charts(section):
        slide = begin(title, [chart.said])
        _said(slide, section.said)
        _draw(slide, chart)
    if section.picture:
        slide = begin(section.title, [section.picture.alt])
        _said(slide, section.said)
        _add_picture(slide, section.picture)
    for grid in section.grids:
        if grid.in_print and grid.rows:
            for title, rows, weights in grid_pages(grid):
                slide = begin(title, [grid.note] if grid.note else [])
                add_table(slide, rows, _BODY, row_size(grid), weights)
    only_words = not (section.numbers or section.chart or section.picture or any(g.rows for g in section.grids))
    paragraphs = (Paragraph(section.said), *section.paragraphs) if only_words and section.said else section.paragraphs
    for number, text in enumerate(pages_of_paragraphs(paragraphs, _TEXT, _BODY)):
        slide = begin(section.title if number == 0 else f"{section.title} (continued)", [])
        add_text(slide, text, _BODY, _TEXT)


def row_size(grid: Grid) -> int:
    return _SMALL_ROW if len(grid.rows) > _MANY else _ROW_SIZE


def grid_pages(grid: Grid) -> list[tuple[str, list[list[str]], tuple[float, ...]]]:
    """(title, rows in words with their heads first, widths): every row once, totals on the last."""
    heads, rows, total = printed(grid)
    weights = tuple(head.weight for head in heads)
    labels = [head.label for head in heads]
    rows = [[_shortened(words) for words in row] for row in (*rows, *([total] if total else []))]
    heights = table_heights([[clean(cell) for cell in row] for row in (labels, *rows)], ACROSS, row_size(grid), weights)
    pages: list[list[list[str]]] = [[]]
    room = _BODY[3] - heights[0]
    for row, high in zip(rows, heights[1:], strict=True):
        if pages[-1] and high > room:
            pages.append([])
            room = _BODY[3] - heights[0]
        pages[-1].append(row)
        room -= high
    count = len(pages)
    return [
        (
            grid.name if count == 1 else f"{grid.name} ({number} of {count})",
            [[clean(cell) for cell in row] for row in (labels, *page)],
            weights,
        )
        for number, page in enumerate(pages, 1)
    ]


def _shortened(words: str) -> str:
    """A cell that a slide can hold; the other files hold all of it."""
    return words if len(words) <= _CELL else f"{words[:_CELL].rsplit(' ', 1)[0]} … (all of it is in the workbook)"


def _numbers(slide: Slide, numbers: tuple[KeyNumber, ...], places: tuple[tuple[Length, Length], ...]) -> None:
    wide = int(ACROSS / max(1, len(numbers)))
    (label_top, label_high), (top, high), (small_top, small_high) = places
    for index, number in enumerate(numbers):
        left, room = Emu(LEFT + index * wide), Emu(wide - Inches(0.25))
        add_text(slide, number.label, (left, label_top, room, label_high), 14, color=MUTED)
        box = (left, top, room, high)
        add_text(slide, number.number, box, fitting_size(number.number, box, (32, 26, 20, 16)), color=ACCENT, bold=True)
        box = (left, small_top, room, small_high)
        add_text(slide, number.small, box, fitting_size(number.small, box, (12, 11, 10, 9)), color=MUTED)


def _charts(section: Section) -> list[tuple[str, Bars | Dots]]:
    """One slide for bars, as many as the dots need."""
    chart = section.chart
    if not isinstance(chart, Dots):
        return [(section.title, chart)] if chart else []
    parts = [chart.rows[at : at + _DOTS] for at in range(0, len(chart.rows), _DOTS)]
    return [
        (
            section.title if len(parts) == 1 else f"{section.title} ({number} of {len(parts)})",
            Dots(part, chart.unit, chart.said),
        )
        for number, part in enumerate(parts, 1)
    ]


def _draw(slide: Slide, chart: Bars | Dots) -> None:
    if isinstance(chart, Bars):
        add_bars(slide, chart.categories, chart.series, chart.unit, WHOLE, chart.said)
        return
    names = tuple(f"{row.label}: {row.words}" for row in chart.rows)
    below, above = (tuple(_reach(row, side) for row in chart.rows) for side in ("low", "high"))
    series = Series(chart.unit, tuple(row.value for row in chart.rows), below, above)
    add_chart(slide, ChartRows("dots", names, (series,), chart.unit), WHOLE, chart.said)


def _reach(row: DotValue, side: str) -> float:
    end = getattr(row, side)
    return 0.0 if end is None else abs(row.value - end)


def _add_picture(slide: Slide, picture: Picture) -> None:
    png = typeset("figure", {"svg": picture.svg, "width": picture.width}, "png", ppi=144)[0]
    left, top, width, height = WHOLE
    scale = min(width / picture.width, height / picture.height)
    wide, high = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
    shape = slide.shapes.add_picture(io.BytesIO(png), Emu(left + (width - wide) // 2), top, wide, high)
    describe_shape(shape, picture.alt)


def _said(slide: Slide, words: str) -> None:
    """As many whole sentences as the lines under the title hold in readable letters; all of them are in the notes."""
    sizes, said, rest = (16, 14, 12, 11), "", words
    while rest:
        first, rest = split_finding(rest)
        longer = f"{said} {first}".strip()
        if lines_of(longer, sizes[-1], SAID[2]) * sizes[-1] * LINE > SAID[3].pt:
            break
        said = longer
    if said:
        add_text(slide, said, SAID, fitting_size(said, SAID, sizes), color=MUTED)


def _footer(document: Document) -> str:
    return f"{document.publisher}. {document.as_of_label}. {document.address}"


def _note(slide: Slide, said: list[str]) -> None:
    write_notes(slide, "\n".join(words for words in said if words))
