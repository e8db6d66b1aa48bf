"""Thin edges: fetch, compose, answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.queries.wages import metro_of
from atlas.records.places import AreaRecord
from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.base.place_lookup import find_place, viewer_of
from dashboards.panels.options import read_options
from dashboards.places import pages
from dashboards.places.about_area import about_area
from dashboards.places.home_page import home_page
from dashboards.places.map_page import picked
from engagements.access.roles import roles_of
from engagements.base.queries.engagements import engagement_slug
from engagements.home.rules import PORTFOLIO, WORK, home_entry
from engagements.people.queries.cities import may_write_note
from engagements.plans.queries.plans import count_public_plans

HOMES = {PORTFOLIO: "portfolios", WORK: "todo"}


@require_safe
@in_chosen_dollars
def home(request: HttpRequest) -> HttpResponse:
    """What somebody came for: the portfolio for funders, tasks for people with work, the cities for everybody else."""
    if request.user.is_authenticated and (name := HOMES.get(home_entry(roles_of(request.user)))):
        chosen = request.GET.urlencode()  # a view, a filter or dollars that somebody linked to
        return redirect(f"{reverse(name)}?{chosen}" if chosen else name)
    return cities(request)


@require_safe
@in_chosen_dollars
def cities(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = home_page()
    return render(request, "dashboards/places/home.html", context)


@require_safe
@in_chosen_dollars
def place(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """The page of a city or of an area somebody put together."""
    found = find_place(kind, slug, viewer_of(request))
    if (query := picked(request.GET)) is not None:
        return redirect(f"{request.path}?{query}#where")
    context = pages.place_page(found, read_options(request.GET), request.GET)
    if isinstance(found, AreaRecord):
        context |= about_area(found, request)
    else:
        context["public_plans"] = count_public_plans(slug)
        context["has_wages"] = metro_of(found.name, found.state_usps) is not None
    if found.kind == "city" and request.user.is_authenticated:
        context["engagement_slug"] = engagement_slug(request.user, slug)
        context["notes_slug"] = slug if may_write_note(request.user, slug) else ""
    return render(request, "dashboards/places/place.html", context)


@require_safe
@in_chosen_dollars
def analysis(request: HttpRequest, slug: str, kind: str = "city") -> HttpResponse:
    """What lies behind a place's averages, for those who want to check."""
    context = pages.analysis_page(find_place(kind, slug, viewer_of(request)), read_options(request.GET))
    return render(request, "dashboards/places/analysis.html", context)
