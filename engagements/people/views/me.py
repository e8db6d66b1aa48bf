"""One's own page: who one is, how one signs in, and the keys one gave to programs."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access.errors import NotFound
from engagements.access.roles import initiatives_with
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import AccessToken
from engagements.people.actions.profile import change_profile
from engagements.people.actions.tokens import make_access_token, revoke_token
from engagements.people.forms import ProfileForm, TokenForm
from engagements.people.queries.people import managed_places, own_roles, own_tokens
from engagements.permissions import VIEW_FUNDER_FACING


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def me(request: SignedInRequest) -> HttpResponse:
    reads_portfolio = initiatives_with(request.user, VIEW_FUNDER_FACING).exists()
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, user=request.user, reads_portfolio=reads_portfolio)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, "Your profile is saved.")
        return redirect("me")
    context = {"form": form, "roles": own_roles(request.user), "places": managed_places(request.user)}
    return render(request, "engagements/people/me.html", context, status=422 if form.errors else 200)


def _save(request: SignedInRequest, form: ProfileForm) -> bool:
    try:
        change_profile(changes=form.cleaned_data, by=request.user)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tokens(request: SignedInRequest) -> HttpResponse:
    """Access tokens; a new one is shown in the answer to its form and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = _make_token(request, form) if request.method == "POST" and form.is_valid() else None
    return _show_tokens(request, form if form.errors else TokenForm(), secret=secret)


def _make_token(request: SignedInRequest, form: TokenForm) -> str | None:
    """None for a second click: the first answer showed it."""
    now, sent = timezone.now(), form.cleaned_data
    try:
        _, secret = make_access_token(
            name=sent["name"],
            scopes=sent["scopes"],
            expires_at=now + timedelta(days=sent["days"]),
            by=request.user,
            now=now,
            submission=sent["submission"],
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return None
    if secret is None:
        messages.info(request, "This token was made already. It is shown once only: end it and make another.")
    return secret


def _show_tokens(request: SignedInRequest, form: TokenForm, *, secret: str | None) -> HttpResponse:
    context = {"form": form, "secret": secret, "tokens": own_tokens(request.user, now=timezone.now())}
    return render(request, "engagements/people/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def end_token(request: SignedInRequest, pk: int) -> HttpResponse:
    row = AccessToken.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    revoke_token(token=row, by=request.user, now=timezone.now())
    messages.success(request, "The token opens nothing any more.")
    return redirect("tokens")
