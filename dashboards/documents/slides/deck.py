"""An empty deck, 16:9, and the places of a slide: title, words under it, the room for a figure or a table, footer."""

import io
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.shapes.picture import Picture
from pptx.slide import Slide
from pptx.util import Emu, Inches

from dashboards.charts.theme import MUTED, SAMPLE_INK
from dashboards.documents.slides.text import Box, add_text, fill_frame, fitting_size
from dashboards.exports.svg.elements import clean

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, ACROSS = Inches(0.55), Inches(12.23)
TITLE: Box = (LEFT, Inches(0.4), ACROSS, Inches(1.0))
SAID: Box = (LEFT, Inches(1.42), ACROSS, Inches(0.5))
WHOLE: Box = (LEFT, Inches(2.0), ACROSS, Inches(4.5))
FOOTER: Box = (LEFT, Inches(6.75), ACROSS, Inches(0.5))
TITLE_ONLY, TITLE_SLIDE = 5, 0


def new_deck(title: str, author: str, subject: str, at: datetime) -> Deck:
    """`at`: the moment it says it was made, without a zone."""
    deck = Presentation()
    share = WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for master in deck.slide_masters:  # the plain theme is made for 4:3: its placeholders grow with the slide
        for holder in (master, *master.slide_layouts):
            for shape in holder.placeholders:
                if shape._element.spPr.xfrm is not None:
                    shape.left, shape.width = Emu(int(shape.left * share)), Emu(int(shape.width * share))
    properties = deck.core_properties
    properties.title, properties.author = clean(title)[:255], clean(author)[:255]
    properties.subject = clean(subject)[:255]
    properties.created = properties.modified = at
    return deck


def deck_bytes(deck: Deck) -> bytes:
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def add_slide(deck: Deck, title: str, box: Box = TITLE, sizes: tuple[int, ...] = (28, 24, 20, 18, 16)) -> Slide:
    """With its title, as large as fits the box."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    put(slide.shapes.title, box)
    fill_frame(slide.shapes.title.text_frame, title, fitting_size(title, box, sizes), bold=True)
    to_the_left(slide.shapes.title)
    return slide


def add_title_slide(deck: Deck, title: str, lede: str, sizes: tuple[int, ...] = (24, 20, 18, 16, 14)) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    head, said = slide.shapes.title, slide.placeholders[1]
    put(head, (LEFT, Inches(0.7), ACROSS, Inches(1.0)))
    fill_frame(head.text_frame, title, fitting_size(title, TITLE, (44, 36, 28, 20)), bold=True)
    box = (LEFT, Inches(1.8), ACROSS, Inches(1.6))
    put(said, box)
    fill_frame(said.text_frame, lede, fitting_size(lede, box, sizes))
    for shape in (head, said):
        to_the_left(shape)
    return slide


def add_footer(slide: Slide, said: str, warning: str) -> None:
    """`warning` stands above the footer where what the slide shows is not published work, "" otherwise."""
    left, top, width, _ = FOOTER
    add_text(slide, said, FOOTER, 10, color=MUTED)
    if warning:
        add_text(slide, warning, (left, Emu(top - Inches(0.2)), width, Inches(0.2)), 11, color=SAMPLE_INK, bold=True)


def write_notes(slide: Slide, said: str) -> None:
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None, "the plain theme's notes have a place for text"
    frame.text = clean(said)


def describe_shape(picture: Picture, words: str) -> None:
    """Words for those who do not see the picture."""
    properties: Any = picture._element.nvPicPr
    properties.cNvPr.set("descr", clean(words))


def put(shape, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box


def to_the_left(shape) -> None:
    """The theme centres its titles; sentences read from the left, from the top of their box."""
    body = shape.text_frame._txBody.bodyPr
    body.set("anchor", "t")
    for child in list(body):
        body.remove(child)  # no shrinking by the program: the size was chosen here
    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            if run.font.color.rgb is None:
                run.font.color.rgb = RGBColor.from_string("1B1F23")
