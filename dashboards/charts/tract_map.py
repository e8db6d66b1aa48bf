"""A city's tracts as a choropleth. Geometry stays out: the browser fetches it from its own address."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from atlas.records import PlaceTracts
from dashboards.charts.colour_steps import NO_VALUE_STEP, colour_breaks, colour_step, step_colours
from dashboards.charts.theme import INK, MUTED, NO_VALUE_FILL, PAPER, escape, new_figure
from dashboards.number_words import NO_STANDARD_ERROR, as_tick, as_value, higher_than, is_missing

FEATURE_ID = "id"  # of each GeoJSON feature: the tract's GEOID
OUTLINE_ID = "outline"  # the feature that is the city's own border
EDGE_OPACITY = 0.4
HOVER = (
    "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}%{customdata[4]}<extra></extra>"
)


def draw_tract_map(tracts: PlaceTracts) -> go.Figure:
    """Traces "tracts" (the city's own), "edge" (mostly outside: 40%, outlined) and "outline" (the city's border).

    Tracts without a value are a grey step of their own in the legend. Plotly draws a choropleth with one
    opacity per trace and ignores a list of them: hence a trace for the edge.
    """
    figure = new_figure()
    if not tracts.geoids:
        return figure
    values = map_values(tracts)
    hover = _hover_rows(tracts)
    for name, members in members_of(tracts).items():
        figure.add_choropleth(
            name=name,
            locations=[tracts.geoids[index] for index in members],
            featureidkey=FEATURE_ID,
            z=values[name]["step"],
            customdata=[hover[index] for index in members],
            hovertemplate=HOVER,
            showscale=name == "tracts" or len(members) == len(tracts.geoids),
            marker={
                "opacity": EDGE_OPACITY if name == "edge" else 1.0,
                "line": {"width": 0.5, "color": values[name]["line"]},
            },
            **values["scale"],
        )
    add_outline(figure)
    frame(figure)
    return figure


def add_outline(figure: go.Figure) -> None:
    """The city's own border, above its tracts."""
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


def frame(figure: go.Figure) -> None:
    """Room for the map, with its legend below."""
    figure.update_geos(
        visible=False,
        fitbounds="locations",
        projection_type="mercator",
        bgcolor=PAPER,
        domain={"x": [0, 1], "y": [0.13, 0.93]},
    )
    figure.update_layout(dragmode=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def members_of(tracts: PlaceTracts) -> dict[str, list[int]]:
    """Positions of the tracts in each trace, empty traces left out."""
    belongs = np.asarray(tracts.belongs, dtype=bool)
    split = {"tracts": np.flatnonzero(belongs), "edge": np.flatnonzero(~belongs)}
    return {name: [int(index) for index in found] for name, found in split.items() if found.size}


def map_values(tracts: PlaceTracts) -> dict[str, Any]:
    """What changes with the measure besides the texts: per trace steps and border colours; the colour scale."""
    own = np.asarray(tracts.belongs, dtype=bool)
    breaks = colour_breaks(tracts.values[own] if own.any() else tracts.values)
    steps = colour_step(tracts.values, breaks)
    per_trace = {
        name: {
            "step": [steps[index] for index in members],
            "line": [MUTED if name == "edge" or steps[index] == NO_VALUE_STEP else PAPER for index in members],
        }
        for name, members in members_of(tracts).items()
    }
    return {**per_trace, "scale": colour_scale(breaks, tracts.measure.unit, any_missing=NO_VALUE_STEP in steps)}


def _hover_rows(tracts: PlaceTracts) -> list[list[str]]:
    names = [escape(name) or f"Tract {geoid}" for name, geoid in zip(tracts.names, tracts.geoids, strict=True)]
    percentiles = [higher_than(percentile) for percentile in tracts.national_percentiles]
    parts = (names, value_words(tracts), error_words(tracts), percentiles, edge_words(tracts), tracts.geoids)
    return [list(row) for row in zip(*parts, strict=True)]


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


def value_words(tracts: PlaceTracts) -> list[str]:
    """Each value with its unit, as the table shows it."""
    return [as_value(value, tracts.measure.unit) for value in tracts.values]


def error_words(tracts: PlaceTracts) -> list[str]:
    """Each standard error in the measure's unit, or that there is none."""
    if tracts.standard_errors is None:
        return [NO_STANDARD_ERROR] * len(tracts.geoids)
    return [
        NO_STANDARD_ERROR if is_missing(error) else f"standard error {as_value(error, tracts.measure.unit)}"
        for error in tracts.standard_errors
    ]


def edge_words(tracts: PlaceTracts) -> list[str]:
    """For tracts that are partly outside: how much of their area lies in the city."""
    name = escape(tracts.place.name)
    return [
        "" if share >= 0.99 else f"<br>{share * 100:.0f}% of its area lies in {name}"
        + ("" if belongs else ": not counted as the city's")
        for share, belongs in zip(tracts.shares_in_city, tracts.belongs, strict=True)
    ]  # fmt: skip
