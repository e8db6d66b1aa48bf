"""Starting a plan, changing it by sections, and its steps."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboards.plans.views import MOVES, crumbs, page_of
from engagements.access.discussion import visible_documents
from engagements.access.engagements import visible_milestones
from engagements.access.errors import NotAllowed
from engagements.access.plans import plan_for
from engagements.access.roles import engagements_with, permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm, VersionedForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.models import Plan, User
from engagements.permissions import APPROVE_PLAN, EDIT_PLAN, PUBLISH_PLAN, VIEW_PLAN
from engagements.plans.actions.links import set_links
from engagements.plans.actions.plans import archive_plan, change_plan, start_plan
from engagements.plans.actions.status import make_public, move_plan
from engagements.plans.forms.plans import (
    CarryOverForm,
    ClaimsForm,
    CloseForm,
    LinksForm,
    MoneyForm,
    NeedForm,
    PlanMoveForm,
    PlanStartForm,
    PublicForm,
)
from engagements.workflow import PLAN_EDITABLE

# Section: form, heading, what it is for.
SECTIONS = {
    "need": (NeedForm, "The need", "What was measured, where and for whom."),
    "carry-over": (CarryOverForm, "How much carries over", "Studies were made elsewhere, with other people."),
    "money": (MoneyForm, "The money", "The budget, and the year whose prices every cost is shown in."),
    "claims": (ClaimsForm, "What this plan does not promise", "Beside what every plan says of itself."),
}


def plan_to_edit(user: User, pk: int) -> Plan:
    """Who reads it and may not change it is told so. Raises NotFound, NotAllowed."""
    found = plan_for(user, pk)
    if EDIT_PLAN not in permissions_in(user, found.engagement_id):
        raise NotAllowed("Plans are written by advisers, leads and the city's staff.")
    return found


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """For one engagement; who works in several chooses first."""
    offered = engagements_with(request.user, EDIT_PLAN).select_related("city", "initiative").order_by("city__name")
    slug = request.GET.get("engagement", "")
    rows = [row for row in offered[:200] if slug in ("", row.slug)]
    if not rows:
        raise NotAllowed("Plans are written by advisers, leads and the city's staff.")
    if len(rows) > 1:
        kept = request.GET.copy()
        kept.pop("engagement", None)
        context = {"rows": rows, "rest": kept.urlencode(), "crumbs": (), "what": "plan", "title": "Start a plan"}
        return render(request, "dashboards/plans/choose.html", context)
    within = rows[0]
    form = PlanStartForm(request.POST or None)
    back = f"/engagements/{within.slug}/plans/"
    page = FormPage(
        "Start a plan",
        "Save the draft",
        "The draft is saved. Choose the tracts next.",
        back,
        (*breadcrumbs_of(within), (back, "Plans")),
        f"For {within.city.name}. Only the team sees it until it is published.",
    )

    def act(data: dict) -> str:
        made = start_plan(
            engagement=within.pk,
            title=data["title"],
            need=data["need"],
            gap=data["gap"],
            price_year=data["price_year"],
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )
        return f"/plans/{made.pk}/edit/"

    return handle_form(request, page, form, act)


@require_safe
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The plan by its sections, each with what it says and a way to change it."""
    found = plan_to_edit(request.user, pk)
    page = page_of(request, pk)
    context = {
        "page": page,
        "row": page.row,
        "content": page.content,
        "figures": page.figures,
        "crumbs": crumbs(page),
        "is_open": found.status in PLAN_EDITABLE,
    }
    return render(request, "dashboards/plans/edit.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    found = plan_to_edit(request.user, pk)
    if section not in SECTIONS:
        raise Http404("A plan has no such section.")
    kind, title, lede = SECTIONS[section]
    names = [name for name in kind.base_fields if name != "submission"]
    form = kind(request.POST or None, initial={name: getattr(found, name) for name in names})
    page = form_page(request, found, title, "Save", "Saved.", lede)

    def act(data: dict) -> None:
        changes = form.changes if hasattr(form, "changes") else _typed(form)
        change_plan(plan=pk, changes=changes, expected_version=data["version"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


def _typed(form: VersionedForm) -> dict[str, object]:
    return {name: value for name, value in form.cleaned_data.items() if name not in ("submission", "version")}


@require_http_methods(FORM_PAGE)
@signed_in
def links(request: SignedInRequest, pk: int) -> HttpResponse:
    found = plan_to_edit(request.user, pk)
    milestones = visible_milestones(request.user).live().filter(engagement=found.engagement_id).order_by("due_on", "pk")
    documents = visible_documents(request.user).filter(engagement=found.engagement_id)
    form = LinksForm(
        request.POST or None,
        milestones=[(row.pk, row.title) for row in milestones[:500]],
        documents=[(row.pk, row.title) for row in documents[:500]],
        initial={
            "version": found.version,
            "milestones": list(found.milestone_links.values_list("milestone_id", flat=True)),
            "documents": list(found.document_links.values_list("document_id", flat=True)),
        },
    )
    page = form_page(
        request,
        found,
        "Milestones and documents",
        "Save the links",
        "The links were saved.",
        "They stay the engagement's own: a plan points to them.",
    )

    def act(data: dict) -> None:
        set_links(
            plan=pk,
            milestones=data["milestones"],
            documents=data["documents"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button of the page; what it refuses is said there."""
    found = _of_the_team(request.user, pk)
    form = PlanMoveForm(request.POST)
    done = MOVES.get((found.status, form.data.get("status", "")), ("", "Nothing changed."))[1]
    page = FormPage(found.title, "Try again", done, f"/plans/{pk}/")

    def act(data: dict) -> None:
        move_plan(
            plan=pk,
            status=data["status"],
            why=data["why"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    answer = handle_form(request, page, form, act)
    if answer.status_code == 302:
        return answer
    messages.error(request, form.problems)
    return redirect(page.back)


@require_http_methods(FORM_PAGE)
@signed_in
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = plan_to_edit(request.user, pk)
    form = CloseForm(request.POST or None, initial={"version": found.version, "what_happened": found.what_happened})
    page = form_page(
        request,
        found,
        "Close the plan",
        "Close it",
        "The plan is closed.",
        "Everyone who can read the published plan can read this too. A lead can reopen the plan.",
    )

    def act(data: dict) -> None:
        move_plan(
            plan=pk,
            status="closed",
            what_happened=data["what_happened"],
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def public(request: SignedInRequest, pk: int) -> HttpResponse:
    """The city's own word: one button that lets everybody read what was published, or no longer."""
    found = _of_the_team(request.user, pk)
    if PUBLISH_PLAN not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed("Whether everyone may read a plan is for the city's staff to say.")
    asked = request.POST.get("is_public", "no" if found.is_public else "yes")
    wanted = asked == "yes"
    form = PublicForm(request.POST or None, initial={"version": found.version, "is_public": asked})
    words = (
        (
            "Let everybody read it",
            "Make it public",
            "Everybody may read what was published.",
            "Everyone can then read the published plan without signing in, and it stands on the city's page. Drafts, "
            "comments and the lawyers' note stay with the team.",
        )
        if wanted
        else (
            "No longer public",
            "Take it back",
            "It is no longer public.",
            "The initiative's cities and funders keep reading what was published; nobody else does.",
        )
    )
    page = form_page(request, found, words[0], words[1], words[2], words[3])

    def act(data: dict) -> None:
        make_public(plan=pk, is_public=wanted, by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = plan_to_edit(request.user, pk)
    if found.published_at and APPROVE_PLAN not in permissions_in(request.user, found.engagement_id):
        raise NotAllowed("What was published is archived by a lead.")
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    back = f"/engagements/{found.engagement.slug}/plans/"
    page = FormPage(
        f"Archive “{found.title}”",
        "Archive it",
        "It was archived.",
        back,
        (*breadcrumbs_of(found.engagement), (back, "Plans"), (f"/plans/{pk}/", found.title)),
        "Nobody reads it any more, nor what was published of it." if found.published_at else "",
        danger=True,
    )

    def act(data: dict) -> None:
        archive_plan(plan=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"])

    return handle_form(request, page, form, act)


def form_page(request: SignedInRequest, found: Plan, title: str, button: str, done: str, lede: str = "") -> FormPage:
    """Back to the sections while the plan is open, else to the plan."""
    back = f"/plans/{found.pk}/edit/" if found.status in PLAN_EDITABLE else f"/plans/{found.pk}/"
    within = f"/engagements/{found.engagement.slug}/"
    return FormPage(
        title,
        button,
        done,
        back,
        (*breadcrumbs_of(found.engagement), (f"{within}plans/", "Plans"), (f"/plans/{found.pk}/", found.title)),
        lede,
    )


def _of_the_team(user: User, pk: int) -> Plan:
    found = plan_for(user, pk)
    if VIEW_PLAN not in permissions_in(user, found.engagement_id):
        raise NotAllowed("Readers of the published plan can’t change its status.")
    return found
