"""Scatter traces: fills, lines, error lines, marks and words, in that order."""

from collections.abc import Callable
from typing import Any

from dashboards.exports.svg.axes import dash_of, rule
from dashboards.exports.svg.colors import on_scale, paint, split_color
from dashboards.exports.svg.elements import element, path_of
from dashboards.exports.svg.extents import error_sizes, points_on
from dashboards.exports.svg.markers import draw_marker
from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart, as_list, first_given
from dashboards.exports.svg.rich_text import draw_lines, height_of, read_lines
from dashboards.exports.svg.scales import Axis

Point = tuple[float, float]
_SHAPES: dict[str, Callable[[Point, Point], list[Point]]] = {
    "linear": lambda one, two: [two],
    "hv": lambda one, two: [(two[0], one[1]), two],
    "vh": lambda one, two: [(one[0], two[1]), two],
    "hvh": lambda one, two: [((one[0] + two[0]) / 2, one[1]), ((one[0] + two[0]) / 2, two[1]), two],
    "vhv": lambda one, two: [(one[0], (one[1] + two[1]) / 2), (two[0], (one[1] + two[1]) / 2), two],
}


def mode_of(trace: Plain) -> str:
    """Plotly's own default: marks too while there are few points."""
    few = len(trace.get("x") or trace.get("y") or []) < 20
    return trace.get("mode") or ("lines+markers" if few else "lines")


def places(trace: Plain, x: Axis, y: Axis) -> list[Point | None]:
    """Each point in pixels, None where a value is missing."""
    pairs = zip(points_on(x, trace), points_on(y, trace), strict=False)
    found = [(x.place(one), y.place(two)) for one, two in pairs]
    return [None if a is None or b is None else (a, b) for a, b in found]


def runs_of(points: list[Point | None], trace: Plain) -> list[list[Point]]:
    """Unbroken stretches with the corners of the line's shape; a missing value breaks the line."""
    shape = (trace.get("line") or {}).get("shape", "linear")
    if shape not in _SHAPES:
        raise UnknownFigurePart(f"A line of the shape {shape!r} is not drawn.")
    runs: list[list[Point]] = []
    before: Point | None = None
    for point in points:
        if point is None:
            before = before if trace.get("connectgaps") else None
            continue
        if before is None:
            runs.append([point])
        else:
            runs[-1] += _SHAPES[shape](before, point)
        before = point
    return runs


def draw_fill(trace: Plain, earlier: Plain | None, x: Axis, y: Axis, color: str) -> str:
    """The area a trace fills: down to zero, to the trace before on the same axes, or inside itself."""
    fill = trace.get("fill", "none")
    if fill in ("none", ""):
        return ""
    runs = runs_of(places(trace, x, y), trace)
    if fill in ("tozeroy", "tozerox"):
        zero_x, zero_y = x.pixel(max(min(x.low, x.high), 0.0)), y.pixel(max(min(y.low, y.high), 0.0))
        foot = (lambda p: (p[0], zero_y)) if fill == "tozeroy" else (lambda p: (zero_x, p[1]))
        areas = [[foot(run[0]), *run, foot(run[-1])] for run in runs]
    elif fill in ("tonexty", "tonextx"):
        if earlier is None:
            raise UnknownFigurePart(f"Trace {trace.get('name', '')!r} fills to a trace before it, and there is none.")
        # Bands with gaps: each stretch of the one line belongs to the same stretch of the other.
        others = runs_of(places(earlier, x, y), earlier)
        if len(others) != len(runs):
            raise UnknownFigurePart(f"Trace {trace.get('name', '')!r} and the one before it break at other places.")
        areas = [run + other[::-1] for run, other in zip(runs, others, strict=True)]
    elif fill == "toself":
        areas = runs
    else:
        raise UnknownFigurePart(f"A filling of the kind {fill!r} is not drawn.")
    shade = trace.get("fillcolor")
    looks = paint("fill", shade) if shade else paint("fill", color, 0.5)
    return element("path", d="".join(path_of(area, closed=True) for area in areas), stroke="none", **looks)


def draw_line(trace: Plain, x: Axis, y: Axis, color: str) -> str:
    if "lines" not in mode_of(trace):
        return ""
    line: Plain = trace.get("line") or {}
    width = float(line.get("width", 2))
    data = "".join(path_of(run) for run in runs_of(places(trace, x, y), trace) if len(run) > 1)
    if not width or not data:
        return ""
    return element(
        "path",
        d=data,
        fill="none",
        **paint("stroke", line.get("color", color), trace.get("opacity", 1)),
        stroke_width=width,
        stroke_linejoin="round",
        stroke_dasharray=dash_of(line.get("dash")),
    )


