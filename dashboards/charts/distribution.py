"""The city's tracts against all US tracts, each as shares of its own total."""

import numpy as np
import plotly.graph_objects as go

from atlas.records import CityTracts
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, escape, new_figure
from dashboards.number_words import as_tick, as_value


def draw_distribution(tracts: CityTracts, edges: np.ndarray, shares: np.ndarray) -> go.Figure:
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
        (f"{escape(tracts.city.name)} tracts", own, {"color": ACCENT, "width": 2.5}, None),
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
    city_is_left = city <= nation
    for level, value, words, colour, left in (
        (1.2, city, f"<b>{escape(tracts.city.name)}</b>: middle tract {as_value(city, unit)}", ACCENT, city_is_left),
        (1.08, nation, f"United States: middle tract about {as_value(nation, unit)}", INK, not city_is_left),
    ):
        figure.add_shape(type="line", x0=value, x1=value, y0=0, y1=top * level, line={"color": colour, "width": 1})
        right = value > (edges[0] + edges[-1]) / 2
        figure.add_annotation(
            x=value, y=top * level, text=words, showarrow=False, xanchor="right" if right else "left",
            xshift=-4 if right else 4, yanchor="middle", font={"color": colour, "size": 14}, bgcolor="rgba(255,255,255,.85)",
        )  # fmt: skip
    ticks = np.linspace(edges[0], edges[-1], 5)
    figure.update_xaxes(
        tickvals=[float(tick) for tick in ticks], ticktext=[as_tick(tick, unit) for tick in ticks], showgrid=False,
        range=[float(edges[0]), float(edges[-1])],
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[0, top * 1.3])
    figure.update_layout(margin={"l": 12, "r": 24, "t": 8, "b": 32}, hovermode="closest")
    return figure


def city_shares(tracts: CityTracts, edges: np.ndarray) -> np.ndarray | None:
    """Share of the city's own tracts (those that belong, with a value) in each band; None without any."""
    values = own_values(tracts)
    if values.size == 0 or len(edges) < 2:
        return None
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    return counts / values.size


def own_values(tracts: CityTracts) -> np.ndarray:
    """Values of tracts that belong to the city, missing ones left out."""
    values = np.asarray(tracts.values, dtype=float)[np.asarray(tracts.belongs, dtype=bool)]
    return values[~np.isnan(values)]


def city_middle(tracts: CityTracts) -> float:
    """Median of the city's own tracts, each counting once; NaN without any value."""
    values = own_values(tracts)
    return float(np.median(values)) if values.size else float("nan")


def histogram_middle(edges: np.ndarray, shares: np.ndarray) -> float:
    """Median read from the bands, straight line within a band: good to a fraction of one band."""
    reached = np.concatenate([[0.0], np.cumsum(shares)])
    return float(np.interp(0.5 * reached[-1], reached, edges))


def _steps(edges: np.ndarray, parts: np.ndarray) -> tuple[list[float], list[float]]:
    x = [float(edges[0]), *[float(edge) for pair in zip(edges[:-1], edges[1:], strict=True) for edge in pair], float(edges[-1])]
    return x, [0.0, *[float(part) for part in parts for _ in (0, 1)], 0.0]
