"""A document as slides: the finding is the title, one native chart or table a slide, source and number at the foot."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from itertools import groupby

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu

from dashboards.documents.cells import left_out
from dashboards.documents.grid_pages import grid_pages, row_size
from dashboards.documents.model import (
    Bars,
    Chart,
    Course,
    Curve,
    Document,
    Dots,
    Drawing,
    Grid,
    GridColumn,
    KeyNumber,
    Paragraph,
    Picture,
    Section,
)
from dashboards.documents.slides.bars import add_bars
from dashboards.documents.slides.course import add_course
from dashboards.documents.slides.curve import add_curve
from dashboards.documents.slides.deck import (
    add_foot,
    add_said,
    add_slide,
    add_title_slide,
    deck_bytes,
    describe_shape,
    fits_title,
    new_deck,
    write_notes,
)
from dashboards.documents.slides.dots import add_dots, rows_that_fit
from dashboards.documents.slides.look import ACCENT, BODY, MUTED, SMALLEST, TALL, TEXT, Box, pixel_box
from dashboards.documents.slides.tables import add_table
from dashboards.documents.slides.tally import add_tally
from dashboards.documents.slides.text import add_text, fits, fitting_size, whole_sentences
from dashboards.documents.slides.widths import Face
from dashboards.documents.text_pages import pages_of_paragraphs
from dashboards.exports.figure_svg import draw_figure
from dashboards.exports.typeset import typeset

_LABEL, _NUMBER, _SMALL = 14.0, (36.0, 30.0, 24.0, 20.0, 16.0), (13.0, 12.0, SMALLEST)
_FIRST_NUMBERS, _NUMBERS = 330.0, 210.0  # pixels from the top
_PICTURE = pixel_box(60, 146, 760, 486)
_BESIDE = pixel_box(850, 196, 370, 430)
_UPPER, _LOWER = pixel_box(60, 140, 1160, 272), pixel_box(60, 424, 1160, 208)  # a chart over its table
_DRAWN = (608.0, 389.0)  # pixels a figure is drawn at, so that its smallest letters are 15 on the slide


def write_pptx(document: Document) -> bytes:
    """The deck, 16:9. Raises UnknownFigurePart where a figure cannot be drawn."""
    at = document.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    deck = new_deck(document.title, document.publisher, document.address, at)
    if document.tally is None:
        slide = add_title_slide(deck, document.title, document.lede)
        _numbers(slide, document.numbers, _FIRST_NUMBERS)
    else:
        slide = add_slide(deck, document.title)
        add_said(slide, document.lede)
        add_tally(slide, document.tally, BODY)
    add_foot(deck, slide, f"{document.as_of_label}. {document.short_address}", document.publisher, document.banner)
    notes = [document.lede, document.as_of_label, document.address]
    notes += [f"{name}: {words}" for name, words in document.facts]
    _note(slide, [*notes, *(f"Source: {words}" for words in document.sources)])
    for (is_bare, _), sections in groupby(document.sections, key=lambda one: (one.is_bare, one.banner)):
        together = list(sections)
        parts = [_gathered(together)] if is_bare and len(together) > 1 else together
        for section in parts:
            _section(deck, document, section)
    return deck_bytes(deck)


def _gathered(sections: list[Section]) -> Section:
    """Sections of a sentence each as one table: what is missing is a row, not a slide."""
    rows = tuple((section.title, section.said) for section in sections)
    heads = (GridColumn("Part"), GridColumn("What there is", weight=3))
    notes = tuple(note for section in sections for note in section.notes)
    grid = Grid("In short", heads, rows)
    return Section("In short", grids=(grid,), notes=notes, banner=sections[0].banner)


def _section(deck: Deck, document: Document, section: Section) -> None:
    """Numbers, the picture or the charts, then each table and the long words on as many slides as they need."""

    def begin(title: str, notes: list[str]) -> Slide:
        slide = add_slide(deck, title)
        foot = section.foot or f"{document.as_of_label}. {document.short_address}"
        add_foot(deck, slide, foot, document.publisher, section.banner or document.banner)
        said = [title, section.finding, section.said, *notes, *section.notes, section.foot, document.as_of_label]
        _note(slide, [*dict.fromkeys(said), document.address, *(f"Source: {words}" for words in document.sources)])
        return slide

    title = section.finding if fits_title(section.finding) and section.finding else section.title
    said = section.said if title == section.finding else f"{section.finding} {section.said}".strip()
    if section.numbers:
        slide = begin(title, [])
        add_said(slide, said)
        _numbers(slide, section.numbers, _NUMBERS)
    for name, chart in _charts(section, title):
        slide = begin(name, [chart.said])
        if not (isinstance(chart, Bars) and chart.said == said):
            add_said(slide, said)
        if section.is_together and section.grids:
            _draw(slide, chart, _UPPER)
            _table_below(slide, section.grids[0])
        else:
            _draw(slide, chart)
    if section.picture and not section.charts:
        slide = begin(title, [])
        words = section.picture.alt if isinstance(section.picture, Picture) else section.picture.said
        _add_picture(slide, section.picture, words)
        _beside(slide, said, section.notes)
    for grid in () if section.is_together and section.charts else section.grids:
        if grid.in_print and grid.rows:
            grid = _on_one_slide(grid) if grid.is_one_slide else grid
            words = " ".join(part for part in (said if section.finding else "", grid.note, left_out(grid)) if part)
            box = BODY if words else TALL
            for page in grid_pages(grid, box):
                slide = begin(page.titled(grid.finding or section.finding), [grid.note])
                add_said(slide, words)
                add_table(slide, page.rows, box, row_size(grid, box), page.weights, page.numeric, page.colors)
    only_words = section.is_bare or not (section.numbers or section.charts or section.picture or section.grids)
    paragraphs = (Paragraph(section.said), *section.paragraphs) if only_words and section.said else section.paragraphs
    for number, text in enumerate(pages_of_paragraphs(paragraphs, TEXT, TALL)):
        slide = begin(section.title if number == 0 else f"{section.title} (continued)", [])
        add_text(slide, text, TALL, TEXT)


def _table_below(slide: Slide, grid: Grid) -> None:
    page = grid_pages(grid, _LOWER)[0]
    add_table(slide, page.rows, _LOWER, row_size(grid, _LOWER), page.weights, page.numeric, page.colors)


def _on_one_slide(grid: Grid) -> Grid:
    """With the rows that fit; the first ones stay. Words above the table take room, those of what is left out too."""
    if not (grid.note or grid.left_out) and len(grid_pages(grid, TALL)) == 1:
        return grid
    pages = grid_pages(grid, BODY)
    kept = len(pages[0].rows) - 1
    cut = len(grid.rows) - kept
    return replace(grid, rows=grid.rows[:kept], left_out=grid.left_out + cut) if len(pages) > 1 else grid


def _numbers(slide: Slide, numbers: tuple[KeyNumber, ...], top: float) -> None:
    """In one row; each with its label above and its uncertainty below, at sizes that hold for all of them."""
    wide = 1160 / max(1, len(numbers))
    places = [
        [pixel_box(60 + index * wide, top + y, wide - 26, high) for y, high in ((0, 66), (70, 62), (138, 120))]
        for index in range(len(numbers))
    ]
    if not numbers:
        return

    def size_of(row: int, said: list[str], choices: tuple[float, ...], face: Face = "calibri") -> float:
        return min(fitting_size(words, place[row], choices, face) for words, place in zip(said, places, strict=True))

    sizes = (
        size_of(0, [number.label for number in numbers], (_LABEL, 13.0, SMALLEST)),
        size_of(1, [number.number for number in numbers], _NUMBER, "calibri bold"),
        size_of(2, [number.small for number in numbers], _SMALL),
    )
    for number, (label, value, small) in zip(numbers, places, strict=True):
        add_text(slide, number.label, label, sizes[0], color=MUTED)
        add_text(slide, number.number, value, sizes[1], color=ACCENT, bold=True)
        words, _ = whole_sentences(number.small, small)
        add_text(slide, words or number.small, small, sizes[2], color=MUTED)


def _charts(section: Section, title: str) -> Iterator[tuple[str, Chart]]:
    """(title, chart) of each slide: one for a chart, as many as the rows of dots need."""
    for chart in section.charts:
        name = chart.title if chart.title and fits_title(chart.title) else title
        if not isinstance(chart, Dots) or len(chart.rows) <= (most := rows_that_fit(chart, BODY)):
            yield name, chart
            continue
        parts = [chart.rows[at : at + most] for at in range(0, len(chart.rows), most)]
        for number, part in enumerate(parts, 1):
            yield f"{name.rstrip('.')} ({number} of {len(parts)})", replace(chart, rows=part)


def _draw(slide: Slide, chart: Chart, box: Box = BODY) -> None:
    match chart:
        case Bars():
            add_bars(slide, chart, box)
        case Dots():
            add_dots(slide, chart, box)
        case Course():
            add_course(slide, chart, box)
        case Curve():
            add_curve(slide, chart, box)


def _add_picture(slide: Slide, picture: Picture | Drawing, alt: str) -> None:
    """At the left, as large as its box allows."""
    svg, (wide, high) = _svg_of(picture)
    png = typeset("figure", {"svg": svg, "width": wide}, "png", ppi=192)[0]
    left, top, width, height = _PICTURE
    scale = min(width / wide, height / high)
    size = Emu(int(wide * scale)), Emu(int(high * scale))
    shape = slide.shapes.add_picture(io.BytesIO(png), Emu(left + (width - size[0]) // 2), top, *size)
    describe_shape(shape, alt)


def _svg_of(picture: Picture | Drawing) -> tuple[str, tuple[float, float]]:
    if isinstance(picture, Picture):
        return picture.svg, (picture.width, picture.height)
    drawn = draw_figure(picture.figure, picture.title, picture.said, picture.geometry, *_DRAWN, picture.below)
    return drawn, _DRAWN


def _beside(slide: Slide, said: str, notes: tuple[str, ...]) -> None:
    """The rest of the finding in large letters, then as many of the notes as there is room for."""
    words, _ = whole_sentences(said, _BESIDE, 18.0)
    size = 18.0
    lines = [words] if words else []
    for note in notes:
        longer = "\n\n".join([*lines, note])
        if not fits(longer, TEXT, _BESIDE):
            break
        lines.append(note)
        size = TEXT
    if lines:
        add_text(slide, "\n\n".join(lines), _BESIDE, size)


def _note(slide: Slide, said: list[str]) -> None:
    write_notes(slide, "\n".join(words for words in said if words))
