"""New minus old in each tract of a city: purple down, orange up, gray the same."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from atlas.formatting.money import format_axis_dollars
from atlas.formatting.rounding import NO_VALUE, round_to_digits, sign_of
from atlas.records.places import CityChangeMap
from dashboards.charts.theme import DIVERGING, INK, MUTED, NO_VALUE_FILL, escape, new_figure
from dashboards.charts.tract_map import EDGE_OPACITY, FEATURE_ID, add_outline, frame
from dashboards.formatting.estimates import format_change, format_estimate

HOVER = (
    "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>before %{customdata[2]}<br>after %{customdata[3]}<extra></extra>"
)
_NO_COMPARISON = -4  # step of tracts that lack one of the two values


def draw_change_map(changes: CityChangeMap, unit: str) -> go.Figure:
    """Traces as in the map of tracts. The scale is even around zero: its end is the largest change in the city."""
    figure = new_figure()
    if not changes.geoids:
        return figure
    end = largest(changes.difference)
    steps, hover = change_steps(changes.difference, end), _hover_rows(changes, unit)
    for name, members in (("tracts", np.flatnonzero(changes.belongs)), ("edge", np.flatnonzero(~changes.belongs))):
        if members.size:
            figure.add_choropleth(
                name=name,
                locations=[changes.geoids[i] for i in members],
                featureidkey=FEATURE_ID,
                z=[steps[i] for i in members],
                customdata=[hover[i] for i in members],
                hovertemplate=HOVER,
                showscale=name == "tracts" or len(members) == len(changes.geoids),
                marker={"opacity": EDGE_OPACITY if name == "edge" else 1.0, "line": {"width": 0.5, "color": MUTED}},
                **_scale(end, unit),
            )
    add_outline(figure)
    frame(figure)
    return figure


def largest(difference: np.ndarray) -> float:
    """Size of the largest change, 0 when nothing changes."""
    known = np.abs(difference[np.isfinite(difference)])
    return float(known.max()) if known.size else 0.0


def change_steps(difference: np.ndarray, end: float) -> list[int]:
    """-3 to 3 in thirds of `end`; 0 only where nothing changes, -4 where there is nothing to compare."""
    return [
        _NO_COMPARISON if not np.isfinite(d) else int(np.sign(d) * min(3, np.ceil(3 * abs(d) / end))) if d else 0
        for d in difference
    ]


def _scale(end: float, unit: str) -> dict[str, Any]:
    colors = (NO_VALUE_FILL, *DIVERGING)
    edges = np.linspace(0, 1, len(colors) + 1)
    pairs = zip(colors, edges[:-1], edges[1:], strict=True)
    labels = ["none", *(_format_tick(end * third / 3, unit) for third in (-2, -1)), "same"]
    labels += [_format_tick(end * third / 3, unit) for third in (1, 2)] if end else []
    ticks = [-4.0, -2.5, -1.5, 0.0, 1.5, 2.5] if end else [-4.0, 0.0]
    return {
        "colorscale": [[float(edge), color] for color, low, high in pairs for edge in (low, high)],
        "zmin": -4.5,
        "zmax": 3.5,
        "colorbar": {
            "orientation": "h",
            "x": 0.5,
            "xanchor": "center",
            "y": 0.0,
            "yanchor": "bottom",
            "len": 0.96,
            "thickness": 12,
            "outlinewidth": 0,
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": labels if end else ["none", "same"],
            "tickfont": {"size": 11, "color": INK},
            "tickangle": 0,
            "ticks": "",
            "title": {"text": ""},
        },
    }


def _format_tick(difference: float, unit: str) -> str:
    """Short and signed: +$2.1k, −3.4; two digits, so that small changes do not read as nothing."""
    sign, size = "+" if difference > 0 else sign_of(difference), round_to_digits(abs(difference), 2)
    if unit in ("rank", "share"):
        return f"{sign}{size * 100:.4g}"
    return sign + (format_axis_dollars(size) if unit.startswith("usd") else f"{size:,.4g}")


def _hover_rows(changes: CityChangeMap, unit: str) -> list[list[str]]:
    return [
        [
            escape(name) or f"Tract {geoid}",
            format_change(difference, unit)
            if difference
            else "not changed"
            if difference == 0
            else "nothing to compare",
            format_estimate(before, unit) if np.isfinite(before) else NO_VALUE,
            format_estimate(after, unit) if np.isfinite(after) else NO_VALUE,
        ]
        for geoid, name, difference, before, after in zip(
            changes.geoids, changes.names, changes.difference, changes.before, changes.after, strict=True
        )
    ]


def draw_change_distribution(difference: np.ndarray, unit: str) -> go.Figure:
    """How many areas changed by how much, those that did not left out; even around zero, outer bars open."""
    figure = new_figure()
    moved = difference[np.isfinite(difference) & (difference != 0)]
    if not moved.size:
        return figure
    end = float(np.quantile(np.abs(moved), 0.99)) or float(np.abs(moved).max())
    counts, edges = np.histogram(np.clip(moved, -end, end), bins=20, range=(-end, end))
    centres = (edges[:-1] + edges[1:]) / 2
    words = [
        f"{format_change(low, unit)} to {format_change(high, unit)}"
        for low, high in zip(edges, edges[1:], strict=False)
    ]
    figure.add_bar(
        x=centres,
        y=counts,
        width=(edges[1] - edges[0]) * 0.94,
        customdata=words,
        marker={"color": [DIVERGING[1] if centre < 0 else DIVERGING[5] for centre in centres]},
        hovertemplate="%{y:,} changed by %{customdata}<extra></extra>",
    )
    ticks = [-end, -end / 2, 0, end / 2, end]
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[_format_tick(tick, unit) for tick in ticks],
        showgrid=False,
        zeroline=True,
        zerolinecolor=INK,
        zerolinewidth=1,
        range=[-1.12 * end, 1.12 * end],
    )
    figure.update_yaxes(tickformat=",d", nticks=4, rangemode="tozero")
    figure.update_layout(margin={"l": 48, "r": 24, "t": 8, "b": 32}, bargap=0)
    return figure
