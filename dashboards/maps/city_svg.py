"""The map of a city or an area as SVG: inline with links for the page, painted for documents; one writer for both.

Order: land, neighboring tracts, counties, tracts, outlines of landmarks, water, roads, the place's border, the ring,
names. Water lies above the tracts, because the outlines used here are not cut at rivers; landmarks are outlines only,
because a fill would change the colors of the tracts below.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from atlas.drawing.frame import HEIGHT, WIDTH
from atlas.drawing.names import lines_of_name
from atlas.records.drawing import Drawing, MapName
from dashboards.maps.context_names import Label
from dashboards.maps.context_paths import NO_LAYERS, LayerPaths
from dashboards.maps.looks import GROUND, as_class, as_paint, scaled_paint

LINE = 14  # pixels between two lines of a name
BELOW = ' dy="1.2em"'  # in letters' heights: those stay as large where the reader comes closer
Look = Callable[[str], str]


@dataclass(frozen=True)
class TractMark:
    """One tract: its class, what a listener hears, and where it leads ("" for nowhere)."""

    geoid: str
    css: str
    label: str
    href: str = ""


@dataclass(frozen=True)
class CityMap:
    """`title` names the map, `years` stands in its corner; `circles`: (x, y, radius), grid units and pixels."""

    drawing: Drawing
    tracts: tuple[TractMark, ...]
    title: str
    years: str = ""
    notice: str = ""  # that it was generated, inside every picture
    layers: LayerPaths = NO_LAYERS
    selected: str = ""
    outlined: str = ""  # path of several tracts, such as those of a ZIP code
    circles: tuple[tuple[float, float, float], ...] = field(default=())

    @property
    def scale(self) -> float:
        """Pixels of the frame for one grid unit."""
        return WIDTH / self.drawing.width


def inline_svg(shown: CityMap, target: str = "") -> str:
    """For the page: complete without a script, one stop for the keyboard, a named link for each tract.

    `target`: where links open; those of an SVG pay no heed to a page's `<base target>`.
    """
    k = shown.scale
    narrow = " ".join(f"{number * k:.0f}" for number in shown.drawing.narrow)
    return (
        f'<svg class="map-svg" viewBox="0 0 {WIDTH} {HEIGHT}" data-narrow="{narrow}" data-scale="{k:.5f}" tabindex="0" '
        f'role="group" aria-label="{escape(shown.title)}">{_body(shown, as_class, is_live=True, target=target)}</svg>'
    )


def map_group(shown: CityMap) -> str:
    """For documents: painted by attributes, no links, clipped to its frame of 800 x 520 pixels."""
    return (
        f'<defs><clipPath id="map-frame"><rect width="{WIDTH}" height="{HEIGHT}"/></clipPath></defs>'
        f'<g clip-path="url(#map-frame)"><rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>'
        f"{_body(shown, as_paint, is_live=False)}</g>"
    )


def _body(shown: CityMap, look: Look, *, is_live: bool, target: str = "") -> str:
    drawing, k = shown.drawing, shown.scale
    ground = look if is_live else scaled_paint(k)  # of what is drawn in grid units; the page's lines keep their width
    tall = 6 / k
    hatch = (
        f'<pattern id="hatch" width="{tall:.0f}" height="{tall:.0f}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect{look("hatch-ground")} width="{tall:.0f}" height="{tall:.0f}"/>'
        f'<rect{look("hatch-bar")} width="{tall / 4:.0f}" height="{tall:.0f}"/></pattern>'
    )
    beside = "".join(drawing.beside.values())
    ring = drawing.tracts.get(shown.selected, "")
    parts = [
        _path("near", drawing.near + beside, ground),
        _path("county", drawing.counties, ground),
        f"<g{look('tracts') if is_live else ''}>{_tracts(shown, ground, target)}</g>",
        _path("landmark", shown.layers.landmarks, ground),
        _path("stream", shown.layers.streams, ground),
        _path("water", shown.layers.water, ground),
        _path("road-2", shown.layers.roads_2, ground),
        _path("road-1-case", shown.layers.roads_1, ground),
        _path("road-1", shown.layers.roads_1, ground),
        _path("city-edge", drawing.edge, ground),
        "".join(f'<circle{ground("circle")} cx="{x:.0f}" cy="{y:.0f}" r="{r / k:.0f}"/>' for x, y, r in shown.circles),
        *(_path(name, shown.outlined, ground) for name in ("zip-under", "zip")),
        _path("points deep", shown.layers.points, ground) if is_live else "",
        *(_path(name, ring, ground, always=is_live) for name in ("ring-under", "ring")),
    ]
    names = [_name(name, k, look, is_live=is_live) for name in drawing.names if is_live or not name.is_deep]
    water = [
        _label("name-water" if one.is_narrow or not is_live else "name-water wide", one, k, look)
        for one in shown.layers.water_names
    ]
    parks = [
        _label(f"name-park {'deep' if one.is_deep else 'wide'}" if is_live else "name-park", one, k, look)
        for one in shown.layers.landmark_names
        if is_live or not one.is_deep
    ]
    shields = [_shield(text, x * k, y * k, look) for text, x, y in shown.layers.shields]
    years = _foot(shown, look)
    return (
        f'<defs>{hatch}</defs><g transform="scale({k:.5f})">{"".join(parts)}</g>'
        f'<g{look("names") if is_live else ""} text-anchor="middle"{_hidden(is_live)}>'
        f"{''.join(shields + water + parks + names)}</g>{years}"
    )


def _foot(shown: CityMap, look: Look) -> str:
    """Years, and that the numbers were generated, at the lower left, or at the right of a legend that stands there."""
    words = " ".join(part for part in (shown.notice, shown.years) if part)
    if not words:
        return ""
    where = f'x="{WIDTH - 14}" text-anchor="end"' if shown.drawing.legend == "sw" else 'x="14"'
    css = "map-years map-notice" if shown.notice and look is as_class else "map-years"
    return f'<text{look(css)} {where} y="{HEIGHT - 12}">{escape(words)}</text>'


def _hidden(is_live: bool) -> str:
    """Names of places are drawn for the eye: each tract's link has its own."""
    return ' aria-hidden="true"' if is_live else ""


