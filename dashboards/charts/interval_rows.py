"""Many estimates under each other, close together: name, dot with its 95% interval, number in words. For paper."""

import plotly.graph_objects as go

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, WASH, escape, new_figure

ROW, AXIS = 19, 52  # pixels
_LEFT, _RIGHT = 0.26, 0.74  # shares of the width between which the dots stand
_LONGEST = 28  # letters of a name


def draw_interval_rows(
    rows: tuple[tuple[str, float, float | None, float | None, str], ...], unit: str, span: tuple[float, float]
) -> go.Figure:
    """`rows`: name, value, low, high, words. `span`: the axis, the same for figures that continue one another."""
    figure = new_figure()
    ends = [index for index, row in enumerate(rows) if row[2] is not None and row[3] is not None]
    for index in range(0, len(rows), 2):
        figure.add_shape(
            type="rect",
            x0=0,
            x1=1,
            xref="paper",
            y0=index - 0.5,
            y1=index + 0.5,
            layer="below",
            fillcolor=WASH,
            line={"width": 0},
        )
    for index in ends:
        figure.add_scatter(
            x=[rows[index][2], rows[index][3]],
            y=[index, index],
            mode="lines",
            line={"color": ACCENT, "width": 2},
            hoverinfo="skip",
            name="95% interval",
        )
    figure.add_scatter(
        x=[row[1] for row in rows],
        y=list(range(len(rows))),
        mode="markers",
        marker={"size": 9, "color": ACCENT},
        hoverinfo="skip",
        name=escape(unit),
    )
    for index, (name, _, _, _, words) in enumerate(rows):
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        for text, x, anchor in ((short, 0.01, "left"), (words, _RIGHT + 0.02, "left")):
            figure.add_annotation(
                text=escape(text),
                x=x,
                xref="paper",
                y=index,
                showarrow=False,
                xanchor=anchor,
                align="left",
                font={"size": 12, "color": INK},
            )
    ticks = [tick for tick in round_ticks(*span) if span[0] <= tick <= span[1]]
    figure.update_xaxes(
        domain=[_LEFT, _RIGHT],
        range=list(span),
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        title={"text": escape(unit), "font": {"size": 12}},
        tickfont={"size": 12},
    )
    figure.update_yaxes(visible=False, range=[len(rows) - 0.5, -0.5])
    figure.update_layout(height=ROW * len(rows) + AXIS, margin={"l": 4, "r": 4, "t": 4, "b": AXIS - 4})
    return figure


def span_of(rows: tuple[tuple[str, float, float | None, float | None, str], ...]) -> tuple[float, float]:
    """What holds every value and interval, with some air."""
    ends = [end for _, value, low, high, _ in rows for end in (value, low, high) if end is not None]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.06 or 1.0
    return low - room, high + room
