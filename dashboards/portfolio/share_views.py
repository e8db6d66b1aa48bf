"""Links to a portfolio: making, listing and revoking them, and the page a reader without an account gets."""

from datetime import timedelta
from urllib.parse import parse_qs

from allauth.core.internal.ratelimit import consume_or_429  # its public twin counts no GET
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.formatting.dates import format_moment
from atlas.web.rate_limits import client_address
from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.portfolio.cache import cached_page
from dashboards.portfolio.forms import ShareForm
from dashboards.portfolio.questions import with_error_pages
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import permissions_in_initiative
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Initiative
from engagements.permissions import SHARE_PORTFOLIO
from engagements.portfolio.actions.sharing import ShareClosed, make_share_link, open_share_link, revoke_share_link
from engagements.portfolio.queries.portfolio import read_as_of, read_filter, write_as_of
from engagements.portfolio.queries.sharing import share_links

NO_LINK = {
    "title": "This link is not one of ours",
    "why": "It may have been cut short or mistyped on its way. Ask the sender for the whole link.",
}
ENDED = {
    "title": "This link no longer works",
    "why": "Links end after a while, and their creator can end them sooner. Ask for a new one.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@with_error_pages
def shares(request: SignedInRequest, within: Initiative) -> HttpResponse:
    """The links of a portfolio; a new one is shown in the answer to its form and never again."""
    if SHARE_PORTFOLIO not in permissions_in_initiative(request.user, within.pk):
        raise NotAllowed("Portfolios are shared by leads and funders.")
    now = timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    as_of = read_as_of(sent.get("as_of", ""), now)
    filters = read_filter(parse_qs(request.POST.get("query", ""))) if request.method == "POST" else None
    filters = filters or read_filter(dict(request.GET.lists()))
    moments = [("live", "What is known whenever it is opened")]
    moments += [("then", f"What was known at {format_moment(as_of or now)}, unchanging")]
    seen = {"query": filters.query(), "as_of": write_as_of(as_of)}
    form = ShareForm(request.POST if request.method == "POST" else None, moments=moments, initial=seen)
    link = _make(request, within.slug, form, as_of, now) if request.method == "POST" and form.is_valid() else None
    if link:
        form = ShareForm(moments=moments, initial=seen)
    rows = share_links(request.user, within, now=now)
    context = {"initiative": within, "rows": rows, "form": form, "link": link, "filters": filters}
    return render(request, "dashboards/portfolio/shares.html", context, status=422 if form.errors else 200)


def _make(request: SignedInRequest, slug: str, form: ShareForm, as_of, now) -> str | None:
    """Its address; None where it was refused, and for a second click: the first answer showed it."""
    asked = form.cleaned_data
    try:
        _, secret = make_share_link(
            initiative=slug,
            label=asked["label"],
            expires_at=now + timedelta(days=asked["days"]),
            query=asked["query"],
            as_of=(as_of or now) if asked["moment"] == "then" else None,
            submission=asked["submission"],
            by=request.user,
            now=now,
        )
    except ValidationError as refused:
        form.refuse(refused)
        return None
    if secret is None:
        messages.info(request, "This link was made already. It is shown once only: revoke it and make another.")
        return None
    return request.build_absolute_uri(reverse("shared", args=[secret]))


@require_POST
@signed_in
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    row = revoke_share_link(link=pk, by=request.user, now=timezone.now())
    messages.success(request, f"The link for {row.label} opens nothing any more.")
    return redirect("portfolio_shares", row.initiative.slug)


@require_safe
@in_chosen_dollars
def shared(request: SignedInRequest, secret: str) -> HttpResponse:
    """Read only, as funders see it. Whoever asks: counted, written down, kept by nobody between."""
    limited = consume_or_429(request, app="allauth.account", action="open_share_link", limit_get=True)
    return _keep_secret(limited or _open(request, secret))


def _open(request: SignedInRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    try:
        link = open_share_link(
            secret=secret,
            address=client_address(request),
            agent=request.headers.get("user-agent", ""),
            now=now,
        )
    except NotFound:
        return render(request, "dashboards/portfolio/share_closed.html", NO_LINK, status=404)
    except ShareClosed:
        return render(request, "dashboards/portfolio/share_closed.html", ENDED, status=410)
    filters = read_filter(parse_qs(link.query))
    shown = cached_page(link, link.initiative, filters, link.as_of, now, links=False)
    context = {"shown": shown, "figures": shown.frame, "link": link}
    return render(request, "dashboards/portfolio/shared.html", context)


def _keep_secret(answer: HttpResponse) -> HttpResponse:
    """Not in a cache, not in search engines, and not in the log of the next page."""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