def _path(name: str, data: str, look: Look, *, always: bool = False) -> str:
    """`always`: also without data, for the script to fill."""
    return f'<path{look(name)} d="{data}"/>' if data or always else ""


def _tracts(shown: CityMap, look: Look, target: str) -> str:
    drawn, opens = [], f' target="{escape(target)}"' if target else ""
    for mark in shown.tracts:
        data = shown.drawing.tracts.get(mark.geoid)
        if not data:
            continue
        path = _path(mark.css, data, look)
        drawn.append(
            f'<a href="{escape(mark.href)}"{opens} tabindex="-1" aria-label="{escape(mark.label)}">{path}</a>'
            if mark.href
            else path
        )
    return "".join(drawn)


def _name(name: MapName, k: float, look: Look, *, is_live: bool) -> str:
    """Class by kind; on the page also whether it has room on a phone, or only where the reader has come closer."""
    css = "name-city" if name.kind == "city" else "name-near"
    if is_live:
        css += " deep" if name.is_deep else "" if name.is_narrow else " wide"
    return _text(css, name.text, name.x * k, name.y * k, look)


def _label(css: str, label: Label, k: float, look: Look) -> str:
    """A name that turns with its river stands in one line."""
    x, y = label.x * k, label.y * k
    if not label.angle:
        return _text(css, label.text, x, y, look, BELOW if label.is_below else "")
    turned = f'transform="rotate({label.angle:g} {x:.0f} {y:.0f})"'
    return f'<text{look(css)} x="{x:.0f}" y="{y + 4:.0f}" {turned}>{escape(label.text)}</text>'


def _text(css: str, words: str, x: float, y: float, look: Look, more: str = "") -> str:
    lines = lines_of_name(words)
    if len(lines) == 1:
        return f'<text{look(css)} x="{x:.0f}" y="{y + 4:.0f}"{more}>{escape(words)}</text>'
    return (
        f'<text{look(css)} x="{x:.0f}" y="{y - (0 if more else LINE / 2) + 4:.0f}"{more}>{escape(lines[0])}'
        f'<tspan x="{x:.0f}" dy="1.1em">{escape(lines[1])}</tspan></text>'
    )


def _shield(words: str, x: float, y: float, look: Look) -> str:
    wide = 7 * len(words) + 8
    return (
        f"<g{look('shield-sign') if look is as_class else ''}>"
        f'<rect{look("shield")} x="{x - wide / 2:.0f}" y="{y - 8:.0f}" width="{wide}" height="16" rx="4"/>'
        f'<text{look("shield-text")} x="{x:.0f}" y="{y + 4:.0f}">{escape(words)}</text></g>'
    )
