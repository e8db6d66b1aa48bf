"""A place's tracts counted above and below the middle US tract, with margins where the file has them."""

import numpy as np

from atlas.formatting.counts import format_number_of
from atlas.measures import is_sensitive
from atlas.records.places import PlaceTracts
from atlas.statistics.sides import Sides, count_sides

TOGETHER = "at 95% for all together"


def sides_of_middle(tracts: PlaceTracts) -> Sides | None:
    """The place's own tracts; None where no tract has a standard error, or no two may be set against each other."""
    if tracts.standard_errors is None or tracts.national_middle is None or is_sensitive(tracts.measure.slug):
        return None
    own = np.asarray(tracts.belongs, dtype=bool)
    found = count_sides(
        tracts.values[own].astype(float), tracts.standard_errors[own].astype(float), tracts.national_middle
    )
    return found if found.tested else None


def count_in_words(tracts: PlaceTracts) -> str:
    """One sentence of both sides, with what could not be told and what has no value; no "none" and no "all"."""
    city, own = tracts.place.name, np.asarray(tracts.belongs, dtype=bool)
    known = int(np.sum(~np.isnan(tracts.values[own])))
    unknown, sides = unknown_in_words(tracts), sides_of_middle(tracts)
    if sides is None:
        above = int(np.sum(tracts.national_percentiles[own] > 50))
        return (
            f"In the published estimates, {above} of {format_number_of(known, 'tract')} of {city} lay above the "
            f"middle US tract{unknown}."
        )
    near = f"; {sides.undecided} could not be told from it" if sides.undecided else ""
    return (
        f"{sides.above} of {format_number_of(known, 'tract')} of {city} lay clearly above the middle US tract and "
        f"{sides.below} clearly below, {TOGETHER}{near}{unknown}."
    )


def unknown_in_words(tracts: PlaceTracts) -> str:
    """ "; 1 has no standard error; 2 more have no value": the place's tracts that no count speaks of, "" for none."""
    missing = int(np.sum(np.isnan(tracts.values[np.asarray(tracts.belongs, dtype=bool)])))
    sides = sides_of_middle(tracts)
    unsure = sides.untested if sides else 0
    said = f"; {unsure} {'has' if unsure == 1 else 'have'} no standard error" if unsure else ""
    return f"{said}; {missing} more {'has' if missing == 1 else 'have'} no value" if missing else said


def side_of_one(tracts: PlaceTracts) -> str:
    """ "clearly above", "not distinguishable from" or "in the published estimates above" the middle: a place's one
    tract with a value."""
    sides = sides_of_middle(tracts)
    if sides is None:
        above = float(np.nanmax(tracts.national_percentiles[np.asarray(tracts.belongs, dtype=bool)])) > 50
        return f"in the published estimates {'above' if above else 'not above'}"
    return "clearly above" if sides.above else "clearly below" if sides.below else "not distinguishable from"


def how_counted(tracts: PlaceTracts) -> str:
    """The caveat beside the count; "" where it is a count of published estimates."""
    sides = sides_of_middle(tracts)
    if sides is None:
        return ""
    return (
        f"Clearly above and below the middle US tract: {format_number_of(sides.tested, 'tract')} tested together by "
        "their own standard errors, taken as independent, step by step; the chance that any is on the wrong side is "
        "at most 5%. The middle US tract is taken as published."
    )
