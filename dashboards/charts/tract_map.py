"""A place's tracts as a choropleth. Geometry stays out: the browser fetches it from its own address.

A choropleth has neither patterns nor an opacity per tract. So tracts without a value and uncertain ones are drawn
once more, above: a trace of clear areas that `charts.js` (and the writer of still pictures) fills with the pattern
that its `meta` names; a white veil leaves 35% of an uncertain tract's color.
"""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from atlas.measures import is_sensitive
from atlas.records.places import PlaceTracts, TractStatistics
from dashboards.charts.color_steps import NO_VALUE_STEP
from dashboards.charts.map_view import RAW, MapView, build_map_view
from dashboards.charts.theme import INK, MUTED, PAPER, escape, new_figure
from dashboards.charts.tract_hover import edge_notes

FEATURE_ID = "id"  # of each GeoJSON feature: the tract's GEOID
OUTLINE_ID = "outline"  # the feature that is the place's own border
EDGE_OPACITY = 0.4
# Whites of their own: `patterns.js` finds these areas by them in the picture it saves.
CLEAR, VEIL = "rgba(255,255,253,0)", "rgba(255,255,254,0.65)"
PATTERNS = {"hatch": CLEAR, "dots": VEIL}
LARGEST_CIRCLE = 14  # pixels across
NAME_ONLY = "<b>%{customdata[0]}</b><extra></extra>"
HOVER = "<b>%{customdata[0]}</b><br>%{customdata[1]}%{customdata[2]}<extra></extra>"


def draw_tract_map(
    tracts: PlaceTracts,
    statistics: TractStatistics | None = None,
    view: str = RAW,
    overlay: PlaceTracts | None = None,
    hover: dict[str, str] | None = None,
) -> go.Figure:
    """Traces "tracts" (the place's own), "edge" (mostly outside: 40%, outlined), "hatch", "dots", "outline" and,
    with an overlay, "overlay" (circles at the tracts' centers).

    Tracts without a value are a gray step of their own in the legend. Plotly draws a choropleth with one
    opacity per trace and ignores a list of them: hence a trace for the edge. `hover` holds words by GEOID.
    """
    figure = new_figure()
    if not tracts.geoids:
        return figure
    shown = build_map_view(tracts, statistics, view)
    values = trace_values(tracts, shown)
    rows = _hover_rows(tracts, hover or {})
    scale = {key: value for key, value in shown.scale.items() if key != "showscale"}
    for name, members in members_of(tracts).items():
        carries = name == "tracts" or len(members) == len(tracts.geoids)  # one bar for all
        figure.add_choropleth(
            name=name,
            locations=[tracts.geoids[index] for index in members],
            featureidkey=FEATURE_ID,
            z=values[name]["step"],
            customdata=[rows[index] for index in members],
            hovertemplate=NAME_ONLY if is_sensitive(tracts.measure.slug) else HOVER,
            showscale=shown.scale["showscale"] and carries,
            meta={"bar": "still"} if carries else None,  # in pictures that leave the page the bar is the only key
            marker={
                "opacity": EDGE_OPACITY if name == "edge" else 1.0,
                "line": {"width": 0.5, "color": values[name]["line"]},
            },
            **scale,
        )
    for pattern in PATTERNS:
        add_pattern(figure, pattern, values[pattern]["locations"])
    add_outline(figure)
    if overlay is not None:
        add_overlay(figure, overlay)
    frame(figure)
    return figure


def add_pattern(figure: go.Figure, pattern: str, locations: list[str]) -> None:
    fill = PATTERNS[pattern]
    figure.add_choropleth(
        name=pattern,
        locations=locations,
        featureidkey=FEATURE_ID,
        z=[0] * len(locations),
        colorscale=[[0, fill], [1, fill]],
        showscale=False,
        hoverinfo="skip",
        meta={"pattern": pattern},
        marker={"line": {"width": 0}},
    )


def add_outline(figure: go.Figure) -> None:
    """The place's own border, above its tracts."""
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


def add_overlay(figure: go.Figure, overlay: PlaceTracts) -> None:
    """Circles at the centers of the place's own tracts, their area by the value: readable without color."""
    kept = [i for i, belongs in enumerate(overlay.belongs) if belongs and not np.isnan(overlay.values[i])]
    figure.add_scattergeo(
        name="overlay",
        locationmode="geojson-id",
        locations=[overlay.geoids[index] for index in kept],
        featureidkey=FEATURE_ID,
        mode="markers",
        hoverinfo="skip",
        meta={"overlay": overlay.measure.slug},
        marker={
            "size": circle_sizes(overlay.values[kept]),
            "color": "rgba(27,31,35,0.45)",  # ink shows on the pale steps, its white rim on the dark ones
            "line": {"width": 1.2, "color": PAPER},
        },
    )


def circle_sizes(values: np.ndarray) -> list[float]:
    """Pixels across: area in proportion to the value; from the smallest value up where some are below 0."""
    size = values.astype(float) - min(0.0, float(values.min(initial=0.0)))
    largest = float(size.max(initial=0.0))
    return [round(float(x), 1) for x in LARGEST_CIRCLE * np.sqrt(size / largest if largest else size)]


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


def map_values(tracts: PlaceTracts, statistics: TractStatistics | None = None, view: str = RAW) -> dict[str, Any]:
    """What changes with measure and view: per trace steps, border colors and members; color scale and hover."""
    shown = build_map_view(tracts, statistics, view)
    hover = NAME_ONLY if is_sensitive(tracts.measure.slug) else HOVER
    return {**trace_values(tracts, shown), "scale": shown.scale, "hovertemplate": hover}


def trace_values(tracts: PlaceTracts, shown: MapView) -> dict[str, Any]:
    """Steps and border colors of the colored traces, members of the patterned ones."""
    per_trace: dict[str, Any] = {
        name: {
            "step": [shown.steps[index] for index in members],
            "line": [MUTED if name == "edge" or shown.steps[index] == NO_VALUE_STEP else PAPER for index in members],
        }
        for name, members in members_of(tracts).items()
    }
    for pattern, members in (("hatch", shown.hatched), ("dots", shown.dotted)):
        per_trace[pattern] = {"locations": [tracts.geoids[index] for index in members]}
    return per_trace


def _hover_rows(tracts: PlaceTracts, hover: dict[str, str]) -> list[list[str]]:
    """Per tract: name, words, how much of it lies inside, GEOID."""
    names = [escape(name) or f"Tract {geoid}" for name, geoid in zip(tracts.names, tracts.geoids, strict=True)]
    bodies = [hover.get(geoid, "") for geoid in tracts.geoids]
    return [list(row) for row in zip(names, bodies, edge_notes(tracts), tracts.geoids, strict=True)]
