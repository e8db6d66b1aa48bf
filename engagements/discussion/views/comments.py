"""Saying something, changing it, taking it away; and the box other pages show it in."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.discussion import comment_for
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import permissions_in
from engagements.base.form_fields import typed_field
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.comments import (
    add_comment,
    archive_comment,
    change_comment,
    mark_comment_read,
    settle_comment,
)
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
from engagements.models import COMMENT_SECTIONS, Comment, Engagement, User
from engagements.models.discussion import ABOUT
from engagements.permissions import VIEW_CITY, VIEW_PLAN, VIEW_PUBLISHED, VIEW_RESULT, writable_levels


@dataclass(frozen=True)
class CommentBox:
    """For `engagements/discussion/_comments.html`. `form` is None for those who may not say anything here."""

    rows: tuple[CommentRow, ...]
    form: CommentForm | None
    action: str
    back: str
    held: frozenset[str] = frozenset()

    @property
    def open_rows(self) -> tuple[CommentRow, ...]:
        return tuple(row for row in self.rows if row.settled_at is None)

    @property
    def settled_rows(self) -> tuple[CommentRow, ...]:
        return tuple(row for row in self.rows if row.settled_at is not None)


@dataclass(frozen=True)
class SectionBox:
    """A section of a plan, an update or a result with what people say about it."""

    key: str
    title: str
    box: CommentBox


def comment_box(
    user: User, engagement: Engagement, rows: tuple[CommentRow, ...], *, back: str, **about: int
) -> CommentBox:
    """`about`: one of ABOUT by id; none for the engagement itself. Three statements."""
    held = permissions_in(user, engagement.pk)
    action = f"/engagements/{engagement.slug}/comments/new/?{urlencode(about | {'back': back})}"
    if not writable_levels(held):
        return CommentBox(rows, None, action, back)
    # Ids of its own: the page may hold another form.
    people = people_choices(engagement, _readers(about))
    form = CommentForm(held=held, people=people, auto_id="comment_%s")
    return CommentBox(rows, form, action, back, held)


def section_boxes(whole: CommentBox, kind: str) -> tuple[CommentBox, tuple[SectionBox, ...]]:
    """The box without what is said about a section, and one for each section of `kind`. No statement."""
    sections = tuple(SectionBox(key, title, _section_box(whole, key)) for key, title in COMMENT_SECTIONS[kind])
    known = dict(COMMENT_SECTIONS[kind])
    return replace(whole, rows=tuple(row for row in whole.rows if row.section not in known)), sections


def _section_box(whole: CommentBox, key: str) -> CommentBox:
    """The same form under ids of its own, sent with the section."""
    rows = tuple(row for row in whole.rows if row.section == key)
    if whole.form is None:
        return replace(whole, rows=rows)
    people = typed_field(whole.form, "mentions", forms.TypedMultipleChoiceField).choices
    form = CommentForm(held=whole.held, people=list(cast(list[tuple[int, str]], people)), auto_id=f"comment_{key}_%s")
    return replace(whole, rows=rows, form=form, action=f"{whole.action}&section={key}")


def _readers(about: Collection[str]) -> str:
    """What somebody needs to read it, and so to be mentioned."""
    return VIEW_PLAN if "plan" in about else VIEW_RESULT if "result" in about else VIEW_CITY


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    held = permissions_in(request.user, within.pk)
    if not writable_levels(held):
        raise NotAllowed("Your role here reads comments and writes none.")
    about = _about(request)
    people = people_choices(within, _readers(about))
    form = CommentForm(request.POST or None, held=held, people=people)
    back = return_path(request, f"/engagements/{within.slug}/")
    at = f"section-{about['section']}" if "section" in about else "comments"
    done, crumbs = f"{back}#{at}", breadcrumbs_of(within)
    page = FormPage("Comment", "Comment", "Your comment is there.", done, crumbs, queue=_("Comment"))

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


@require_POST
@signed_in
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button beside the comment: settled, or open again."""
    is_settled = request.POST.get("settled") != "no"
    found = settle_comment(comment=pk, is_settled=is_settled, by=request.user, now=timezone.now())
    messages.success(request, _("The comment is settled.") if is_settled else _("The comment is open again."))
    back = return_path(request, f"/engagements/{found.engagement.slug}/")
    return redirect(f"{back}#{f'section-{found.section}' if found.section else 'comments'}")


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
        ("results/{}/review/", found.result_id),
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
    about: dict[str, Any] = {name: int(value) for name, value in given.items() if value}
    wanted = request.GET.get("section", "")
    known = any(wanted in dict(COMMENT_SECTIONS.get(name, ())) for name in about)
    return about | ({"section": wanted} if known else {})
