"""How each class of a map is painted where no stylesheet reaches: in PDF, PNG and slides. The page has CSS."""

import re
from collections.abc import Callable

from dashboards.charts.map_view import TIER_COLORS
from dashboards.charts.theme import ABOVE_US, ACCENT, BELOW_US, INK, MUTED, PAPER, WITHIN

GROUND, LAND, BORDER = "#EFEBE1", "#E6E0D2", "#FFFFFF"
WATER, WATER_INK, GREEN_INK = "#D3E2EC", "#2F6184", "#3F6B45"
ROAD, CASING, HATCH = "#8B8478", "#FFFFFF", "#9AA3AC"

_HALO = f'stroke="{PAPER}" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"'  # bars lie behind words

_FILLS = {
    **{f"s{step}": color for step, color in enumerate((*BELOW_US, *ABOVE_US))},
    **{f"w{step}": color for step, color in enumerate(WITHIN[5])},
    **{f"t{step}": color for step, color in enumerate(TIER_COLORS)},
    "no-value": "url(#hatch)",
    "open-water": WATER,
}
_LINES = {
    "hatch-ground": f'fill="{PAPER}"',
    "hatch-bar": f'fill="{HATCH}"',
    "near": f'fill="{LAND}" stroke="{BORDER}" stroke-width="0.6"',
    "county": f'fill="none" stroke="{MUTED}" stroke-width="0.8" stroke-dasharray="4 3"',
    "water": f'fill="{WATER}" stroke="none"',
    "stream": f'fill="none" stroke="{WATER_INK}" stroke-width="0.8" stroke-opacity="0.6"',
    "landmark": f'fill="none" stroke="{GREEN_INK}" stroke-width="0.8"',
    "road-1": f'fill="none" stroke="{ROAD}" stroke-width="2"',
    "road-1-case": f'fill="none" stroke="{CASING}" stroke-width="4"',
    "road-2": f'fill="none" stroke="{ROAD}" stroke-width="0.8"',
    "shield": f'fill="{PAPER}" stroke="{ROAD}" stroke-width="1"',
    "shield-text": f'fill="{INK}" font-size="10.5" font-weight="600"',
    "city-edge": f'fill="none" stroke="{INK}" stroke-width="1.4"',
    "ring-under": f'fill="none" stroke="{PAPER}" stroke-width="6"',
    "ring": f'fill="none" stroke="{INK}" stroke-width="3"',
    "zip-under": f'fill="none" stroke="{PAPER}" stroke-width="4.5"',
    "zip": f'fill="none" stroke="{INK}" stroke-width="2"',
    "circle": f'fill="{INK}" fill-opacity="0.45" stroke="{PAPER}" stroke-width="1.2"',
    "name-city": f'fill="{INK}" font-size="12.5" font-weight="600" stroke="{PAPER}" stroke-width="3" '
    'stroke-linejoin="round" paint-order="stroke"',
    "name-near": f'fill="{MUTED}" font-size="12.5"',
    "name-water": f'fill="{WATER_INK}" font-size="12.5" font-style="italic"',
    "name-park": f'fill="{GREEN_INK}" font-size="12.5" font-style="italic" stroke="{PAPER}" stroke-width="2.4" '
    'stroke-linejoin="round" paint-order="stroke"',
    "map-years": f'fill="{INK}" font-size="12.5"',
    "hist-us": f'fill="none" stroke="{INK}" stroke-width="1.2"',
    "hist-rule": f'fill="none" stroke="{INK}" stroke-width="2"',
    "hist-here": f'fill="none" stroke="{ACCENT}" stroke-width="2.5"',
    "hist-here-tip": f'fill="{ACCENT}"',
    "hist-text": f'fill="{INK}" font-size="12.5" {_HALO}',
    "hist-strong": f'fill="{INK}" font-size="12.5" font-weight="600" {_HALO}',
}
_WIDTHS = re.compile(r'(stroke-width|stroke-dasharray)="([\d. ]+)"')


def as_class(name: str) -> str:
    """For the page: its stylesheet paints."""
    return f' class="{name}"'


def as_paint(name: str) -> str:
    """For a document: attributes in its place. `doubt` leaves a trace of the step's color. Raises KeyError."""
    first, _, doubt = name.partition(" ")
    if first in _FILLS:
        veil = ' fill-opacity="0.4"' if doubt == "doubt" else ""
        return f' fill="{_FILLS[first]}"{veil} stroke="{BORDER}" stroke-width="0.6"'
    return f" {_LINES[first]}"


def scaled_paint(scale: float) -> Callable[[str], str]:
    """The same for what is drawn in units that are `scale` pixels: not every reader of SVG keeps a line's width."""

    def widen(found: re.Match[str]) -> str:
        return f'{found[1]}="{" ".join(f"{float(number) / scale:.1f}" for number in found[2].split())}"'

    return lambda name: _WIDTHS.sub(widen, as_paint(name))
