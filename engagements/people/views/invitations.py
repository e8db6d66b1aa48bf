"""Following the link of an invitation. Strangers come here: every answer is counted, none is cached."""

from allauth.account.utils import perform_login
from allauth.core.internal.ratelimit import consume_or_429  # its public twin counts no GET
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from engagements.access.errors import NotAllowed, NotFound
from engagements.models import Invitation, User
from engagements.people.actions.invitations import (
    InvitationClosed,
    accept_as_new,
    accept_invitation,
    account_of,
    find_invitation,
)
from engagements.people.forms import NewAccountForm


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    limited = consume_or_429(request, app="allauth.account", action="open_invitation", limit_get=True)
    if limited:
        return limited
    try:
        found = find_invitation(secret=secret, now=timezone.now())
        account = account_of(found)
        if isinstance(request.user, User):
            return _answer_signed_in(request, request.user, found, secret)
        if account is not None:
            return redirect_to_login(request.path)
        return _answer_stranger(request, found, secret)
    except NotFound as missing:
        raise Http404("This link is not one of ours.") from missing
    except InvitationClosed as closed:
        return render(request, "engagements/people/invitation_closed.html", {"why": str(closed)}, status=410)


def _answer_signed_in(request: HttpRequest, user: User, found: Invitation, secret: str) -> HttpResponse:
    if found.email != user.email:
        return render(request, "engagements/people/invitation_of_another.html", {"path": request.path}, status=403)
    if request.method != "POST":
        return render(request, "engagements/people/invitation.html", {"invitation": found})
    role = accept_invitation(secret=secret, by=user, now=timezone.now())
    messages.success(request, f"You are now: {role.get_role_display()}, {found.where}.")
    return redirect("me")


def _answer_stranger(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = NewAccountForm(sent, initial={"name": found.name}, email=found.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_as_new(secret=secret, **form.cleaned_data, now=timezone.now())
        except NotAllowed:
            return redirect_to_login(request.path)  # the account was made a moment ago: somebody clicked twice
        return perform_login(request, user, email_verification="none", redirect_url="/me/")
    context = {"invitation": found, "form": form}
    return render(request, "engagements/people/invitation.html", context, status=422 if form.errors else 200)
