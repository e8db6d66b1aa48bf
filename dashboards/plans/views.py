"""Plans as people read them: the list, one of them, its file, its versions and its history."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from atlas.web.table_files import table_response
from dashboards.base.chosen_dollars import in_chosen_dollars
from dashboards.base.place_lookup import find_place
from dashboards.plans.access import for_readers
from dashboards.plans.pay import prices_of_plan
from dashboards.plans.pictures import picture_of_area
from dashboards.plans.presenters import build_area_view, build_intervention_views, build_totals_view
from dashboards.plans.tables import plan_file, tracts_file, wages_file
from engagements.access.engagements import engagement_for
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in
from engagements.base.history_sentences import told
from engagements.base.text_differences import Piece, compare_words
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.evidence.gap_queries import CityGap, city_gaps, find_city
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.permissions import APPROVE_PLAN, EDIT_PLAN, PUBLISH_PLAN, VIEW_HISTORY, VIEW_PUBLISHED
from engagements.plans.queries.history import plan_history
from engagements.plans.queries.plans import PlanPage, plan_page, plans
from engagements.plans.queries.versions import LABELS, PlanVersion, plan_versions
from engagements.plans.records import PlanContent
from engagements.workflow import PLAN_EDITABLE

# From a status to another: the words on the button, and what is said afterward.
MOVES = {
    ("draft", "in_review"): ("Submit for expert review", "Submitted. The experts were told."),
    ("in_review", "draft"): ("Send back", "Sent back to its author."),
    ("in_review", "reviewed"): ("Mark as reviewed", "Reviewed. The lead was told."),
    ("reviewed", "draft"): ("Take it back to draft", "It is a draft again."),
    ("reviewed", "approved"): ("Approve", "Approved. It is published when you press “Publish”."),
    ("reviewed", "in_review"): ("Ask for another review", "It is in review again."),
    ("approved", "draft"): ("Take it back to draft", "It is a draft again; the approval is gone."),
    ("approved", "published"): ("Publish", "Published. The initiative's other cities and funders can read it."),
    ("published", "draft"): ("Revise", "A revision is begun. Others keep reading what was published."),
    ("closed", "published"): ("Reopen", "The plan is open again."),
}
# What is decided on the page of the review, with the checklist or beside its answers.
DECISIONS = {("in_review", "draft"), ("in_review", "reviewed"), ("reviewed", "approved"), ("reviewed", "in_review")}
MARKS = {
    "draft": "planned",
    "in_review": "awaiting_review",
    "reviewed": "awaiting_review",
    "approved": "in_progress",
    "published": "done",
    "closed": "completed",
}


def page_of(request: SignedInRequest, pk: int) -> PlanPage:
    now = timezone.now()
    return plan_page(request.user, pk, today=timezone.localdate(now), now=now)


def crumbs(page: PlanPage, *, is_here: bool = False) -> tuple[tuple[str, str], ...]:
    """For members through the engagement, for strangers through the city."""
    row = page.row
    if row.permissions:
        within = f"/engagements/{row.engagement_slug}/"
        found = ((within, f"{row.city_name}: {page.initiative}"), (f"{within}plans/", "Plans"))
    else:
        found = ((f"/cities/{row.city_slug}/", row.city_name), (f"/cities/{row.city_slug}/plans/", "Plans"))
    return found if is_here else (*found, (f"/plans/{row.pk}/", page.content.title))


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    """Of one engagement."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    number = page_number(request)
    rows, more = slice_of(lambda **part: plans(request.user, engagements=(within.pk,), **part), number, size=20)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "plans": rows,
        "number": number,
        "more": more,
        "may_edit": EDIT_PLAN in permissions_in(request.user, within.pk),
        "marks": MARKS,
    }
    return render(request, "dashboards/plans/list.html", context)


@require_safe
def of_city(request: SignedInRequest, slug: str) -> HttpResponse:
    """What a city made public, and what else the reader may see of it."""
    city = find_place("city", slug)
    number = page_number(request)
    rows, more = slice_of(lambda **part: plans(request.user, city=slug, **part), number, size=20)
    context = {"city": city, "plans": rows, "number": number, "more": more, "marks": MARKS}
    answer = render(request, "dashboards/plans/city.html", context)
    if request.user.is_authenticated:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@for_readers
