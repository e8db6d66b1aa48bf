"""A city's tracts as a choropleth. Geometry stays out: the browser fetches it from its own address."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from atlas.records import CityTracts
from dashboards.charts.colour_steps import NO_VALUE_STEP, colour_breaks, colour_step, step_colours
from dashboards.charts.theme import INK, MUTED, NO_VALUE_FILL, PAPER, escape, new_figure
from dashboards.number_words import NO_STANDARD_ERROR, as_tick, as_value, higher_than, is_missing

FEATURE_ID = "id"  # of each GeoJSON feature: the tract's GEOID
OUTLINE_ID = "outline"  # the feature that is the city's own border
EDGE_OPACITY = 0.4
HOVER = (
    "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}%{customdata[4]}<extra></extra>"
)


def draw_tract_map(tracts: CityTracts) -> go.Figure:
    """Trace 0: every tract that touches the city, by step; trace 1: the city's outline.

    Tracts without a value are grey, outlined, and have their own entry in the legend; tracts mostly
    outside the city are drawn at 40% and say their share in the hover.
    """
    figure = new_figure()
    if not tracts.geoids:
        return figure
    values = map_values(tracts)
    figure.add_choropleth(
        name="tracts",
        locations=list(tracts.geoids),
        featureidkey=FEATURE_ID,
        z=values["step"],
        customdata=[
            list(row)
            for row in zip(
                [escape(name) or f"Tract {geoid}" for name, geoid in zip(tracts.names, tracts.geoids, strict=True)],
                value_words(tracts),
                error_words(tracts),
                [higher_than(percentile) for percentile in tracts.national_percentiles],
                edge_words(tracts),
                tracts.geoids,
                strict=True,
            )
        ],
        hovertemplate=HOVER,
        marker={
            "opacity": [1.0 if belongs else EDGE_OPACITY for belongs in tracts.belongs],
            "line": {"width": 0.5, "color": values["line"]},
        },
        **values["scale"],
    )
    figure.add_choropleth(
        name="outline",
        locations=[OUTLINE_ID],
        featureidkey=FEATURE_ID,
        z=[0],
        colorscale=[[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]],
        showscale=False,
        hoverinfo="skip",
        marker={"line": {"width": 1.5, "color": INK}},
    )
    figure.update_geos(
        visible=False,
        fitbounds="locations",
        projection_type="mercator",
        bgcolor=PAPER,
        domain={"x": [0, 1], "y": [0.13, 0.93]},
    )
    figure.update_layout(dragmode=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def map_values(tracts: CityTracts) -> dict[str, Any]:
    """What changes with the measure besides the texts: steps, border colours and the colour scale."""
    breaks = colour_breaks(tracts.values)
    steps = colour_step(tracts.values, breaks)
    return {
        "step": steps,
        "line": [MUTED if step == NO_VALUE_STEP else PAPER for step in steps],
        "scale": colour_scale(breaks, tracts.measure.unit, any_missing=NO_VALUE_STEP in steps),
    }


def colour_scale(breaks: tuple[float, ...], unit: str, *, any_missing: bool) -> dict[str, Any]:
    """Discrete scale of the steps, with "no value" as a grey step of its own when there is one."""
    colours = step_colours(len(breaks) + 1)
    low = NO_VALUE_STEP if any_missing else 0
    if any_missing:
        colours = (NO_VALUE_FILL, *colours)
    ticks = [index + 0.5 for index in range(len(breaks))]
    labels = [as_tick(value, unit) for value in breaks]
    if any_missing:
        ticks, labels = [-1.0, *ticks], ["none", *labels]
    edges = np.linspace(0, 1, len(colours) + 1)
    scale = [
        [float(edge), colour] for colour, *pair in zip(colours, edges[:-1], edges[1:], strict=True) for edge in pair
    ]
    return {
        "colorscale": scale,
        "zmin": low - 0.5,
        "zmax": low - 0.5 + len(colours),
        "colorbar": {
            "orientation": "h", "x": 0.5, "xanchor": "center", "y": 0.0, "yanchor": "bottom", "len": 0.96,
            "thickness": 12, "outlinewidth": 0, "tickmode": "array", "tickvals": ticks, "ticktext": labels,
            "tickfont": {"size": 11}, "tickangle": 0, "ticks": "", "title": {"text": ""},
        },
    }  # fmt: skip


def value_words(tracts: CityTracts) -> list[str]:
    """Each value with its unit, as the table shows it."""
    return [as_value(value, tracts.measure.unit) for value in tracts.values]


def error_words(tracts: CityTracts) -> list[str]:
    """Each standard error in the measure's unit, or that there is none."""
    if tracts.standard_errors is None:
        return [NO_STANDARD_ERROR] * len(tracts.geoids)
    return [
        NO_STANDARD_ERROR if is_missing(error) else f"standard error {as_value(error, tracts.measure.unit)}"
        for error in tracts.standard_errors
    ]


def edge_words(tracts: CityTracts) -> list[str]:
    """For tracts that are partly outside: how much of their area lies in the city."""
    name = escape(tracts.city.name)
    return [
        "" if share >= 0.99 else f"<br>{share * 100:.0f}% of its area lies in {name}"
        + ("" if belongs else ": not counted as the city's")
        for share, belongs in zip(tracts.shares_in_city, tracts.belongs, strict=True)
    ]  # fmt: skip
