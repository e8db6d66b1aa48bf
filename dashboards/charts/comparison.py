"""A city's mean beside its references: estimates as dots, 95% intervals as lines where they exist."""

import plotly.graph_objects as go

from atlas.records import Headline, Reference
from atlas.statistics.intervals import Z95
from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, escape, new_figure
from dashboards.number_words import as_percentile, as_ranks


def draw_comparison(city_name: str, headline: Headline) -> go.Figure:
    """One row per place, the city first; x is the national percentile 0-100. Places without a value are left out."""
    figure = new_figure()
    rows = [(city_name, "mean of its tracts" + _mark(headline), headline.value, headline.standard_error, ACCENT)]
    for reference in headline.references:
        how = "mean of its tracts" if not reference.is_published else "" if reference.is_sample else "published"
        how = (how + _mark(reference)).removeprefix(", ")
        rows.append((reference.name, how, reference.value, reference.standard_error, INK))
    rows = [row for row in rows if row[2] is not None]
    if not rows:
        return figure
    for index, (name, how, value, error, colour) in enumerate(rows):
        half = None if error is None else Z95 * error * 100
        uncertainty = "no standard error" if error is None else f"95% interval ± {as_ranks(Z95 * error)}"
        if half is not None:
            figure.add_scatter(
                x=[value * 100 - half, value * 100 + half], y=[index, index], mode="lines",
                line={"color": colour, "width": 2}, hoverinfo="skip", name=f"{escape(name)}, interval",
            )  # fmt: skip
        figure.add_scatter(
            x=[value * 100], y=[index], mode="markers+text", cliponaxis=False, name=escape(name),
            marker={"size": 13 if index == 0 else 10, "color": colour, "symbol": "circle"},
            text=[f"{as_percentile(value)}"], textposition="middle right" if half is None else "top center",
            textfont={"color": colour, "size": 16 if index == 0 else 14},
            hovertemplate=f"{escape(name)} ({how}): {as_ranks(value)}<br>{uncertainty}<extra></extra>",
        )  # fmt: skip
        label = f"<b>{escape(name)}</b>" if index == 0 else escape(name)
        figure.add_annotation(
            x=0, xref="paper", y=index, text=f'{label}<br><span style="font-size:12px">{how}</span>',
            showarrow=False, xanchor="left", align="left", font={"color": colour, "size": 14},
        )  # fmt: skip
    known = [row[2] * 100 for row in rows]
    low, high = min(known), max(known)
    room = max(3.0, (high - low) * 0.2)
    right = high + room + (high - low + 2 * room) * 0.15  # the last dot's own label needs a place
    figure.update_xaxes(
        domain=[0.42, 1],
        range=[low - room, right],
        tickvals=round_ticks(low - room, right),
        title={"text": "percentile of US household income", "font": {"size": 12}},
    )
    figure.update_yaxes(visible=False, range=[len(rows) - 0.4, -0.6])
    figure.update_layout(height=70 + 58 * len(rows), margin={"l": 4, "r": 8, "t": 4, "b": 44})
    return figure


def _mark(number: Headline | Reference) -> str:
    """Each row says for itself what it is: a published county may stand beside a generated city."""
    return ", sample" if number.is_sample else ""
