"""Indicators of an engagement: the list, and the forms that make, change and archive one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.plans import indicator_for, visible_plans
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import (
    FORM_PAGE,
    FormPage,
    breadcrumbs_of,
    handle_form,
    people_choices,
    today_for,
)
from engagements.indicators.actions.indicators import FIELDS, add_indicator, archive_indicator, change_indicator
from engagements.indicators.forms import IndicatorForm
from engagements.indicators.queries.families import families, people_reached
from engagements.indicators.queries.indicators import indicators
from engagements.indicators.rules.progress import RULE
from engagements.models import Engagement, Indicator, User
from engagements.permissions import EDIT_INDICATOR, VIEW_INDICATOR, VIEW_PUBLISHED, VIEW_TEAM

READS = "Indicators are kept by leads, advisers and the city’s staff."


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the city's people experience, and what the program did: two lists, never one."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    rows = indicators(request.user, today=today_for(request.user), engagements=(within.pk,))
    held = permissions_in(request.user, within.pk)
    performance = [row for row in rows if row.kind == Indicator.Kind.PERFORMANCE]
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "may": held,
        "rule": RULE,
        "population": [row for row in rows if row.kind == Indicator.Kind.POPULATION],
        "performance": performance,
        "families": families(performance),
        "reached": people_reached(request.user, engagements=(within.pk,)),
        "is_team": VIEW_INDICATOR in held,
    }
    return render(request, "engagements/indicators/list.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_INDICATOR not in permissions_in(request.user, within.pk):
        raise NotAllowed(READS)
    first = {"owner": request.user.pk}
    form = IndicatorForm(request.POST or None, initial=first, is_new=True, **_choices(request.user, within))
    page = FormPage(
        "Add an indicator",
        "Add the indicator",
        "The indicator is there. Enter its first value.",
        f"/engagements/{slug}/indicators/",
        _crumbs(within),
        "Say what is counted before it is counted: baseline and target can follow.",
    )

    def act(data: dict) -> str:
        made = add_indicator(
            engagement=within.pk, fields=form.values, submission=data["submission"], by=request.user, now=timezone.now()
        )
        return f"/indicators/{made.pk}/"

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = editable(request.user, pk)
    initial = {name: getattr(found, name) for name in (*FIELDS, "version") if name not in ("owner", "plan")}
    initial |= {"owner": found.owner_id, "plan": found.plan_id, "dimensions": ", ".join(found.dimensions)}
    form = IndicatorForm(
        request.POST or None, initial=initial, is_new=False, **_choices(request.user, found.engagement, found)
    )
    page = FormPage(f"Change “{found.name}”", "Save", "It was changed.", f"/indicators/{pk}/", crumbs(found))

    def act(data: dict) -> None:
        change_indicator(
            indicator=pk,
            changes=form.values,
            expected_version=data["version"],
            why=data["why"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = editable(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    back = f"/engagements/{found.engagement.slug}/indicators/"
    page = FormPage(
        f"Archive “{found.name}”",
        "Archive it",
        "It was archived.",
        back,
        crumbs(found),
        "It leaves every list with all its values, and stays in the history.",
        danger=True,
    )

    def act(data: dict) -> None:
        archive_indicator(
            indicator=pk, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now()
        )

    return handle_form(request, page, form, act)


def editable(user: User, pk: int) -> Indicator:
    """Raises NotAllowed for a person who reads indicators and may not edit them."""
    found = indicator_for(user, pk)
    if EDIT_INDICATOR not in permissions_in(user, found.engagement_id):
        raise NotAllowed(READS)
    return found


def crumbs(found: Indicator) -> tuple[tuple[str, str], ...]:
    return (*_crumbs(found.engagement), (f"/indicators/{found.pk}/", found.name))


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (f"/engagements/{within.slug}/indicators/", "Indicators"))


def _choices(user: User, within: Engagement, found: Indicator | None = None) -> dict[str, list]:
    """People of the team and plans of the engagement; who owns it already stays on offer."""
    people = people_choices(within, VIEW_TEAM)
    if found and found.owner_id and found.owner_id not in dict(people):
        people = [*people, (found.owner_id, f"{found.owner} (no longer in the team)")]
    plans = visible_plans(user).filter(engagement=within)
    return {"people": people, "plans": [(plan.pk, str(plan)) for plan in plans]}
