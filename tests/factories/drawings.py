"""Drawings of made-up places: a square for each tract, side by side."""

import numpy as np
import shapely

from atlas.drawing.build import Ground, build_drawing
from atlas.records.drawing import Drawing
from atlas.records.places import Place, PlaceTracts

SIDE, ROW = 0.02, 20  # degrees; tracts in a row


def draw_squares(tracts: PlaceTracts) -> Drawing | None:
    """None for a place without outlines or without tracts of its own."""
    own = np.asarray(tracts.belongs, dtype=bool)
    if not own.any() or not tracts.place.has_geometry:
        return None
    corners = [(-84 + SIDE * (at % ROW), 40 - SIDE * (at // ROW)) for at in range(len(tracts.geoids))]
    shapes = np.array([shapely.box(x, y - SIDE, x + SIDE, y) for x, y in corners], dtype=object)
    return build_drawing(Ground(tracts.geoids, shapes, tracts.names, own, ~own, {}), None, tracts.place.name, {})


def replaced_drawing(place_tracts, measure: str = "kfr_pooled_pooled_p25_usd_2015"):
    """For `replace_queries`: `drawing` of whatever tracts the test has set."""

    def drawing(place: Place) -> Drawing | None:
        found = place_tracts(place, measure)
        return draw_squares(found) if place.has_geometry else None

    return drawing
