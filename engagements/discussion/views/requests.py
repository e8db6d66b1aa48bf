"""Questions to Opportunity Insights: asked, given to somebody, answered, closed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.discussion import request_for
from engagements.access.engagements import engagement_for, visible_milestones
from engagements.access.errors import NotAllowed
from engagements.access.roles import engagements_with, triage_users
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.requests import (
    answer_request,
    assign_request,
    close_request,
    create_request,
    reopen_request,
)
from engagements.discussion.forms.requests import AnswerForm, AskForm, AssignForm, CloseForm, ReopenForm
from engagements.discussion.queries.requests import request_page, requests
from engagements.discussion.rules import read_panel_path
from engagements.discussion.views.comments import comment_box
from engagements.discussion.views.form_page import (
    FORM_PAGE,
    FormPage,
    breadcrumbs_of,
    handle_form,
    people_choices,
    today_for,
)
from engagements.models import Engagement
from engagements.models.requests import check_local_path
from engagements.permissions import ANSWER_REQUEST, ASK_REQUEST, VIEW_PUBLISHED, VIEW_REQUEST

CRUMBS = (("/requests/", "Requests"),)
TABS = {"open": "Open", "mine": "Mine to answer", "overdue": "Overdue", "asked": "Asked by me", "every": "All"}
_FILTERS: dict[str, dict[str, Any]] = {
    "open": {"statuses": ("open",)},
    "mine": {"mine": True, "statuses": ("open",)},
    "overdue": {"overdue": True},
    "asked": {"asked": True},
    "every": {},
}


@require_safe
@signed_in
def index(request: SignedInRequest) -> HttpResponse:
    """`engagement`: the slug of one, whose requests alone are shown."""
    shown = request.GET.get("show", "open")
    shown = shown if shown in TABS else "open"
    number, today = page_number(request), today_for(request.user)
    slug = request.GET.get("engagement", "")
    within = engagement_for(request.user, slug, VIEW_REQUEST) if slug else None
    only = (within.pk,) if within else ()
    rows, more = slice_of(
        lambda **part: requests(request.user, today=today, engagements=only, **_FILTERS[shown], **part), number
    )
    context = {
        "within": within,
        "requests": rows,
        "number": number,
        "more": more,
        "shown": shown,
        "tabs": TABS.items(),
        "may_ask": engagements_with(request.user, ASK_REQUEST).exists(),
    }
    return render(request, "engagements/discussion/requests.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """For one engagement; who works in several chooses first."""
    offered = engagements_with(request.user, ASK_REQUEST).select_related("city", "initiative").order_by("city__name")
    rows = list(offered[:200])
    slug = request.GET.get("engagement", "")
    chosen = [row for row in rows if slug in ("", row.slug)]
    if not chosen:
        raise NotAllowed("Questions are asked by those who work in an engagement.")
    if len(chosen) > 1:
        kept = request.GET.copy()
        kept.pop("engagement", None)
        context = {"rows": chosen, "rest": kept.urlencode(), "crumbs": CRUMBS}
        return render(request, "engagements/discussion/choose.html", context)
    return _request_form(request, chosen[0])


def _request_form(request: SignedInRequest, within: Engagement) -> HttpResponse:
    milestones = visible_milestones(request.user).filter(engagement=within, archived_at=None).order_by("due_on", "pk")
    form = AskForm(
        request.POST or None,
        experts=people_choices(within, ANSWER_REQUEST),
        milestones=milestones.values_list("pk", "title"),
        origin=f"{request.scheme}://{request.get_host()}",
        today=today_for(request.user),
        initial={"panel_path": _local(request.GET.get("panel", "")), "milestone": request.GET.get("milestone", "")},
    )
    page = FormPage(
        "Ask an expert",
        "Ask",
        "Your question is on its way.",
        "/requests/",
        breadcrumbs_of(within),
        f"A question to Opportunity Insights about the work in {within.city.name}.",
    )

    def act(data: dict) -> str:
        made = create_request(engagement=within.pk, by=request.user, now=timezone.now(), **data)
        return f"/requests/{made.pk}/"

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    """The question with everything that may be done with it; the mail's link leads here."""
    found = request_for(request.user, pk)
    detail = request_page(request.user, pk, today=today_for(request.user))
    nexts = {state.value for state in detail.next_states}
    may_answer = "answered" in nexts
    form = AnswerForm(request.POST or None, initial={"version": found.version}) if may_answer else None
    box = None
    if found.engagement and VIEW_PUBLISHED in detail.permissions:
        box = comment_box(request.user, found.engagement, detail.comments, back=request.path, request=pk)
    context = {
        "row": detail.row,
        "may_answer": may_answer,
        "may_close": "closed" in nexts,
        "may_reopen": "open" in nexts,
        "may_assign": ANSWER_REQUEST in detail.permissions and found.status == "open",
        "box": box,
        "about": read_panel_path(found.panel_path) if found.panel_path else None,
        "milestone": found.milestone,
    }
    page = FormPage(
        found.get_kind_display(),
        "Answer",
        "Answered. The person who asked was told.",
        f"/requests/{pk}/",
        CRUMBS,
        template="engagements/discussion/request.html",
    )
    if request.method == "POST" and not may_answer:
        if found.answered_by_id == request.user.pk:
            return redirect("request", pk)  # pressed twice
        raise NotAllowed("No answer is expected from you here.")

    def act(data: dict) -> None:
        answer_request(
            request=pk,
            answer=data["answer"],
            expected_version=data["version"],
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )

    return (
        handle_form(request, page, form, act, **context)
        if form
        else render(request, page.template, {"page": page, "form": None, **context})
    )


@require_http_methods(FORM_PAGE)
@signed_in
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    found = request_for(request.user, pk, ANSWER_REQUEST)
    form = AssignForm(request.POST or None, experts=_experts(found.engagement), initial=_seen(found))
    page = FormPage("Give it to someone", "Give", "They were told.", f"/requests/{pk}/", CRUMBS, found.question[:300])

    def act(data: dict) -> None:
        assign_request(
            request=pk, owner=data["owner"], expected_version=data["version"], by=request.user, now=timezone.now()
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, close_request, CloseForm, ("Close it", "Close", "It is closed."))


@require_http_methods(FORM_PAGE)
@signed_in
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, reopen_request, ReopenForm, ("Open it again", "Open again", "It is open again."))


def _decide(request: SignedInRequest, pk: int, action, form_class, words: tuple[str, str, str]) -> HttpResponse:
    found = request_for(request.user, pk)
    form = form_class(request.POST or None, initial=_seen(found))
    page = FormPage(*words, f"/requests/{pk}/", CRUMBS, found.question[:300])

    def act(data: dict) -> None:
        try:
            action(request=pk, why=data["why"], expected_version=data["version"], by=request.user, now=timezone.now())
        except ValidationError as refused:
            raise ValidationError(refused.messages) from refused

    return handle_form(request, page, form, act)


def _seen(found) -> dict[str, object]:
    return {"version": found.version, "owner": found.owner_id}


def _experts(engagement: Engagement | None) -> list[tuple[int, str]]:
    if engagement:
        return people_choices(engagement, ANSWER_REQUEST)
    return [(person.pk, str(person)) for person in triage_users().order_by("name", "email")]


def _local(path: str) -> str:
    """As given when it is a page of this portal, else nothing: it only fills a field in."""
    try:
        check_local_path(path)
    except ValidationError:
        return ""
    return path
