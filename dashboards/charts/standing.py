"""Where one tract stands on every measure: dot and 95% interval among US tracts, its city's middle tract as a tick."""

import plotly.graph_objects as go

from atlas.records import TractValue
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, PAPER, escape, new_figure
from dashboards.number_words import as_value

ROW = 46


def draw_standing(values: tuple[TractValue, ...], city: str) -> go.Figure | None:
    """One row per measure with a value; x is the share of US tracts that lie lower, 0-100. None without any."""
    rows = [value for value in values if value.percentile is not None]
    if not rows:
        return None
    figure = new_figure()
    for index, row in enumerate(rows):
        if row.low_percentile is not None:
            figure.add_scatter(
                x=[row.low_percentile, row.high_percentile], y=[index, index], mode="lines", hoverinfo="skip",
                line={"color": ACCENT, "width": 2}, name="95% interval",
            )  # fmt: skip
    ys = list(range(len(rows)))
    known = [(row.city_percentile, y) for y, row in zip(ys, rows, strict=True) if row.city_percentile is not None]
    if known:
        figure.add_scatter(
            x=[x for x, _ in known], y=[y for _, y in known], mode="markers", name=f"middle tract of {escape(city)}",
            marker={"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": INK}},
            hovertemplate="middle tract of " + escape(city) + ": higher than %{x:.0f} in 100 US tracts<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[row.percentile for row in rows], y=ys, mode="markers", name="this tract",
        marker={"size": 10, "color": ACCENT},
        customdata=[f"{escape(row.measure.label)}: {as_value(row.value, row.measure.unit)}" for row in rows],
        hovertemplate="%{customdata}<br>higher than %{x:.0f} in 100 US tracts<extra></extra>",
    )  # fmt: skip
    for index, row in enumerate(rows):
        figure.add_annotation(
            x=0, y=index, yshift=17, text=escape(row.measure.label), showarrow=False, xanchor="left",
            font={"size": 13, "color": MUTED}, bgcolor=PAPER, borderpad=1,
        )  # fmt: skip
    figure.add_shape(type="line", x0=50, x1=50, y0=-0.8, y1=len(rows) - 0.4, line={"color": LINE, "width": 1})
    figure.update_xaxes(
        range=[-2, 102], tickvals=[0, 25, 50, 75, 100], side="top",
        title={"text": "of 100 US tracts, how many are lower", "font": {"size": 12}},
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[len(rows) - 0.4, -0.9])
    figure.update_layout(height=70 + ROW * len(rows), margin={"l": 8, "r": 8, "t": 44, "b": 8})
    return figure
