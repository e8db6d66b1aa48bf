"""The city's tracts against all US tracts, each as shares of its own total."""

import math
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go

from atlas.records.places import PlaceTracts
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, escape, new_figure
from dashboards.formatting.estimates import format_in_prose_together, format_tick
from dashboards.formatting.shown_dollars import in_shown_dollars, shown_unit

_LETTERS, _LINE, _GAP = 18, 18, 6  # letters of a label's line; pixels of a line and between two labels
_PLOT = 250  # pixels of the plot where it is lowest
_WIDEST = 0.47  # of the axis: a label where the plot is narrowest


@dataclass(frozen=True)
class MiddleLabel:
    """Where the name of a middle stands: `x` in the axis's unit with `anchor` "left" or "right", `foot` in lines above
    the curve. `beside`: its rule runs up along the words; otherwise it ends below them.
    """

    index: int
    x: float
    anchor: str
    foot: int
    beside: bool


def place_middles(middles: list[tuple[float, int]], axis: tuple[float, float]) -> list[MiddleLabel]:
    """Two labels (value, lines) in two rows: none covers the other, the other's rule or the curve, at any values.

    The lower row goes to the one whose words have room on the side away from the other's rule.
    """
    low, span = float(axis[0]), float(axis[1] - axis[0])
    at = [min(1.0, max(0.0, (value - low) / span)) for value, _ in middles]
    first, last = sorted(range(2), key=lambda index: at[index])
    if at[first] >= _WIDEST:
        lower = MiddleLabel(first, low + span * at[first], "right", 0, True)
    elif at[last] >= _WIDEST:  # no room on the left of the first rule, enough between the left edge and the second
        lower = MiddleLabel(first, low, "left", 0, False)
    else:
        lower = MiddleLabel(last, low + span * at[last], "left", 0, True)
    upper = 1 - lower.index
    anchor = "right" if at[upper] > 0.5 else "left"
    return [lower, MiddleLabel(upper, low + span * at[upper], anchor, middles[lower.index][1], True)]


def draw_distribution(tracts: PlaceTracts, edges: np.ndarray, shares: np.ndarray) -> go.Figure:
    """Nation as a quiet stepped area, the city's own tracts as a line, both middles as thin rules.

    `edges` (n + 1) are in the measure's unit, `shares` (n) sum to 1; the outer bands hold everything beyond.
    Incomes are drawn in the dollars shown, with round numbers of them on the axis.
    """
    figure = new_figure()
    own = city_shares(tracts, edges)
    if own is None or len(shares) == 0:
        return figure
    one, unit = in_shown_dollars(1.0, tracts.measure.unit), shown_unit(tracts.measure.unit)
    edges = np.asarray(edges, dtype=float) * one
    bands = [
        f"{format_tick(low, unit)} to {format_tick(high, unit)}"
        for low, high in zip(edges[:-1], edges[1:], strict=True)
    ]
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
    city, nation = city_middle(tracts) * one, us_middle(tracts) * one
    said_city, said_nation = format_in_prose_together((city, nation), unit)
    named = (
        (city, [*wrap(tracts.place.name, _LETTERS), "middle tract", said_city], ACCENT),
        (nation, ["United States", "middle tract", said_nation], INK),
    )
    room = sum(len(lines) for _, lines, _ in named) * _LINE + 2 * _GAP
    whole = top / (1 - room / max(_PLOT, 2 * room))  # so many pixels of the plot stay free above the curve
    for label in place_middles([(value, len(lines)) for value, lines, _ in named], (edges[0], edges[-1])):
        value, lines, color = named[label.index]
        first, *others = (escape(line) for line in lines)
        foot = label.foot * _LINE + (_GAP if label.foot == 0 else 2 * _GAP)
        high = foot + len(lines) * _LINE * label.beside
        end, foot_at = (float(top + (whole - top) * pixels / room) for pixels in (high, foot))
        figure.add_shape(type="line", x0=value, x1=value, y0=0, y1=end, line={"color": color, "width": 1})
        figure.add_annotation(
            x=label.x,
            y=foot_at,
            text="<br>".join([f"<b>{first}</b>" if color == ACCENT else first, *others]),
            showarrow=False,
            xanchor=label.anchor,
            yanchor="bottom",
            align=label.anchor,
            xshift=-4 if label.anchor == "right" else 4,
            font={"color": color, "size": 13},
        )
    ticks = round_ticks(float(edges[0]), float(edges[-1]))
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[format_tick(tick, unit) for tick in ticks],
        showgrid=False,
        ticks="outside",
        tickcolor=LINE,
        range=[float(edges[0]), float(edges[-1])],
    )
    figure.update_yaxes(visible=False, range=[0, whole])
    figure.update_layout(margin={"l": 12, "r": 24, "t": 8, "b": 32}, hovermode="closest", height=340)
    return figure


def city_shares(tracts: PlaceTracts, edges: np.ndarray) -> np.ndarray | None:
    """Share of the city's own tracts (those that belong, with a value) in each band; None without any."""
    values = own_values(tracts)
    if values.size == 0 or len(edges) < 2:
        return None
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    shares: np.ndarray = counts / values.size
    return shares


def own_values(tracts: PlaceTracts) -> np.ndarray:
    """Values of tracts that belong to the city, missing ones left out."""
    values = np.asarray(tracts.values, dtype=float)[np.asarray(tracts.belongs, dtype=bool)]
    known: np.ndarray = values[~np.isnan(values)]
    return known


def city_middle(tracts: PlaceTracts) -> float:
    """Median of the city's own tracts, each counting once; NaN without any value."""
    values = own_values(tracts)
    return float(np.median(values)) if values.size else float("nan")


def us_middle(tracts: PlaceTracts) -> float:
    """The middle US tract; a tract of the place with a value is one of the nation's."""
    assert tracts.national_middle is not None, "only asked for where a tract has a value"
    return tracts.national_middle


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
