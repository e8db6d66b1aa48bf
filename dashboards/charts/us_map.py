"""The home page's map: states as quiet outlines, one linked and labeled dot per city, as plain SVG text.

No style attributes (the content security policy refuses them): classes and presentation attributes only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from shapely.geometry.base import BaseGeometry

from atlas.records.places import SAMPLE_NOTICE
from atlas.sources.us_outline import state_outlines, to_albers
from dashboards.charts.label_places import Label, place_labels

Projection = Callable[[float, float], tuple[float, float]]  # meters of the map to drawing units


@dataclass(frozen=True)
class MapDot:
    """One city: degrees, its name, a short value or "", where the dot leads, whether the value was generated."""

    name: str
    value: str
    longitude: float
    latitude: float
    address: str
    is_sample: bool = False


@dataclass(frozen=True)
class MapSize:
    """Drawing units of the whole picture, of the map's box in it, and of the text."""

    name: str
    width: float
    height: float
    map_left: float
    map_top: float
    map_width: float
    text: float


WIDE = MapSize("wide", 600, 372, 4, 6, 566, 13)
NARROW = MapSize("narrow", 358, 300, 2, 48, 330, 13)


def draw_us_map(dots: list[MapDot], size: MapSize) -> str:
    """The whole `<svg>`; names are escaped. Dots outside the contiguous states are left to the table."""
    outlines = state_outlines()
    place = _fit(outlines, size)
    shown = [(dot, place(*to_albers(dot.longitude, dot.latitude))) for dot in dots]
    shown = [(dot, point) for dot, point in shown if 0 <= point[0] <= size.width and 0 <= point[1] <= size.height]
    words = [f"{dot.name} {dot.value}".strip() for dot, _ in shown]
    labels = place_labels(
        [point for _, point in shown],
        [len(text) * size.text * 0.56 + 6 for text in words],
        size.text * 1.3,
        (size.width, size.height),
        step=size.text * 0.8,
    )
    states = "".join(f'<path d="{_path(outline, place)}"/>' for outline in outlines.values())
    marks = "".join(_mark(dot, point, label, size) for (dot, point), label in zip(shown, labels, strict=True))
    return (
        f'<svg class="us-map us-map-{size.name}" viewBox="0 0 {size.width:g} {size.height:g}" role="group" '
        f'aria-label="Map of the cities" xmlns="http://www.w3.org/2000/svg"><g class="us-states" aria-hidden="true">'
        f"{states}</g>{marks}{_sample_note(dots, size)}</svg>"
    )


def _sample_note(dots: list[MapDot], size: MapSize) -> str:
    if not any(dot.is_sample for dot in dots):
        return ""
    words = SAMPLE_NOTICE if all(dot.is_sample for dot in dots if dot.value) else f"* {SAMPLE_NOTICE}"
    return (
        f'<text class="us-sample" x="{size.width - 6:g}" y="{size.text * 1.1:.1f}" text-anchor="end" '
        f'font-size="{size.text:g}">{words}</text>'
    )


def _mark(dot: MapDot, point: tuple[float, float], label: Label, size: MapSize) -> str:
    x, y = point
    value = f' <tspan class="us-value">{escape(dot.value)}</tspan>' if dot.value else ""
    leader = ""
    if label.distance > size.text:
        leader = (
            f'<line class="us-leader" x1="{x:.1f}" y1="{y:.1f}" x2="{label.anchor_x:.1f}" y2="{label.anchor_y:.1f}"/>'
        )
    # The text fills its box from the side that faces the dot, so that a rough width estimate does not show.
    if label.x + label.width / 2 < x - label.width / 4:
        anchor, text_x = "end", label.x + label.width - 3
    elif label.x + label.width / 2 > x + label.width / 4:
        anchor, text_x = "start", label.x + 3
    else:
        anchor, text_x = "middle", label.x + label.width / 2
    return (
        f'<a class="us-city" href="{escape(dot.address)}">{leader}'
        f'<circle class="us-target" cx="{x:.1f}" cy="{y:.1f}" r="{size.text:.1f}"/>'
        f'<circle class="us-dot" cx="{x:.1f}" cy="{y:.1f}" r="{size.text * 0.38:.1f}"/>'
        f'<text x="{text_x:.1f}" y="{label.y + size.text:.1f}" text-anchor="{anchor}" font-size="{size.text:g}">'
        f"{escape(dot.name)}{value}</text></a>"
    )


def _fit(outlines: dict[str, BaseGeometry], size: MapSize) -> Projection:
    west = min(outline.bounds[0] for outline in outlines.values())
    east = max(outline.bounds[2] for outline in outlines.values())
    north = max(outline.bounds[3] for outline in outlines.values())
    scale = size.map_width / (east - west)
    return lambda x, y: (size.map_left + (x - west) * scale, size.map_top + (north - y) * scale)


def _path(outline: BaseGeometry, place: Projection) -> str:
    parts = []
    for polygon in getattr(outline, "geoms", [outline]):
        if polygon.area < 4e8:  # islands under 400 square kilometers are dust at this size
            continue
        points = [place(x, y) for x, y in polygon.exterior.coords]
        parts.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z")
    return "".join(parts)
