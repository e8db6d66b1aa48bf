"""The legend of traces, for the figures that ask for one."""

from dashboards.exports.svg.axes import dash_of, rule
from dashboards.exports.svg.colors import paint
from dashboards.exports.svg.elements import element
from dashboards.exports.svg.markers import draw_marker
from dashboards.exports.svg.plotly_values import Plain, first_given
from dashboards.exports.svg.rich_text import LINE_HEIGHT, Line, draw_lines, read_lines, width_of
from dashboards.exports.svg.scatter import marker_colors, mode_of

KEY, GAP = 26.0, 14.0  # pixels of a key, and between entries


def draw_legend(
    traces: list[Plain],
    colors: list[str],
    layout: Plain,
    plot: tuple[float, float, float, float],
    height: float,
    font: Plain,
) -> str:
    """One entry per named trace, each group once; in a row that wraps, or one under the other.

    Never below the picture, which is `height` pixels: plotly makes room, here it moves up.
    """
    if layout.get("showlegend") is not True:
        return ""
    options: Plain = layout.get("legend") or {}
    own: Plain = options.get("font") or {}
    size, ink = float(first_given("size", own, font, default=12)), first_given("color", own, font, default="#444444")
    entries, groups = [], set()
    for trace, color in zip(traces, colors, strict=True):
        group = trace.get("legendgroup")
        if trace.get("name") and trace.get("showlegend", True) and not (group and group in groups):
            entries.append((trace, color, read_lines(trace["name"], size, ink)))
            groups.add(group)
    if not entries:
        return ""
    left, top, width, tall = plot
    row = size * LINE_HEIGHT + 3
    lying = options.get("orientation") == "h"
    placed: list[tuple[float, float, tuple[Plain, str, list[Line]]]] = []
    x, y, widest = 0.0, 0.0, 0.0
    for entry in entries:
        long = KEY + width_of(entry[2])
        if placed and (not lying or x + long > width):
            x, y = 0.0, y + row
        placed.append((x, y, entry))
        x += long + GAP
        widest = max(widest, x - GAP)
    whole = y + row
    share_x = float(options.get("x", 0.0 if lying else 1.02))
    share_y = float(options.get("y", -0.1 if lying else 1.0))
    xanchor, yanchor = options.get("xanchor", "left"), options.get("yanchor", "top")
    at_x = left + share_x * width - {"center": widest / 2, "right": widest}.get(xanchor, 0.0)
    at_y = top + (1 - share_y) * tall - {"middle": whole / 2, "bottom": whole}.get(yanchor, 0.0)
    at_y = min(at_y, height - whole - 2)
    return "".join(
        _key(trace, color, at_x + x, at_y + y + row / 2, layout) + draw_lines(lines, at_x + x + KEY, at_y + y, size)
        for x, y, (trace, color, lines) in placed
    )


def _key(trace: Plain, color: str, x: float, y: float, layout: Plain) -> str:
    marker, line, drawn = trace.get("marker") or {}, trace.get("line") or {}, ""
    middle = x + (KEY - 6) / 2
    if trace.get("type") == "bar":
        shade = marker_colors(marker, 1, color, layout)[0]
        return element("rect", x=middle - 6, y=y - 6, width=12.0, height=12.0, **paint("fill", shade))
    if trace.get("fill", "none") not in ("none", ""):
        filling = trace.get("fillcolor")
        looks = paint("fill", filling) if filling else paint("fill", color, 0.5)
        drawn += element("rect", x=x, y=y - 5, width=KEY - 6, height=10.0, **looks)
    if "lines" in mode_of(trace) and line.get("width", 2):
        drawn += rule(
            x,
            y,
            x + KEY - 6,
            y,
            line.get("color", color),
            line.get("width", 2),
            stroke_dasharray=dash_of(line.get("dash")),
        )
    if "markers" in mode_of(trace):
        shade = marker_colors(marker, 1, color, layout)[0]
        symbol = marker.get("symbol", "circle")
        first = symbol[0] if isinstance(symbol, list) else symbol
        drawn += draw_marker(first, middle, y, 9.0, shade, 1.0, ("#444444", 0.0))
    return drawn
