"""One dot per tract on two axes, with a line or upright rules that carry their names."""

from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, LINE, escape, new_figure
from dashboards.formatting.estimates import format_tick

QUIET = "rgba(11,92,173,0.45)"


@dataclass(frozen=True)
class Axis:
    """`unit` as in records: ticks are written in it."""

    title: str
    unit: str


@dataclass(frozen=True)
class Dots:
    """Aligned arrays (n,), no NaN; `clear` marks the tracts to be drawn full."""

    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)
    hover: tuple[str, ...] = field(repr=False)  # plain text, escaped here; <br> is put between its lines
    clear: np.ndarray | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Rule:
    """An upright rule at x with its name."""

    x: float
    words: str
    strong: bool = False


def draw_tract_scatter(
    dots: Dots, x: Axis, y: Axis, *, line: tuple[np.ndarray, np.ndarray] | None = None, rules: tuple[Rule, ...] = ()
) -> go.Figure:
    """`line` is (xs, ys) on the axes' own units."""
    figure = new_figure()
    if not len(dots.x):
        return figure
    clear = np.zeros(len(dots.x), bool) if dots.clear is None else dots.clear
    figure.add_scatter(
        x=dots.x.tolist(),
        y=dots.y.tolist(),
        mode="markers",
        name="tracts",
        cliponaxis=False,
        marker={
            "size": 8,
            "color": [ACCENT if c else QUIET for c in clear],
            "line": {"width": [1.5 if c else 0 for c in clear], "color": INK},
        },
        text=["<br>".join(escape(part) for part in text.split("\n")) for text in dots.hover],
        hovertemplate="%{text}<extra></extra>",
    )
    if line is not None:
        figure.add_scatter(
            x=line[0].tolist(),
            y=line[1].tolist(),
            mode="lines",
            name="weighted line",
            hoverinfo="skip",
            line={"color": INK, "width": 1.5},
        )
    low, high = _range(np.append(dots.x, [rule.x for rule in rules]))
    bottom, top = _range(dots.y)
    head = 0.1 + 0.13 * len(rules)  # room for the names of the upright axis and of the rules
    for index, rule in enumerate(rules):
        level = 0.9 + head - 0.12 * index
        height = bottom + (top - bottom) * level
        color = ACCENT if rule.strong else INK
        right = rule.x > (low + high) / 2
        figure.add_shape(type="line", x0=rule.x, x1=rule.x, y0=bottom, y1=height, line={"color": color, "width": 1})
        figure.add_annotation(
            x=rule.x,
            y=height,
            text=escape(rule.words),
            showarrow=False,
            xanchor="right" if right else "left",
            yanchor="top",
            xshift=-4 if right else 4,
            font={"color": color, "size": 13},
            bgcolor="rgba(255,255,255,0.85)",
        )
    for update, axis, ends in ((figure.update_xaxes, x, (low, high)), (figure.update_yaxes, y, (bottom, top))):
        ticks = round_ticks(*ends)
        update(tickvals=ticks, ticktext=[format_tick(tick, axis.unit) for tick in ticks])
    figure.update_xaxes(
        range=[low, high],
        title={"text": escape(x.title), "font": {"size": 12}},
        showgrid=False,
        ticks="outside",
        tickcolor=LINE,
    )
    figure.update_yaxes(range=[bottom, bottom + (top - bottom) * (1 + head)])
    # The upright axis is named at its top: beside it there is no room on a phone, above it stand other words.
    figure.add_annotation(
        x=0,
        xref="paper",
        y=1,
        yref="paper",
        yanchor="top",
        xanchor="left",
        showarrow=False,
        text=escape(y.title),
        font={"size": 12, "color": INK},
    )
    figure.update_layout(height=380, margin={"l": 48, "r": 16, "t": 6, "b": 48}, hovermode="closest")
    return figure


def _range(values: np.ndarray) -> tuple[float, float]:
    low, high = float(np.min(values)), float(np.max(values))
    room = (high - low) * 0.05 or max(abs(high) * 0.05, 0.01)
    return low - room, high + room
