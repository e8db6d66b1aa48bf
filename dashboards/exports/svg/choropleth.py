"""Maps: areas of a GeoJSON in the colors of their steps, hatched or dotted where the trace says so; a legend."""

from math import cos, isfinite, radians

from dashboards.charts.theme import INK
from dashboards.exports.svg.colors import on_scale, paint, split_color
from dashboards.exports.svg.elements import element, path_of
from dashboards.exports.svg.markers import draw_marker
from dashboards.exports.svg.notes import Plot
from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart, as_list, first_given
from dashboards.exports.svg.rich_text import draw_lines, height_of, read_lines

PATTERNS = ("hatch", "dots")  # trace meta {"pattern": …}: suppressed, unreliable
OUTLINE_ID = "outline"  # the place's own border: no tract
_PATTERN_INK = INK
_STRIPS = 24  # of a legend's part that runs from one color to another

Rings = list[list[tuple[float, float]]]


def draw_maps(traces: list[Plain], layout: Plain, plot: Plot, geometry: Plain | None, prefix: str, font: Plain) -> str:
    """Every choropleth and every scattergeo of the figure on one map that just holds the areas.

    Tracts whose outline the geometry lacks (another county's boundaries may come later) are left out and counted
    in words on the map. Raises UnknownFigurePart for a map without any geometry.
    """
    shapes = {str(feature.get("id")): _rings(feature["geometry"]) for feature in (geometry or {}).get("features", [])}
    drawn_areas = [trace for trace in traces if trace["type"] == "choropleth"]
    wanted = [str(place) for trace in drawn_areas for place in trace.get("locations") or []]
    if wanted and not shapes:
        raise UnknownFigurePart(f"The map names {wanted[0]} ({len(set(wanted))} in all) and has no geometry.")
    missing = {place for place in wanted if place not in shapes and place != OUTLINE_ID}
    points = [point for place in wanted for ring in shapes.get(place, ()) for point in ring]
    points += [
        pair
        for trace in traces
        if trace["type"] == "scattergeo"
        for pair in zip(trace.get("lon") or [], trace.get("lat") or [], strict=True)
    ]
    note = _missing_note(len(missing), plot, font)
    if not points:
        return note
    place = _projection(points, _frame(layout, plot))
    drawn = [_patterns(traces, prefix)]
    for trace in traces:
        draw = _draw_areas if trace["type"] == "choropleth" else _draw_points
        drawn.append(draw(trace, shapes, place, prefix, font))
    drawn += [_color_bar(trace, plot, font) for trace in drawn_areas if _has_bar(trace)]
    return "".join(drawn) + note


def _missing_note(count: int, plot: Plot, font: Plain) -> str:
    """ "1 tract has no outline here", in the upper left corner; "" where none is missing."""
    if not count:
        return ""
    left, top, _, _ = plot
    size = float(font.get("size", 12))
    return draw_lines(read_lines(missing_label(count), size, font.get("color", _PATTERN_INK)), left + 4, top + 2, size)


def missing_label(count: int) -> str:
    """What is left out of a map."""
    return "1 tract has no outline here" if count == 1 else f"{count} tracts have no outline here"


def _has_bar(trace: Plain) -> bool:
    """Also where the page has a list in its stead, which a picture leaves behind: meta {"bar": "still"}."""
    meta = trace.get("meta")
    return trace.get("showscale", True) or (isinstance(meta, dict) and meta.get("bar") == "still")


def _frame(layout: Plain, plot: Plot) -> tuple[float, float, float, float]:
    left, top, width, height = plot
    domain = (layout.get("geo") or {}).get("domain") or {}
    (x0, x1), (y0, y1) = domain.get("x") or (0, 1), domain.get("y") or (0, 1)
    return left + x0 * width, top + (1 - y1) * height, (x1 - x0) * width, (y1 - y0) * height