@in_chosen_dollars
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    page = page_of(request, pk)
    row, content, figures = page.row, page.content, page.figures
    status = row.status or ""  # no moves for people who see no draft
    area = build_area_view(figures.area)
    names = {tract.geoid: tract.name for tract in figures.area.tracts}
    prices = prices_of_plan(figures)
    label = f"The {len(content.geoids)} tracts of the plan in {content.city_name}; the table names them"
    context = {
        "page": page,
        "row": row,
        "content": content,
        "figures": figures,
        "area": area,
        "picture": picture_of_area(content.city_slug, content.geoids, names, label),
        "interventions": build_intervention_views(content, figures, prices),
        "wage_prices": prices,
        "sum": build_totals_view(content, figures),
        "crumbs": crumbs(page, is_here=True),
        "mark": MARKS.get(row.status or "published"),
        "moves": [
            (state.value, MOVES[status, state.value][0])
            for state in page.next_states
            if (status, state.value) in MOVES and (status, state.value) not in DECISIONS
        ],
        "decides": any((status, state.value) in DECISIONS for state in page.next_states),
        "may_close": any(state.value == "closed" for state in page.next_states),
        "may_edit": EDIT_PLAN in row.permissions and row.status in PLAN_EDITABLE,
        "may_link": EDIT_PLAN in row.permissions,
        "may_publish": PUBLISH_PLAN in row.permissions and row.number > 0,
        "may_archive": (APPROVE_PLAN if row.number else EDIT_PLAN) in row.permissions,
        "may_see_history": VIEW_HISTORY in row.permissions and page.is_team,
        "transport": _transport(page),
        "gap": gap_of(content),
    }
    return render(request, "dashboards/plans/plan.html", context)


def gap_of(content: PlanContent) -> CityGap | None:
    """The gap the plan answers with what is measured of its city now; None without one."""
    city = find_city(content.city_slug) if content.gap in GAP_BY_CODE else None
    return city_gaps(city, (content.gap,))[0] if city else None


def _transport(page: PlanPage) -> str:
    """One sentence of what is assumed about carrying over."""
    return page.figures.rows[0].transport_explanation if page.figures.rows else ""


@require_safe
@for_readers
@takes_parameters()
def table(request: SignedInRequest, pk: int, what: str = "plan", extension: str = "csv") -> HttpResponse:
    """`what`: "plan", a row for each intervention, "tracts", or "wages", a row for each job they lead to."""
    page, address = page_of(request, pk), request.build_absolute_uri(reverse("plan", args=[pk]))
    if what == "wages":
        found = wages_file(page, prices_of_plan(page.figures), address)
    else:
        found = tracts_file(page, address) if what == "tracts" else plan_file(page, address)
    return table_response(request, found, extension, found.table.name)


@require_safe
@for_readers
def versions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two versions side by side: those asked for, or the two newest."""
    found = plan_for(request.user, pk)
    rows = plan_versions(request.user, pk, now=timezone.now())
    by_key = {row.key: row for row in rows}
    newer = by_key.get(request.GET.get("new", ""), rows[0])
    older = by_key.get(request.GET.get("old", ""), rows[min(1, len(rows) - 1)])
    page = page_of(request, pk)
    context = {
        "plan": found,
        "page": page,
        "crumbs": crumbs(page),
        "versions": rows,
        "older": older,
        "newer": newer,
        "parts": _side_by_side(older, newer),
    }
    return render(request, "dashboards/plans/versions.html", context)


def _side_by_side(older: PlanVersion, newer: PlanVersion) -> list[tuple[str, tuple[Piece, ...], tuple[Piece, ...]]]:
    """Only what differs; what one version does not keep is not compared."""
    return [
        (label, *compare_words(a, b))
        for label, a, b in zip(LABELS, older.texts, newer.texts, strict=True)
        if a is not None and b is not None and a != b
    ]


@require_safe
@signed_in
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    entries = plan_history(request.user, pk)
    page = page_of(request, pk)
    context = {"page": page, "told": told(entries, page.row.engagement_slug), "crumbs": crumbs(page)}
    return render(request, "dashboards/plans/history.html", context)
