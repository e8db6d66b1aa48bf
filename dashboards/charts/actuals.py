"""Actuals of one indicator over time: dots at the ends of their periods, intervals, baseline, target, the way between.

The straight way from baseline to target is what "on track" is measured against. It says nothing about causes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, PAPER, Notes, escape, new_figure
from dashboards.charts.time_axis import place, time_axis

HEIGHT = 320


@dataclass(frozen=True)
class Dot:
    """`on`: the last day of its period; `words` for who points at it. Hollow: not approved."""

    on: date
    value: float
    low: float | None
    high: float | None
    words: str
    is_hollow: bool = False


@dataclass(frozen=True)
class ReferencePoint:
    """Baseline or target."""

    on: date
    value: float
    words: str


@dataclass(frozen=True)
class Axis:
    """`ticks`: (value, words) of the value axis; values are the chart's own units."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


def draw_actuals(
    dots: tuple[Dot, ...], baseline: ReferencePoint | None, target: ReferencePoint | None, axis: Axis
) -> go.Figure:
    """Wants at least one of dots, baseline and target."""
    figure, notes = new_figure(), Notes()
    days = [dot.on for dot in dots] + [mark.on for mark in (baseline, target) if mark]
    first, last = min(days), max(days)
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 58, "r": 16, "t": 14, "b": 44},
        hovermode="closest",
        xaxis=time_axis(first, last, "y"),
        yaxis=value_axis(axis),
    )
    draw_target_path(figure, notes, baseline, target, "")
    notes.put_on(figure)
    draw_dots(figure, dots, "")
    return figure


def value_axis(axis: Axis) -> dict[str, Any]:
    return {
        "range": [axis.low, axis.high],
        "tickvals": [value for value, _ in axis.ticks],
        "ticktext": [words for _, words in axis.ticks],
        "gridcolor": LINE,
        "fixedrange": True,
        "zeroline": False,
        "tickfont": {"size": 12, "color": MUTED},
    }


def draw_target_path(
    figure: go.Figure, notes: Notes, baseline: ReferencePoint | None, target: ReferencePoint | None, suffix: str
) -> None:
    """Baseline and target as thin rules with their names, and the straight way between them."""
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    if baseline and target:
        figure.add_scatter(
            x=[place(baseline.on), place(target.on)],
            y=[baseline.value, target.value],
            mode="lines",
            line={"color": MUTED, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
            name="straight way",
            **axes,
        )
    below = bool(baseline and target and target.value < baseline.value)
    for mark, at_right, dash in ((baseline, False, "solid"), (target, True, "dash")):
        if mark is None:
            continue
        notes.add_shape(
            type="line",
            xref=f"x{suffix} domain",
            yref=f"y{suffix}",
            x0=0,
            x1=1,
            y0=mark.value,
            y1=mark.value,
            line={"color": INK, "width": 1, "dash": dash},
            layer="below",
        )
        under = at_right is below
        notes.add_annotation(
            xref=f"x{suffix} domain",
            yref=f"y{suffix}",
            x=1 if at_right else 0,
            y=mark.value,
            showarrow=False,
            xanchor="right" if at_right else "left",
            yanchor="top" if under else "bottom",
            text=escape(mark.words),
            font={"size": 12, "color": INK},
        )


def draw_dots(figure: go.Figure, dots: tuple[Dot, ...], suffix: str) -> None:
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    ordered = sorted(dots, key=lambda dot: dot.on)
    known = [dot for dot in ordered if dot.low is not None and dot.high is not None]
    if known:
        figure.add_scatter(
            x=[at for dot in known for at in (place(dot.on), place(dot.on), None)],
            y=[at for dot in known for at in (dot.low, dot.high, None)],
            mode="lines",
            hoverinfo="skip",
            line={"color": ACCENT, "width": 2},
            name="95% intervals",
            **axes,
        )
    if not ordered:
        return
    firm = [dot for dot in ordered if not dot.is_hollow]
    if len(firm) > 1:
        figure.add_scatter(
            x=[place(dot.on) for dot in firm],
            y=[dot.value for dot in firm],
            mode="lines",
            hoverinfo="skip",
            line={"color": ACCENT, "width": 1},
            name="approved values",
            **axes,
        )
    figure.add_scatter(
        x=[place(dot.on) for dot in ordered],
        y=[dot.value for dot in ordered],
        mode="markers",
        cliponaxis=False,
        marker={
            "size": 10,
            "color": [PAPER if dot.is_hollow else ACCENT for dot in ordered],
            "line": {"color": ACCENT, "width": 2},
        },
        customdata=[escape(dot.words) for dot in ordered],
        hovertemplate="%{customdata}<extra></extra>",
        name="values",
        **axes,
    )