def _projection(points: list[tuple[float, float]], frame: tuple[float, float, float, float]):
    """Degrees to pixels: longitudes shrunk by the cosine of the middle latitude, which is right over one city."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = cos(radians((south + north) / 2))
    left, top, width, height = frame
    across, upright = ((east - west) * shrink) or 1e-9, (north - south) or 1e-9
    scale = min((width - 4) / across, (height - 4) / upright)
    x0, y0 = left + (width - across * scale) / 2, top + (height - upright * scale) / 2
    return lambda lon, lat: (x0 + (lon - west) * shrink * scale, y0 + (north - lat) * scale)


def _rings(shape: Plain) -> Rings:
    kind, found = shape["type"], shape.get("coordinates") or []
    if kind == "GeometryCollection":
        return [ring for part in shape["geometries"] for ring in _rings(part)]
    polygons = {"Polygon": [found], "MultiPolygon": found}.get(kind)
    if polygons is None:
        raise UnknownFigurePart(f"A geometry of the type {kind!r} is not an area.")
    return [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]


def _draw_areas(trace: Plain, shapes: dict[str, Rings], place, prefix: str, font: Plain) -> str:
    locations = [str(found) for found in trace.get("locations") or []]
    values, count = trace.get("z") or [], len(trace.get("locations") or [])
    known = [value for value in values if value is not None and isfinite(value)]
    low, high = trace.get("zmin", min(known, default=0)), trace.get("zmax", max(known, default=1))
    scale = trace.get("colorscale")
    if not isinstance(scale, list):
        raise UnknownFigurePart(f"Map trace {trace.get('name', '')!r} needs a color scale of its own.")
    marker: Plain = trace.get("marker") or {}
    line, opacity = marker.get("line") or {}, float(marker.get("opacity", 1))
    edges = as_list(line.get("color", "#444444"), count)
    width = float(line.get("width", 1))
    pattern = pattern_of(trace)
    drawn = []
    for location, value, edge in zip(locations, values, edges, strict=True):
        if value is None or not isfinite(value) or location not in shapes:
            continue
        data = "".join(path_of([place(*point) for point in ring], closed=True) for ring in shapes[location])
        shade = on_scale((value - low) / ((high - low) or 1), scale)
        looks = paint("fill", shade)
        looks |= paint("stroke", edge or "#444444") if width else {}
        drawn.append(element("path", d=data, **looks))
        if pattern:
            drawn.append(element("path", d=data, fill=f"url(#{prefix}-{pattern})", stroke="none"))
    group = {"opacity": f"{opacity:.3g}" if opacity < 1 else None, "stroke_width": f"{width:g}"}
    return element("g", "".join(drawn), **group, fill_rule="evenodd", stroke_linejoin="round")


def _draw_points(trace: Plain, shapes: dict[str, Rings], place, prefix: str, font: Plain) -> str:
    marker, own = trace.get("marker") or {}, trace.get("textfont") or {}
    mode, size = trace.get("mode", "markers"), float(first_given("size", own, font, default=12))
    at = _positions(trace, shapes)
    count, drawn = len(at), []
    if not set(mode.split("+")) <= {"markers", "text"}:
        raise UnknownFigurePart(f"Points of a map in the mode {mode!r} are not drawn.")
    sizes, shades = as_list(marker.get("size", 6), count), as_list(marker.get("color", _PATTERN_INK), count)
    texts = as_list(trace.get("text"), count)
    for where, wide, shade, text in zip(at, sizes, shades, texts, strict=True):
        if where is None:
            continue
        x, y = place(*where)
        if "markers" in mode:
            drawn.append(draw_marker(marker.get("symbol", "circle"), x, y, float(wide), shade, 1.0, (shade, 0.0)))
        if "text" in mode and text:
            lines = read_lines(text, size, first_given("color", own, font, default=_PATTERN_INK))
            drawn.append(draw_lines(lines, x, y - height_of(lines, size) / 2, size, "center"))
    return "".join(drawn)


def _positions(trace: Plain, shapes: dict[str, Rings]) -> list[tuple[float, float] | None]:
    """Degrees of each point: given, or the middle of the area it names; None for an area without an outline."""
    if trace.get("locationmode") != "geojson-id":
        return list(zip(trace.get("lon") or [], trace.get("lat") or [], strict=True))
    return [_middle(shapes[str(name)]) if str(name) in shapes else None for name in trace.get("locations") or []]


def _middle(rings: Rings) -> tuple[float, float]:
    """The centroid of the area's largest ring, as plotly places what names an area."""
    ring = max(rings, key=lambda one: abs(_doubled_area(one)))
    doubled = _doubled_area(ring)
    if not doubled:
        return ring[0]
    pairs = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
    x, y = (sum((a[axis] + b[axis]) * cross for a, b, cross in pairs) / (3 * doubled) for axis in (0, 1))
    return x, y


