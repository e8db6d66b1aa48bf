"""Saying something, changing it, taking it away; and the box other pages show it in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.discussion import comment_for
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.comments import add_comment, archive_comment, change_comment, mark_comment_read
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.forms.discussion import CommentChangeForm, CommentForm
from engagements.discussion.queries.discussion import CommentRow
from engagements.discussion.views.form_page import (
    FORM_PAGE,
    FormPage,
    breadcrumbs_of,
    handle_form,
    people_choices,
    return_path,
)
from engagements.models import PLAN_SECTIONS, Comment, Engagement, User
from engagements.permissions import VIEW_CITY, VIEW_PLAN, VIEW_PUBLISHED, writable_levels

ABOUT = ("milestone", "update", "request", "plan")


@dataclass(frozen=True)
class CommentBox:
    """For `engagements/discussion/_comments.html`. `form` is None for those who may not say anything here."""

    rows: tuple[CommentRow, ...]
    form: CommentForm | None
    action: str
    back: str
    held: frozenset[str] = frozenset()


def comment_box(
    user: User, engagement: Engagement, rows: tuple[CommentRow, ...], *, back: str, **about: int
) -> CommentBox:
    """`about`: milestone, update, request or plan by id; none for the engagement itself. Three statements."""
    held = permissions_in(user, engagement.pk)
    action = f"/engagements/{engagement.slug}/comments/new/?{urlencode(about | {'back': back})}"
    if not writable_levels(held):
        return CommentBox(rows, None, action, back)
    # Ids of its own: the page may hold another form.
    people = people_choices(engagement, VIEW_PLAN if "plan" in about else VIEW_CITY)
    form = CommentForm(held=held, people=people, auto_id="comment_%s")
    return CommentBox(rows, form, action, back, held)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    held = permissions_in(request.user, within.pk)
    if not writable_levels(held):
        raise NotAllowed("Your role here reads comments and writes none.")
    about = _about(request)
    people = people_choices(within, VIEW_PLAN if "plan" in about else VIEW_CITY)
    form = CommentForm(request.POST or None, held=held, people=people)
    back = return_path(request, f"/engagements/{within.slug}/")
    page = FormPage("Comment", "Comment", "Your comment is there.", f"{back}#comments", breadcrumbs_of(within))

    def act(data: dict) -> None:
        add_comment(
            engagement=within.pk,
            body=data["body"],
            visibility=data["visibility"],
            mentions=data["mentions"],
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
            **about,
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _own(request.user, pk)
    form = CommentChangeForm(request.POST or None, initial={"body": found.body, "version": found.version})
    page = FormPage("Change your comment", "Save", "Your comment was changed.", _back(request, found))
    return handle_form(
        request,
        page,
        form,
        lambda data: change_comment(
            comment=pk, body=data["body"], expected_version=data["version"], by=request.user, now=timezone.now()
        ),
    )


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = comment_for(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(
        "Take this comment away",
        "Take it away",
        "The comment was taken away.",
        _back(request, found),
        lede=found.body[:200],
        danger=True,
    )
    return handle_form(
        request,
        page,
        form,
        lambda data: archive_comment(
            comment=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"]
        ),
    )


@require_safe
@signed_in
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a mail leads: to the page the comment stands on."""
    found = mark_comment_read(comment=pk, by=request.user, now=timezone.now())
    about = (
        ("milestones/{}/", found.milestone_id),
        ("updates/{}/", found.update_id),
        ("requests/{}/", found.request_id),
        ("plans/{}/review/", found.plan_id),
    )
    page = next((f"/{path.format(about_pk)}" for path, about_pk in about if about_pk), None)
    return redirect(f"{page or f'/engagements/{found.engagement.slug}/'}#comment-{pk}")


def _own(user: User, pk: int) -> Comment:
    """Words are changed by who wrote them, by nobody else."""
    found = comment_for(user, pk)
    if found.author_id != user.pk:
        raise NotAllowed("A comment is changed by who wrote it.")
    return found


def _back(request: SignedInRequest, comment: Comment) -> str:
    return return_path(request, f"/engagements/{comment.engagement.slug}/") + "#comments"


def _about(request: SignedInRequest) -> dict[str, Any]:
    given = {name: request.GET.get(name, "") for name in ABOUT}
    if any(value and not (value.isdecimal() and len(value) < 19) for value in given.values()):
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    section = {"section": request.GET["section"]} if request.GET.get("section") in dict(PLAN_SECTIONS) else {}
    return {name: int(value) for name, value in given.items() if value} | section
