"""What a map of tracts colors in one of its views: steps, scale, and which tracts are hatched or dotted."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from atlas.records.places import PlaceTracts, TractStatistics
from dashboards.charts.color_steps import NO_VALUE_STEP, color_breaks, color_step, step_colors
from dashboards.charts.theme import DIVERGING, NO_VALUE_FILL
from dashboards.formatting.estimates import format_tick

RAW, SHRUNK, TIERS = "raw", "shrunk", "tiers"
TIER_STEPS = {"below": 0, "indistinguishable": 1, "above": 2}
# The middle is darker than that of the diverging scale: tracts outside the place lie pale beside it.
TIER_COLORS = (DIVERGING[1], "#b9c4ce", DIVERGING[5])
TIER_TICKS = ("clearly<br>below", "not<br>distinguishable", "clearly<br>above")


@dataclass(frozen=True)
class MapView:
    """`steps` per tract, aligned with the record; `hatched` and `dotted` are positions in it."""

    steps: list[int]
    scale: dict[str, Any]
    hatched: list[int]
    dotted: list[int]


def build_map_view(tracts: PlaceTracts, statistics: TractStatistics | None = None, view: str = RAW) -> MapView:
    """Raw and steadied values share their boundaries, so that a color means the same number in both."""
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
    breaks = color_breaks(tracts.values[own] if own.any() else tracts.values)
    values = statistics.shrunk if view == SHRUNK and statistics is not None else tracts.values
    steps = color_step(values, breaks)
    doubtful = statistics.unreliable & ~np.isnan(tracts.values) if view == RAW and statistics else np.zeros(own.size)
    return MapView(
        steps,
        color_scale(breaks, tracts.measure.unit, any_missing=NO_VALUE_STEP in steps),
        _positions(np.isnan(values)),
        _positions(doubtful),
    )


def _positions(where: np.ndarray) -> list[int]:
    return [int(index) for index in np.flatnonzero(where)]


def color_scale(breaks: tuple[float, ...], unit: str, *, any_missing: bool) -> dict[str, Any]:
    """Discrete scale of the steps, its ticks at the boundaries between them."""
    ticks = [index + 0.5 for index in range(len(breaks))]
    labels = [format_tick(value, unit) for value in breaks]
    return stepped_scale(step_colors(len(breaks) + 1), ticks, labels, any_missing=any_missing)


def stepped_scale(
    colors: tuple[str, ...], ticks: list[float], labels: list[str], *, any_missing: bool, none: str = "none"
) -> dict[str, Any]:
    """One even step per color, "no value" as a grey step in front when there is one."""
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
