"""One axis of time for money, work and indicators: plots under each other, each with a value axis of its own.

Lines that move together are shown together and nothing more: no line is drawn from one to another.
"""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import plotly.graph_objects as go

from dashboards.charts.actuals import Axis, Dot, ReferencePoint, draw_dots, draw_target_path, value_axis
from dashboards.charts.theme import ACCENT, DONE, INK, LATE, LINE, MUTED, PAPER, Notes, escape, new_figure
from dashboards.charts.time_axis import apart, place, time_axis

MONEY, LANE, SMALL, EFFECT = 190, 30, 96, 110  # pixels of a plot, of a lane, of a small plot, of an effect
TITLE, FOOT, GAP = 24, 40, 22
LABEL = 15  # pixels between labels at the ends of lines
TODAY = 16  # pixels above the first plot for the word
RIGHT = 104  # pixels for these labels
WRAP = 44  # letters of a heading on a phone
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_COLORS = (MUTED, MUTED, INK, ACCENT, ACCENT)
_KINDS = {  # symbol, color, border
    "done": ("circle", DONE, DONE),
    "open": ("circle", PAPER, ACCENT),
    "late": ("triangle-up", LATE, LATE),
    "closed": ("x-thin", MUTED, MUTED),
    "published": ("diamond", INK, INK),
    "money": ("square", PAPER, INK),
}


@dataclass(frozen=True)
class MoneySteps:
    """Steps of a sum: (first day it holds from, value); `words` at its end."""

    name: str
    points: tuple[tuple[date, float], ...]
    words: str


@dataclass(frozen=True)
class Event:
    """`kind`: a key of _KINDS."""

    on: date
    kind: str
    words: str


@dataclass(frozen=True)
class Lane:
    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class IndicatorPlot:
    """One indicator: its heading, dots and marks."""

    heading: str
    dots: tuple[Dot, ...]
    baseline: ReferencePoint | None
    target: ReferencePoint | None
    axis: Axis


@dataclass(frozen=True)
class EffectPlot:
    """What one pilot found, at the end of its measuring: a dot with its interval between no effect and what is worth
    having. `opens`, `closes`: when the outcome was measured."""

    heading: str
    dot: Dot
    worth: ReferencePoint
    no_effect: ReferencePoint
    opens: date
    closes: date
    axis: Axis


@dataclass(frozen=True)
class Drawing:
    """`money_axis` None: no money to see. `today` inside first to last or None."""

    first: date
    last: date
    today: date | None
    money_heading: str
    money: tuple[MoneySteps, ...]
    money_axis: Axis | None
    lanes: tuple[Lane, ...]
    smalls: tuple[IndicatorPlot, ...]
    effects: tuple[EffectPlot, ...] = ()


def draw_engagement_timeline(drawing: Drawing) -> go.Figure:
    """Money above, work below it, then what each pilot found, then each indicator."""
    figure, notes = new_figure(), Notes()
    axes: dict[str, Any] = {}
    blocks: list[tuple[list[str], int, Callable[[str], dict[str, Any]]]] = []  # (heading lines, pixels, draw)
    if drawing.money_axis:
        draw_steps = partial(_draw_money, figure, notes, drawing, drawing.money_axis)
        blocks.append((_wrapped(drawing.money_heading), MONEY, draw_steps))
    if drawing.lanes:
        height = LANE * len(drawing.lanes)
        blocks.append((["Work: due and done, updates, pilots"], height, partial(_draw_lanes, figure, notes, drawing)))
    for effect in drawing.effects:
        blocks.append((_wrapped(effect.heading), EFFECT, partial(_draw_effect, figure, notes, effect)))
    for small in drawing.smalls:
        blocks.append((_wrapped(small.heading), SMALL, partial(_draw_small, figure, notes, small)))
    heights = [TITLE + 16 * (len(heading) - 1) + pixels for heading, pixels, _ in blocks]
    if heights and drawing.today:
        heights[0] += TODAY
    total = sum(heights) + GAP * (len(blocks) - 1)
    reached = 0
    for number, ((heading, pixels, draw), height) in enumerate(zip(blocks, heights, strict=True), start=1):
        tail, is_last = "" if number == 1 else str(number), number == len(blocks)
        top, bottom = 1 - (reached + height - pixels) / total, max(0.0, 1 - (reached + height) / total)
        axes |= {
            f"xaxis{tail}": time_axis(drawing.first, drawing.last, f"y{tail}", show_ticks=is_last),
            f"yaxis{tail}": {"anchor": f"x{tail}", "domain": [bottom, top], "fixedrange": True} | draw(tail),
        }
        _head(notes, heading, 1 - reached / total)
        if drawing.today:
            _today(notes, drawing.today, tail, number == 1)
        reached += height + GAP
    notes.put_on(figure)
    figure.update_layout(
        axes, height=total + FOOT + 12, margin={"l": 66, "r": RIGHT, "t": 12, "b": FOOT}, hovermode="closest"
    )
    return figure


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, WRAP) or [""]


