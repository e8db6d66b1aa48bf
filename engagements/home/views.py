"""What waits for somebody, the engagements they see, one engagement, and its history."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.engagements import engagement_for
from engagements.access.roles import cached_permissions, has_permission_anywhere
from engagements.base.history_sentences import told
from engagements.base.labels import NOUNS
from engagements.base.queries import engagements as engagement_list
from engagements.base.queries import history as history_queries
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.queries.risks import risks
from engagements.discussion.views.comments import comment_box
from engagements.home.filters import read_history_filters
from engagements.home.not_recorded import not_recorded
from engagements.home.presenters import task_cards
from engagements.home.queries.call import call_page
from engagements.home.queries.engagement import engagement_page
from engagements.home.queries.home import home_section_of
from engagements.home.queries.tasks import tasks_of
from engagements.indicators.queries.indicators import indicators
from engagements.milestones.named_line import lay_out_names
from engagements.people.queries.absences import covered_by
from engagements.permissions import CREATE_INITIATIVE, VIEW_PUBLISHED, VIEW_TEAM
from engagements.worklist.presenters import headline
from engagements.worklist.queries.cards import cards_of
from engagements.worklist.rules import sections_of
from engagements.worklist.timeline_layout import lay_out
from engagements.worklist.views.edit import edited
from engagements.worklist.views.page import WorkPlace, work_context

ENTRIES = 50
CITIES = 12  # below one's work
CHANGES = 5  # unfolded
SHOWN = 5  # risks and indicators on an engagement's page


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def todo(request: SignedInRequest) -> HttpResponse:
    """Somebody's work as a board, a list or a timeline, and below it their cities and what changed.

    A POST is the form of one card.
    """
    answer, form = edited(request)
    if answer is not None:
        return answer
    with cached_permissions(request.user):
        context = _todo_context(request, timezone.now())
    if form:
        context["card_form"] = form
    return render(request, "engagements/home/tasks.html", context, status=422 if form and form.errors else 200)


def _todo_context(request: SignedInRequest, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    covered = covered_by(request.user, today)
    work = home_section_of(request.user, now=now, covered=covered)
    tasks = work.home.tasks if work else tasks_of(request.user, today=today, covered=covered)
    rows = engagement_list.engagements(request.user, today=today) if work else ()
    # Where one works, or for those who only read, all they see; what has open milestones first.
    shown = ([row for row in rows if VIEW_TEAM in row.permissions] or list(rows))[:CITIES]
    current = [row for row in shown if row.finished < row.milestones or not row.milestones]
    listed = work_context(request, WorkPlace(is_own=True), others=task_cards(tasks, today), covered=covered)
    return listed | {
        "headline": headline(listed["counts"]),
        "work": work,
        "rows": current or shown,
        "rows_done": [row for row in shown if row not in current] if current else [],
        "changes": work.home.changed[:CHANGES] if work else (),
        "more_changes": work.home.changed[CHANGES:] if work else (),
        "shows_demo": listed["shows_demo"] or any(row.is_fictional for row in rows),
    }


@require_safe
@signed_in
def engagements(request: SignedInRequest) -> HttpResponse:
    """By initiative, those with work left first; the cities of each by name."""
    found = engagement_list.engagements(request.user, today=timezone.localdate())
    at_work = {row.initiative_id for row in found if row.finished < row.milestones}
    rows = sorted(found, key=lambda row: (row.initiative_id not in at_work, row.initiative, row.initiative_id))
    sees_activity = any(VIEW_TEAM in row.permissions for row in rows)
    leads = has_permission_anywhere(request.user, CREATE_INITIATIVE)
    context = {"rows": rows, "sees_activity": sees_activity, "leads": leads}
    return render(request, "engagements/home/engagements.html", context)


@require_safe
@signed_in
def engagement(request: SignedInRequest, slug: str) -> HttpResponse:
    today = timezone.localdate()
    page = engagement_page(request.user, slug, today=today)
    found = engagement_for(request.user, slug, VIEW_PUBLISHED)
    open_risks = risks(request.user, engagements=(found.pk,), is_open=True, limit=SHOWN)
    performance = indicators(request.user, today=today, engagements=(found.pk,), kinds=("performance",), limit=SHOWN)
    # What is open, and what was finished this year; the table below has the years before.
    recent = [row for row in page.milestones if row.is_open or (row.finished_in or 0) >= today.year]
    bars = cards_of(recent, today=today)
    context = {
        "box": comment_box(request.user, found, page.comments, back=f"/engagements/{slug}/"),
        "page": page,
        "row": page.row,
        "may": page.row.permissions,
        "drawing": lay_out(bars, today=today, by_stage=True) if any(m.is_open for m in page.milestones) else None,
        "sections": sections_of(bars, today),
        "today": today,
        "names": lay_out_names(page.milestones, today=today),
        "published": next((u for u in page.updates if u.published_at), None),
        "open_risks": open_risks,
        "indicators": performance,
        "missing": not_recorded(page, has_risks=bool(open_risks), has_indicators=bool(performance)),
    }
    return render(request, "engagements/home/engagement.html", context)


@require_safe
@signed_in
def call(request: SignedInRequest, slug: str) -> HttpResponse:
    """What to know before a call with the city, on one printed page."""
    today = timezone.localdate()
    page = call_page(request.user, slug, today=today)
    return render(request, "engagements/home/call.html", {"page": page, "row": page.row, "today": today})


@require_safe
@signed_in
def history(request: SignedInRequest, slug: str) -> HttpResponse:
    """`before`: time and number of the last entry of the page before. Every other word of the address is a filter."""
    asked = read_history_filters(request.GET)
    found = history_queries.history(
        request.user,
        slug,
        noun=asked.noun or None,
        who=asked.who,
        since=asked.since,
        until=asked.until,
        after=_cursor(request.GET.get("before", "")),
        limit=ENTRIES + 1,
    )
    (row,) = engagement_list.engagements(request.user, today=timezone.localdate(), slug=slug)
    entries, more = found[:ENTRIES], len(found) > ENTRIES
    context = {
        "row": row,
        "entries": entries,
        "told": told(history_queries.group_tracts(entries), row.slug),
        "asked": asked,
        "nouns": sorted(NOUNS.items(), key=lambda pair: pair[1]),
        "people": history_queries.authors(request.user, slug),
        "older": f"{entries[-1].at.isoformat()},{entries[-1].event}" if more else "",
        "is_later_page": "before" in request.GET,
    }
    return render(request, "engagements/home/history.html", context)


def _cursor(words: str) -> tuple[datetime, int] | None:
    """None for what is no such place in the history."""
    at, _, event = words.partition(",")
    try:
        found = parse_datetime(at)
    except ValueError:
        return None
    if not found or timezone.is_naive(found) or not (event.isascii() and event.isdigit() and len(event) < 16):
        return None
    return found, int(event)
