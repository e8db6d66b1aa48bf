"""A place's tracts counted above and below the middle US tract, with margins where the file has them."""

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.counts import format_count, format_number_of
from atlas.measures import is_sensitive
from atlas.records.places import PlaceTracts
from atlas.statistics.sides import Sides, count_sides


def sides_of_middle(tracts: PlaceTracts) -> Sides | None:
    """The place's own tracts; None where no tract has a standard error, or no two may be set against each other."""
    if tracts.standard_errors is None or tracts.national_middle is None or is_sensitive(tracts.measure.slug):
        return None
    own = np.asarray(tracts.belongs, dtype=bool)
    found = count_sides(
        tracts.values[own].astype(float), tracts.standard_errors[own].astype(float), tracts.national_middle
    )
    return found if found.tested else None


def count_in_words(tracts: PlaceTracts, *, is_named: bool = True) -> str:
    """How many lie below the US middle, what could not be told and what has no number; no "none" and no "all".

    `is_named`: with the place's name, which a sentence behind one that has it leaves out.
    """
    own = np.asarray(tracts.belongs, dtype=bool)
    known = int(np.sum(~np.isnan(tracts.values[own])))
    what = (
        _("{place} neighborhoods with data").format(place=tracts.place.name)
        if is_named
        else _("neighborhoods with data")
    )
    sides = sides_of_middle(tracts)
    if sides is None:
        below = int(np.sum(tracts.national_percentiles[own] < 50))
        said = _("In the published estimates, {below} of {known} {what} are below the US middle.")
        return said.format(below=format_count(below), known=format_count(known), what=what)
    first = ngettext(
        "Of {known} {what}, {below} is clearly below the US middle and {above} clearly above.",
        "Of {known} {what}, {below} are clearly below the US middle and {above} clearly above.",
        sides.below,
    ).format(known=format_count(known), what=what, below=sides.below, above=sides.above)
    if not sides.undecided:
        return first
    near = ngettext("{count} is too close to call.", "{count} are too close to call.", sides.undecided)
    return f"{first} {near.format(count=sides.undecided)}"


def unknown_in_words(tracts: PlaceTracts) -> list[str]:
    """ "1 has no margin of error.", "2 more have no published number.": tracts that no count speaks of."""
    missing = int(np.sum(np.isnan(tracts.values[np.asarray(tracts.belongs, dtype=bool)])))
    sides = sides_of_middle(tracts)
    unsure = sides.untested if sides else 0
    said = []
    if unsure:
        said.append(
            ngettext("{count} has no margin of error.", "{count} have no margin of error.", unsure).format(count=unsure)
        )
    if missing:
        said.append(
            ngettext("{count} more has no published number.", "{count} more have no published number.", missing).format(
                count=missing
            )
        )
    return said


def side_of_one(tracts: PlaceTracts) -> str:
    """ "clearly above", "too close to call against" or "in the published estimates above" the middle: a place's one
    tract with a value."""
    sides = sides_of_middle(tracts)
    if sides is None:
        above = float(np.nanmax(tracts.national_percentiles[np.asarray(tracts.belongs, dtype=bool)])) > 50
        return f"in the published estimates {'above' if above else 'not above'}"
    return "clearly above" if sides.above else "clearly below" if sides.below else "too close to call against"


def how_counted(tracts: PlaceTracts) -> str:
    """The caveat beside the count; "" where it is a count of published estimates."""
    sides = sides_of_middle(tracts)
    if sides is None:
        return ""
    return (
        f"Clearly above or below: {format_number_of(sides.tested, 'tract')} tested together. The chance that any is on "
        "the wrong side is at most 5%."
    )
