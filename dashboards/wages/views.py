"""/cities/<city>/wages/: what occupations pay in the metropolitan area of a city."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from atlas.queries.prices import prices_of_month
from atlas.queries.wages import find_occupations, metro_wages, occupation_label, wages_are_live
from atlas.records.places import SAMPLE_NOTICE, CityRecord
from atlas.sources.occupation_wages import DATASET, EVERY_OCCUPATION
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import table_response
from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.base.place_lookup import find_place
from dashboards.formatting.wages import format_median, wage_dollars
from dashboards.wages.page import SORTS, read_page, write_line
from dashboards.wages.table import wages_file

_LONGEST = 80


@require_safe
@in_chosen_dollars
def wages(request: HttpRequest, slug: str) -> HttpResponse:
    """Found by words, sorted by a link, 25 to a page. Raises UnknownChoice."""
    city = find_city(slug)
    found = metro_wages(city.name, city.state_usps)
    context = {"city": city, "info": DATASET, "sorts": SORTS, "found": found}
    if found is None:
        return render(request, "dashboards/wages/wages.html", context | {"has_file": wages_are_live()})
    prices = prices_of_month(found.month)
    dollars = wage_dollars(found.month, prices)
    all_jobs = found.find(EVERY_OCCUPATION)
    context |= {
        "dollars": dollars,
        "prices": prices,
        "page": read_page(found, request.GET, dollars),
        "all_jobs": write_line(all_jobs, found.find_in_nation(EVERY_OCCUPATION), dollars) if all_jobs else None,
        "occupations": sum(row.group == "detailed" for row in found.rows),
    }
    return render(request, "dashboards/wages/wages.html", context)


@require_safe
def suggestions(request: HttpRequest, slug: str) -> JsonResponse:
    """For a field where an occupation is typed: those that `q` fits, each with its wage around the city."""
    city = find_city(slug)
    found = metro_wages(city.name, city.state_usps)
    here = {row.code: row for row in found.rows} if found else {}
    dollars = wage_dollars(found.month, None) if found else None
    mark = f" ({SAMPLE_NOTICE})" if found and found.is_sample else ""
    return JsonResponse(
        {
            "suggestions": [
                {
                    "title": occupation_label(row),
                    "detail": f"{format_median(here[row.code], dollars)}{mark}"
                    if dollars and row.code in here
                    else _("no wage published here"),
                }
                for row in find_occupations(request.GET.get("q", "")[:_LONGEST])
            ]
        }
    )


@public_read(Validator.RELEASE)
@require_safe
@takes_parameters("dollars")
@in_chosen_dollars
def table(request: HttpRequest, slug: str, extension: str = "csv") -> HttpResponse:
    """Every row of the area in one format, or what describes them. Raises UnknownChoice."""
    city = find_city(slug)
    found = metro_wages(city.name, city.state_usps)
    if found is None:
        raise Http404("There are no wages of this city’s metropolitan area here.")
    dollars = wage_dollars(found.month, prices_of_month(found.month))
    address = request.build_absolute_uri(reverse("city_wages", args=[slug]))
    name = f"{slug}-wages" + (f"-{dollars.unit.replace('_', '-')}" if dollars.is_converted else "")
    return table_response(request, wages_file(found, dollars, name, address), extension, name, is_public=True)


def find_city(slug: str) -> CityRecord:
    """Raises Http404."""
    city = find_place("city", slug)
    assert isinstance(city, CityRecord), "the place of kind city"
    return city
