"""Choosing the area on a map, and holding areas against each other under the budget."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from atlas.queries import cities as city_queries
from atlas.queries.measures import available_measures
from atlas.queries.tract_places import tracts_of_city
from atlas.queries.tracts import place_tracts
from atlas.records.places import CityRecord
from dashboards.charts.theme import figure_json
from dashboards.panels.catalog import panel
from dashboards.panels.options import Options
from dashboards.plans.area_comparison import compare_areas
from dashboards.plans.area_form import AreaForm, measure_choices
from dashboards.plans.edit_views import form_page, plan_to_edit
from dashboards.plans.views import crumbs, page_of
from engagements.access.errors import NotAllowed
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, handle_form
from engagements.models import Plan
from engagements.permissions import EDIT_PLAN, VIEW_PLAN
from engagements.plans.actions.tracts import set_tracts
from engagements.plans.queries.area import MEASURE


@require_http_methods(FORM_PAGE)
@signed_in
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    found = plan_to_edit(request.user, pk)
    city = city_queries.city(found.engagement.city.slug)
    assert city is not None, "a plan is of a city of the atlas"
    chosen = list(found.tracts.values_list("geoid", flat=True))
    initial = {
        name: getattr(found, name) for name in ("version", "area_name", "area_rule", "measure", "legal_review_note")
    } | {"tract": chosen}
    form = AreaForm(request.POST or None, city=city.slug, user=request.user, plan=found, initial=initial)
    page = form_page(
        request,
        found,
        "The area",
        "Save the area",
        "The area was saved.",
        f"Choose the tracts of {city.name} that the plan is for: on the map, in the table, or by pasting their GEOIDs.",
    )

    def act(data: dict) -> None:
        token = data["area_token"]
        set_tracts(
            plan=pk,
            geoids=None if token else form.codes,
            area_token=token,
            area_name=data["area_name"],
            area_rule=data["area_rule"] or ("" if token else "each tract was chosen by name or on the map"),
            measure=data["measure"],
            legal_review_note=data["legal_review_note"],
            leave_out=data["leave_out"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    ticked = set(request.POST.getlist("tract") if form.is_bound else chosen)
    context = _map(city, found, request.GET.get("measure", "")) | {"ticked": ticked, "city": city, "plan": found}
    return handle_form(request, replace(page, template="dashboards/plans/area.html"), form, act, **context)


def _map(city: CityRecord, plan: Plan, asked: str) -> dict[str, object]:
    """The map that is clicked and the table that is ticked: of the measure asked for, else the plan's."""
    live = {each.slug for each in available_measures("tract") if each.unit == "rank" and each.group == "outcome"}
    slug = next((slug for slug in (asked, plan.measure, MEASURE) if slug in live), "")
    if not slug:
        rows = [(geoid, "", "", "") for geoid in tracts_of_city(city.slug)]
        return {"tracts": rows, "figure": None, "measure": None}
    shown = panel(city, "where", Options(measure=slug))
    tracts = place_tracts(city, slug)
    errors = tracts.standard_errors
    rows = [
        (geoid, tracts.names[at], _words(tracts.values[at], 1), "" if errors is None else _words(errors[at], 2))
        for at, geoid in enumerate(tracts.geoids)
    ]
    figure = figure_json(shown.figure) if shown.figure is not None and city.has_geometry else None
    offered = [(value, label, value == slug) for value, label in measure_choices()]
    return {
        "tracts": rows,
        "figure": figure,
        "measure": tracts.measure,
        "is_sample": tracts.is_sample,
        "offered": offered,
    }


def _words(value: float, digits: int) -> str:
    return "" if value != value else f"{100 * value:.{digits}f}"


@require_safe
@signed_in
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who reads only what was published sees no comparison: it is the team's way to the choice."""
    found = plan_for(request.user, pk)
    held = permissions_in(request.user, found.engagement_id)
    if VIEW_PLAN not in held:
        raise NotAllowed("The comparison belongs to the draft.")
    page = page_of(request, pk)
    shown = compare_areas(page, request.GET)
    context = {"page": page, "plan": found, "crumbs": crumbs(page), "shown": shown, "may_edit": EDIT_PLAN in held}
    return render(request, "dashboards/plans/compare.html", context)
