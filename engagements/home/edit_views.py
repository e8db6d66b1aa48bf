"""The status of an engagement with its day and source, and what the engagement is about."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form, today_for
from engagements.home.actions import CHANGEABLE, change_engagement, dismiss_first_steps, set_status
from engagements.home.forms import EngagementForm, StatusForm
from engagements.models import Engagement
from engagements.models.requests import check_local_path
from engagements.permissions import EDIT_RECORD, VIEW_PUBLISHED
from engagements.workflow import PARTICIPATION


@require_http_methods(FORM_PAGE)
@signed_in
def status(request: SignedInRequest, slug: str) -> HttpResponse:
    within = _editable(request, slug)
    last = within.participations.last()
    held = permissions_in(request.user, within.pk)
    known = PARTICIPATION.next_states(last.status, held) if last else (PARTICIPATION.states[0],)
    form = StatusForm(
        request.POST or None, states=[(s.value, s.label) for s in known], initial={"began_on": today_for(request.user)}
    )
    page = FormPage("Set the status", "Set the status", "The status is set.", _back(slug), breadcrumbs_of(within))

    def act(data: dict) -> None:
        told = {name: data[name] for name in ("status", "began_on", "precision", "source")}
        set_status(engagement=within.pk, by=request.user, now=timezone.now(), **told)

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    within = _editable(request, slug)
    seen = {name: getattr(within, name) for name in (*CHANGEABLE, "version")}
    form = EngagementForm(request.POST or None, initial=seen)
    page = FormPage("Change what this engagement is", "Save", "It was changed.", _back(slug), breadcrumbs_of(within))

    def act(data: dict) -> None:
        change_engagement(
            engagement=within.pk,
            changes={name: data[name] for name in CHANGEABLE},
            why=data["why"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


def _editable(request: SignedInRequest, slug: str) -> Engagement:
    found = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_RECORD not in permissions_in(request.user, found.pk):
        raise NotAllowed("Status and frame of an engagement are set by advisers and leads.")
    return found


def _back(slug: str) -> str:
    return f"/engagements/{slug}/"


@require_POST
@signed_in
def first_steps_dismiss(request: SignedInRequest) -> HttpResponse:
    """One's own, and back to the page they stood on."""
    dismiss_first_steps(by=request.user, now=timezone.now())
    back = request.POST.get("back", "")
    try:
        check_local_path(back)
    except ValidationError:
        back = ""
    return redirect(back or "todo")
