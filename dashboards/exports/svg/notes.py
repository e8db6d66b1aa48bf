"""Shapes and annotations: what a figure says over its data."""

from collections.abc import Callable
from math import atan2, cos, pi, sin
from typing import Any

from dashboards.exports.svg.axes import dash_of, rule
from dashboards.exports.svg.colors import paint
from dashboards.exports.svg.elements import element, number
from dashboards.exports.svg.extents import domain_of
from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart, first_given
from dashboards.exports.svg.rich_text import draw_lines, height_of, read_lines, width_of
from dashboards.exports.svg.scales import Axis

Plot = tuple[float, float, float, float]  # left, top, width, height


def locate(value: Any, ref: str, letter: str, axes: dict[str, Axis], plot: Plot) -> float:
    """Pixels of a position that counts in data ("x2"), in an axis's length ("x2 domain") or in the plot ("paper")."""
    left, top, width, height = plot
    name, _, kind = ref.partition(" ")
    if name == "paper" or kind == "domain":
        low, high = (0.0, 1.0) if name == "paper" or name not in axes else domain_of(axes[name], axes)
        share = low + float(value) * (high - low)
        return left + share * width if letter == "x" else top + (1 - share) * height
    if name not in axes:
        raise UnknownFigurePart(f"A note is placed on axis {name}, on which nothing is drawn.")
    found = axes[name].place(value)
    if found is None:
        raise UnknownFigurePart(f"A note is placed at {value!r}, which is not on axis {name}.")
    return found


def draw_shapes(layout: Plain, axes: dict[str, Axis], plot: Plot, *, below: bool) -> str:
    """Lines, rectangles and circles of one layer; those over the data are plotly's default."""
    drawn = []
    for shape in layout.get("shapes") or []:
        if shape.get("visible", True) is True and (shape.get("layer", "above") in ("below", "between")) == below:
            drawn.append(_draw_shape(shape, axes, plot))
    return "".join(drawn)


def _draw_shape(shape: Plain, axes: dict[str, Axis], plot: Plot) -> str:
    kind = shape.get("type", "rect")
    x0, x1 = (locate(shape.get(key, 0), shape.get("xref", "x"), "x", axes, plot) for key in ("x0", "x1"))
    y0, y1 = (locate(shape.get(key, 0), shape.get("yref", "y"), "y", axes, plot) for key in ("y0", "y1"))
    line, opacity = shape.get("line") or {}, float(shape.get("opacity", 1))
    width = float(line.get("width", 2))
    looks: dict[str, object]
    looks = paint("stroke", line.get("color", "#444444"), opacity) if width else {"stroke": "none"}
    looks |= {"stroke_width": width or None, "stroke_dasharray": dash_of(line.get("dash"))}
    words = _shape_label(shape, (x0, y0, x1, y1))
    if kind == "line":
        return element("line", x1=x0, y1=y0, x2=x1, y2=y1, **looks) + words
    fill = shape.get("fillcolor")
    looks |= paint("fill", fill, opacity) if fill else {"fill": "none"}
    if kind == "rect":
        box = {"x": min(x0, x1), "y": min(y0, y1), "width": abs(x1 - x0), "height": abs(y1 - y0)}
        return element("rect", **box, **looks) + words
    if kind == "circle":
        middle = {"cx": (x0 + x1) / 2, "cy": (y0 + y1) / 2, "rx": abs(x1 - x0) / 2, "ry": abs(y1 - y0) / 2}
        return element("ellipse", **middle, **looks) + words
    raise UnknownFigurePart(f"A shape of the type {kind!r} is not drawn.")


def _shape_label(shape: Plain, ends: tuple[float, float, float, float]) -> str:
    label: Plain = shape.get("label") or {}
    if not label.get("text"):
        return ""
    font: Plain = label.get("font") or {}
    size = float(font.get("size", 12))
    lines = read_lines(label["text"], size, font.get("color", "#444444"))
    x0, y0, x1, y1 = ends
    return draw_lines(lines, (x0 + x1) / 2, (y0 + y1) / 2 - height_of(lines, size), size, "center")


def draw_annotations(layout: Plain, axes: dict[str, Axis], plot: Plot, font: Plain) -> str:
    return "".join(
        _draw_note(note, axes, plot, font)
        for note in layout.get("annotations") or []
        if note.get("visible", True) is True and note.get("text")
    )