def draw_errors(trace: Plain, x: Axis, y: Axis, color: str) -> str:
    """Intervals as lines through their points, with ends only where the figure asks for them."""
    drawn = []
    for axis in (x, y):
        error: Plain = trace.get(f"error_{axis.letter}") or {}
        values = points_on(axis, trace)
        sizes = error_sizes(error, values)
        looks = error.get("color", color), float(error.get("thickness", 2))
        cap = float(error.get("width", 4))
        for point, value, (below, above) in zip(places(trace, x, y), values, sizes, strict=False):
            number = axis.to_number(value)
            if point is None or number is None or not (below or above):
                continue
            ends = axis.pixel(number - below), axis.pixel(number + above)
            if axis is x:
                drawn.append(rule(ends[0], point[1], ends[1], point[1], *looks))
                drawn += [rule(end, point[1] - cap, end, point[1] + cap, *looks) for end in ends if cap]
            else:
                drawn.append(rule(point[0], ends[0], point[0], ends[1], *looks))
                drawn += [rule(point[0] - cap, end, point[0] + cap, end, *looks) for end in ends if cap]
    return "".join(drawn)


def draw_marks(trace: Plain, points: list[Point | None], color: str, layout: Plain) -> str:
    """Marks; colors may be one, a list, or numbers on a scale."""
    if "markers" not in mode_of(trace):
        return ""
    marker, count = trace.get("marker") or {}, len(points)
    colors = marker_colors(marker, count, color, layout)
    line: Plain = marker.get("line") or {}
    columns = [
        as_list(marker.get("symbol", "circle"), count),
        as_list(marker.get("size", 6), count),
        colors,
        as_list(marker.get("opacity", trace.get("opacity", 1)), count),
        as_list(line.get("color", "#444444"), count),
        as_list(line.get("width", 0), count),
    ]
    return "".join(
        draw_marker(
            symbol or "circle",
            point[0],
            point[1],
            float(size),
            shade,
            float(1 if opacity is None else opacity),
            (edge or "#444444", float(width or 0)),
        )
        for point, symbol, size, shade, opacity, edge, width in zip(points, *columns, strict=True)
        if point is not None and size
    )


def marker_colors(marker: Plain, count: int, color: str, layout: Plain) -> list[str]:
    given: Any = marker.get("color")
    numbers = [value for value in given if isinstance(value, int | float)] if isinstance(given, list) else []
    if not numbers:
        return [shade or color for shade in as_list(given, count)]
    scale = marker.get("colorscale") or (layout.get("coloraxis") or {}).get("colorscale")
    if not isinstance(scale, list):
        raise UnknownFigurePart("Marks colored by numbers need a color scale of their own.")
    low, high = marker.get("cmin", min(numbers)), marker.get("cmax", max(numbers))
    span = (high - low) or 1.0
    return [color if value is None else on_scale((value - low) / span, scale) for value in given]


def draw_labels(trace: Plain, points: list[Point | None], color: str, font: Plain) -> str:
    """Labels beside their points."""
    if "text" not in mode_of(trace) or trace.get("text") is None:
        return ""
    own: Plain = trace.get("textfont") or {}
    count = len(points)
    sizes = as_list(first_given("size", own, font, default=12), count)
    shades = as_list(first_given("color", own, font, default=color), count)
    marker: Plain = trace.get("marker") or {}
    radii = as_list(marker.get("size", 6) if "markers" in mode_of(trace) else 0, count)
    drawn = []
    rows = zip(
        points,
        as_list(trace["text"], count),
        as_list(trace.get("textposition", "middle center"), count),
        sizes,
        shades,
        radii,
        strict=True,
    )
    for point, text, position, size, shade, radius in rows:
        if point is None or text in (None, ""):
            continue
        lines = read_lines(str(text), float(size), split_color(shade)[0])
        upright, sideways = (position or "middle center").split()
        gap = (radius or 0) / 2 + 3
        high = height_of(lines, float(size))
        top = point[1] - {"top": high + gap - 2, "middle": high / 2, "bottom": -gap + 2}[upright]
        x = point[0] + {"left": -gap, "center": 0.0, "right": gap}[sideways]
        align = {"left": "right", "center": "center", "right": "left"}[sideways]
        drawn.append(draw_lines(lines, x, top, float(size), align))
    return "".join(drawn)
