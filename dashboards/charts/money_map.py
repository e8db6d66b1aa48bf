"""Dollars of one stage placed in each tract of a city; tracts without any gray and hatched. Geometry stays out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import plotly.graph_objects as go

from atlas.formatting.money import format_axis_dollars, format_dollars
from dashboards.charts.color_steps import NO_VALUE_STEP, color_breaks, color_step, step_colors
from dashboards.charts.map_view import stepped_scale
from dashboards.charts.theme import MUTED, PAPER, STEPS, escape, new_figure
from dashboards.charts.tract_map import EDGE_OPACITY, FEATURE_ID, NAME_ONLY, add_outline, add_pattern, frame

HOVER = NAME_ONLY.replace("<extra>", "<br>%{customdata[1]}<extra>")


@dataclass(frozen=True)
class MapTracts:
    """A city's tracts, aligned: `belongs` is whether at least half the area lies in the city."""

    geoids: tuple[str, ...]
    names: tuple[str, ...]
    belongs: tuple[bool, ...]


def draw_money_map(tracts: MapTracts, usd: Mapping[str, Decimal], stage: str) -> go.Figure:
    """`usd`: dollars by GEOID; what is 0 or not there is “none”. `stage`: its label, for the words of a hover."""
    figure = new_figure()
    if not tracts.geoids:
        return figure
    values = np.array([float(usd.get(geoid, 0)) or np.nan for geoid in tracts.geoids])
    breaks = _breaks(values)
    steps = color_step(np.array([_rounded(each) for each in values]), breaks)
    ticks, labels = [at + 0.5 for at in range(len(breaks))], [format_axis_dollars(each) for each in breaks]
    if not breaks and max(steps) >= 0:
        ticks, labels = [0.0], [f"about {format_axis_dollars(_rounded(np.nanmax(values)))}"]
    scale = stepped_scale(step_colors(len(breaks) + 1), ticks, labels, any_missing=NO_VALUE_STEP in steps)
    show = scale.pop("showscale")
    rows = [
        [
            escape(name) or f"Tract {geoid}",
            f"{format_dollars(usd[geoid])} {stage.lower()}" if step >= 0 else _none(stage),
        ]
        for geoid, name, step in zip(tracts.geoids, tracts.names, steps, strict=True)
    ]
    belongs = np.array(tracts.belongs, dtype=bool)
    for name, members in (("tracts", np.flatnonzero(belongs)), ("edge", np.flatnonzero(~belongs))):
        if members.size:
            figure.add_choropleth(
                name=name,
                locations=[tracts.geoids[at] for at in members],
                featureidkey=FEATURE_ID,
                z=[steps[at] for at in members],
                customdata=[rows[at] for at in members],
                hovertemplate=HOVER,
                showscale=show and (name == "tracts" or members.size == belongs.size),
                marker={
                    # Money outside the city's own tracts is money all the same: pale only where there is none.
                    "opacity": EDGE_OPACITY if name == "edge" and np.isnan(values[members]).all() else 1.0,
                    "line": {"width": 0.5, "color": [MUTED if steps[at] < 0 else PAPER for at in members]},
                },
                **scale,
            )
    add_pattern(figure, "hatch", [geoid for geoid, step in zip(tracts.geoids, steps, strict=True) if step < 0])
    add_outline(figure)
    frame(figure)
    return figure


def _breaks(values: np.ndarray) -> tuple[float, ...]:
    """In two digits: a cent is no other color. Of few amounts each begins a step of its own."""
    amounts = np.unique([_rounded(each) for each in values if not np.isnan(each)])
    return tuple(map(float, amounts[1:])) if amounts.size <= len(STEPS) else color_breaks(amounts)


def _rounded(amount: float) -> float:
    return float(f"{amount:.2g}")


def _none(stage: str) -> str:
    return f"nothing {stage.lower()} is placed here"
