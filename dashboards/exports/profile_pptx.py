"""A city's profile as a PowerPoint: a title slide and one slide per panel, with charts that can be edited."""

import io
from datetime import datetime, time

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches

from dashboards.charts.theme import ACCENT, MUTED, SAMPLE_INK
from dashboards.exports.credits import SAMPLE_WORDS, credits, short_credit, sources_of
from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.profile import Profile
from dashboards.exports.slides.native_charts import Box, add_chart
from dashboards.exports.slides.series import chart_rows
from dashboards.exports.slides.words import (
    add_table,
    add_text,
    fill_frame,
    fitting_size,
    lines_of,
    slide_table,
    table_size,
)
from dashboards.exports.svg.elements import clean
from dashboards.exports.typeset import typeset
from dashboards.panels.base import Panel
from dashboards.sentences import split_finding

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, ACROSS = Inches(0.55), Inches(12.23)
TITLE: Box = (LEFT, Inches(0.4), ACROSS, Inches(1.0))
SAID: Box = (LEFT, Inches(1.42), ACROSS, Inches(0.5))
WHOLE: Box = (LEFT, Inches(2.0), ACROSS, Inches(4.6))
FIGURE: Box = (LEFT, Inches(2.0), Inches(7.0), Inches(4.6))
TABLE: Box = (Inches(7.85), Inches(2.05), Inches(4.93), Inches(4.5))
FOOTER: Box = (LEFT, Inches(6.75), ACROSS, Inches(0.5))
_PICTURE = (980, 520)  # pixels a picture is drawn at
_TITLE_ONLY, _TITLE_SLIDE = 5, 0


def write_profile_pptx(profile: Profile) -> bytes:
    """The deck, 16:9. Raises UnknownFigurePart where a panel that makes no native chart cannot be drawn either."""
    deck = Presentation()
    _widen(deck)
    properties = deck.core_properties
    properties.title, properties.author = clean(profile.title)[:255], clean(profile.publisher)[:255]
    properties.subject = clean(profile.address)[:255]
    properties.created = properties.modified = datetime.combine(profile.made_on, time(12))
    _add_first(deck, profile)
    for panel in profile.panels:
        _add_panel(deck, panel, profile)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _widen(deck: Deck) -> None:
    """The plain theme is made for 4:3: its placeholders grow with the slide."""
    share = WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for master in deck.slide_masters:
        for holder in (master, *master.slide_layouts):
            for shape in holder.placeholders:
                if shape._element.spPr.xfrm is not None:
                    shape.left, shape.width = Emu(int(shape.left * share)), Emu(int(shape.width * share))


def _add_first(deck: Deck, profile: Profile) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_SLIDE])
    title, said = slide.shapes.title, slide.placeholders[1]
    _put(title, (LEFT, Inches(0.7), ACROSS, Inches(1.0)))
    fill_frame(title.text_frame, profile.title, fitting_size(profile.title, TITLE, (44, 36, 28, 20)), bold=True)
    box = (LEFT, Inches(1.8), ACROSS, Inches(1.6))
    _put(said, box)
    fill_frame(said.text_frame, profile.lede, fitting_size(profile.lede, box, (24, 20, 18, 16, 14)))
    for shape in (title, said):
        _to_the_left(shape)
    wide = int(ACROSS / max(1, len(profile.numbers)))
    for index, number in enumerate(profile.numbers):
        left, room = Emu(LEFT + index * wide), Emu(wide - Inches(0.25))
        add_text(slide, number.label, (left, Inches(3.65), room, Inches(0.6)), 14, colour=MUTED)
        add_text(slide, number.number, (left, Inches(4.25), room, Inches(0.7)), 36, colour=ACCENT, bold=True)
        add_text(slide, number.uncertainty, (left, Inches(5.0), room, Inches(1.2)), 12, colour=MUTED)
    _add_footer(slide, f"{profile.publisher}, {profile.made_on_words}. {profile.address}", profile.is_sample)
    sources = [f"Source: {said}" for said in credits(sources_of(profile.panels))]
    slide.notes_slide.notes_text_frame.text = clean("\n".join([profile.address, *sources]))


