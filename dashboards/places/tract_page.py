"""One tract's page: finding, map of its surroundings, neighbors, every measure, and what is known of where it lies."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from atlas.formatting.tract_names import place_in, tract_number
from atlas.queries.cities import city
from atlas.queries.live import Generation
from atlas.queries.one_tract import tract_values
from atlas.queries.surroundings_of_tract import tract_surroundings
from atlas.queries.tract_names import tract_titles
from atlas.queries.tracts import map_edges
from atlas.records.places import TractRecord, TractValue
from atlas.records.surroundings import Surroundings
from atlas.sources.us_outline import state_of
from dashboards.charts.surroundings_map import Steps, draw_surroundings
from dashboards.formatting.estimates import format_tick
from dashboards.formatting.shown_dollars import cached_by_dollars
from dashboards.panels import standing
from dashboards.panels.base import Panel
from dashboards.panels.html_table import table_html
from dashboards.places.tract_finding import TractFinding, describe_tract, headline_of
from dashboards.places.tract_legend import TractLegend, tract_legend
from dashboards.places.tract_rows import (
    SCALE,
    BesideNeighbors,
    Missing,
    ScaleGroup,
    beside_neighbors,
    missing_measures,
    scale_groups,
)


@dataclass(frozen=True)
class TractPage:
    """`chart` is SVG, "" without an outline; `legend` None without it or without colors."""

    title: str
    number: str
    city: str  # its name, "" outside every city
    where: str  # number, place, county and state
    finding: TractFinding
    chart: SafeString
    legend: TractLegend | None
    neighbors: BesideNeighbors | None
    groups: tuple[ScaleGroup, ...]
    missing: Missing | None
    panel: Panel
    table: SafeString
    axis = SCALE

    @property
    def has_margins(self) -> bool:
        return any(row.mark.low is not None for group in self.groups for row in group.rows)


@cached_by_dollars(maxsize=128)
def tract_page(token: Generation, record: TractRecord) -> TractPage:
    """Everything that hangs on what is live and on nothing else. `token`: of what is live."""
    home = city(record.home.slug) if record.home else None
    title = tract_titles([(record.geoid, record.name)])[record.geoid]
    number = tract_number(record.geoid)
    name = home.name if home else ""
    values = tract_values(record.geoid, home.slug if home else None)
    lead = headline_of(values)
    around = tract_surroundings(record.geoid, lead.measure.slug if lead else "")
    panel = standing.build(record, values, on_sample_map=bool(home and home.geometry_is_sample))
    return TractPage(
        title,
        number,
        name,
        _where(record, name, number),
        describe_tract(title, name, number, lead),
        _drawing(around, lead, title),
        tract_legend(home, lead, title) if around is not None else None,
        beside_neighbors(around, values, name),
        scale_groups(values, name),
        missing_measures(values),
        panel,
        table_html(panel.table, "table-standing"),
    )


def _where(record: TractRecord, city_name: str, number: str) -> str:
    """Census tract 5214, Detroit, Wayne County, Michigan"""
    tract = _("Census tract {number}").format(number=number)
    state = state_of(record.geoid[:2])[0]
    return ", ".join(filter(None, (tract, city_name or place_in(record.name), record.county_name, state)))


def _drawing(around: Surroundings | None, lead: TractValue | None, title: str) -> SafeString:
    if around is None:
        return SafeString("")
    if lead is None or lead.national_middle is None:
        steps, unit = Steps((), 0.0), ""
    else:
        steps, unit = Steps(map_edges(lead.measure.slug), lead.national_middle), lead.measure.unit

    def say(value: float | None) -> str:
        return _("no value published") if value is None else format_tick(value, unit)

    drawn = draw_surroundings(
        around,
        steps,
        label=_("Map of {place} and the neighborhoods around it").format(place=title),
        say=say,
        address=lambda geoid: reverse("tract", args=[geoid]),
    )
    return mark_safe(drawn)  # noqa: S308 - the drawing escapes what it holds
