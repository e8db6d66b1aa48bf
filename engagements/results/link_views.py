"""An organization's reply by the link it was mailed, and the team's view of such links."""

from datetime import datetime

from allauth.core.internal.ratelimit import consume_or_429  # its public twin counts no GET
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from atlas.web.rate_limits import client_address
from engagements.access.errors import NotFound
from engagements.access.results import reply_request_for
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.models import ReplyLink
from engagements.permissions import EDIT_RESULT
from engagements.results.actions.links import (
    ReplyLinkClosed,
    Visitor,
    open_reply_link,
    reply_by_link,
    revoke_reply_link,
)
from engagements.results.forms.replies import LinkedReplyForm, LinkForm
from engagements.results.mail import send_reply_link
from engagements.results.presenters import why_link_ended
from engagements.results.rules.replies import LinkEnd


@require_http_methods(FORM_PAGE)
@signed_in
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mails a link for this request, or a new one in place of one that is open."""
    row = reply_request_for(request.user, pk)
    if EDIT_RESULT not in permissions_in(request.user, row.engagement_id):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    page = FormPage(
        _("Mail a link to reply"),
        _("Send link"),
        _("The link was mailed."),
        f"/replies/{pk}/",
        (*breadcrumbs_of(row.engagement), (f"/replies/{pk}/", _("Request for a reply"))),
        _("Whoever has the link can reply once for the organization, until the reply is due. An open link ends."),
    )

    def act(data: dict) -> None:
        send_reply_link(request=pk, email=data["email"], by=request.user, now=timezone.now())

    return handle_form(request, page, LinkForm(request.POST or None), act)


@require_POST
@signed_in
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    link = revoke_reply_link(link=pk, by=request.user, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("reply", link.request_id)


@sensitive_variables("secret")
@require_http_methods(FORM_PAGE)
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """One sentence and the form to reply to it. Whoever asks: counted, written down, kept by nobody between."""
    limited = consume_or_429(request, app="allauth.account", action="open_reply_link", limit_get=True)
    answer = limited or _by_link(request, secret, timezone.now())
    # Not in a cache, not in search engines, and not in the log of the next page. With `no-referrer` a browser sends no
    # origin with the form either, and the check against forged forms refuses it.
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def _by_link(request: HttpRequest, secret: str, now: datetime) -> HttpResponse:
    visitor = Visitor(request.user, client_address(request), request.headers.get("user-agent", ""))
    form = LinkedReplyForm(request.POST or None)
    try:
        if request.method == "POST" and form.is_valid():
            try:
                row = reply_by_link(
                    secret=secret,
                    answer=form.cleaned_data["answer"],
                    reply=form.cleaned_data["reply"],
                    visitor=visitor,
                    now=now,
                )
            except ValidationError as refused:
                form.refuse(refused)
            else:
                return render(request, "engagements/results/link_done.html", {"row": row})
        link = open_reply_link(secret=secret, visitor=visitor, now=now)
    except NotFound as missing:
        raise Http404("This link is not one of ours.") from missing
    except ReplyLinkClosed as closed:
        status = 403 if closed.why is LinkEnd.FORWARDED else 410
        context = {"why": why_link_ended(closed.why, closed.link)}
        return render(request, "engagements/results/link_closed.html", context, status=status)
    return _show(request, form, link)


def _show(request: HttpRequest, form: LinkedReplyForm, link: ReplyLink) -> HttpResponse:
    asked = link.request
    sources = [one for one in (asked.result.sources if asked.result else ()) if one["url"]]
    context = {"form": form, "row": asked, "link": link, "sources": sources, "here": request.path}
    status = 422 if form.errors else 200
    return render(request, "engagements/results/by_link.html", context, status=status)
