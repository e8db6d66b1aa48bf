"""The city's tracts against all US tracts, each as shares of its own total."""

import math

import numpy as np
import plotly.graph_objects as go

from atlas.records import PlaceTracts
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, escape, new_figure
from dashboards.number_words import as_tick, in_prose_together


def draw_distribution(tracts: PlaceTracts, edges: np.ndarray, shares: np.ndarray) -> go.Figure:
    """Nation as a quiet stepped area, the city's own tracts as a line, both middles as thin rules.

    `edges` (n + 1) are in the measure's unit, `shares` (n) sum to 1; the outer bands hold everything beyond.
    """
    figure = new_figure()
    own = city_shares(tracts, edges)
    if own is None or len(shares) == 0:
        return figure
    unit = tracts.measure.unit
    bands = [f"{as_tick(low, unit)} to {as_tick(high, unit)}" for low, high in zip(edges[:-1], edges[1:], strict=True)]
    for name, parts, line, fill in (
        ("All US tracts", shares, {"color": MUTED, "width": 1}, LINE),
        (f"{escape(tracts.place.name)} tracts", own, {"color": ACCENT, "width": 2.5}, None),
    ):
        x, y = _steps(edges, parts)
        figure.add_scatter(
            name=name,
            x=x,
            y=y,
            mode="lines",
            line=line,
            fill="tozeroy" if fill else None,
            fillcolor=fill,
            hovertemplate="%{customdata}: %{y:.1%} of " + name + "<extra></extra>",
            customdata=[bands[0], *[band for band in bands for _ in (0, 1)], bands[-1]],
        )
    top = float(max(np.max(own), np.max(shares)))
    city, nation = city_middle(tracts), histogram_middle(edges, shares)
    said_city, said_nation = in_prose_together((city, nation), unit)
    for level, value, words, colour in (
        (1.5, city, f"<b>{escape(tracts.place.name)}</b><br>middle tract<br>{said_city}", ACCENT),
        (1.18, nation, f"United States<br>middle tract about<br>{said_nation}", INK),
    ):
        figure.add_shape(type="line", x0=value, x1=value, y0=0, y1=top * level, line={"color": colour, "width": 1})
        right = value > (edges[0] + edges[-1]) / 2
        figure.add_annotation(
            x=value, y=top * level, text=words, showarrow=False, xanchor="right" if right else "left", yanchor="top",
            align="right" if right else "left", xshift=-4 if right else 4, font={"color": colour, "size": 13},
            bgcolor="rgba(255,255,255,0.85)",
        )  # fmt: skip
    ticks = round_ticks(float(edges[0]), float(edges[-1]))
    figure.update_xaxes(
        tickvals=ticks, ticktext=[as_tick(tick, unit) for tick in ticks],
        showgrid=False, ticks="outside", tickcolor=LINE,
        range=[float(edges[0]), float(edges[-1])],
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[0, top * 1.52])
    figure.update_layout(margin={"l": 12, "r": 24, "t": 8, "b": 32}, hovermode="closest")
    return figure


def city_shares(tracts: PlaceTracts, edges: np.ndarray) -> np.ndarray | None:
    """Share of the city's own tracts (those that belong, with a value) in each band; None without any."""
    values = own_values(tracts)
    if values.size == 0 or len(edges) < 2:
        return None
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    return counts / values.size


def own_values(tracts: PlaceTracts) -> np.ndarray:
    """Values of tracts that belong to the city, missing ones left out."""
    values = np.asarray(tracts.values, dtype=float)[np.asarray(tracts.belongs, dtype=bool)]
    return values[~np.isnan(values)]


def city_middle(tracts: PlaceTracts) -> float:
    """Median of the city's own tracts, each counting once; NaN without any value."""
    values = own_values(tracts)
    return float(np.median(values)) if values.size else float("nan")


def histogram_middle(edges: np.ndarray, shares: np.ndarray) -> float:
    """Median read from the bands, straight line within a band: good to a fraction of one band."""
    reached = np.concatenate([[0.0], np.cumsum(shares)])
    return float(np.interp(0.5 * reached[-1], reached, edges))


def round_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most `most` round numbers inside the range."""
    if high <= low:
        return [low]
    power = 10.0 ** math.floor(math.log10(high - low))
    for step in (power * factor for factor in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5)):
        ticks = [float(step * index) for index in range(math.ceil(low / step), math.floor(high / step) + 1)]
        if len(ticks) <= most:
            return ticks
    return [low, high]


def _steps(edges: np.ndarray, parts: np.ndarray) -> tuple[list[float], list[float]]:
    x = [
        float(edges[0]),
        *[float(edge) for pair in zip(edges[:-1], edges[1:], strict=True) for edge in pair],
        float(edges[-1]),
    ]
    return x, [0.0, *[float(part) for part in parts for _ in (0, 1)], 0.0]
