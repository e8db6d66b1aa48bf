"""Binding an indicator or a line of the ledger to a feed, and changing one; "Try it" shows what would be read."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from atlas.web.rate_limits import consume_rate_limit
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.editing import Conflict
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import FORM_PAGE, breadcrumbs_of, people_choices, today_for
from engagements.feeds.actions.feeds import bind_indicator, bind_ledger_line, change_feed, prepare
from engagements.feeds.actions.trying import Trial, try_feed
from engagements.feeds.forms import FeedChangeForm, FeedForm, LedgerFeedChangeForm, LedgerFeedForm
from engagements.feeds.rules.presenting import words_of
from engagements.feeds.views.pages import KEEPERS, crumbs, editable
from engagements.indicators.views.indicators import editable as editable_indicator
from engagements.models import Engagement, Feed
from engagements.money.queries.choices import funders_of
from engagements.permissions import EDIT_INDICATOR, EDIT_MONEY, VIEW_PUBLISHED


@require_http_methods(FORM_PAGE)
@signed_in
def of_indicator(request: SignedInRequest, pk: int) -> HttpResponse:
    found = editable_indicator(request.user, pk)
    there = found.feeds.filter(archived_at=None).first()
    if there is not None:
        return redirect("feed", there.pk)
    people = people_choices(found.engagement, EDIT_INDICATOR)
    form = FeedForm(request.POST or None, people=people, initial={"owner": request.user.pk})
    unsaved = Feed(engagement=found.engagement, indicator=found, name=found.name, owner=request.user)

    def save() -> Feed:
        return bind_indicator(
            indicator=pk,
            fields=form.values,
            secret=form.secret,
            variable=form.cleaned_data["token_variable"],
            submission=form.cleaned_data["submission"],
            by=request.user,
            now=timezone.now(),
        )

    context = {
        "title": _("Bind “{name}” to a feed").format(name=found.name),
        "back": f"/indicators/{pk}/",
        "crumbs": (
            *breadcrumbs_of(found.engagement),
            (f"/engagements/{found.engagement.slug}/indicators/", _("Indicators")),
            (f"/indicators/{pk}/", found.name),
        ),
        "indicator": found,
    }
    return _handle(request, form, unsaved, save, context)


@require_http_methods(FORM_PAGE)
@signed_in
def of_ledger(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_MONEY not in permissions_in(request.user, within.pk):
        raise NotAllowed(KEEPERS)
    form = LedgerFeedForm(
        request.POST or None,
        people=people_choices(within, EDIT_MONEY),
        funders=_funders(within),
        initial={"owner": request.user.pk},
    )
    unsaved = Feed(engagement=within, stage="spent", name=_("Money"), owner=request.user)

    def save() -> Feed:
        data = form.cleaned_data
        return bind_ledger_line(
            engagement=within.pk,
            stage=data["stage"],
            funder=data["funder"],
            fields=form.values,
            secret=form.secret,
            variable=data["token_variable"],
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )

    context = {
        "title": _("Bind a line of the ledger to a feed"),
        "back": f"/engagements/{slug}/money/",
        "crumbs": (*breadcrumbs_of(within), (f"/engagements/{slug}/money/", _("Money"))),
    }
    return _handle(request, form, unsaved, save, context)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = editable(request.user, pk)
    initial = {name: getattr(found, name) for name in ("kind", "address", "query", "cadence", "version")}
    initial |= {f"{name}_column": column for name, column in found.columns.items()} | {"owner": found.owner_id}
    people = people_choices(found.engagement, EDIT_INDICATOR if found.indicator_id else EDIT_MONEY)
    kind: type[FeedChangeForm] = FeedChangeForm if found.indicator_id else LedgerFeedChangeForm
    if found.owner_id not in dict(people):
        people = [(found.owner_id, _("{name} (no longer in the team)").format(name=found.owner)), *people]
    form = kind(request.POST or None, initial=initial, people=people)

    def save() -> Feed:
        data = form.cleaned_data
        typed = form.secret or ("" if data["forget_token"] else None)
        return change_feed(
            feed=pk,
            changes=form.values,
            expected_version=data["version"],
            secret=typed,
            variable=data["token_variable"],
            by=request.user,
            now=timezone.now(),
        )

    context = {
        "title": _("Change the feed of “{name}”").format(name=found.name),
        "back": f"/feeds/{pk}/",
        "crumbs": crumbs(found),
        "is_change": True,
        "indicator": found.indicator,
    }
    return _handle(request, form, editable(request.user, pk), save, context)


def _handle(
    request: SignedInRequest, form: FeedForm, feed: Feed, save: Callable[[], Feed], context: dict[str, Any]
) -> HttpResponse:
    """ "Try it" keeps nothing; saving redirects to the feed, or shows the form again with its errors (422)."""
    trial: Trial | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "try" in request.POST:
                trial = _try(request, form, feed)
            else:
                kept = save()
                messages.success(request, _("It is saved. Its values come within a minute."))
                return redirect("feed", kept.pk)
        except ValidationError as refused:
            form.refuse(refused)
        except Conflict:
            form.add_error(None, _("Someone changed this feed meanwhile. Copy what you typed, and open it again."))
    unit = feed.indicator.unit if feed.indicator else "usd"
    context |= {
        "form": form,
        "trial": trial,
        "rows": words_of(trial.mapped, unit) if trial else (),
        "sealed": form.sealed if trial else "",
        "columns": trial.columns if trial else (),
        "engagement": feed.engagement,
    }
    return render(request, "engagements/feeds/form.html", context, status=422 if form.errors else 200)


def _try(request: SignedInRequest, form: FeedForm, feed: Feed) -> Trial:
    """Asks the publisher, and fills in columns that were not named. Raises ValidationError by field."""
    prepared = prepare(feed, form.values)
    if not consume_rate_limit(request, "feed"):
        raise ValidationError(_("You tried many feeds within the hour. Save this one, or wait a little."))
    trial = try_feed(prepared, form.secret, today_for(request.user), getattr(feed, "secret", None) if feed.pk else None)
    typed = request.POST.copy()
    for name, column in prepared.columns.items():
        if f"{name}_column" in form.fields and not typed.get(f"{name}_column"):
            typed[f"{name}_column"] = column
    typed["sealed_token"] = form.sealed
    form.data = typed
    return trial


def _funders(within: Engagement) -> list[tuple[int, str]]:
    return [(row.pk, str(row)) for row in funders_of(within.initiative_id, within.city_id)]
