"""The one static renderer: a plotly figure as SVG, for first paint, print, PDF and PNG.

It draws from the same `go.Figure` as the page's script. What it cannot draw it refuses with
`UnknownFigurePart`: nothing is left out silently. The same figure always gives the same text.
No style attributes, no script, no links: the strict content policy lets it in.
"""

import zlib

import plotly.graph_objects as go

from dashboards.charts.theme import FONT
from dashboards.exports.svg.axes import draw_axis, draw_grid, label_room, tick_length
from dashboards.exports.svg.bars import draw_bars
from dashboards.exports.svg.choropleth import draw_maps
from dashboards.exports.svg.colors import COLORWAY, paint
from dashboards.exports.svg.elements import clean, element
from dashboards.exports.svg.extents import build_axes, domain_of
from dashboards.exports.svg.legend import draw_legend
from dashboards.exports.svg.notes import draw_annotations, draw_shapes
from dashboards.exports.svg.paragraphs import draw_paragraphs
from dashboards.exports.svg.plotly_values import Plain, UnknownFigurePart, first_given, read_figure
from dashboards.exports.svg.rich_text import draw_lines, read_lines
from dashboards.exports.svg.scales import Axis
from dashboards.exports.svg.scatter import draw_errors, draw_fill, draw_labels, draw_line, draw_marks, places
from dashboards.panels.base import Panel

WIDTH, HEIGHT = 720, 440  # pixels, where neither the caller nor the figure says
DOCUMENT_FONT = "Source Sans Pro"  # what typst has; a browser takes the page's own fonts
CARTESIAN, MAPS = ("scatter", "scattergl", "bar"), ("choropleth", "scattergeo")
_MARGIN = {"l": 80, "r": 80, "t": 100, "b": 80}  # plotly's own, where the template says nothing


def panel_svg(panel: Panel, geometry: Plain | None, width: float = WIDTH, height: float | None = None) -> str:
    """The panel's figure, named by its question and described by its finding.

    `geometry` is the city's GeoJSON, needed for maps only. Whose numbers they are and of which years stands under the
    figure; without a `height` the panel's context too, which otherwise the document around it prints. ValueError
    where the panel has no figure.
    """
    if panel.figure is None:
        raise ValueError(f"The panel {panel.slug} has no figure: {panel.reason or 'it is a table'}")
    below = words_below(panel, is_alone=height is None)
    return draw_figure(panel.figure, panel.title, panel.finding, geometry, width, height, below)


def words_below(panel: Panel, *, is_alone: bool) -> tuple[str, ...]:
    """What a picture of the panel carries inside: years, whose dollars; alone, what to know before reading too."""
    return tuple(words for words in (panel.years, panel.dollars, *(panel.context if is_alone else ())) if words)


def draw_figure(
    figure: go.Figure,
    title: str,
    description: str = "",
    geometry: Plain | None = None,
    width: float = WIDTH,
    height: float | None = None,
    below: tuple[str, ...] = (),
) -> str:
    """The whole `<svg>`, `width` x `height` pixels. Without a height: the figure's own, and room for the
    paragraphs `below` it; with one they take their room from the figure.

    Raises UnknownFigurePart for a trace, shape or format this writer does not know, and for a map
    without any geometry. Tracts that its geometry lacks are left out, and a line on the map counts them.
    """
    traces, layout = read_figure(figure)
    for trace in traces:
        trace.setdefault("type", "scatter")
        if trace["type"] not in CARTESIAN + MAPS:
            raise UnknownFigurePart(f"A trace of the type {trace['type']!r} cannot be drawn as SVG.")
    width = float(width)
    room = draw_paragraphs(below, 0.0, width)[1]
    height = max(1.0, float(height) - room) if height else float(layout.get("height") or HEIGHT)
    prefix = f"f{zlib.crc32(f'{title}|{description}|{width}|{height}|{traces}'.encode(errors='replace')):08x}"
    font = {"size": 12, "color": "#444444", **(layout.get("font") or {})}
    background = paint("fill", layout.get("paper_bgcolor", "#ffffff"))
    words, room = draw_paragraphs(below, height, width)
    body = element("rect", width=width, height=height + room, **background)
    body += _draw_all(traces, layout, (width, height), geometry, prefix, font) + words
    height += room
    described = element("title", _text(title), id=f"{prefix}-title")
    if description:
        described += element("desc", _text(description), id=f"{prefix}-desc")
    return element(
        "svg",
        described + body,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_labelledby=f"{prefix}-title" + (f" {prefix}-desc" if description else ""),
        font_family=f"'{DOCUMENT_FONT}', {FONT}",
        font_size=str(font["size"]),
    )


