"""/compare/: any set of cities on shared axes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.queries import cities as city_queries
from atlas.records.places import sample_share
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import table_response
from dashboards.compare.comparison import comparable_measures, compare_cities, read_cities
from dashboards.exports.panel_table import panel_file
from dashboards.formatting.sentences import join_with_and
from dashboards.panels.panel_view import PanelView


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The chosen cities; the form alone while none is chosen. Raises UnknownChoice."""
    cities = read_cities(request.GET.getlist("cities"))
    found = compare_cities(cities, request.GET.get("measure", ""))
    query = f"cities={','.join(city.slug for city in cities)}&measure={found.measure.slug if found.measure else ''}"
    context = {
        "all_cities": city_queries.cities(),
        "chosen": {city.slug for city in cities},
        "found": found,
        "names": join_with_and([city.name for city in cities]),
        "shown": [PanelView(panel, query, "compare") for panel in found.panels],
        "measures": comparable_measures(),
        "query": query,
        "shows_sample": sample_share(s.is_sample for panel in found.panels for s in panel.sources),
    }
    return render(request, "dashboards/compare/compare.html", context)


@public_read(Validator.RELEASE)
@require_safe
@takes_parameters("cities", "measure")
def compare_table(request: HttpRequest, panel_slug: str, extension: str = "csv") -> HttpResponse:
    """Exactly the rows of one panel of the comparison in one format, or what describes them. Raises UnknownChoice."""
    found = compare_cities(read_cities(request.GET.getlist("cities")), request.GET.get("measure", ""))
    panel = next((panel for panel in found.panels if panel.slug == panel_slug), None)
    if panel is None or found.measure is None:
        raise Http404("Choose cities first: there is nothing to compare at this address.")
    name = f"compare-{panel.slug}-{found.measure.slug}"
    address = request.build_absolute_uri(f"{reverse('compare')}?{request.GET.urlencode()}#{panel.slug}")
    made = panel_file(panel, name.replace("_", "-"), address)
    return table_response(request, made, extension, name, is_public=True)
