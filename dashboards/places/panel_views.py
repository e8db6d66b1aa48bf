"""The panels of a place by their own addresses: tables in every format, what the map needs, geometry."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from atlas.queries import cities as city_queries
from atlas.records.places import Place
from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from atlas.web.table_files import table_response
from dashboards.base.choice_errors import nearest
from dashboards.base.chosen_dollars import in_chosen_dollars, in_file_name
from dashboards.base.place_lookup import find_place, viewer_of
from dashboards.exports.panel_table import panel_file
from dashboards.panels.catalog import NoSuchPanel, measure_of, own_options, panel
from dashboards.panels.options import PARAMETERS, UnknownChoice, read_options
from dashboards.places.map_payload import card_html, map_payload
from dashboards.places.page_address import page_address


@public_read(Validator.OWN, is_counted=False)
@require_safe
@takes_parameters()
def geometry(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """The place's tracts as stored: compressed once, served by what the browser accepts, cached by ETag."""
    place = find_place(kind, slug, viewer_of(request))
    found = city_queries.geometry(place)
    if found is None:
        raise Http404("The tract boundaries of this place have not been imported yet.")
    etag, packed, brotli = found
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((name for name in ("br", "gzip") if _accepts(accepted, name)), "")
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


@public_read(Validator.RELEASE, is_counted=False)
@require_safe
@gzip_page
@takes_parameters(*PARAMETERS)
@in_chosen_dollars
def map_values(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """What changes on the page when another measure is picked."""
    place = find_place(kind, slug, viewer_of(request))
    try:
        found = map_payload(place, read_options(request.GET))
    except UnknownChoice as problem:
        offered = [{"value": value, "label": label} for value, label in nearest(problem)]
        return JsonResponse({"error": str(problem), "nearest": offered}, status=404)
    return JsonResponse(found or {"error": "No measure has been imported yet."}, status=200 if found else 404)


@public_read(Validator.RELEASE, is_counted=False)
@require_safe
@gzip_page
@takes_parameters(*PARAMETERS, "tract")
@in_chosen_dollars
def tract_card(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """The card of one tract beside the map, as a fragment of the page."""
    place = find_place(kind, slug, viewer_of(request))
    try:
        found = card_html(place, read_options(request.GET), request.GET.get("tract", "")[:20])
    except UnknownChoice as problem:
        return HttpResponseNotFound(str(problem), content_type="text/plain; charset=utf-8")
    if found is None:
        return HttpResponseNotFound("There is no map here yet.", content_type="text/plain; charset=utf-8")
    return HttpResponse(found)


@public_read(Validator.RELEASE)
@require_safe
@takes_parameters(*PARAMETERS)
@in_chosen_dollars
def panel_table(
    request: HttpRequest, slug: str, panel_slug: str, kind: str = "city", extension: str = "csv"
) -> HttpResponse:
    """Exactly the rows of the panel's table in one format, or what describes them. Raises UnknownChoice."""
    place = find_place(kind, slug, viewer_of(request))
    options = read_options(request.GET)
    try:
        shown = panel(place, panel_slug, options)
    except NoSuchPanel as problem:
        raise Http404(str(problem)) from problem
    name = file_name(plain_name(place), panel_slug, options)
    address = request.build_absolute_uri(page_address(place, panel_slug, own_options(panel_slug, options)))
    found = panel_file(shown, name.replace("_", "-").lower(), address)
    return table_response(request, found, extension, name, is_public=place.kind == "city" and not shown.has_failed)


def plain_name(place: Place) -> str:
    """What files of a place are called: a city's slug, an area's name in plain letters."""
    return place.slug if place.kind == "city" else f"area-{slugify(place.name)[:40]}".rstrip("-")


def file_name(place: str, panel_slug: str, options) -> str:
    """detroit-where-kfr_pooled_pooled_p25_usd_2015: what was chosen stands in the name."""
    measure = measure_of(panel_slug, options)
    return in_file_name("-".join(filter(None, (place, panel_slug, measure.slug if measure else ""))))


def _accepts(header: str, encoding: str) -> bool:
    """Whether an Accept-Encoding header allows `encoding` ("br;q=0" does not)."""
    for part in header.split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip().lower() == encoding:
            return quality.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
