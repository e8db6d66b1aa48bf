"""Who works on what: the people of an engagement or initiative, and giving and ending roles."""

from typing import Any

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.engagements import engagement_for, initiative_for, role_for
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.people.actions.invitations import invite, revoke_invitation
from engagements.people.actions.roles import end_role
from engagements.people.forms import EndRoleForm, InviteForm
from engagements.people.mail import send_invitation
from engagements.people.queries.caseloads import caseloads
from engagements.people.queries.people import people_of_engagement, people_of_initiative
from engagements.permissions import MANAGE_ROLES

PAGE = ["GET", "HEAD", "POST"]


@require_safe
@signed_in
def engagement_people(request: SignedInRequest, slug: str) -> HttpResponse:
    page = people_of_engagement(request.user, slug, now=timezone.now())
    return render(request, "engagements/people/people.html", {"page": page})


@require_safe
@signed_in
def initiative_people(request: SignedInRequest, slug: str) -> HttpResponse:
    page = people_of_initiative(request.user, slug, now=timezone.now())
    found = caseloads(request.user, slug, today=timezone.localdate())
    return render(request, "engagements/people/people.html", {"page": page, "caseloads": found})


@require_http_methods(PAGE)
@signed_in
def invite_to_engagement(request: SignedInRequest, slug: str) -> HttpResponse:
    place = engagement_for(request.user, slug, MANAGE_ROLES)
    return _invite(request, back="engagement_people", slug=slug, title=place.city.name, engagement=place.pk)


@require_http_methods(PAGE)
@signed_in
def invite_to_initiative(request: SignedInRequest, slug: str) -> HttpResponse:
    place = initiative_for(request.user, slug, MANAGE_ROLES)
    return _invite(request, back="initiative_people", slug=slug, title=place.name, initiative=place.pk)


def _invite(request: SignedInRequest, *, back: str, slug: str, title: str, **place: int) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None, is_initiative="initiative" in place)
    if request.method == "POST" and form.is_valid() and _may_send(request, form) and _save(request, form, place):
        return redirect(back, slug)
    context = {"form": form, "title": title, "back": back, "slug": slug}
    return render(request, "engagements/people/invite.html", context, status=422 if form.errors else 200)


def _may_send(request: SignedInRequest, form: InviteForm) -> bool:
    if consume(request, action="invite", user=request.user):
        return True
    form.add_error(None, "You sent many invitations within an hour: go on in a while.")
    return False


def _save(request: SignedInRequest, form: InviteForm, place: dict[str, Any]) -> bool:
    sent = dict(form.cleaned_data)
    organisation = sent.pop("organisation")
    now = timezone.now()
    try:
        made, secret = invite(
            **sent, organisation=organisation.pk if organisation else None, by=request.user, now=now, **place
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    if secret is None:
        return True  # the second click of one form: its mail is sent
    if not send_invitation(made, secret, request):
        revoke_invitation(invitation=made.pk, by=request.user, now=now)
        form.add_error(None, "The email could not be sent, so nobody was invited. Try again in a few minutes.")
        return False
    messages.success(request, f"The invitation to {made.email} is on its way. It works for two weeks.")
    return True


@require_POST
@signed_in
def withdraw_invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    row = revoke_invitation(invitation=pk, by=request.user, now=timezone.now())
    messages.success(request, f"The invitation to {row.email} opens nothing any more.")
    if row.engagement:
        return redirect("engagement_people", row.engagement.slug)
    return redirect("initiative_people", row.initiative.slug)


@require_http_methods(PAGE)
@signed_in
def role_end(request: SignedInRequest, pk: int) -> HttpResponse:
    role = role_for(request.user, pk)
    form = EndRoleForm(request.POST if request.method == "POST" else None)
    back = redirect("engagement_people", role.engagement.slug) if role.engagement else None
    back = back or redirect("initiative_people", role.initiative.slug)
    if request.method == "POST" and form.is_valid():
        end_role(role=pk, by=request.user, now=timezone.now(), why=form.cleaned_data["why"])
        messages.success(request, f"{role.user} is no longer {role.get_role_display().lower()} here.")
        return back
    context = {"form": form, "role": role, "back": back.url}
    return render(request, "engagements/people/role_end.html", context, status=422 if form.errors else 200)
