"""A panel as a page shows it. What takes time to write, the table and the figure's numbers, is written once."""

from dataclasses import dataclass
from functools import cached_property

import plotly.graph_objects as go
from django.utils.html import json_script
from django.utils.safestring import SafeString

from atlas.queries.live import Generation, live_generation
from atlas.records.places import Place
from dashboards.charts.theme import figure_json
from dashboards.formatting.shown_dollars import cached_by_dollars
from dashboards.panels.base import Panel
from dashboards.panels.catalog import KINDS, own_options, panel, panel_or_failure
from dashboards.panels.html_table import table_html
from dashboards.panels.options import Options


@dataclass(frozen=True)
class PanelView:
    """A panel with what its frame on a page needs. `query` repeats the reader's choices in addresses."""

    panel: Panel
    query: str
    method: str
    has_geometry: bool = True  # of the place: without its outlines a map has nothing to draw

    @property
    def figure(self) -> bool:
        """Whether there is something drawn, on the page as in the pictures."""
        return self.panel.figure is not None and (self.has_geometry or not is_map(self.panel.figure))

    @property
    def can_be_explored(self) -> bool:
        """Whether the figure opens for a reader's script; the map has a script of its own."""
        return self.panel.has_figure and self.panel.slug != "where"

    @property
    def height(self) -> int | None:
        """Of the figure in pixels, so that a page keeps its place while the picture arrives; None where it is free."""
        return None if self.panel.figure is None else self.panel.figure.layout.height

    @property
    def figure_id(self) -> str:
        return "figure-map" if self.panel.slug == "where" else f"figure-{self.panel.slug}"

    @cached_property
    def figure_script(self) -> SafeString:
        """The figure's numbers as the page's script reads them; inert: no browser runs JSON."""
        return json_script(figure_json(self.panel.figure), self.figure_id)

    @cached_property
    def table_html(self) -> SafeString:
        """The table twin."""
        return table_html(self.panel.table, f"table-{self.panel.slug}")


def panel_view(place: Place, slug: str, options: Options, *, drawn: bool = False) -> PanelView:
    """A panel ready for a page, kept until something is flipped; a failure is not kept. Raises ContextNeeded.

    `drawn`: the page shows its figure, so one that can't be drawn is a failure of the panel too.
    """
    own = own_options(slug, options)
    built = panel_or_failure(place, slug, own, is_drawn=drawn)
    if built.has_failed:
        return PanelView(built, own.query(), KINDS[slug].method, place.has_geometry)
    return _shown(live_generation(), place, slug, own)


@cached_by_dollars(maxsize=256)
def _shown(generation: Generation, place: Place, slug: str, options: Options) -> PanelView:
    return PanelView(panel(place, slug, options), options.query(), KINDS[slug].method, place.has_geometry)


def is_map(figure: go.Figure | None) -> bool:
    """Whether a figure needs the outlines of the place's tracts."""
    return figure is not None and any(trace.type == "choropleth" for trace in figure.data)
