"""One's webhooks: made, tried, watched, paused and ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.base.queries import engagements as engagement_list
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import User
from engagements.webhooks.actions import webhooks as actions
from engagements.webhooks.forms import MINE, WebhookForm
from engagements.webhooks.queries.webhooks import webhook_page, webhook_rows


class _Deed(Protocol):
    def __call__(self, *, webhook: int, by: User, now: datetime) -> object: ...


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    """A new key is shown in the answer to its form and never again."""
    places = [(row.pk, row.city_name) for row in engagement_list.engagements(request.user, today=timezone.localdate())]
    form = WebhookForm(request.POST if request.method == "POST" else None, places=places)
    key = ""
    if request.method == "POST" and form.is_valid():
        made = _make(request, form)
        if made is not None:
            key = made
            form = WebhookForm(places=places)
    context = {"form": form, "key": key, "webhooks": webhook_rows(request.user)}
    return render(request, "engagements/webhooks/index.html", context, status=422 if form.errors else 200)


def _make(request: SignedInRequest, form: WebhookForm) -> str | None:
    """The key, "" where nobody needs it or it was shown before; None where nothing was made."""
    sent = form.cleaned_data
    is_mine = sent["about"] == MINE
    try:
        row, key = actions.make_webhook(
            name=sent["name"],
            shape=sent["shape"],
            address=sent["address"],
            engagement=None if is_mine else int(sent["about"]),
            kinds=sent["kinds"] if is_mine else (),
            visibility="all" if is_mine else sent["visibility"],
            by=request.user,
            now=timezone.now(),
            submission=sent["submission"],
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return None
    messages.success(request, _("The webhook is there. Send a test message to see it work."))
    return key if row.shape == "json" else ""


@require_safe
@signed_in
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    said = request.GET.get("page", "")
    number = max(1, int(said)) if said.isascii() and said.isdecimal() and len(said) < 5 else 1
    page = webhook_page(request.user, pk, number=number)
    return render(request, "engagements/webhooks/webhook.html", {"page": page, "row": page.webhook})


def _do(deed: _Deed, said: Callable[[], str], back: str = "webhook") -> Callable[..., HttpResponseBase]:
    @require_POST
    @signed_in
    def view(request: SignedInRequest, pk: int) -> HttpResponse:
        try:
            deed(webhook=pk, by=request.user, now=timezone.now())
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, said())
        return redirect(back, pk) if back == "webhook" else redirect(back)

    return view


test = _do(actions.test_webhook, lambda: _("A test message is on its way. Its answer is in the log in half a minute."))
pause = _do(actions.pause_webhook, lambda: _("The webhook is paused. Nothing is sent until you resume it."))
resume = _do(actions.resume_webhook, lambda: _("The webhook sends again what happens from now on."))
end = _do(actions.end_webhook, lambda: _("The webhook is gone, with its address."), back="webhooks")
