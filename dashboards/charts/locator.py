"""A small map that shows where one tract lies in its city: static SVG, no script."""

from math import cos, radians
from typing import Any

from dashboards.charts.theme import ACCENT, INK, LINE, WASH, escape

WIDTH = 260.0


def draw_locator(geometry: dict[str, Any], geoid: str, label: str) -> str:
    """SVG of a GeoJSON FeatureCollection with the tract `geoid` filled; "" when the tract is not in it."""
    features = {feature["id"]: feature["geometry"] for feature in geometry["features"]}
    if geoid not in features:
        return ""
    points = [point for shape in features.values() for ring in _rings(shape) for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow or 1.0)
    height = (north - south) * scale

    def path(shape: dict[str, Any]) -> str:
        return "".join(
            "M" + "L".join(f"{(x - west) * narrow * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring) + "Z"
            for ring in _rings(shape)
        )

    others = "".join(path(shape) for key, shape in features.items() if key not in (geoid, "outline"))
    outline = path(features["outline"]) if "outline" in features else ""
    return (
        f'<svg class="locator" viewBox="-2 -2 {WIDTH + 4:.0f} {height + 4:.0f}" role="img">'
        f"<title>{escape(label)}</title>"
        f'<path d="{others}" fill="{WASH}" stroke="{LINE}" stroke-width="0.6"/>'
        f'<path d="{outline}" fill="none" stroke="{INK}" stroke-width="1.2"/>'
        f'<path d="{path(features[geoid])}" fill="{ACCENT}" stroke="{ACCENT}" stroke-width="1.5"/></svg>'
    )


def _rings(shape: dict[str, Any]) -> list[list[tuple[float, float]]]:
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [ring for polygon in parts for ring in polygon]
