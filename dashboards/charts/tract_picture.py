"""A city's tracts as a still picture: static SVG, no script, the same on screen, on paper and without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from math import cos, radians
from typing import Any

from dashboards.charts.theme import INK, LINE, PAPER, WASH

WIDTH = 560.0
OUTLINE = "outline"


@dataclass(frozen=True)
class TractPicture:
    """`fills`: color by GEOID, the others are pale; `words`: what a tract's tooltip says; `ringed`: drawn with ink."""

    label: str
    fills: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    ringed: frozenset[str] = frozenset()


def draw_tract_picture(geometry: dict[str, Any], picture: TractPicture) -> str:
    """SVG of a GeoJSON FeatureCollection; "" when it has no shape."""
    shapes = {feature["id"]: feature["geometry"] for feature in geometry["features"]}
    points = [point for shape in shapes.values() for ring in _rings(shape) for point in ring]
    if not points:
        return ""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * narrow, (north - south), 1e-9)
    wide, high = (east - west) * narrow * scale, (north - south) * scale

    def path(shape: dict[str, Any]) -> str:
        return "".join(
            "M" + "L".join(f"{(x - west) * narrow * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring) + "Z"
            for ring in _rings(shape)
        )

    tracts = [geoid for geoid in shapes if geoid != OUTLINE]
    drawn = [_tract(geoid, path(shapes[geoid]), picture) for geoid in tracts if geoid not in picture.ringed]
    drawn += [_tract(geoid, path(shapes[geoid]), picture) for geoid in tracts if geoid in picture.ringed]
    border = f'<path d="{path(shapes[OUTLINE])}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    return (
        f'<svg class="tract-picture" viewBox="-3 -3 {wide + 6:.0f} {high + 6:.0f}" role="img" '
        f'aria-label="{escape(picture.label)}">{"".join(drawn)}{border if OUTLINE in shapes else ""}</svg>'
    )


def _tract(geoid: str, path: str, picture: TractPicture) -> str:
    border = PAPER if geoid in picture.fills else LINE
    line = f'stroke="{INK}" stroke-width="2.2"' if geoid in picture.ringed else f'stroke="{border}" stroke-width="0.6"'
    said = f"<title>{escape(picture.words[geoid])}</title>" if geoid in picture.words else ""
    return f'<path d="{path}" fill="{picture.fills.get(geoid, WASH)}" {line}>{said}</path>'


def _rings(shape: dict[str, Any]) -> list[list[tuple[float, float]]]:
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [ring for polygon in parts for ring in polygon]
