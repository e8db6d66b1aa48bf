"""Grid, rules, ticks and titles of the axes."""

from dashboards.exports.svg.colors import paint
from dashboards.exports.svg.elements import element
from dashboards.exports.svg.extents import domain_of
from dashboards.exports.svg.plotly_values import Plain, first_given
from dashboards.exports.svg.rich_text import draw_lines, height_of, read_lines, width_of
from dashboards.exports.svg.scales import Axis

DASHES = {
    "solid": None,
    "dot": "1.5 3",
    "dash": "7 5",
    "longdash": "11 6",
    "dashdot": "7 4 1.5 4",
    "longdashdot": "11 5 1.5 5",
}


def dash_of(words: str | None) -> str | None:
    """SVG's dash array for plotly's word; a list of pixels passes."""
    return DASHES.get(words, words.replace("px", "").replace(",", " ")) if words else None


def rule(x1: float, y1: float, x2: float, y2: float, color: str, width: float, **more: object) -> str:
    """One straight line."""
    return element(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        **paint("stroke", color),
        stroke_width=float(width),
        **more,
    )


def draw_grid(axis: Axis, across: Axis) -> str:
    """Grid lines and the zero line, under the data."""
    options = axis.options
    if options.get("visible") is False:
        return ""
    drawn = []
    if options.get("showgrid", True):
        color, width = options.get("gridcolor", "#eeeeee"), options.get("gridwidth", 1)
        drawn = [_across(axis, across, at, color, width, dash_of(options.get("griddash"))) for at, _ in axis.ticks()]
    low, high = sorted((axis.low, axis.high))
    if options.get("zeroline") and axis.kind == "linear" and low <= 0 <= high:
        color, width = options.get("zerolinecolor", "#444444"), options.get("zerolinewidth", 1)
        drawn.append(_across(axis, across, axis.pixel(0.0), color, width, None))
    return "".join(drawn)


def _across(axis: Axis, across: Axis, at: float, color: str, width: float, dash: str | None) -> str:
    ends = (at, across.start, at, across.end) if axis.letter == "x" else (across.start, at, across.end, at)
    return rule(*ends, color, width, stroke_dasharray=dash)


def draw_axis(axis: Axis, axes: dict[str, Axis], plot: tuple, font: Plain) -> str:
    """The axis's own line, ticks, words and title."""
    options = axis.options
    if options.get("visible") is False:
        return ""
    at, outwards = _position(axis, axes, plot)
    drawn = []
    ticks = axis.ticks()
    if options.get("showline"):
        color, width = options.get("linecolor", "#444444"), options.get("linewidth", 1)
        ends = (axis.start, at, axis.end, at) if axis.letter == "x" else (at, axis.start, at, axis.end)
        drawn.append(rule(*ends, color, width))
    length = tick_length(options)
    if length:
        reach = at + outwards * length * (-1 if options.get("ticks") == "inside" else 1)
        for pixel, _ in ticks:
            ends = (pixel, at, pixel, reach) if axis.letter == "x" else (at, pixel, reach, pixel)
            drawn.append(rule(*ends, options.get("tickcolor", "#444444"), options.get("tickwidth", 1)))
    edge = at + outwards * (length + 3)
    if options.get("showticklabels", True):
        drawn += [_label(axis, pixel, words, edge, outwards, font) for pixel, words in ticks]
        edge += outwards * label_room(axis, font)
    drawn.append(_title(axis, edge, outwards, font))
    return "".join(drawn)


def tick_length(options: Plain) -> float:
    return float(options.get("ticklen", 5)) if options.get("ticks") in ("outside", "inside") else 0.0


def tick_font(options: Plain, font: Plain) -> tuple[float, str]:
    """(size, color) of an axis's words: plotly's default is 12 px of the figure's color."""
    own: Plain = options.get("tickfont") or {}
    size = first_given("size", own, font, default=12)
    return float(size), first_given("color", own, options, font, default="#444444")


def title_of(options: Plain) -> Plain:
    title = options.get("title") or {}
    return {"text": title} if isinstance(title, str) else title


def label_room(axis: Axis, font: Plain) -> float:
    """Pixels the words take, away from the plot: their height under an x axis, their width beside a y axis."""
    size, color = tick_font(axis.options, font)
    lines = [read_lines(words, size, color) for _, words in axis.ticks()]
    measure = (lambda found: height_of(found, size)) if axis.letter == "x" else width_of
    return max((measure(found) for found in lines), default=0.0)


def _position(axis: Axis, axes: dict[str, Axis], plot: tuple) -> tuple[float, float]:
    """(pixels of the axis's line, direction away from the plot: +1 or -1)."""
    side = axis.options.get("side") or ("bottom" if axis.letter == "x" else "left")
    left, top, width, height = plot
    anchor = axis.options.get("anchor", "x" if axis.letter == "y" else "y")
    if anchor == "free":
        share = float(axis.options.get("position", 0.0))
        low = high = share
    else:
        low, high = domain_of(axes[anchor], axes) if anchor in axes else (0.0, 1.0)
    if axis.letter == "x":
        return (top + height * (1 - low), 1.0) if side == "bottom" else (top + height * (1 - high), -1.0)
    return (left + width * low, -1.0) if side == "left" else (left + width * high, 1.0)


def _label(axis: Axis, pixel: float, words: str, edge: float, outwards: float, font: Plain) -> str:
    size, color = tick_font(axis.options, font)
    lines = read_lines(words, size, color)
    high = height_of(lines, size)
    turn = float(axis.options.get("tickangle") or 0)
    if axis.letter == "y":
        return draw_lines(lines, edge, pixel - high / 2, size, "right" if outwards < 0 else "left")
    top = edge if outwards > 0 else edge - high
    if not turn:
        return draw_lines(lines, pixel, top, size, "center")
    return draw_lines(
        lines, pixel, top, size, "left" if turn > 0 else "right", f"rotate({turn:g} {pixel:.1f} {edge:.1f})"
    )


def _title(axis: Axis, edge: float, outwards: float, font: Plain) -> str:
    title = title_of(axis.options)
    if not title.get("text"):
        return ""
    own: Plain = title.get("font") or {}
    size, color = float(own.get("size", font.get("size", 12) * 1.2)), first_given("color", own, font, default="#444444")
    lines = read_lines(title["text"], size, color)
    middle, high = (axis.start + axis.end) / 2, height_of(lines, size)
    gap = float(title.get("standoff", 4))
    if axis.letter == "x":
        return draw_lines(lines, middle, edge + gap if outwards > 0 else edge - gap - high, size, "center")
    x = edge + outwards * (gap + high / 2)
    return draw_lines(lines, x, middle - high / 2, size, "center", f"rotate(-90 {x:.1f} {middle:.1f})")
