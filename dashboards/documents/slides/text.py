"""Words on slides: how many lines they take, the largest size at which they fit their box, and text boxes of them."""

from typing import Any

from lxml import etree
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Length, Pt

from dashboards.documents.slides.look import INK, SANS, SERIF, SMALLEST, Box, rgb
from dashboards.documents.slides.widths import Face, width_of
from dashboards.exports.svg.elements import clean
from dashboards.formatting.sentences import split_finding

LINE = 1.2  # of the letters' size
_ROOM = 0.985  # of a line's width that words are set on: programs round widths up


def add_text(
    slide: Slide, words: str, box: Box, size: float, *, color: str = INK, bold: bool = False, font: str = SANS
) -> Any:
    """A text box that wraps; `size` in points."""
    shape = slide.shapes.add_textbox(*box)
    fill_frame(shape.text_frame, words, size, color=color, bold=bold, font=font)
    return shape


def fill_frame(frame: Any, words: str, size: float, *, color: str = INK, bold: bool = False, font: str = SANS) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = clean(words)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, font
            run.font.color.rgb = rgb(color)
        if not paragraph.runs:  # an empty line is as high as the others
            etree.SubElement(paragraph._p, qn("a:endParaRPr"), sz=str(int(size * 100)))


def face_of(font: str, bold: bool) -> Face:
    """Titles in Georgia are always bold."""
    if font == SERIF:
        return "georgia bold"
    return "calibri bold" if bold else "calibri"


def break_lines(words: str, size: float, width: Length, face: Face = "calibri") -> list[str]:
    """The lines a box of that width sets the words in; a word longer than a line is cut as programs cut it."""
    room, lines = Emu(width).pt * _ROOM, []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, size, face) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while width_of(line, size, face) > room and len(line) > 1:
                fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or width_of(line[:n], size, face) <= room)
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line)
    return lines


def lines_of(words: str, size: float, width: Length, face: Face = "calibri") -> int:
    return len(break_lines(words, size, width, face))


def height_of(words: str, size: float, width: Length, face: Face = "calibri") -> float:
    """Points."""
    return lines_of(words, size, width, face) * size * LINE


def fits(words: str, size: float, box: Box, face: Face = "calibri") -> bool:
    return height_of(words, size, box[2], face) <= Emu(box[3]).pt


def fitting_size(words: str, box: Box, sizes: tuple[float, ...], face: Face = "calibri") -> float:
    """The first of the sizes at which the words fit the box, the last one if none does."""
    return next((size for size in sizes if fits(words, size, box, face)), sizes[-1])


def whole_sentences(words: str, box: Box, size: float = SMALLEST, tail: str = "") -> tuple[str, str]:
    """(as many whole sentences as the box holds at that size, `tail` behind those that are not all; the rest)."""
    if fits(words, size, box):
        return words, ""
    said, rest = "", words
    while rest:
        first, after = split_finding(rest)
        longer = f"{said} {first}".strip()
        if not fits(f"{longer} {tail}".strip(), size, box):
            break
        said, rest = longer, after
    return f"{said} {tail}".strip() if said else "", rest
