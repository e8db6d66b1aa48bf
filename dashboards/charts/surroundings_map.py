"""A small map of the tracts around one: the national colors, its neighbors by name and value, the tract in a ring.

Pure: a record in, SVG out. Positions are attributes and colors are classes of the map, so that no style is needed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from textwrap import wrap

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.records.surroundings import NearbyTract, Surroundings
from dashboards.charts.color_steps import NO_VALUE_STEP, color_step
from dashboards.charts.theme import BELOW_US

WIDTH = 750
LETTER, LINE = 6.4, 15  # pixels: about the width of a letter, and the height of a line
LONGEST = 16  # letters on a line of a name
MOST_NAMES = 12
LEGEND = (345, 190)  # pixels at the lower right that the legend covers on a desk
MARGIN = 26.0  # pixels between a name's middle and the frame


@dataclass(frozen=True)
class Steps:
    """`edges` rising, in the measure's unit, the same for every city; `middle`: the middle US tract."""

    edges: tuple[float, ...]
    middle: float

    def css(self, value: float | None) -> str:
        """s0 to s4 below the US middle, s5 to s7 above it."""
        if value is None or not self.edges:
            return "no-value"
        below = sum(edge <= self.middle for edge in self.edges)
        (step,) = color_step(np.array([value]), self.edges)
        return "no-value" if step == NO_VALUE_STEP else f"s{len(BELOW_US) - below + step}"


def draw_surroundings(
    around: Surroundings,
    steps: Steps,
    *,
    label: str,
    say: Callable[[float | None], str],
    address: Callable[[str], str],
) -> str:
    """`say` writes a value for the map, short; `address` is where a tract leads; `label` names the map."""
    scale = WIDTH / around.width
    height = around.height * scale
    path = _Pen(scale, height)
    itself = around.itself
    tracts = "".join(
        f'<a href="{escape(address(one.geoid))}" tabindex="-1" aria-label="{escape(f"{one.title}: {say(one.value)}")}">'
        f'<path class="{steps.css(one.value)}" d="{path.draw(one.shape)}"/></a>'
        for one in around.tracts
        if one.geoid != around.geoid
    )
    own = path.draw(itself.shape)
    beside = "".join(f'<path class="around" d="{path.draw(one.shape)}"/>' for one in around.neighbors)
    names = _names(around, path, say, height)
    return (
        f'<svg class="map-svg map-around" viewBox="0 0 {WIDTH} {height:.0f}" role="group" aria-label="{escape(label)}">'
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><path class="hatch-line" d="M1 0v6"/></pattern></defs>'
        f'<g class="tracts">{tracts}<path class="{steps.css(itself.value)}" d="{own}"/></g>{beside}'
        f"{_layer('water', around.water, path)}{_layer('road-2', around.roads, path)}"
        f'{_layer("road-1", around.main_roads, path)}<path class="ring-under" d="{own}"/><path class="ring" d="{own}"/>'
        f'<g class="names" aria-hidden="true" text-anchor="middle">{names}</g></svg>'
    )


def _layer(css: str, shapes: tuple[BaseGeometry, ...], pen: "_Pen") -> str:
    """Water over the tracts, because the outlines are not cut at rivers; nothing where no layer is loaded."""
    data = "".join(pen.draw(shape) for shape in shapes)
    return f'<path class="{css}" d="{data}"/>' if data else ""


class _Pen:
    """Meters from the lower left corner to pixels from the upper left one, as relative whole-number paths."""

    def __init__(self, scale: float, height: float):
        self.scale, self.height = scale, height

    def point(self, x: float, y: float) -> tuple[int, int]:
        return round(x * self.scale), round(self.height - y * self.scale)

    def draw(self, shape: BaseGeometry) -> str:
        parts = []
        for one in shapely.get_parts(shape):
            if one.geom_type == "Polygon":
                parts += [f"{self._line(ring.coords[:-1])}z" for ring in (one.exterior, *one.interiors)]
            elif one.geom_type == "LineString":
                parts.append(self._line(one.coords))
        return "".join(parts)

    def _line(self, coordinates: Iterable[tuple[float, ...]]) -> str:
        first, *others = [self.point(x, y) for x, y, *_ in coordinates]
        said, at = [f"M{first[0]} {first[1]}l"], first
        for x, y in others:
            if (x, y) != at:
                said.append(f"{x - at[0]} {y - at[1]} ")
                at = (x, y)
        return "".join(said).rstrip(" l")


def _names(around: Surroundings, pen: _Pen, say: Callable[[float | None], str], height: float) -> str:
    """The tract itself, then its neighbors, the longest border first; a name that would cover another is left out."""
    placed: list[tuple[float, float, float, float]] = [(WIDTH - LEGEND[0], height - LEGEND[1], float(WIDTH), height)]
    said = []
    for one in (around.itself, *around.neighbors)[:MOST_NAMES]:
        spot = shapely.maximum_inscribed_circle(one.shape) if one.shape.area else None
        if spot is None or spot.is_empty:
            continue
        x, y = pen.point(*spot.coords[0])
        lines = [*wrap(one.title, LONGEST), *([] if one.value is None else [say(one.value)])]
        half = max(len(line) for line in lines) * LETTER / 2
        tall = len(lines) * LINE / 2
        box = (x - half, y - tall, x + half, y + tall)
        inside = box[0] > 2 and box[2] < WIDTH - 2 and box[1] > 2 and box[3] < height - 2
        if not inside or any(_overlap(box, other) for other in placed):
            continue
        placed.append(box)
        said.append(_text(one, around.geoid, lines, x, y))
    return "".join(said)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _text(one: NearbyTract, own: str, lines: list[str], x: int, y: int) -> str:
    """Lines follow one another by the height of a letter: on a phone the stylesheet makes letters larger."""
    first = y - (len(lines) - 1) * LINE / 2 + 4
    spans = "".join(
        f'<tspan x="{x}" dy="{"1.2em" if number else "0"}">{escape(line)}</tspan>' for number, line in enumerate(lines)
    )
    css = "name-city" if one.geoid == own else "name-city name-beside"
    return f'<text class="{css}" y="{first:.0f}">{spans}</text>'
