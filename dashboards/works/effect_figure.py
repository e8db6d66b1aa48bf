"""The effect of one pilot as a picture that travels alone: its interval beside no effect and what is worth having."""

from math import isfinite

import plotly.graph_objects as go

from dashboards.charts.marks.change_axis import change_axis
from dashboards.charts.theme import ACCENT, ACCENT_DEEP, DONE_WASH, INK, LINE, MUTED, WARN, Notes, escape, new_figure
from dashboards.exports.figure_svg import WIDTH, draw_figure
from dashboards.exports.typeset import typeset
from dashboards.works.figure import LIMIT, MADE_UP, PIXELS_PER_POINT
from engagements.pilots.rules.effect_line import EffectLine

HEIGHT, MIDDLE = 230, 0.34  # pixels; share of the plot's height where the interval lies
NEAR = 0.16  # of the width: words so near to an end begin or end there


def draw_effect(line: EffectLine, axis: str) -> go.Figure:
    """An interval without an end runs to the edge of the picture."""
    labeled = change_axis(line.ends, is_money=line.is_money)
    low, high = labeled.low, labeled.high
    ends = [end if isfinite(end) else edge for end, edge in ((line.low, low), (line.high, high))]
    figure = new_figure(
        [
            {
                "type": "scatter",
                "x": ends,
                "y": [MIDDLE, MIDDLE],
                "mode": "lines",
                "line": {"color": ACCENT, "width": 5},
                "name": "interval",
            },
            {
                "type": "scatter",
                "x": [line.value],
                "y": [MIDDLE],
                "mode": "markers",
                "cliponaxis": False,
                "marker": {"size": 17, "color": ACCENT},
                "name": "estimate",
            },
        ]
    )
    notes = Notes()
    _rules(notes, line, low, high)
    _words(notes, line, low, high)
    notes.put_on(figure)
    figure.update_xaxes(
        range=[low, high],
        tickvals=[value for value, _label in labeled.ticks],
        ticktext=[label for _value, label in labeled.ticks],
        title={"text": escape(axis), "font": {"size": 12}},
        linecolor=LINE,
        showgrid=False,
    )
    figure.update_yaxes(visible=False, range=[0, 1])
    figure.update_layout(height=HEIGHT, margin={"l": 12, "r": 12, "t": 8, "b": 62})
    return figure


def _rules(notes: Notes, line: EffectLine, low: float, high: float) -> None:
    upright = {"type": "line", "y0": 0, "y1": 1, "layer": "below"}
    if line.worth is not None:
        edge = high if line.worth >= 0 else low
        notes.add_shape(
            type="rect", x0=line.worth, x1=edge, y0=0, y1=1, fillcolor=DONE_WASH, line={"width": 0}, layer="below"
        )
        notes.add_shape(**upright, x0=line.worth, x1=line.worth, line={"color": WARN, "width": 1.5, "dash": "4px,3px"})
    notes.add_shape(**upright, x0=0, x1=0, line={"color": INK, "width": 2.5})
    if line.detectable is not None and isfinite(line.detectable):
        notes.add_shape(
            type="line",
            x0=line.detectable,
            x1=line.detectable,
            y0=0,
            y1=0.09,
            line={"color": MUTED, "width": 3},
            layer="below",
        )


def _words(notes: Notes, line: EffectLine, low: float, high: float) -> None:
    """Each on its own height, so that two rules close to each other keep their words apart."""
    ends = (low, high)
    share = (line.value - low) / (high - low)
    beside = "left" if share < NEAR else "right" if share > 1 - NEAR else "center"
    _write(notes, line.value, MIDDLE + 0.17, f"<b>{escape(line.label)}</b>", ACCENT_DEEP, 20, beside)
    _write(notes, 0.0, 0.8, escape(line.no_effect_label), INK, 13, _inward(0.0, ends))
    if line.worth is not None:
        _write(notes, line.worth, 0.94, f"<b>{escape(line.worth_label)}</b>", WARN, 13, _inward(line.worth, ends))
    if line.detectable is not None and isfinite(line.detectable):
        side = _inward(line.detectable, ends)
        if line.worth is not None and NEAR < (line.detectable - low) / (high - low) < 1 - NEAR:
            side = "right" if line.worth >= line.detectable else "left"  # away from the dashed rule
        _write(notes, line.detectable, 0.13, escape(line.detectable_label), MUTED, 12, side)


def _inward(x: float, ends: tuple[float, float]) -> str:
    """The anchor of words that run toward the middle of the picture, so that none leaves it."""
    return "left" if x - ends[0] < (ends[1] - ends[0]) / 2 else "right"


def _write(notes: Notes, x: float, y: float, text: str, color: str, size: int, anchor: str) -> None:
    notes.add_annotation(
        x=x,
        y=y,
        text=text,
        showarrow=False,
        xanchor=anchor,
        xshift={"left": 6, "right": -6}.get(anchor, 0),
        yanchor="middle",
        font={"color": color, "size": size},
    )


def effect_svg(line: EffectLine, title: str, axis: str, finding: str) -> str:
    return draw_figure(draw_effect(line, axis), title, line.words, below=(finding, LIMIT))


def effect_png(
    line: EffectLine, title: str, axis: str, finding: str, source: str, address: str, *, is_made_up: bool
) -> bytes:
    """1520 pixels wide, with the sentence of the verdict, its source and the address on it."""
    data = {
        "width": WIDTH,
        "svg": draw_figure(draw_effect(line, axis), title, line.words),
        "title": title,
        "finding": f"{finding} {LIMIT}",
        "sample": MADE_UP if is_made_up else "",
        "dollars": "",
        "sources": [source],
        "address": address,
    }
    return typeset("picture", data, "png", ppi=72 * PIXELS_PER_POINT)[0]
