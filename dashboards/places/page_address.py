"""Where a panel stands on the pages of its place."""

from django.urls import reverse

from atlas.records.places import Place
from dashboards.panels.catalog import KINDS
from dashboards.panels.options import Options


def page_address(place: Place, panel_slug: str, options: Options) -> str:
    """Where a panel stands on its place's pages, with the reader's choices."""
    kind = KINDS[panel_slug]
    name = place.kind if kind.page == "city" else f"{place.kind}_{kind.page}"
    query = f"?{said}" if (said := options.query()) else ""
    return f"{reverse(name, args=[place.slug])}{query}#{panel_slug}"