def _head(notes: Notes, lines: list[str], y: float) -> None:
    notes.add_annotation(
        text="<br>".join(f"<b>{escape(line)}</b>" for line in lines),
        x=0,
        xref="paper",
        xshift=-62,
        y=y,
        yref="paper",
        yanchor="top",
        xanchor="left",
        align="left",
        showarrow=False,
        font={"size": 13, "color": INK},
    )


def _today(notes: Notes, today: date, tail: str, named: bool) -> None:
    notes.add_shape(
        type="line",
        xref=f"x{tail}",
        yref=f"y{tail} domain",
        x0=place(today),
        x1=place(today),
        y0=0,
        y1=1,
        line={"color": INK, "width": 1, "dash": "dash"},
    )
    if named:
        notes.add_annotation(
            x=place(today),
            xref=f"x{tail}",
            y=1,
            yref=f"y{tail} domain",
            text="today",
            showarrow=False,
            yanchor="bottom",
            font={"size": 12, "color": INK},
        )


def _draw_money(figure: go.Figure, notes: Notes, drawing: Drawing, axis: Axis, tail: str) -> dict[str, Any]:
    end = min(drawing.today or drawing.last, drawing.last)
    per_pixel = (axis.high - axis.low) / MONEY
    ends = [line.points[-1][1] for line in drawing.money]
    labels = apart(ends, LABEL * per_pixel, axis.low, axis.high)
    for number, (line, at) in enumerate(zip(drawing.money, labels, strict=True)):
        days, values = [day for day, _ in line.points], [value for _, value in line.points]
        dash, color = _DASHES[number % 5], _COLORS[number % 5]
        figure.add_scatter(
            x=[place(day) for day in (*days, max(end, days[-1]))],
            y=[*values, values[-1]],
            mode="lines",
            line={"color": color, "width": 2, "dash": dash, "shape": "hv"},
            name=escape(line.name),
            hovertemplate=f"{escape(line.name)}: %{{y:$,.0f}}<extra></extra>",
            xaxis=f"x{tail}",
            yaxis=f"y{tail}",
        )
        notes.add_annotation(
            x=1,
            xref=f"x{tail} domain",
            y=at,
            yref=f"y{tail}",
            text=escape(line.words),
            showarrow=False,
            xshift=4,
            xanchor="left",
            yanchor="middle",
            align="left",
            font={"size": 11, "color": color},
        )
    return value_axis(axis)


def _draw_lanes(figure: go.Figure, notes: Notes, drawing: Drawing, tail: str) -> dict[str, Any]:
    for row, lane in enumerate(drawing.lanes):
        notes.add_annotation(
            x=1,
            xref=f"x{tail} domain",
            y=row,
            yref=f"y{tail}",
            text=escape(lane.name),
            showarrow=False,
            xshift=4,
            xanchor="left",
            font={"size": 11, "color": MUTED},
        )
        for kind, (symbol, color, border) in _KINDS.items():
            events = [event for event in lane.events if event.kind == kind]
            if not events:
                continue
            figure.add_scatter(
                x=[place(event.on) for event in events],
                y=[row] * len(events),
                mode="markers",
                cliponaxis=False,
                marker={"size": 10, "symbol": symbol, "color": color, "line": {"color": border, "width": 2}},
                customdata=[escape(event.words) for event in events],
                name=f"{escape(lane.name)}, {kind}",
                hovertemplate="%{customdata}<extra></extra>",
                xaxis=f"x{tail}",
                yaxis=f"y{tail}",
            )
    return {
        "range": [len(drawing.lanes) - 0.5, -0.5],
        "showticklabels": False,
        "showgrid": True,
        "gridcolor": LINE,
        "tickvals": list(range(len(drawing.lanes))),
        "zeroline": False,
    }


def _draw_small(figure: go.Figure, notes: Notes, small: IndicatorPlot, tail: str) -> dict[str, Any]:
    draw_target_path(figure, notes, small.baseline, small.target, tail)
    draw_dots(figure, small.dots, tail)
    return value_axis(small.axis)


def _draw_effect(figure: go.Figure, notes: Notes, effect: EffectPlot, tail: str) -> dict[str, Any]:
    """The bar on no effect is the time in which the outcome was measured."""
    figure.add_scatter(
        x=[place(effect.opens), place(effect.closes)],
        y=[effect.no_effect.value] * 2,
        mode="lines",
        line={"color": MUTED, "width": 5},
        hoverinfo="skip",
        name="measured",
        xaxis=f"x{tail}",
        yaxis=f"y{tail}",
    )
    # One by one: a line from one to the other would be a path that nobody promised.
    draw_target_path(figure, notes, effect.no_effect, None, tail)
    draw_target_path(figure, notes, None, effect.worth, tail)
    draw_dots(figure, (effect.dot,), tail)
    return value_axis(effect.axis)
