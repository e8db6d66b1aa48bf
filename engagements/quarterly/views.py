"""Writing a quarter's update: begun from its log, kept while one types, or by the link of a reminder."""

from datetime import datetime
from typing import Any

from allauth.core.internal.ratelimit import consume_or_429  # its public twin counts no GET
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.web.rate_limits import client_address
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import permissions_in
from engagements.base.editing import Conflict
from engagements.base.views.conflict import show_conflict
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.updates import start_update
from engagements.discussion.forms.updates import UpdateStartForm, last_quarter
from engagements.discussion.views.form_page import FORM_PAGE, breadcrumbs_of, today_for
from engagements.discussion.views.updates import answer_autosave, wants_json
from engagements.models import Engagement, QuarterlyUpdate, UpdateLink
from engagements.permissions import EDIT_UPDATE, VIEW_PUBLISHED
from engagements.quarterly.actions.links import (
    LinkClosed,
    Visit,
    open_update_link,
    revoke_update_link,
    save_by_link,
)
from engagements.quarterly.forms import LinkedUpdateForm
from engagements.quarterly.presenters import first_words, why_closed
from engagements.quarterly.queries.links import update_links, update_of_quarter
from engagements.quarterly.queries.log import QuarterLog, quarter_log
from engagements.quarterly.rules import Closed, read_quarter
from engagements.workflow import UPDATE_EDITABLE


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """`quarter` such as 20264: the draft that exists is opened; without one the form begins with the quarter's log."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_UPDATE not in permissions_in(request.user, within.pk):
        raise NotAllowed(_("Updates are written by advisers, leads and the city’s staff."))
    today = today_for(request.user)
    asked = read_quarter(request.GET.get("quarter", "")) or last_quarter(today)
    there = update_of_quarter(within.pk, *asked)
    if there is not None and request.method != "POST":
        return redirect("update_edit" if there.status in UPDATE_EDITABLE else "update", there.pk)
    log = quarter_log(within, *asked, today=today)
    words = first_words(log)
    form = UpdateStartForm(request.POST or None, today=today, initial={"quarter": f"{asked[0]}-{asked[1]}", **words})
    if request.method == "POST":
        if form.is_valid():
            try:
                made = start_update(
                    engagement=within.pk,
                    texts=form.texts,
                    submission=form.cleaned_data["submission"],
                    by=request.user,
                    now=timezone.now(),
                    **form.year_and_quarter,
                )
            except ValidationError as refused:
                form.refuse(refused)
            else:
                if wants_json(request):
                    return answer_autosave(made)
                messages.success(request, _("The draft is saved."))
                return redirect("update", made.pk)
        if wants_json(request):
            return JsonResponse({"problems": form.errors}, status=422)
    return _show_form(request, form, within, log, asked, status=422 if form.errors else 200)


def _show_form(
    request: SignedInRequest,
    form: UpdateStartForm,
    within: Engagement,
    log: QuarterLog,
    asked: tuple[int, int],
    *,
    status: int,
) -> HttpResponse:
    context = {
        "form": form,
        "log": log,
        "engagement": within,
        "title": _("Update of %(city)s, Q%(quarter)s %(year)s")
        % {"city": within.city.name, "quarter": asked[1], "year": asked[0]},
        "crumbs": (
            *breadcrumbs_of(within),
            (f"/engagements/{within.slug}/updates/", _("Quarterly updates")),
        ),
        "back": f"/engagements/{within.slug}/updates/",
    }
    return render(request, "engagements/quarterly/new.html", context, status=status)


@require_safe
@signed_in
def links(request: SignedInRequest, slug: str) -> HttpResponse:
    """Links of this engagement that were sent: who got one, what was done with it."""
    within = engagement_for(request.user, slug, EDIT_UPDATE)
    rows = update_links(within.pk, now=timezone.now())
    context = {"engagement": within, "rows": rows, "crumbs": breadcrumbs_of(within)}
    return render(request, "engagements/quarterly/links.html", context)


@require_POST
@signed_in
def end_link(request: SignedInRequest, pk: int) -> HttpResponse:
    row = revoke_update_link(link=pk, by=request.user, now=timezone.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("update_links", row.engagement.slug)


@sensitive_variables("secret")
@require_http_methods(FORM_PAGE)
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """One update, as whom the link was sent to. Whoever asks: counted, written down, kept by nobody between."""
    limited = consume_or_429(request, app="allauth.account", action="open_update_link", limit_get=True)
    return _keep_secret(limited or _by_link(request, secret, timezone.now()))


def _by_link(request: HttpRequest, secret: str, now: datetime) -> HttpResponse:
    visit = Visit(request.user, client_address(request), request.headers.get("user-agent", ""))
    try:
        if request.method == "POST":
            return _write_by_link(request, secret, visit, now)
        link, update = open_update_link(secret=secret, visit=visit, now=now)
    except NotFound as missing:
        raise Http404("This link is not one of ours.") from missing
    except LinkClosed as closed:
        return _closed(request, closed)
    except Conflict as conflict:
        if wants_json(request):
            return JsonResponse({}, status=409)
        return show_conflict(request, conflict)
    return _show_linked(request, LinkedUpdateForm.of(update, _words(link, now)), link, update)


def _write_by_link(request: HttpRequest, secret: str, visit: Visit, now: datetime) -> HttpResponse:
    form = LinkedUpdateForm(request.POST)
    if form.is_valid():
        try:
            update = save_by_link(
                secret=secret,
                texts=form.texts,
                expected_version=form.cleaned_data["version"],
                submit=form.is_submitted,
                visit=visit,
                now=now,
            )
        except ValidationError as refused:
            form.refuse(refused)
        else:
            if wants_json(request):
                return answer_autosave(update, action=request.path)
            if form.is_submitted:
                return render(request, "engagements/quarterly/link_done.html", {"update": update})
            messages.success(request, _("The draft is saved."))
            return redirect(request.path)
    if wants_json(request):
        return JsonResponse({"problems": form.errors}, status=422)
    link, there = open_update_link(secret=secret, visit=visit, now=now)
    return _show_linked(request, form, link, there, status=422)


def _words(link: UpdateLink, now: datetime) -> dict[str, str]:
    return first_words(quarter_log(link.engagement, link.year, link.quarter, today=timezone.localdate(now)))


def _show_linked(
    request: HttpRequest, form: LinkedUpdateForm, link: UpdateLink, update: QuarterlyUpdate | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "link": link, "update": update, "here": request.path}
    return render(request, "engagements/quarterly/link.html", context, status=status)


def _closed(request: HttpRequest, closed: LinkClosed) -> HttpResponse:
    said = why_closed(closed.why, closed.link)
    status = 403 if closed.why is Closed.FORWARDED else 410
    if wants_json(request):
        return JsonResponse({"problems": {"__all__": [said]}}, status=status)
    return render(request, "engagements/quarterly/link_closed.html", {"why": said}, status=status)


def _keep_secret(answer: HttpResponse) -> HttpResponse:
    """Not in a cache, not in search engines, and not in the log of the next page.

    The policy is `strict-origin` and not `no-referrer`: with that a browser sends no origin with the form either, and
    the check against forged forms refuses it.
    """
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "strict-origin"
    return answer