def _add_panel(deck: Deck, panel: Panel, profile: Profile) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    first, rest = split_finding(panel.finding or panel.title)
    _put(slide.shapes.title, TITLE)
    fill_frame(slide.shapes.title.text_frame, first, fitting_size(first, TITLE, (28, 24, 20, 18, 16)), bold=True)
    _to_the_left(slide.shapes.title)
    said = " ".join([rest or (panel.title if panel.finding else panel.reason), *panel.context])
    add_text(slide, said, SAID, fitting_size(said, SAID, (16, 14, 12, 10, 8)), colour=MUTED)
    words, room = slide_table(panel.table), TABLE if panel.figure is not None else WHOLE
    size = table_size(words[0], room) if words else None
    is_map = panel.figure is not None and any(trace.type == "choropleth" for trace in panel.figure.data)
    rows = None if is_map or panel.figure is None else chart_rows(panel.table)
    box = FIGURE if size else WHOLE
    if rows is not None:
        add_chart(slide, rows, box, panel.finding or panel.title)
    elif panel.figure is not None:
        _add_picture(slide, panel, profile, box)
    if size:
        add_table(slide, words[0], room, size)
    _add_footer(slide, footer_words(panel), panel.is_sample)
    slide.notes_slide.notes_text_frame.text = clean("\n".join(_notes(panel, profile, words[1] if size else [])))


def _add_picture(slide: Slide, panel: Panel, profile: Profile, box: Box) -> None:
    """What PowerPoint has no chart for (a map), drawn as on the page, as large as the box allows."""
    svg = panel_svg(panel, profile.geometry, *_PICTURE)
    png = typeset("figure", {"svg": svg, "width": _PICTURE[0]}, "png", ppi=144)[0]
    left, top, width, height = box
    scale = min(width / _PICTURE[0], height / _PICTURE[1])
    wide, high = Emu(int(_PICTURE[0] * scale)), Emu(int(_PICTURE[1] * scale))
    picture = slide.shapes.add_picture(io.BytesIO(png), Emu(left + (width - wide) // 2), top, wide, high)
    picture._element.nvPicPr.cNvPr.set("descr", clean(f"{panel.title}. {panel.finding}"))


def footer_words(panel: Panel) -> str:
    """Sources and vintages in two lines at most; what does not fit is counted and stands in the notes."""
    for kept in range(len(panel.sources), 0, -1):
        more = len(panel.sources) - kept
        said = f"Source: {short_credit(panel.sources[:kept])}" + (f"; {more} more in the notes" if more else "")
        if lines_of(said, 10, ACROSS) <= 2:
            return said
    return f"Sources: {len(panel.sources)}, see the notes" if panel.sources else ""


def _add_footer(slide: Slide, said: str, is_sample: bool) -> None:
    left, top, width, height = FOOTER
    add_text(slide, said, FOOTER, 10, colour=MUTED)
    if is_sample:
        box = (left, Emu(top - Inches(0.2)), width, Inches(0.2))
        add_text(slide, SAMPLE_WORDS, box, 11, colour=SAMPLE_INK, bold=True)


def _notes(panel: Panel, profile: Profile, left_out: list[str]) -> list[str]:
    said = [panel.finding, "", "How we know", *panel.caveats, ""]
    said += [f"Source: {words}" for words in credits(panel.sources)]
    if left_out:
        said.append(f"In the table on the portal but not on this slide: {', '.join(left_out)}.")
    said.append(f"All rows, as CSV: {profile.address}")
    return [SAMPLE_WORDS, *said] if panel.is_sample else said


def _put(shape, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box


def _to_the_left(shape) -> None:
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
