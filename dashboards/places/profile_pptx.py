"""A city's profile as a PowerPoint: a title slide and one slide per panel, with charts that can be edited."""

import io
from datetime import datetime, time

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches

from dashboards.charts.theme import ACCENT, MUTED
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
from dashboards.documents.slides.native_charts import add_chart
from dashboards.documents.slides.series import chart_rows
from dashboards.documents.slides.text import Box, add_table, add_text, fitting_size, lines_of, slide_table, table_size
from dashboards.exports.credits import SAMPLE_WORDS, credits, short_credit, sources_of
from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.typeset import typeset
from dashboards.formatting.sentences import split_finding
from dashboards.panels.base import Panel
from dashboards.places.profile import Profile

FIGURE: Box = (LEFT, Inches(2.0), Inches(7.0), Inches(4.5))
TABLE: Box = (Inches(7.85), Inches(2.05), Inches(4.93), Inches(4.5))
_PICTURE = (980, 520)  # pixels a picture is drawn at


def write_profile_pptx(profile: Profile) -> bytes:
    """The deck, 16:9. Raises UnknownFigurePart where a panel that makes no native chart cannot be drawn either."""
    deck = new_deck(profile.title, profile.publisher, profile.address, datetime.combine(profile.made_on, time(12)))
    _add_first(deck, profile)
    for panel in profile.panels:
        _add_panel(deck, panel, profile)
    return deck_bytes(deck)


def _add_first(deck: Deck, profile: Profile) -> None:
    slide = add_title_slide(deck, profile.title, profile.lede)
    wide = int(ACROSS / max(1, len(profile.numbers)))
    for index, number in enumerate(profile.numbers):
        left, room = Emu(LEFT + index * wide), Emu(wide - Inches(0.25))
        add_text(slide, number.label, (left, Inches(3.65), room, Inches(0.6)), 14, color=MUTED)
        add_text(slide, number.number, (left, Inches(4.25), room, Inches(0.7)), 36, color=ACCENT, bold=True)
        add_text(slide, number.uncertainty, (left, Inches(5.0), room, Inches(1.2)), 12, color=MUTED)
    add_footer(slide, f"{profile.publisher}, {profile.made_on_label}. {profile.address}", _warning(profile))
    sources = [f"Source: {said}" for said in credits(sources_of(profile.panels))]
    write_notes(slide, "\n".join([profile.address, *sources]))


def _add_panel(deck: Deck, panel: Panel, profile: Profile) -> None:
    first, rest = split_finding(panel.finding or panel.title)
    slide = add_slide(deck, first)
    said = " ".join([rest or (panel.title if panel.finding else panel.reason), *panel.context])
    add_text(slide, said, SAID, fitting_size(said, SAID, (16, 14, 12, 10, 8)), color=MUTED)
    words, left_out = slide_table(panel.table) or ([], [])
    room = TABLE if panel.figure is not None else WHOLE
    size = table_size(words, room) if words else None
    is_map = panel.figure is not None and any(trace.type == "choropleth" for trace in panel.figure.data)
    rows = None if is_map or panel.figure is None else chart_rows(panel.table)
    box = FIGURE if size else WHOLE
    if rows is not None:
        add_chart(slide, rows, box, panel.finding or panel.title)
    elif panel.figure is not None:
        _add_picture(slide, panel, profile, box)
    if size:
        add_table(slide, words, room, size)
    add_footer(slide, footer_text(panel), _warning(panel))
    write_notes(slide, "\n".join(_notes(panel, profile, left_out if size else [])))


def _add_picture(slide: Slide, panel: Panel, profile: Profile, box: Box) -> None:
    """What PowerPoint has no chart for (a map), drawn as on the page, as large as the box allows."""
    svg = panel_svg(panel, profile.geometry, *_PICTURE)
    png = typeset("figure", {"svg": svg, "width": _PICTURE[0]}, "png", ppi=144)[0]
    left, top, width, height = box
    scale = min(width / _PICTURE[0], height / _PICTURE[1])
    wide, high = Emu(int(_PICTURE[0] * scale)), Emu(int(_PICTURE[1] * scale))
    picture = slide.shapes.add_picture(io.BytesIO(png), Emu(left + (width - wide) // 2), top, wide, high)
    describe_shape(picture, f"{panel.title}. {panel.finding}")


def footer_text(panel: Panel) -> str:
    """Sources and vintages in two lines at most; what does not fit is counted and stands in the notes."""
    for kept in range(len(panel.sources), 0, -1):
        more = len(panel.sources) - kept
        said = f"Source: {short_credit(panel.sources[:kept])}" + (f"; {more} more in the notes" if more else "")
        if lines_of(said, 10, ACROSS) <= 2:
            return said
    return f"Sources: {len(panel.sources)}, see the notes" if panel.sources else ""


def _warning(shown: Profile | Panel) -> str:
    return SAMPLE_WORDS if shown.is_sample else ""


def _notes(panel: Panel, profile: Profile, left_out: list[str]) -> list[str]:
    said = [panel.finding, "", "How we know", *panel.caveats, ""]
    said += [f"Source: {words}" for words in credits(panel.sources)]
    if left_out:
        said.append(f"In the table on the portal but not on this slide: {', '.join(left_out)}.")
    said.append(f"All rows, as CSV: {profile.address}")
    return [SAMPLE_WORDS, *said] if panel.is_sample else said
