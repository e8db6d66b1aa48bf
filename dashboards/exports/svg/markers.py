"""One mark of a scatter: its shape as SVG, centered on a point."""

from math import sqrt

from dashboards.exports.svg.colors import paint
from dashboards.exports.svg.elements import element, number
from dashboards.exports.svg.plotly_values import UnknownFigurePart

# Corners in units of the mark's radius, y downwards.
_CORNERS = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "triangle-up": ((0, -1.15), (1.15, 0.8), (-1.15, 0.8)),
    "triangle-down": ((0, 1.15), (1.15, -0.8), (-1.15, -0.8)),
    "triangle-left": ((-1.15, 0), (0.8, -1.15), (0.8, 1.15)),
    "triangle-right": ((1.15, 0), (-0.8, -1.15), (-0.8, 1.15)),
}
_STROKES = {
    "line-ns": (((0, -1.4), (0, 1.4)),),
    "line-ew": (((-1.4, 0), (1.4, 0)),),
    "cross-thin": (((0, -1.4), (0, 1.4)), ((-1.4, 0), (1.4, 0))),
    "x-thin": (((-1, -1), (1, 1)), ((-1, 1), (1, -1))),
}
_STROKES |= {"cross": _STROKES["cross-thin"], "x": _STROKES["x-thin"]}


def draw_marker(
    symbol: str, x: float, y: float, size: float, color: str, opacity: float, line: tuple[str, float]
) -> str:
    """`size` is the diameter in pixels, `line` the border's (color, width). An "-open" mark has no filling.

    Raises UnknownFigurePart for a shape that is not listed here.
    """
    shape, radius = symbol.removesuffix("-open"), size / 2
    is_open = symbol != shape
    border, width = (color, max(line[1], 1.5)) if is_open else line
    looks = {"fill": "none"} if is_open else paint("fill", color, opacity)
    if width:
        looks |= {**paint("stroke", border, opacity), "stroke_width": float(width)}
    if shape == "circle":
        return element("circle", cx=float(x), cy=float(y), r=float(radius), **looks)
    if shape in _CORNERS:
        corners = " ".join(f"{number(x + dx * radius)},{number(y + dy * radius)}" for dx, dy in _CORNERS[shape])
        return element("polygon", points=corners, **looks)
    if shape in _STROKES:
        data = "".join(
            f"M{number(x + a * radius)},{number(y + b * radius)}L{number(x + c * radius)},{number(y + d * radius)}"
            for (a, b), (c, d) in _STROKES[shape]
        )
        # Plotly draws thin marks with the border only; without one the mark's own color keeps it visible.
        stroke, thick = (line[0], line[1]) if line[1] else (color, max(1.5, size / sqrt(30)))
        return element("path", d=data, fill="none", **paint("stroke", stroke, opacity), stroke_width=float(thick))
    raise UnknownFigurePart(f"A mark of the shape {symbol!r} is not drawn.")
