"""The map as a picture that travels alone: painted, with its legend in the corner kept free and its words below."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from atlas.drawing.frame import CONTROLS, HEIGHT, WIDTH
from dashboards.maps.city_svg import CityMap, map_group
from dashboards.maps.legend import WIDTH as LEGEND_WIDTH
from dashboards.maps.looks import as_paint

MARGIN, PADDING = 12, 12
LETTERS, LINE = 122, 18  # of a line below the map; pixels from one to the next
LEGEND_LETTERS = 46
TEXT = 'font-size="13.5" fill="#16222E"'


@dataclass(frozen=True)
class PaintedLegend:
    """`line` states the count; `group` is drawn below it, `height` pixels of it; `swatches` are (class, words)."""

    line: str
    group: str = ""
    height: int = 0
    swatches: tuple[tuple[str, str], ...] = ()


def draw_picture(shown: CityMap, legend: PaintedLegend, below: Sequence[str]) -> tuple[str, int, int]:
    """(SVG, width, height in pixels). `below`: paragraphs under the map."""
    lines = [line for words in below if words for line in wrap(words, LETTERS)]
    high = HEIGHT + (10 + LINE * len(lines) if lines else 0)
    words = "".join(
        f'<text {TEXT} x="0" y="{HEIGHT + 6 + LINE * (at + 1)}">{escape(line)}</text>' for at, line in enumerate(lines)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{high}" viewBox="0 0 {WIDTH} {high}" '
        f'role="img" aria-label="{escape(shown.title)}" font-family="Source Sans Pro, sans-serif">'
        f'<rect width="{WIDTH}" height="{high}" fill="#FFFFFF"/>{map_group(shown)}'
        f"{_legend(legend, shown.drawing.legend)}{words}</svg>"
    )
    return svg, WIDTH, high


def _legend(legend: PaintedLegend, corner: str) -> str:
    lines = wrap(legend.line, LEGEND_LETTERS)
    top = PADDING + LINE * len(lines)
    high = top + legend.height + LINE * len(legend.swatches) + PADDING // 2
    wide = LEGEND_WIDTH + 2 * PADDING
    x = WIDTH - wide - MARGIN if corner[1] == "e" else MARGIN
    y = HEIGHT - high - MARGIN if corner[0] == "s" else CONTROLS[3] if corner == "nw" else MARGIN
    words = "".join(
        f'<text {TEXT} font-weight="600" x="{PADDING}" y="{PADDING + LINE * at + 11}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    swatches = "".join(
        f'<rect{as_paint(css)} x="{PADDING}" y="{top + LINE * at + 2}" width="16" height="12"/>'
        f'<text {TEXT} x="{PADDING + 22}" y="{top + LINE * at + 12}">{escape(said)}</text>'
        for at, (css, said) in enumerate(legend.swatches)
    )
    return (
        f'<g transform="translate({x} {y})"><rect width="{wide}" height="{high}" rx="6" fill="#FFFFFF" '
        f'stroke="#D9D5CC"/>{words}{swatches}<g transform="translate({PADDING} {top})">{legend.group}</g></g>'
    )