def _doubled_area(ring: list[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))


def pattern_of(trace: Plain) -> str:
    """The pattern a trace asks for, "" for none; UnknownFigurePart for one that does not exist."""
    meta = trace.get("meta")
    pattern = meta.get("pattern", "") if isinstance(meta, dict) else ""
    if pattern and pattern not in PATTERNS:
        raise UnknownFigurePart(f"There is no pattern {pattern!r}; there are {', '.join(PATTERNS)}.")
    return pattern


def _patterns(traces: list[Plain], prefix: str) -> str:
    used = sorted({pattern_of(trace) for trace in traces} - {""})
    return element("defs", "".join(pattern_tile(name, prefix) for name in used)) if used else ""


def pattern_tile(name: str, prefix: str) -> str:
    ink = paint("stroke" if name == "hatch" else "fill", _PATTERN_INK, 0.55)
    if name == "hatch":
        inside = element("path", d="M-1,1L1,-1M0,6L6,0M5,7L7,5", fill="none", stroke_width="1", **ink)
    else:
        inside = element("circle", cx=3.0, cy=3.0, r="0.9", **ink)
    return element("pattern", inside, id=f"{prefix}-{name}", width="6", height="6", patternUnits="userSpaceOnUse")


def _color_bar(trace: Plain, plot: Plot, font: Plain) -> str:
    """The steps of the scale as a bar with its words, lying under the map or standing beside it."""
    bar: Plain = trace.get("colorbar") or {}
    own: Plain = bar.get("tickfont") or {}
    size, ink = float(own.get("size", 12)), first_given("color", own, font, default="#444444")
    lying, thick = bar.get("orientation") == "h", float(bar.get("thickness", 30))
    left, top, width, height = plot
    long = float(bar.get("len", 1)) * (width if lying else height)
    words = [read_lines(str(text), size, ink) for text in bar.get("ticktext") or []]
    high = max((height_of(lines, size) for lines in words), default=0.0)
    if lying:
        x = left + float(bar.get("x", 0.5)) * width - {"center": long / 2, "right": long}.get(bar.get("xanchor", ""), 0)
        foot = top + (1 - float(bar.get("y", 0.0))) * height
        y = foot if bar.get("yanchor") == "top" else foot - thick - high - 4
    else:
        x = min(left + float(bar.get("x", 1.02)) * width, left + width - thick - 44)
        y = top + (1 - float(bar.get("y", 0.5))) * height - long / 2
    low, top_value = float(trace.get("zmin", 0)), float(trace.get("zmax", 1))
    drawn = [_bar_part(start, end, shade, (x, y, long, thick), lying) for start, end, shade in _parts(trace)]
    for value, lines in zip(bar.get("tickvals") or [], words, strict=True):
        share = (value - low) / ((top_value - low) or 1)
        if lying:
            drawn.append(draw_lines(lines, x + share * long, y + thick + 2, size, "center"))
        else:
            drawn.append(draw_lines(lines, x + thick + 4, y + (1 - share) * long - high / 2, size))
    return "".join(drawn)


def _parts(trace: Plain) -> list[tuple[float, float, str]]:
    """(from, to, color) of each piece of the scale, shares of its length; what is see-through is left out."""
    scale, found = trace["colorscale"], []
    for (start, first), (end, second) in zip(scale, scale[1:], strict=False):
        pieces = 1 if first == second else _STRIPS
        for piece in range(pieces if end > start else 0):
            low, high = (start + (end - start) * (piece + part) / pieces for part in (0, 1))
            shade = first if first == second else on_scale((low + high) / 2, scale)
            if split_color(shade)[1]:
                found.append((low, high, shade))
    return found


def _bar_part(start: float, end: float, shade: str, box: tuple, lying: bool) -> str:
    x, y, long, thick = box
    if lying:
        where = {"x": x + start * long, "y": y, "width": (end - start) * long, "height": thick}
    else:
        where = {"x": x, "y": y + (1 - end) * long, "width": thick, "height": (end - start) * long}
    return element("rect", **where, **paint("fill", shade))
