"""Rows of one estimate each: its name and number in words above, a dot and its 95% interval below."""

from dataclasses import dataclass

import plotly.graph_objects as go

from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, LINE, escape, new_figure

ROW_HEIGHT = 52


@dataclass(frozen=True)
class DotRow:
    """`value` and bounds are on the axis's scale; without bounds only the dot is drawn."""

    name: str
    words: str  # the number and its uncertainty, as prose
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False  # the place's own


def draw_dot_rows(
    rows: list[DotRow], *, axis: str, reference: float | None = None, span: tuple[float, float] | None = None
) -> go.Figure:
    """`axis` says what the dots measure, `reference` is a thin upright rule, `span` the least the axis covers."""
    figure = new_figure()
    if not rows:
        return figure
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    ends += [*(span or ()), *([] if reference is None else [reference])]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.04 or 1.0
    for index, row in enumerate(rows):
        colour = ACCENT if row.strong else INK
        if row.low is not None and row.high is not None:
            figure.add_scatter(
                x=[row.low, row.high], y=[index, index], mode="lines", line={"color": colour, "width": 2},
                hoverinfo="skip", name=f"{escape(row.name)}, interval",
            )  # fmt: skip
        figure.add_scatter(
            x=[row.value], y=[index], mode="markers", cliponaxis=False, name=escape(row.name),
            marker={"size": 12 if row.strong else 10, "color": colour},
            hovertemplate=f"{escape(row.name)}: {escape(row.words)}<extra></extra>",
        )  # fmt: skip
        figure.add_annotation(
            x=0, xref="paper", y=index - 0.42, text=f"{escape(row.name)} <b>{escape(row.words)}</b>", showarrow=False,
            xanchor="left", yanchor="middle", align="left", font={"color": colour, "size": 13},
        )  # fmt: skip
    if reference is not None:
        figure.add_shape(
            type="line", x0=reference, x1=reference, y0=-0.2, y1=len(rows) - 0.7, line={"color": LINE, "width": 1.5},
            layer="below",
        )  # fmt: skip
    figure.update_xaxes(
        range=[low - room, high + room], tickvals=round_ticks(low - room, high + room),
        title={"text": escape(axis), "font": {"size": 12}},
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[len(rows) - 0.6, -0.75])
    figure.update_layout(height=64 + ROW_HEIGHT * len(rows), margin={"l": 8, "r": 12, "t": 4, "b": 48})
    return figure
