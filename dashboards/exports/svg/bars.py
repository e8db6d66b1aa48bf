"""Bars: beside each other, stacked or over each other; lying or standing."""

from dashboards.exports.svg.colors import contrast, paint
from dashboards.exports.svg.elements import element
from dashboards.exports.svg.extents import points_on
from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart, as_list, first_given
from dashboards.exports.svg.rich_text import draw_lines, height_of, read_lines, width_of
from dashboards.exports.svg.scales import Axis
from dashboards.exports.svg.scatter import marker_colors

Stacks = dict[tuple, float]


def draw_bars(
    trace: Plain, peers: list[Plain], stacks: Stacks, x: Axis, y: Axis, color: str, layout: Plain, font: Plain
) -> tuple[str, str]:
    """(bars, their labels, which may reach over the axes' edge).

    `peers` are all bar traces on the same axes, this one among them; `stacks` carries heights reached so far.
    """
    lying = trace.get("orientation") == "h"
    along, across = (x, y) if lying else (y, x)
    positions = [across.to_number(value) for value in points_on(across, trace)]
    lengths = [along.to_number(value) for value in points_on(along, trace)]
    count = len(positions)
    slot, shift = _slot(trace, peers, positions, layout)
    widths = as_list(trace.get("width") or slot, count)
    offsets = as_list(trace.get("offset"), count)
    bases = as_list(trace.get("base", 0.0), count)
    marker: Plain = trace.get("marker") or {}
    shades = marker_colors(marker, count, color, layout)
    line: Plain = marker.get("line") or {}
    opacities = as_list(marker.get("opacity", trace.get("opacity", 1)), count)
    texts = as_list(trace.get("text"), count)
    drawn, labels = [], []
    for index, (position, length) in enumerate(zip(positions, lengths, strict=True)):
        if position is None or length is None:
            continue
        base = float(bases[index] or 0.0)
        if layout.get("barmode") in ("stack", "relative"):
            key = (x.name, y.name, position, length >= 0)
            base = stacks.get(key, 0.0)
            stacks[key] = base + length
        first = position + (shift - widths[index] / 2 if offsets[index] is None else offsets[index])
        ends = along.pixel(base), along.pixel(base + length)
        sides = across.pixel(first), across.pixel(first + widths[index])
        (left, right), (top, bottom) = (ends, sides) if lying else (sides, ends)
        edge = as_list(line.get("color", "#444444"), count)[index], float(as_list(line.get("width", 0), count)[index])
        looks = paint("fill", shades[index], opacities[index] or 0)
        if edge[1]:
            looks |= {**paint("stroke", edge[0]), "stroke_width": edge[1]}
        drawn.append(
            element(
                "rect",
                x=float(min(left, right)),
                y=float(min(top, bottom)),
                width=float(abs(right - left)),
                height=float(abs(bottom - top)),
                **looks,
            )
        )
        if texts[index]:
            labels.append(_label(trace, texts[index], (left, top, right, bottom), lying, length, shades[index], font))
    return "".join(drawn), "".join(labels)


def _slot(trace: Plain, peers: list[Plain], positions: list, layout: Plain) -> tuple[float, float]:
    """(width, shift of the middle) of one bar, in the axis's numbers."""
    mode = layout.get("barmode", "group")
    if mode not in ("group", "stack", "relative", "overlay"):
        raise UnknownFigurePart(f"Bars in the mode {mode!r} are not drawn.")
    known = sorted({position for position in positions if position is not None})
    step = min((b - a for a, b in zip(known, known[1:], strict=False)), default=1.0)
    whole = step * (1 - float(layout.get("bargap", 0.2)))
    if mode != "group" or len(peers) == 1:
        return whole, 0.0
    each = whole / len(peers)
    return each * (1 - float(layout.get("bargroupgap", 0.0))), (peers.index(trace) - (len(peers) - 1) / 2) * each


def _label(trace: Plain, text: str, box: tuple, lying: bool, length: float, shade: str, font: Plain) -> str:
    """Inside the bar where it fits and nothing else is said, in black or white by the bar's own color."""
    own: Plain = trace.get("textfont") or {}
    size = float(first_given("size", own, font, default=12))
    where = trace.get("textposition", "auto")
    if where == "none":
        return ""
    left, top, right, bottom = box
    lines = read_lines(str(text), size, "#444444")
    high, wide = height_of(lines, size), width_of(lines)
    fits = abs(right - left) > wide + 8 and abs(bottom - top) > high + 4
    inside = where == "inside" or (where == "auto" and fits)
    ink = own.get("color", contrast(shade)) if inside else first_given("color", own, font, default="#444444")
    lines = read_lines(str(text), size, ink)
    if lying:
        ahead = 1 if right >= left else -1
        align = "left" if (ahead > 0) != inside else "right"
        return draw_lines(lines, right + (-4 if inside else 4) * ahead, (top + bottom - high) / 2, size, align)
    up = length >= 0
    y = bottom + (2 if up else -high - 2) if inside else bottom - high - 2 if up else bottom + 2
    return draw_lines(lines, (left + right) / 2, y, size, "center")
