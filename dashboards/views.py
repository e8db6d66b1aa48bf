"""Thin edges: fetch, compose, answer."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from atlas import queries
from atlas.records import CityRecord, MeasureRecord
from dashboards import pages
from dashboards.exports.csv_table import write_csv

CSV_PANELS = ("headline", "tracts", "distribution")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    rows = pages.home_rows()
    wide, narrow = pages.home_maps(rows)
    context = {"rows": rows, "wide": wide, "narrow": narrow, "reasons": pages.missing_errors(rows)}
    context["sources"] = pages.sources_of(rows)
    context["shows_sample"] = pages.sample_of(rows)
    return render(request, "dashboards/home.html", context)


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        context = pages.city_page(_city(slug), request.GET.get("measure"))
    except pages.UnknownMeasure as problem:
        raise Http404(str(problem)) from problem
    return render(request, "dashboards/city.html", context)


@require_safe
def geometry(request: HttpRequest, slug: str) -> HttpResponse:
    """The city's tracts as stored: compressed once, served by what the browser accepts, cached by ETag."""
    found = queries.geometry(_city(slug).slug)
    if found is None:
        raise Http404("This city's tract boundaries have not been imported yet.")
    etag, packed, brotli = found
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((name for name in ("br", "gzip") if pages.accepts(accepted, name)), "")
    tag = f'"{etag}-{encoding or "plain"}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        body = {"br": bytes(brotli), "gzip": bytes(packed)}.get(encoding) or gzip.decompress(bytes(packed))
        response = HttpResponse(body, content_type="application/geo+json")
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
@gzip_page
def city_map(request: HttpRequest, slug: str) -> HttpResponse:
    """What changes on the city page when another measure is picked: no names, no geometry."""
    found = _city(slug)
    measures = queries.available_measures("tract")
    measure = pages.choose_measure(measures, request.GET.get("measure"))
    if measure is None:
        valid = [known.slug for known in measures]
        return JsonResponse({"error": "There is no such measure for tracts.", "measures": valid}, status=404)
    return JsonResponse(pages.measure_panels(found, measure).values)


@require_safe
def city_csv(request: HttpRequest, slug: str, panel: str) -> HttpResponse:
    """Exactly the rows of the panel's table, with its sources in comment lines."""
    found = _city(slug)
    if panel not in CSV_PANELS:
        raise Http404(f"There is no table of that name; there are {', '.join(CSV_PANELS)}.")
    name = f"{found.slug}-{panel}"
    if panel == "headline":
        shown = pages.headline_panel(found)[1]
    else:
        measure = _measure(request.GET.get("measure"))
        both = pages.measure_panels(found, measure)
        shown = both.where if panel == "tracts" else both.distribution
        name += f"-{measure.slug}"
    response = HttpResponse(write_csv(shown), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _city(slug: str) -> CityRecord:
    found = queries.city(slug)
    if found is None:
        raise Http404("There is no city of that name here.")
    return found


def _measure(wanted: str | None) -> MeasureRecord:
    measures = queries.available_measures("tract")
    found = pages.choose_measure(measures, wanted)
    if found is None:
        valid = ", ".join(measure.slug for measure in measures)
        raise Http404(
            f"There is no such measure. There are: {valid}." if valid else "No measure has been imported yet."
        )
    return found
