"""What the numbers of one place rest on: weights, coverage and tests, under the method they belong to."""

from atlas.records.places import Place
from dashboards.panels.catalog import ANSWERS, KINDS, panel_or_failure
from dashboards.panels.options import Options

CITY_PANELS = ("headline", "where", "groups", "gaps")


def details_by_anchor(place: Place) -> dict[str, tuple[str, ...]]:
    """Anchor of /methods/ -> sentences about the place, those of its city page with nothing chosen."""
    found: dict[str, tuple[str, ...]] = {}
    for slug in CITY_PANELS:
        try:
            built = panel_or_failure(place, slug, Options())
        except ANSWERS:  # nothing is loaded for it: the entry stands without a place
            continue
        anchor = KINDS[slug].method
        found[anchor] = tuple(dict.fromkeys((*found.get(anchor, ()), *built.details)))
    return found
