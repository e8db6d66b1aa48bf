"""A private link to one's due dates for a calendar program, and the page where it is made and ended."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.errors import NotFound
from engagements.access.tokens import find_calendar_feed
from engagements.base.queries import engagements as engagement_list
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.calendar import write_calendar
from engagements.milestones.forms.calendar import FeedForm
from engagements.milestones.queries.exports import calendar_feeds, calendar_rows
from engagements.people.actions.tokens import make_calendar_feed, revoke_calendar_feed


@require_safe
def feed(request: SignedInRequest, secret: str) -> HttpResponse:
    """No session: the link is the key. Shows what its owner may see at this moment."""
    now = timezone.now()
    try:
        found = find_calendar_feed(secret=secret, now=now)
    except NotFound as unknown:
        raise Http404("There is no such calendar.") from unknown
    rows = calendar_rows(found.user, today=timezone.localdate(now), engagement=found.engagement_id)
    name = "Milestones" if found.engagement is None else f"Milestones, {found.engagement.city}"
    content = write_calendar(name, rows, now=now, base=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="milestones.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def page(request: SignedInRequest) -> HttpResponse:
    """One's links. A new one is shown this once: only its hash is kept."""
    engagements = engagement_list.engagements(request.user, today=timezone.localdate())
    form = FeedForm(request.POST or None, engagements=engagements)
    link = ""
    if request.method == "POST":
        form = FeedForm(request.POST, engagements=engagements)
        if form.is_valid():
            wanted = form.cleaned_data["engagement"]
            _, secret = make_calendar_feed(by=request.user, now=timezone.now(), engagement=wanted)
            link = request.build_absolute_uri(reverse("exchange:feed", args=[secret]))
    context = {"form": form, "link": link, "feeds": calendar_feeds(request.user), "engagements": engagements}
    response = render(request, "engagements/milestones/calendar.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@signed_in
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    revoke_calendar_feed(feed=pk, by=request.user, now=timezone.now())
    messages.success(request, "The link opens nothing any more.")
    return redirect("exchange:calendar")
