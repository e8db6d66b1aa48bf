"""/compare/: any set of cities on shared axes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.queries import cities as city_queries
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import table_response
from dashboards.base.chosen_dollars import in_chosen_dollars, in_file_name
from dashboards.compare.comparison import compare_cities, read_cities
from dashboards.compare.page import compare_page
from dashboards.compare.side_by_side import default_cities
from dashboards.exports.panel_table import panel_file


@require_safe
@in_chosen_dollars
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four cities side by side; three when none is named. Raises UnknownChoice."""
    everybody = city_queries.cities()
    asked = read_cities(request.GET.getlist("cities"))
    cities = asked or default_cities(everybody)
    context = compare_page(everybody, cities, request.GET.get("measure", ""))
    return render(request, "dashboards/compare/compare.html", context | {"is_default": not asked})


@public_read(Validator.RELEASE)
@require_safe
@takes_parameters("cities", "measure", "dollars")
@in_chosen_dollars
def compare_table(request: HttpRequest, panel_slug: str, extension: str = "csv") -> HttpResponse:
    """Exactly the rows of one panel of the comparison in one format, or what describes them. Raises UnknownChoice."""
    found = compare_cities(read_cities(request.GET.getlist("cities")), request.GET.get("measure", ""))
    panel = next((panel for panel in found.panels if panel.slug == panel_slug), None)
    if panel is None or found.measure is None:
        raise Http404("Choose cities first: there is nothing to compare at this address.")
    name = in_file_name(f"compare-{panel.slug}-{found.measure.slug}")
    address = request.build_absolute_uri(f"{reverse('compare')}?{request.GET.urlencode()}#{panel.slug}")
    made = panel_file(panel, name.replace("_", "-"), address)
    return table_response(request, made, extension, name, is_public=True)
