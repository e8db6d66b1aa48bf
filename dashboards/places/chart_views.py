"""A panel's own page: its figure to explore, its table, every file of it, and how its numbers are known."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from atlas.records.places import CityRecord
from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.base.place_lookup import find_place, viewer_of
from dashboards.panels.catalog import KINDS, changing_of, measure_of
from dashboards.panels.content_notices import READ, context_of, needs_context
from dashboards.panels.options import read_options
from dashboards.panels.panel_view import panel_view
from dashboards.places.pages import headline_details, sample_of_panel


@require_safe
@in_chosen_dollars
def chart(request: HttpRequest, slug: str, panel_slug: str, kind: str = "city") -> HttpResponse:
    """Raises UnknownChoice for a choice that is not there, Http404 for a panel nobody has."""
    place = find_place(kind, slug, viewer_of(request))
    options = read_options(request.GET)
    if panel_slug not in KINDS:
        raise Http404(f"There is no panel of this name. There are: {', '.join(KINDS)}.")
    measure = measure_of(panel_slug, options)
    context: dict[str, Any] = {
        "place": place,
        "options": options,
        "page": KINDS[panel_slug].page,
        "panel_slug": panel_slug,
    }
    if measure is not None:
        context["context"] = context_of(measure.slug)
        if needs_context(measure.slug) and options.context != READ:
            opened = replace(options, context=READ)
            return render(request, "dashboards/places/chart.html", context | {"open_address": f"?{opened.query()}"})
    one = panel_view(place, panel_slug, options, drawn=True)
    context |= {"one": one, "shows_sample": sample_of_panel(place, one)}
    if panel_slug == "changing" and isinstance(place, CityRecord):
        context["changing"] = changing_of(place, options)
    if panel_slug == "headline":
        context |= headline_details(place, options)
    return render(request, "dashboards/places/chart.html", context)
