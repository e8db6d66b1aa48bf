"""What a plan will do: chosen from the evidence library, changed, put in order, taken out."""

from dataclasses import replace
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.queries.wages import wages_are_live
from dashboards.plans.edit_views import form_page, plan_to_edit
from engagements.access.errors import NotFound
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.evidence.gaps import GAP_BY_CODE, GAPS
from engagements.models import EvidenceRow, Plan, PlanIntervention, User
from engagements.plans.actions.interventions import (
    add_intervention,
    archive_intervention,
    change_intervention,
    evidence_to_use,
    intervention_for,
    move_intervention,
    use_current_evidence,
)
from engagements.plans.arithmetic.prices import CPI_U, price_factor
from engagements.plans.forms.interventions import InterventionForm, initial_of
from engagements.plans.queries.figures import evidence_as_read
from engagements.plans.queries.library import library_for

_NEW = "Add an intervention"


@require_safe
@signed_in
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """The library, what was tried in this city first; it opens with the plan's gap, `?gap=` shows all of it."""
    found = plan_to_edit(request.user, pk)
    words = request.GET.get("words", "")[:100]
    page = form_page(request, found, _NEW, "", "")
    asked = request.GET.get("gap", found.gap)
    gap = GAP_BY_CODE.get(asked)
    groups = library_for(found.engagement.city.slug, words, gap.code if gap else "")
    context = {
        "page": page,
        "plan": found,
        "groups": groups,
        "words": words,
        "city": found.engagement.city,
        "gap": gap,
        "gaps": GAPS,
        "plan_gap": GAP_BY_CODE.get(found.gap),
    }
    return render(request, "dashboards/plans/library.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, pk: int) -> HttpResponse:
    """With `?evidence=key` on that row; without on none."""
    found = plan_to_edit(request.user, pk)
    evidence = _evidence(request.GET.get("evidence", "")[:80])
    initial = _start(evidence, found.price_year) | {"starts_on": found.starts_on, "people": gettext("people")}
    form = InterventionForm(
        request.POST or None, evidence=evidence, initial=initial, suggestions=_suggestions(found.engagement.city.slug)
    )
    page = form_page(request, found, _NEW, "Add the intervention", "It was added to the plan.")

    def act(data: dict) -> None:
        add_intervention(
            plan=pk,
            values=form.values,
            evidence=evidence.key if evidence else "",
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )

    page = _with_template(page)
    return handle_form(request, page, form, act, evidence=evidence, price_year=found.price_year)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    row, plan = _mine(request.user, pk)
    (evidence,) = evidence_as_read([row])
    form = InterventionForm(
        request.POST or None,
        evidence=evidence,
        initial=initial_of(row),
        occupations=row.occupations,
        suggestions=_suggestions(plan.engagement.city.slug),
    )
    page = _with_template(form_page(request, plan, row.name, "Save", "Saved."))

    def act(data: dict) -> None:
        change_intervention(
            intervention=pk,
            changes=form.values,
            expected_version=data["version"] or 0,
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act, evidence=evidence)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    row, plan = _mine(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    page = form_page(request, plan, f"Take “{row.name}” out", "Take it out", "It was taken out of the plan.")

    def act(data: dict) -> None:
        archive_intervention(
            intervention=pk, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now()
        )

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def order(request: SignedInRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    row, plan = _mine(request.user, pk)
    _carry_out(
        request,
        lambda: move_intervention(
            intervention=pk, steps=-1 if request.POST.get("way") == "up" else 1, by=request.user, now=timezone.now()
        ),
        "",
    )
    return redirect(f"/plans/{plan.pk}/edit/#interventions")


@require_POST
@signed_in
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """The newer version of the evidence."""
    row, plan = _mine(request.user, pk)
    version = request.POST.get("version", "")
    _carry_out(
        request,
        lambda: use_current_evidence(
            intervention=pk,
            expected_version=int(version) if version.isdecimal() else 0,
            by=request.user,
            now=timezone.now(),
        ),
        "The plan uses the newer version of the evidence.",
    )
    return redirect(f"/plans/{plan.pk}/")


def _carry_out(request: SignedInRequest, work, done: str) -> None:
    try:
        work()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        if done:
            messages.success(request, done)


def _mine(user: User, pk: int) -> tuple[PlanIntervention, Plan]:
    """Who reads the plan and may not change it is told so. Raises NotFound, NotAllowed."""
    found = PlanIntervention.objects.filter(pk=pk, archived_at=None).values_list("plan_id", flat=True).first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    plan_to_edit(user, found)
    row = intervention_for(user, pk)
    return row, row.plan


def _evidence(key: str) -> EvidenceRow | None:
    if not key:
        return None
    try:
        validate_slug(key)
        return evidence_to_use(key).words
    except ValidationError as missing:
        raise NotFound("There is no reviewed row of this name in the evidence library.") from missing


def _suggestions(city_slug: str) -> str:
    """Where occupations are suggested; "" while no wages are loaded."""
    return reverse("city_wages_suggestions", args=[city_slug]) if wages_are_live() else ""


def _start(evidence: EvidenceRow | None, price_year: int) -> dict[str, object]:
    """What the study says about itself, as a start: its take-up, and its cost in the plan's prices.

    The year stays the plan's: whoever types a city's own cost over the study's must not leave it in the study's year.
    """
    found: dict[str, object] = {"cost_price_year": price_year}
    if evidence is None:
        return found
    found["name"] = evidence.intervention
    if evidence.study_takeup is not None:
        found["takeup"] = evidence.study_takeup
    if (cost := _cost_in_prices_of(evidence, price_year)) is not None:
        found["cost_usd"] = cost
    return found


def _cost_in_prices_of(evidence: EvidenceRow, price_year: int) -> Decimal | None:
    """The study's published cost in whole dollars of the plan's year; None without one, or outside the price index."""
    year = evidence.cost_price_year
    if evidence.cost_usd is None or year not in CPI_U or price_year not in CPI_U:
        return None
    return Decimal(round(float(evidence.cost_usd) * price_factor(year, price_year)))


def _with_template(page: FormPage) -> FormPage:
    return replace(page, template="dashboards/plans/intervention.html")
