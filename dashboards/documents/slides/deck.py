"""An empty deck, 16:9, and what stands on each of its slides: a bar, the finding, words under it, source and number."""

import io
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.shapes.picture import Picture
from pptx.slide import Slide
from pptx.util import Emu

from dashboards.documents.slides.look import (
    ACCENT,
    BAR,
    FOOT,
    HAIRLINE,
    HEIGHT,
    MUTED,
    NUMBER,
    RULE,
    SAID,
    SERIF,
    SMALLEST,
    TITLE,
    WARNED,
    WARNING,
    WIDTH,
    Box,
    pixel_box,
    rgb,
)
from dashboards.documents.slides.text import add_text, fill_frame, fits, fitting_size, whole_sentences
from dashboards.exports.svg.elements import clean

TITLE_ONLY, TITLE_SLIDE = 5, 0
TITLE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0)
_LINES = 2  # of a title, whatever its box would hold
FIRST_TITLE, FIRST_SAID = pixel_box(60, 64, 1160, 100), pixel_box(60, 176, 1160, 130)


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


def fits_title(words: str) -> bool:
    """Whether the words can be a slide's title: two lines at most, at the smallest of its sizes."""
    return fits(words, TITLE_SIZES[-1], _two_lines(TITLE_SIZES[-1]), "georgia bold")


def _two_lines(size: float) -> Box:
    left, top, width, _ = TITLE
    return left, top, width, Emu(int(_LINES * size * 1.2 * 12700) + 1)


def add_slide(deck: Deck, title: str) -> Slide:
    """With its title, as large as two lines allow; a longer one is cut at a word and stands whole in the notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    head, words = slide.shapes.title, clean(title)
    while not fits_title(words):
        words = f"{words.removesuffix(' …').rsplit(' ', 1)[0]} …"
    size = next(size for size in TITLE_SIZES if fits(words, size, _two_lines(size), "georgia bold"))
    put(head, TITLE)
    fill_frame(head.text_frame, words, size, bold=True, font=SERIF)
    to_the_left(head)
    _add_furniture(deck, slide)
    return slide


def add_title_slide(deck: Deck, title: str, lede: str) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    head, said = slide.shapes.title, slide.placeholders[1]
    put(head, FIRST_TITLE)
    size = fitting_size(title, FIRST_TITLE, (40.0, 36.0, 30.0, 26.0, 22.0, 18.0), "georgia bold")
    fill_frame(head.text_frame, title, size, bold=True, font=SERIF)
    put(said, FIRST_SAID)
    words, _ = whole_sentences(lede, FIRST_SAID)
    words = words or lede
    fill_frame(
        said.text_frame, words, fitting_size(words, FIRST_SAID, (20.0, 18.0, 16.0, 14.0, 13.0, SMALLEST)), color=MUTED
    )
    for shape in (head, said):
        to_the_left(shape)
    _add_furniture(deck, slide)
    return slide


def _add_furniture(deck: Deck, slide: Slide) -> None:
    """The bar above and the hairline over the foot; decoration that readers of the screen skip."""
    for box, color in ((BAR, ACCENT), (RULE, HAIRLINE)):
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box)
        bar.fill.solid()
        bar.fill.fore_color.rgb = rgb(color)
        bar.line.fill.background()
        bar.shadow.inherit = False


def add_foot(deck: Deck, slide: Slide, said: str, publisher: str, warning: str) -> None:
    """Source and vintage in two lines at most, the slide's number, and `warning` above where there is one to give."""
    words, _ = whole_sentences(said, FOOT, tail="More in the notes.")
    add_text(slide, words or "Sources: see the notes.", FOOT, SMALLEST, color=MUTED)
    number = add_text(slide, f"{publisher}   {len(deck.slides)}", NUMBER, SMALLEST, color=MUTED)
    number.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    if warning:
        said, _ = whole_sentences(warning, WARNED)
        add_text(slide, said or warning, WARNED, SMALLEST, color=WARNING, bold=True)


def add_said(slide: Slide, words: str, box: Box = SAID) -> str:
    """As many whole sentences as the lines under the title hold; the rest, for the notes."""
    said, rest = whole_sentences(words, box)
    if said:
        add_text(slide, said, box, fitting_size(said, box, (15.0, 14.0, 13.0, 12.0, SMALLEST)), color=MUTED)
    return rest


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
    """The theme centers its titles; sentences read from the left, from the top of their box."""
    body = shape.text_frame._txBody.bodyPr
    body.set("anchor", "t")
    for child in list(body):
        body.remove(child)  # no shrinking by the program: the size was chosen here
    for paragraph in shape.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.line_spacing = 1.0
