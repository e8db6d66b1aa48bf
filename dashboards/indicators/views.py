"""Pages of engagements that have charts: one indicator, and the one timeline; each also as CSV, SVG and PNG."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from atlas.web.table_files import table_response
from dashboards.exports.figure_svg import panel_svg
from dashboards.exports.panel_table import panel_file
from dashboards.exports.picture import panel_png
from dashboards.panels import engagement_timeline as timeline_panel
from dashboards.panels import indicator as indicator_panels
from dashboards.panels.base import Panel
from dashboards.panels.panel_view import PanelView
from engagements.access.engagements import engagement_for
from engagements.access.plans import indicator_for
from engagements.base.history_sentences import told
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of, today_for
from engagements.feeds.queries.feeds import feed_rows
from engagements.home.queries.timeline import EngagementTimeline, engagement_timeline
from engagements.indicators.queries.values import IndicatorPage, indicator_page
from engagements.indicators.rules.progress import RULE
from engagements.indicators.views.values import MOVES, period_query
from engagements.permissions import VIEW_PUBLISHED
from engagements.pilots.queries.timeline import TimelinePilot, timeline_pilots

PANELS = ("actuals", "groups")
SHOWN_PERIODS = 24  # newest; a feed may bring one a day


@require_safe
@signed_in
def indicator(request: SignedInRequest, pk: int) -> HttpResponse:
    """Definition, chart, groups in chart and table, values with status, reviewers, file and history."""
    page = indicator_page(request.user, pk, today=today_for(request.user))
    found = indicator_for(request.user, pk)
    here = ((f"/engagements/{page.row.engagement_slug}/indicators/", "Indicators"),)
    context = {
        "page": page,
        "row": page.row,
        "may": page.row.permissions,
        "rule": RULE,
        "told": told(page.history, page.row.engagement_slug),
        "engagement": found.engagement,
        "crumbs": (*breadcrumbs_of(found.engagement), *here),
        "shown": _shown_indicator(replace(page, history=()), timezone.get_current_timezone_name()),
        "periods": [
            (period, period_query(period.start, period.end), _buttons(period))
            for period in page.periods[:SHOWN_PERIODS]
        ],
        "older": max(0, len(page.periods) - SHOWN_PERIODS),
        "csv_of_all": reverse("indicators_export", args=[page.row.engagement_slug]),
        "feed": next(iter(feed_rows(request.user, today=today_for(request.user), pk=page.row.feed_id)), None)
        if page.row.feed_id
        else None,
    }
    return render(request, "dashboards/indicators/indicator.html", context)


@require_safe
@signed_in
@takes_parameters()
def indicator_file(request: SignedInRequest, pk: int, panel_slug: str, kind: str) -> HttpResponse:
    """A panel of an indicator as CSV, SVG or PNG."""
    page = indicator_page(request.user, pk, today=today_for(request.user))
    address = request.build_absolute_uri(f"{reverse('indicator', args=[pk])}#{panel_slug}")
    return _file(request, _panel(page, panel_slug), kind, f"indicator-{pk}-{panel_slug}", address)


@require_safe
@signed_in
def timeline(request: SignedInRequest, slug: str) -> HttpResponse:
    """Money above, work below it, effects of pilots and indicators each on an axis of their own."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    today = today_for(request.user)
    found = engagement_timeline(request.user, slug, today=today)
    pilots = timeline_pilots(request.user, found.engagement_id, sees_money=found.sees_money)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "timeline": found,
        "pilots": pilots,
        "claim": timeline_panel.claim_of(pilots),
        "one": _shown_timeline(found, today, pilots, timezone.get_current_timezone_name()),
    }
    return render(request, "dashboards/indicators/timeline.html", context)


@require_safe
@signed_in
@takes_parameters()
def timeline_file(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    today = today_for(request.user)
    found = engagement_timeline(request.user, slug, today=today)
    pilots = timeline_pilots(request.user, found.engagement_id, sees_money=found.sees_money)
    panel = timeline_panel.build(found, today, pilots)
    address = request.build_absolute_uri(reverse("engagement_timeline", args=[slug]))
    return _file(request, panel, kind, f"{slug}-timeline", address)


# What a page is drawn from is all in its record and the reader's zone: drawn again only when one of them is another.


@lru_cache(maxsize=64)
def _shown_indicator(page: IndicatorPage, zone: str) -> tuple[PanelView, ...]:
    return tuple(PanelView(panel, "", "") for panel in indicator_panels.build(page))


@lru_cache(maxsize=32)
def _shown_timeline(found: EngagementTimeline, today: date, pilots: tuple[TimelinePilot, ...], zone: str) -> PanelView:
    return PanelView(timeline_panel.build(found, today, pilots), "", "")


def _panel(page: IndicatorPage, slug: str) -> Panel:
    if slug not in PANELS:
        raise Http404("There is no such panel.")
    return indicator_panels.build(page)[PANELS.index(slug)]


def _file(request: HttpRequest, panel: Panel, kind: str, name: str, address: str) -> HttpResponse:
    if kind not in ("svg", "png"):
        return table_response(request, panel_file(panel, name, address), kind, name)
    if panel.figure is None:
        raise Http404(panel.reason or "There is no figure.")
    if kind == "svg":
        return HttpResponse(panel_svg(panel, None), content_type="image/svg+xml")
    response = HttpResponse(panel_png(panel, None, address), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _buttons(period) -> list[tuple]:
    """Of each step: its buttons (status, words, quiet); opening again has a page of its own."""
    made = []
    for step in period.steps:
        buttons = [
            (state.value, MOVES[step.status, state.value][0], _is_quiet(step.status, state.value))
            for state in step.next_states
            if (step.status, state.value) != ("approved", "draft")
        ]
        reopens = any((step.status, state.value) == ("approved", "draft") for state in step.next_states)
        made.append((step, buttons, reopens))
    return made


def _is_quiet(before: str, after: str) -> bool:
    """Not what somebody comes here for."""
    return after == "draft" or "locked" in (before, after)
