"""Which CSS class each tract of a map has: a step of the national scale, a group within the city, a tier."""

from dataclasses import dataclass

import numpy as np

from atlas.formatting.tract_names import is_open_water
from atlas.records.places import PlaceTracts, TractStatistics
from dashboards.charts.color_steps import NO_VALUE_STEP, color_step
from dashboards.charts.map_view import GROUPS, RAW, SHRUNK, TIER_STEPS, TIERS, WITHIN, classes_of, group_count
from dashboards.charts.theme import BELOW_US

NO_VALUE, OPEN_WATER = "no-value", "open-water"
UNCERTAIN = "doubt"


@dataclass(frozen=True)
class MapClasses:
    """`tracts`: aligned with the record. `steps`: a class for each step between and beyond `edges`."""

    tracts: tuple[str, ...]
    steps: tuple[str, ...]
    edges: tuple[float, ...]
    hatched: int  # of the place's own, without those of open water


def classify(tracts: PlaceTracts, statistics: TractStatistics | None = None, view: str = RAW) -> MapClasses:
    """Views as in `charts.map_view`. An upper edge belongs to the step above it."""
    own = np.asarray(tracts.belongs, dtype=bool)
    if view == TIERS and statistics is not None:
        found = [TIER_STEPS.get(tier, NO_VALUE_STEP) for tier in statistics.tiers]
        names: tuple[str, ...] = ("t0", "t1", "t2")
        edges: tuple[float, ...] = ()
    else:
        values = statistics.shrunk if view == SHRUNK and statistics is not None else tracts.values
        edges = classes_of(tracts, view)[0]
        names = step_names(tracts, edges, view)
        found = color_step(values.astype(float), edges)
    doubtful = statistics.unreliable if view == RAW and statistics is not None else np.zeros(own.size, bool)
    classes = tuple(
        _unknown(geoid) if step == NO_VALUE_STEP else f"{names[step]} {UNCERTAIN}" if unsure else names[step]
        for geoid, step, unsure in zip(tracts.geoids, found, doubtful.tolist(), strict=True)
    )
    hatched = sum(1 for name, mine in zip(classes, own.tolist(), strict=True) if mine and name == NO_VALUE)
    return MapClasses(classes, names, edges, hatched)


def _unknown(geoid: str) -> str:
    """Hatched: not known. A tract of a lake is no neighborhood of which anything could be."""
    return OPEN_WATER if is_open_water(geoid) else NO_VALUE


def step_names(tracts: PlaceTracts, edges: tuple[float, ...], view: str) -> tuple[str, ...]:
    """s0-s4 below the US middle and s5-s7 above it, the sands nearest the middle first; w0-w4 within the city."""
    if view != WITHIN and tracts.national_middle is not None:
        below = sum(edge <= tracts.national_middle for edge in edges)
        lowest = len(BELOW_US) - below
        return tuple(f"s{lowest + step}" for step in range(len(edges) + 1))
    spread = 2 if group_count(tracts) == GROUPS else 1  # three groups take the ends and the middle of five colors
    return tuple(f"w{spread * step}" for step in range(len(edges) + 1))