def _draw_note(note: Plain, axes: dict[str, Axis], plot: Plot, font: Plain) -> str:
    own: Plain = note.get("font") or {}
    size = float(first_given("size", own, font, default=12))
    lines = read_lines(note["text"], size, first_given("color", own, font, default="#444444"))
    wide, high = width_of(lines), height_of(lines, size)
    xref, yref = note.get("xref", "x"), note.get("yref", "y")
    at_x = _position(note, "x", xref, axes, plot)
    at_y = _position(note, "y", yref, axes, plot)
    points = note.get("showarrow", True)
    tail_x = at_x + (float(note.get("ax", -10)) if points else 0.0)
    tail_y = at_y + (float(note.get("ay", -30)) if points else 0.0)
    xanchor = _anchor(note.get("xanchor", "auto"), note.get("x"), xref, points, ("left", "center", "right"))
    yanchor = _anchor(note.get("yanchor", "auto"), note.get("y"), yref, points, ("bottom", "middle", "top"))
    # A box of its own padding, as plotly's (borderpad 1).
    left = tail_x + float(note.get("xshift", 0)) - {"left": 0, "center": wide / 2, "right": wide}[xanchor]
    top = tail_y - float(note.get("yshift", 0)) - {"top": 0, "middle": high / 2, "bottom": high}[yanchor]
    drawn = []
    if points:
        box = (left - 2, top - 1, left + wide + 2, top + high + 1)
        drawn.append(_arrow(note, _leave((tail_x, tail_y), (at_x, at_y), box), (at_x, at_y)))
    looks = paint("fill", note["bgcolor"]) if note.get("bgcolor") else {"fill": "none"}
    if note.get("bordercolor"):
        looks |= {**paint("stroke", note["bordercolor"]), "stroke_width": float(note.get("borderwidth", 1))}
    angle = float(note.get("textangle") or 0)
    turn = f"rotate({angle:g} {number(left + wide / 2)} {number(top + high / 2)})" if angle else ""
    if len(looks) > 1 or looks["fill"] != "none":
        frame = {"x": left - 2, "y": top - 1, "width": wide + 4, "height": high + 2}
        drawn.append(element("rect", **frame, **looks, transform=turn or None))
    # The letters keep to the side that is anchored, so that a rough width estimate does not show.
    align = note.get("align") or ("center" if xanchor == "center" else xanchor)
    x = {"left": left, "center": left + wide / 2, "right": left + wide}[align]
    drawn.append(draw_lines(lines, x, top, size, align, turn))
    return "".join(drawn)


def _position(note: Plain, letter: str, ref: str, axes: dict[str, Axis], plot: Plot) -> float:
    if ref not in ("paper",) and " " not in ref and note.get(letter) is not None and ref not in axes:
        raise UnknownFigurePart(f"A note is placed on axis {ref}, on which nothing is drawn.")
    if " " not in ref and ref in axes and axes[ref].kind == "log":
        return axes[ref].pixel(float(note[letter]))  # plotly: annotations on a log axis give the exponent
    return locate(note.get(letter, 0.5), ref, letter, axes, plot)


def _anchor(wanted: str, value: Any, ref: str, points: bool, names: tuple[str, str, str]) -> str:
    """Plotly's "auto": beside the nearer edge when placed on the plot without an arrow, the middle otherwise."""
    if wanted != "auto":
        return wanted
    if points or not (ref == "paper" or ref.endswith("domain")):
        return names[1]
    share = float(value if value is not None else 0.5)
    return names[0] if share < 1 / 3 else names[2] if share > 2 / 3 else names[1]


def _leave(tail: tuple[float, float], head: tuple[float, float], box: tuple) -> tuple[float, float]:
    """Where the way from the words to the point leaves the words' box."""
    shares = [1.0]
    for start, end, low, high in ((tail[0], head[0], box[0], box[2]), (tail[1], head[1], box[1], box[3])):
        if end != start:
            shares.append(max((low - start) / (end - start), (high - start) / (end - start)))
    share = max(0.0, min(shares))
    return tail[0] + share * (head[0] - tail[0]), tail[1] + share * (head[1] - tail[1])


def _arrow(note: Plain, tail: tuple[float, float], head: tuple[float, float]) -> str:
    color, width = note.get("arrowcolor", "#444444"), float(note.get("arrowwidth", 1))
    drawn = rule(*tail, *head, color, width)
    if note.get("arrowhead", 1) == 0:
        return drawn
    angle, size = atan2(head[1] - tail[1], head[0] - tail[0]), 6 * float(note.get("arrowsize", 1))
    barb: Callable[[float], str] = lambda turn: (  # noqa: E731
        f"{number(head[0] - size * cos(angle + turn))},{number(head[1] - size * sin(angle + turn))}"
    )
    tip = f"{number(head[0])},{number(head[1])}"
    return drawn + element("polygon", points=f"{tip} {barb(pi / 7)} {barb(-pi / 7)}", **paint("fill", color))
