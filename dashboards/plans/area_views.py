"""Choosing the area on a map, and holding areas against each other under the budget."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from atlas.queries import cities as city_queries
from atlas.queries.tracts import place_tracts
from atlas.records.places import CityRecord
from dashboards.maps.card import Z95
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
        f"Choose the neighborhoods of {city.name} that the plan is for: on the map, in the list, or from a saved area.",
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

    shown = _measure(found, request.GET.get("measure", ""))
    if shown:
        form.show_measure(shown, _values(city, shown))
    context = {"city": city, "plan": found, "shown_measure": shown, "offered": measure_choices()}
    return handle_form(request, replace(page, template="dashboards/plans/area.html"), form, act, **context)


def _measure(plan: Plan, asked: str) -> str:
    """What the map and the list show: the measure asked for, else the plan's, else household income; "" for none."""
    live = {slug for slug, _label in measure_choices()}
    return next((slug for slug in (asked, plan.measure, MEASURE) if slug in live), "")


def _values(city: CityRecord, slug: str) -> dict[str, str]:
    """Average percentile of each tract, with its 95% margin where the file has one; tracts without a value are left
    out."""
    tracts = place_tracts(city, slug)
    errors = tracts.standard_errors
    return {
        geoid: f"{100 * value:.1f}" + ("" if errors is None or errors[at] != errors[at] else _margin(errors[at]))
        for at, (geoid, value) in enumerate(zip(tracts.geoids, tracts.values.tolist(), strict=True))
        if value == value
    }


def _margin(error: float) -> str:
    return f" ± {100 * Z95 * error:.1f}"


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
