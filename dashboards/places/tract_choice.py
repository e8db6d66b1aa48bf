"""The map on which a form has tracts chosen: a fragment that the form fetches once it is in sight."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseNotFound
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from atlas.measures import is_sensitive
from dashboards.base.place_lookup import find_place
from dashboards.maps.city_svg import TractMark
from dashboards.panels.catalog import chosen_measure
from dashboards.panels.options import Options, UnknownChoice
from dashboards.places.city_map import ShownMap, map_options, map_svg, shown_map
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest


@require_safe
@signed_in
@gzip_page
def city_tracts(request: SignedInRequest, slug: str) -> HttpResponse:
    """Colored by `?measure=`, at first by household income. 404 where nothing is drawn yet."""
    place = find_place("city", slug, None)
    try:
        measure = chosen_measure(Options(measure=request.GET.get("measure", "")[:100]))
    except UnknownChoice as problem:
        return HttpResponseNotFound(str(problem), content_type="text/plain; charset=utf-8")
    shown = shown_map(place, map_options(Options(), measure.slug)) if measure else None
    if shown is None or measure is None or is_sensitive(measure.slug):
        return HttpResponseNotFound("There is no map here yet.", content_type="text/plain; charset=utf-8")
    return HttpResponse(format_html("{}", map_svg(_with_edges(shown), "")))


def _with_edges(shown: ShownMap) -> ShownMap:
    """Also tracts that lie partly in the city can be chosen: paler than its own."""
    drawn = shown.map.drawing
    looks = dict(zip(shown.tracts.geoids, shown.classes.tracts, strict=True))
    marks = tuple(
        TractMark(geoid, f"{looks[geoid]} doubt", shown.titles[geoid], reverse("tract", args=[geoid]))
        for geoid in drawn.beside
        if geoid in looks
    )
    whole = replace(drawn, tracts=drawn.tracts | drawn.beside, beside={})
    return replace(shown, map=replace(shown.map, drawing=whole, tracts=(*shown.map.tracts, *marks)))
