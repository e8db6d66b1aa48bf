"""Clustered bars of amounts, upright from nought, a legend above them; the series told apart by lightness too."""

from textwrap import wrap

import plotly.graph_objects as go

from atlas.formatting.counts import format_axis_number
from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import LINE, MUTED, SERIES, escape, new_figure

COLORS = SERIES
HEIGHT = 260  # pixels
_LABEL = 12  # letters in a line under a group


def draw_bar_groups(
    categories: tuple[str, ...], series: tuple[tuple[str, tuple[float | None, ...]], ...], unit: str
) -> go.Figure:
    """A group per category, in it a bar per series; `unit` in words beside the axis."""
    figure = new_figure()
    positions = list(range(len(categories)))
    for index, (name, values) in enumerate(series):
        figure.add_bar(
            x=positions,
            y=list(values),
            name=escape(name),
            marker={"color": COLORS[index % len(COLORS)]},
            hovertemplate=f"{escape(name)}: %{{y:,.0f}}<extra></extra>",
        )
    reach = [value for _, values in series for value in values if value is not None] or [0.0]
    low, high = min(0.0, *reach), max(0.0, *reach)
    if high == low:
        high = 1.0
    room = (high - low) * 0.05
    ticks = round_ticks(low - (room if low < 0 else 0), high + room)
    figure.update_xaxes(
        tickvals=positions,
        ticktext=["<br>".join(escape(line) for line in wrap(name, _LABEL)) for name in categories],
        showgrid=False,
        range=[-0.6, len(categories) - 0.4],
        tickfont={"size": 12},
    )
    figure.update_yaxes(
        range=[low - (room if low < 0 else 0), high + room],
        tickvals=ticks,
        ticktext=[format_axis_number(tick) for tick in ticks],
        title={"text": escape(unit), "font": {"size": 12}},
        tickfont={"size": 12},
        zeroline=True,
        zerolinecolor=MUTED,
        gridcolor=LINE,
    )
    lines = max((len(wrap(name, _LABEL)) for name in categories), default=1)
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        height=HEIGHT + 14 * (lines - 1),
        showlegend=len(series) > 1,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom", "font": {"size": 12}},
        margin={"l": 70, "r": 8, "t": 34, "b": 30 + 14 * (lines - 1)},
    )
    return figure
