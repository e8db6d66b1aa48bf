"""Views that another site may show in a frame of its own: a map, or a figure with its table. No cookie, no script."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.base.place_lookup import find_place
from dashboards.panels.catalog import NoSuchPanel, chosen_measure, own_options, panel
from dashboards.panels.content_notices import ContextNeeded, require_context
from dashboards.panels.html_table import table_html
from dashboards.panels.options import Options, UnknownChoice, read_options
from dashboards.places.city_finding import about, limits
from dashboards.places.city_map import map_svg, shown_map
from dashboards.sharing.addresses import absolute

View = Callable[..., HttpResponseBase]
ANYWHERE = "*"


def embeddable(view: View) -> View:
    """Any site may frame the answer, which holds nothing of a visitor; search engines list the page itself instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except (Http404, UnknownChoice, ContextNeeded) as problem:  # the portal's own pages do not open in a frame
            response = _page("problem", status=404, reason=str(problem), address=absolute("/"))
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "public, max-age=300" if response.status_code == 200 else "no-cache"
        return response

    headers = {"frame-ancestors": [ANYWHERE], "script-src": [NONE], "form-action": [NONE]}
    return csp_replace(headers)(xframe_options_exempt(wrapped))


@embeddable
@require_safe
@in_chosen_dollars
def embedded_map(request: HttpRequest, slug: str) -> HttpResponse:
    """The map of a city with its legend. Raises UnknownChoice, ContextNeeded, and Http404 where there is no map."""
    place, options = find_place("city", slug), read_options(request.GET)
    measure = chosen_measure(options)
    if measure is None:
        raise Http404("There is nothing to show yet: no census tract file has been imported.")
    require_context(measure.slug, options.context)
    asked = Options(measure=measure.slug, view=options.view, weights=options.weights)
    shown = shown_map(place, asked)
    if shown is None:
        raise Http404(f"There is no map yet: the outlines of {place.name} have not been imported.")
    return _page(
        "map",
        place=place,
        shown=shown,
        svg=map_svg(shown, "", "_blank"),  # the portal's own pages do not open in a frame
        about=about(measure),
        sources=shown.tracts.sources,
        limits=limits(shown.tracts),
        address=_page_address(slug, options, "where"),
        is_sample=shown.tracts.is_sample,
    )


@embeddable
@require_safe
@in_chosen_dollars
def embedded_panel(request: HttpRequest, slug: str, panel_slug: str) -> HttpResponse:
    """One figure of a city's page with its finding, table and sources. Raises UnknownChoice, ContextNeeded, Http404."""
    place, options = find_place("city", slug), read_options(request.GET)
    try:
        shown = panel(place, panel_slug, options)
    except NoSuchPanel as problem:
        raise Http404(str(problem)) from problem
    own = own_options(panel_slug, options)
    query = own.query()
    return _page(
        "panel",
        place=place,
        panel=shown,
        sources=shown.sources,
        table=table_html(shown.table, f"table-{panel_slug}"),
        picture=f"{reverse('city_svg', args=[slug, panel_slug])}{query and '?'}{query}" if shown.figure else "",
        address=_page_address(slug, own, panel_slug),
        is_sample=shown.is_sample,
    )


def _page(name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Rendered without the request: nothing of a visitor can get in."""
    return HttpResponse(render_to_string(f"dashboards/sharing/embed_{name}.html", context), status=status)


def _page_address(slug: str, options: Options, part: str) -> str:
    query = options.query()
    return f"{absolute(reverse('city', args=[slug]))}{query and '?'}{query}#{part}"
