"""What a map of tracts colors in one of its views: steps, scale, and which tracts are hatched or dotted."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atlas.records.places import PlaceTracts, TractStatistics
from dashboards.charts.color_steps import NO_VALUE_STEP, color_step, group_breaks, national_colors
from dashboards.charts.theme import DIVERGING, GRAY, NO_VALUE_FILL
from dashboards.charts.theme import WITHIN as WITHIN_COLORS
from dashboards.formatting.estimates import format_tick

RAW, WITHIN, SHRUNK, TIERS = "raw", "within", "shrunk", "tiers"
GROUPS, GROUPS_WITH_ERRORS = 3, 5  # within a city: no more than the standard errors carry
TIER_STEPS = {"below": 0, "indistinguishable": 1, "above": 2}
# The middle is darker than that of the diverging scale: tracts outside the place lie pale beside it.
TIER_COLORS = (DIVERGING[1], GRAY, DIVERGING[5])
TIER_TICKS = ("clearly<br>below", "too close<br>to call", "clearly<br>above")


@dataclass(frozen=True)
class MapView:
    """`steps` per tract, aligned with the record; `hatched` and `dotted` are positions in it."""

    steps: list[int]
    scale: dict[str, Any]
    hatched: list[int]
    dotted: list[int]


def build_map_view(tracts: PlaceTracts, statistics: TractStatistics | None = None, view: str = RAW) -> MapView:
    """Published and steadied values share the national classes, so that a color means the same number in every city."""
    own = np.asarray(tracts.belongs, dtype=bool)
    if view == TIERS and statistics is not None:
        steps = [TIER_STEPS.get(tier, NO_VALUE_STEP) for tier in statistics.tiers]
        missing = np.isnan(tracts.values) | (own & (np.array(steps) == NO_VALUE_STEP))
        any_missing = NO_VALUE_STEP in steps
        scale = stepped_scale(
            TIER_COLORS, [0.0, 1.0, 2.0], list(TIER_TICKS), any_missing=any_missing, none="not<br>tested"
        )
        scale["showscale"] = False  # the list beside the map is the key: its words are too long for a bar on a phone
        return MapView(steps, scale, _positions(missing), [])
    values = statistics.shrunk if view == SHRUNK and statistics is not None else tracts.values
    breaks, colors, labels = classes_of(tracts, view)
    steps = color_step(values.astype(float), breaks)
    doubtful = statistics.unreliable & ~np.isnan(tracts.values) if view == RAW and statistics else np.zeros(own.size)
    return MapView(
        steps,
        stepped_scale(
            colors, [index + 0.5 for index in range(len(breaks))], labels, any_missing=NO_VALUE_STEP in steps
        ),
        _positions(np.isnan(values)),
        _positions(doubtful),
    )


def classes_of(tracts: PlaceTracts, view: str = RAW) -> tuple[tuple[float, ...], tuple[str, ...], list[str]]:
    """(edges, a color for each step, words of each edge): national ones, or the place's own groups in the view WITHIN.

    An upper edge belongs to the step above it.
    """
    unit, own = tracts.measure.unit, np.asarray(tracts.belongs, dtype=bool)
    if view != WITHIN and tracts.national_middle is not None:
        middle = tracts.national_middle
        edges = tracts.national_edges
        labels = [
            f"{format_tick(edge, unit)}<br>US middle" if edge == middle else format_tick(edge, unit) for edge in edges
        ]
        return edges, national_colors(edges, middle), labels
    groups = group_count(tracts)
    edges = group_breaks(tracts.values[own] if own.any() else tracts.values, groups)
    return edges, WITHIN_COLORS[groups][: len(edges) + 1], [format_tick(edge, unit) for edge in edges]


def group_count(tracts: PlaceTracts) -> int:
    """Of the view WITHIN: five where standard errors are loaded, three where none is."""
    return GROUPS if tracts.standard_errors is None else GROUPS_WITH_ERRORS


def _positions(where: np.ndarray) -> list[int]:
    return [int(index) for index in np.flatnonzero(where)]


def stepped_scale(
    colors: tuple[str, ...], ticks: list[float], labels: list[str], *, any_missing: bool, none: str = "none"
) -> dict[str, Any]:
    """One even step per color, "no value" as a gray step in front when there is one."""
    low = NO_VALUE_STEP if any_missing else 0
    if any_missing:
        colors, ticks, labels = (NO_VALUE_FILL, *colors), [-1.0, *ticks], [none, *labels]
    edges = np.linspace(0, 1, len(colors) + 1)
    scale = [[float(edge), color] for color, *pair in zip(colors, edges[:-1], edges[1:], strict=True) for edge in pair]
    return {
        "colorscale": scale,
        "zmin": low - 0.5,
        "zmax": low - 0.5 + len(colors),
        "showscale": True,
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
            "ticktext": labels,
            "tickfont": {"size": 11},
            "tickangle": 0,
            "ticks": "",
            "title": {"text": ""},
        },
    }