def _text(words: str) -> str:
    return clean(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _draw_all(
    traces: list[Plain], layout: Plain, size: tuple[float, float], geometry: Plain | None, prefix: str, font: Plain
) -> str:
    flat = [trace for trace in traces if trace["type"] in CARTESIAN]
    colors = _trace_colors(traces, layout)
    shades = {id(trace): color for trace, color in zip(traces, colors, strict=True)}
    plot = _plot(layout, size)
    axes = build_axes(flat, layout, plot)
    plot, axes = _with_room(flat, layout, size, plot, axes, font)
    drawn = [draw_maps([trace for trace in traces if trace["type"] in MAPS], layout, plot, geometry, prefix, font)]
    pairs = list(dict.fromkeys((trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in flat))
    drawn += [draw_grid(axes[x], axes[y]) + draw_grid(axes[y], axes[x]) for x, y in pairs]
    drawn.append(draw_shapes(layout, axes, plot, below=True))
    for x, y in pairs:
        drawn.append(_draw_subplot(flat, axes[x], axes[y], shades, layout, prefix, font))
    drawn += [draw_axis(axis, axes, plot, font) for axis in axes.values()]
    drawn.append(draw_shapes(layout, axes, plot, below=False))
    drawn.append(draw_annotations(layout, axes, plot, font))
    drawn.append(draw_legend(traces, colors, layout, plot, size[1], font))
    return "".join(drawn) + _title(layout, size, font)


def _draw_subplot(
    traces: list[Plain], x: Axis, y: Axis, shades: dict[int, str], layout: Plain, prefix: str, font: Plain
) -> str:
    """Everything on one pair of axes, clipped to it but for the traces that may reach out."""
    members = [t for t in traces if (t.get("xaxis", "x"), t.get("yaxis", "y")) == (x.name, y.name)]
    bars = [trace for trace in members if trace["type"] == "bar"]
    lines = [trace for trace in members if trace["type"] != "bar"]
    stacks: dict[tuple, float] = {}
    name = f"{prefix}-{x.name}{y.name}"
    clip = element("clipPath", _box(x, y), id=name)
    kept, free = [], []
    for trace in bars:
        drawn, labels = draw_bars(trace, bars, stacks, x, y, shades[id(trace)], layout, font)
        kept.append(drawn)
        free.append(labels)
        kept.append(draw_errors(trace, x, y, shades[id(trace)]))
    earlier = None
    for trace in lines:
        kept.append(draw_fill(trace, earlier, x, y, shades[id(trace)]))
        earlier = trace
    for trace in lines:
        color, points = shades[id(trace)], places(trace, x, y)
        kept.append(draw_line(trace, x, y, color))
        kept.append(draw_errors(trace, x, y, color))
        marks = draw_marks(trace, points, color, layout) + draw_labels(trace, points, color, font)
        (free if trace.get("cliponaxis") is False else kept).append(marks)
    return element("defs", clip) + element("g", "".join(kept), clip_path=f"url(#{name})") + "".join(free)


def _box(x: Axis, y: Axis) -> str:
    left, right = sorted((x.start, x.end))
    top, bottom = sorted((y.start, y.end))
    return element("rect", x=left, y=top, width=right - left, height=bottom - top)


def _plot(layout: Plain, size: tuple[float, float]) -> tuple[float, float, float, float]:
    margin = {**_MARGIN, **(layout.get("margin") or {})}
    left, top = float(margin["l"]), float(margin["t"])
    return left, top, max(1.0, size[0] - left - margin["r"]), max(1.0, size[1] - top - margin["b"])


def _with_room(traces, layout, size, plot, axes, font) -> tuple[tuple, dict[str, Axis]]:
    """Wider margins for axes that ask for them (`automargin`) so that no label is cut."""
    margin = {**_MARGIN, **(layout.get("margin") or {})}
    wanted = dict(margin)
    for axis in axes.values():
        options = axis.options
        if options.get("automargin") and options.get("visible", True) and options.get("showticklabels", True):
            default = "bottom" if axis.letter == "x" else "left"
            side = {"bottom": "b", "top": "t", "left": "l", "right": "r"}[options.get("side", default)]
            title = 22 if options.get("title", {}) and (options["title"] or {}).get("text") else 0
            need = label_room(axis, font) + tick_length(options) + 6 + title - _inside(axis, axes, side, plot)
            wanted[side] = max(wanted[side], need)
    if wanted == margin:
        return plot, axes
    plot = _plot({**layout, "margin": wanted}, size)
    return plot, build_axes(traces, layout, plot)


def _inside(axis: Axis, axes: dict[str, Axis], side: str, plot: tuple) -> float:
    """Pixels between the axis and the plot's edge on its side: labels of an inner subplot take that room first."""
    anchor = axis.options.get("anchor", "x" if axis.letter == "y" else "y")
    low, high = domain_of(axes[anchor], axes) if anchor in axes else (0.0, 1.0)
    length = plot[2] if axis.letter == "y" else plot[3]
    return (low if side in "lb" else 1 - high) * length


def _trace_colors(traces: list[Plain], layout: Plain) -> list[str]:
    way = layout.get("colorway") or COLORWAY
    colors = []
    for index, trace in enumerate(traces):
        marker, line = (trace.get("marker") or {}).get("color"), (trace.get("line") or {}).get("color")
        plain = marker if isinstance(marker, str) else None
        colors.append((line or plain if trace["type"] != "bar" else plain) or way[index % len(way)])
    return colors


def _title(layout: Plain, size: tuple[float, float], font: Plain) -> str:
    title = layout.get("title") or {}
    title = {"text": title} if isinstance(title, str) else title
    if not title.get("text"):
        return ""
    own: Plain = title.get("font") or {}
    tall = float(own.get("size", font["size"] * 1.4))
    lines = read_lines(title["text"], tall, first_given("color", own, font))
    return draw_lines(lines, float(title.get("x", 0.05)) * size[0], 6.0, tall)
