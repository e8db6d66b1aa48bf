"""The other steps of a pilot: stopping and starting it, its cities, what it is linked to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access.pilots import pilot_for, visible_pilots
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form
from engagements.models import Pilot
from engagements.permissions import EDIT_PILOT
from engagements.pilots.actions.cities import accept_city, invite_city, leave_city
from engagements.pilots.actions.pilots import link_pilot, start_pilot, stop_pilot, unlink_pilot
from engagements.pilots.forms.steps import CityForm, LinkForm, StopForm
from engagements.pilots.queries.pilots import city_choices, link_choices
from engagements.pilots.views.pages import pilot_crumbs


@require_http_methods(FORM_PAGE)
@signed_in
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pilot_for(request.user, pk, EDIT_PILOT)
    form = StopForm(request.POST or None, initial={"version": row.version})
    page = FormPage(
        _("Stop the pilot"),
        _("Stop the pilot for good"),
        _("The pilot was stopped. It stays readable, with the reason."),
        f"/pilots/{pk}/",
        (*pilot_crumbs(row.engagement, frozenset({EDIT_PILOT})), (f"/pilots/{pk}/", row.title)),
        _("This pilot has no locked plan, so nothing is published.")
        if row.state == Pilot.State.DRAFT
        else _("A stopped pilot is published like any other, so that others learn from it."),
        danger=True,
    )

    def act(data: dict[str, Any]) -> None:
        stop_pilot(
            pk=pk,
            kind=data["kind"],
            reason=data["why"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button of the page; what it refuses is said there."""
    version = read_number(request.POST.get("version")) or 0
    _say(
        request,
        lambda: start_pilot(pk=pk, expected_version=version, by=request.user, now=timezone.now()),
        _("The pilot is running."),
    )
    return redirect(f"/pilots/{pk}/")


@require_http_methods(FORM_PAGE)
@signed_in
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pilot_for(request.user, pk, EDIT_PILOT)
    form = CityForm(request.POST or None, engagements=city_choices(request.user, row))
    page = FormPage(
        _("Ask another city to take part"),
        _("Ask the city"),
        _("The city was asked. Whoever may edit pilots there accepts."),
        f"/pilots/{pk}/",
        (*pilot_crumbs(row.engagement, frozenset({EDIT_PILOT})), (f"/pilots/{pk}/", row.title)),
        _("One registration, several cities: each is drawn by itself, and the effect is one mean."),
    )

    def act(data: dict[str, Any]) -> None:
        invite_city(pk=pk, engagement=data["engagement"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def accept(request: SignedInRequest, pk: int, engagement: int) -> HttpResponse:
    _say(
        request,
        lambda: accept_city(pk=pk, engagement=engagement, by=request.user, now=timezone.now()),
        _("Your city takes part."),
    )
    return redirect(f"/pilots/{pk}/")


@require_POST
@signed_in
def leave(request: SignedInRequest, pk: int, engagement: int) -> HttpResponse:
    _say(
        request,
        lambda: leave_city(pk=pk, engagement=engagement, by=request.user, now=timezone.now()),
        _("The city does not take part."),
    )
    is_seen = visible_pilots(request.user).filter(pk=pk).exists()
    return redirect(f"/pilots/{pk}/" if is_seen else "/")


@require_http_methods(FORM_PAGE)
@signed_in
def link(request: SignedInRequest, pk: int) -> HttpResponse:
    row = pilot_for(request.user, pk, EDIT_PILOT)
    form = LinkForm(request.POST or None, things=link_choices(request.user, row))
    page = FormPage(
        _("Link the pilot"),
        _("Save link"),
        _("Linked."),
        f"/pilots/{pk}/",
        (*pilot_crumbs(row.engagement, frozenset({EDIT_PILOT})), (f"/pilots/{pk}/", row.title)),
        _("The milestone, the indicator or the money that the pilot belongs to."),
    )

    def act(data: dict[str, Any]) -> None:
        kind, _colon, number = data["thing"].partition(":")
        link_pilot(pk=pk, by=request.user, now=timezone.now(), **{kind: int(number)})

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def unlink(request: SignedInRequest, pk: int, link: int) -> HttpResponse:
    unlink_pilot(pk=pk, link=link, by=request.user, now=timezone.now())
    messages.success(request, _("The link was removed."))
    return redirect(f"/pilots/{pk}/")


def _say(request: SignedInRequest, act: Any, done: str) -> None:
    """Runs the action of a button, and says what came of it above the page."""
    try:
        act()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
