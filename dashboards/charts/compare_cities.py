"""Several cities on one axis: means as dots with intervals, and how their tracts spread."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from atlas.formatting.ranges import join_ends
from atlas.statistics.intervals import Z95
from dashboards.charts.distribution import round_ticks
from dashboards.charts.theme import ACCENT, INK, LINE, PAPER, escape, new_figure
from dashboards.formatting.estimates import format_estimate, format_in_prose_together, format_tick, unit_label

ROW = 46


@dataclass(frozen=True)
class MeanRow:
    """A place's mean in the measure's unit; `is_reference` for the nation."""

    name: str
    value: float
    standard_error: float | None
    is_reference: bool = False


@dataclass(frozen=True)
class SpreadRow:
    """Tracts of a place, each counting once: 10th, 25th, 50th, 75th and 90th percentile in the measure's unit."""

    name: str
    quantiles: tuple[float, float, float, float, float]


def draw_means(rows: tuple[MeanRow, ...], unit: str) -> go.Figure:
    """One row per place in the order given."""
    figure = new_figure()
    for index, row in enumerate(rows):
        color = INK if row.is_reference else ACCENT
        uncertainty = "no standard error"
        if row.standard_error is not None:
            half = Z95 * row.standard_error
            ends = (format_estimate(end, unit) for end in (row.value - half, row.value + half))
            uncertainty = f"95% interval {join_ends(*ends)}"
            figure.add_scatter(
                x=[row.value - half, row.value + half],
                y=[index, index],
                mode="lines",
                hoverinfo="skip",
                line={"color": color, "width": 2},
                name=f"{escape(row.name)}, interval",
            )
        figure.add_scatter(
            x=[row.value],
            y=[index],
            mode="markers",
            name=escape(row.name),
            marker={"size": 11, "color": color},
            hovertemplate=f"{escape(row.name)}: {format_estimate(row.value, unit)}<br>{uncertainty}<extra></extra>",
        )
        # What kind of mean it is stands in plain letters: in bold ones the row would leave a phone's screen.
        name, comma, kind = row.name.partition(", ")
        _label(figure, index, f"<b>{escape(name)}</b>{comma}{escape(kind)}  {format_estimate(row.value, unit)}")
    reach = [row.value + sign * Z95 * (row.standard_error or 0) for row in rows for sign in (-1, 1)]
    return _finish(figure, len(rows), min(reach), max(reach), unit)


def draw_spreads(rows: tuple[SpreadRow, ...], unit: str) -> go.Figure:
    """Middle tract as a dot, middle half as a thick line, the middle four fifths as a thin one."""
    figure = new_figure()
    for index, row in enumerate(rows):
        low, quarter, middle, three, high = row.quantiles
        for ends, width in (((low, high), 1.5), ((quarter, three), 6)):
            figure.add_scatter(
                x=list(ends),
                y=[index, index],
                mode="lines",
                line={"color": ACCENT, "width": width},
                hoverinfo="skip",
                name=f"{escape(row.name)}, {'four fifths' if width < 2 else 'half'} of its tracts",
            )
        said = format_in_prose_together((quarter, middle, three), unit)
        figure.add_scatter(
            x=[middle],
            y=[index],
            mode="markers",
            name=escape(row.name),
            marker={"size": 12, "color": PAPER, "line": {"color": ACCENT, "width": 2.5}},
            hovertemplate=f"{escape(row.name)}: middle tract {said[1]}<br>half of its tracts between "
            f"{said[0]} and {said[2]}<extra></extra>",
        )
        _label(figure, index, f"<b>{escape(row.name)}</b>  {format_estimate(middle, unit)}")
    edges = np.array([row.quantiles for row in rows])
    return _finish(figure, len(rows), float(edges.min()), float(edges.max()), unit)


def _label(figure: go.Figure, index: int, text: str) -> None:
    figure.add_annotation(
        x=0, xref="paper", y=index, yshift=16, text=text, showarrow=False, xanchor="left", font={"size": 14}
    )


def _finish(figure: go.Figure, rows: int, low: float, high: float, unit: str) -> go.Figure:
    room = (high - low) * 0.06 or 0.01
    ticks = round_ticks(low - room, high + room)
    figure.update_xaxes(
        range=[low - room, high + room],
        tickvals=ticks,
        ticktext=[format_tick(tick, unit) for tick in ticks],
        gridcolor=LINE,
        title={"text": unit_label(unit), "font": {"size": 12}},
    )
    figure.update_yaxes(visible=False, range=[rows - 0.5, -0.9])
    figure.update_layout(height=70 + ROW * rows, margin={"l": 4, "r": 12, "t": 4, "b": 44})
    return figure
