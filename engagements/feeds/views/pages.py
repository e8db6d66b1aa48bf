"""Feeds: the list, one feed, and its buttons."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.errors import NotAllowed, NotFound
from engagements.access.feeds import editable_feeds, feed_for, key_for, reading_for, visible_feeds
from engagements.access.roles import engagements_with, permissions_in
from engagements.base.editing import Conflict
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import read_number
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form, today_for
from engagements.feeds.actions.checking import plan_now
from engagements.feeds.actions.decisions import decide
from engagements.feeds.actions.feeds import archive_feed, pause_feed, resume_feed, trust_feed
from engagements.feeds.actions.pushing import make_key, revoke_key
from engagements.feeds.forms import DecisionForm
from engagements.feeds.queries.feeds import count_states, feed_page, feed_rows
from engagements.feeds.rules.outliers import RULE
from engagements.indicators.rules.freshness import RULE as CURRENT_RULE
from engagements.models import Feed, User
from engagements.permissions import APPROVE_INDICATOR, VIEW_INDICATOR

KEEPERS = "Feeds are kept by leads, advisers and the city’s staff."


@require_safe
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    """Every feed this person's teams have, what needs somebody first."""
    if not engagements_with(request.user, VIEW_INDICATOR).exists():
        raise NotFound("We can’t find this page. It may have moved or not be shared with you.")
    rows = feed_rows(request.user, today=today_for(request.user))
    counts = count_states(rows)
    state = request.GET.get("state", "")
    chosen = state if state in {each[0] for each in counts} else ""
    context = {
        "rows": [row for row in rows if not chosen or row.state == chosen],
        "counts": counts,
        "total": len(rows),
        "chosen": chosen,
        "rule": CURRENT_RULE,
    }
    return render(request, "engagements/feeds/list.html", context)


@require_safe
@signed_in
def feed(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_feed(request, pk)


def show_feed(request: SignedInRequest, pk: int, secret: str = "", status: int = 200) -> HttpResponse:
    """`secret`: of a key just made, shown this once."""
    page = feed_page(request.user, pk, today=today_for(request.user))
    found = feed_for(request.user, pk)
    context = {
        "page": page,
        "row": page.row,
        "feed": found,
        "rule": RULE,
        "current_rule": CURRENT_RULE,
        "secret": secret,
        "push_address": request.build_absolute_uri(f"/api/v1/feeds/{pk}/push/"),
        "crumbs": crumbs(found)[:-1],
    }
    return render(request, "engagements/feeds/feed.html", context, status=status)


@require_POST
@signed_in
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button of the page: approve, pause, resume, or check now."""
    found = feed_for(request.user, pk)
    to, now = request.POST.get("to", ""), timezone.now()
    version = read_number(request.POST.get("version")) or found.version
    seen = {"feed": pk, "expected_version": version, "by": request.user, "now": now}
    acts: dict[str, tuple[Callable[..., object], str]] = {
        "pause": (pause_feed, _("It is paused.")),
        "resume": (resume_feed, _("It is resumed, and asked with the next round.")),
        "trust": (trust_feed, _("It is approved. Its values count as they come.")),
    }
    if to == "trust" and APPROVE_INDICATOR not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed("A feed is approved by a lead.")
    if to != "trust":
        editable(request.user, pk)
    try:
        if to == "check":
            plan_now(found, now)
            messages.success(request, _("It is asked within a minute. Reload this page then."))
        elif to in acts:
            act, done = acts[to]
            act(**seen)
            messages.success(request, done)
        else:
            messages.error(request, _("Nothing changed."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except Conflict:
        messages.error(request, _("Someone changed this feed since you opened the page. Look again, then decide."))
    return redirect("feed", pk)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = editable(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    back = f"/indicators/{found.indicator_id}/" if found.indicator_id else "/feeds/"
    page = FormPage(
        _("Archive the feed of “{name}”").format(name=found.name),
        _("Archive it"),
        _("It was archived. Its values stay."),
        back,
        crumbs(found),
        _("It is not asked any more, its keys end, and its token is deleted. All it brought stays in the history."),
        danger=True,
    )

    def act(data: dict) -> None:
        archive_feed(feed=pk, expected_version=data["version"], why=data["why"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def decision(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept or refuse one value that waits."""
    try:
        found = reading_for(request.user, pk)
    except NotFound:
        if visible_feeds(request.user).filter(readings=pk).exists():
            raise NotAllowed(KEEPERS) from None
        raise
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you accept or refuse it: the reason stays with the value."))
        return redirect("feed", found.feed_id)
    data = form.cleaned_data
    try:
        done = decide(reading=pk, accept=data["accept"], reason=data["reason"], by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("feed", found.feed_id)
    if not data["accept"]:
        messages.success(request, _("Refused. The value before stays."))
    elif done.indicator_value is not None and done.indicator_value.status == "in_review":
        messages.success(request, _("Accepted. Someone else approves it on the indicator’s page."))
    else:
        messages.success(request, _("Accepted. It counts from now on."))
    return redirect("feed", found.feed_id)


@require_POST
@signed_in
def new_key(request: SignedInRequest, pk: int) -> HttpResponse:
    """A key for a program, shown in the answer to this form and never again."""
    editable(request.user, pk)
    try:
        _key, secret = make_key(feed=pk, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("feed", pk)
    return show_feed(request, pk, secret=secret)


@require_POST
@signed_in
def end_key(request: SignedInRequest, pk: int) -> HttpResponse:
    key = key_for(request.user, pk)
    revoke_key(key=pk, by=request.user, now=timezone.now())
    messages.success(request, _("The key opens nothing any more."))
    return redirect("feed", key.feed_id)


def crumbs(found: Feed) -> tuple[tuple[str, str], ...]:
    """To a page below the feed's."""
    within = breadcrumbs_of(found.engagement)
    inner: tuple[tuple[str, str], ...]
    if found.indicator_id:
        inner = (
            (f"/engagements/{found.engagement.slug}/indicators/", _("Indicators")),
            (f"/indicators/{found.indicator_id}/", found.name),
        )
    else:
        inner = ((f"/engagements/{found.engagement.slug}/money/", _("Money")),)
    return (*within, *inner, (f"/feeds/{found.pk}/", _("Feed")))


def editable(user: User, pk: int) -> Feed:
    """Raises NotAllowed for a person who reads feeds and may not keep them."""
    found = feed_for(user, pk)
    if not editable_feeds(user).filter(pk=pk).exists():
        raise NotAllowed(KEEPERS)
    return found
