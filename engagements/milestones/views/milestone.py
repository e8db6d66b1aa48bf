"""One milestone: everything said and done about it, and what may be done to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.engagements import engagement_for, milestone_for
from engagements.base.history_sentences import told
from engagements.base.queries.history import history
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.comments import comment_box
from engagements.milestones.actions.dependencies import add_dependency, remove_dependency
from engagements.milestones.actions.milestones import (
    add_milestone,
    apply_template,
    archive_milestone,
    change_milestone,
    restore_milestone,
)
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.forms.milestones import ArchiveForm, DependencyForm, MilestoneForm, ReviewForm, TemplateForm
from engagements.milestones.milestone_templates import TEMPLATES
from engagements.milestones.queries.milestone_page import milestone_page, unfinished_before
from engagements.permissions import (
    APPROVE_MILESTONE,
    EDIT_MILESTONE,
    LOG_PROGRESS,
    MANAGE_ROLES,
    UPLOAD_DOCUMENT,
    VIEW_PUBLISHED,
    VIEW_TEAM,
)

READING_AND_WRITING = ["GET", "HEAD", "POST"]


@require_safe
@signed_in
def milestone(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, pk)


@require_http_methods(READING_AND_WRITING)
@signed_in
def add(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, EDIT_MILESTONE)
    form = MilestoneForm(request.POST, engagement=within) if request.method == "POST" else MilestoneForm.empty(within)
    if form.is_bound and form.is_valid():
        typed = form.fields_typed() | {"submission": form.cleaned_data["submission"]}
        made = _do(form, add_milestone, engagement=within.pk, by=request.user, now=timezone.now(), **typed)
        if made:
            messages.success(request, f"“{made.title}” added.")
            return redirect("milestone", made.pk)
    return _form(request, "engagements/milestones/milestone_form.html", form, {"engagement": within})


@require_http_methods(READING_AND_WRITING)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = milestone_for(request.user, pk, EDIT_MILESTONE)
    sent = request.method == "POST"
    form = MilestoneForm(request.POST, engagement=seen.engagement, editing=seen) if sent else MilestoneForm.of(seen)
    if sent and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("slip_reason", "slip_words", "why")}
        done = _do(
            form,
            change_milestone,
            milestone=pk,
            changes=form.fields_typed(),
            by=request.user,
            now=timezone.now(),
            expected_version=form.cleaned_data["version"],
            **told,
        )
        if done:
            messages.success(request, "Saved.")
            return redirect("milestone", pk)
    before = unfinished_before(request.user, pk)
    context = {"engagement": seen.engagement, "milestone": seen, "unfinished_before": before}
    return _form(request, "engagements/milestones/milestone_form.html", form, context)


@require_http_methods(READING_AND_WRITING)
@signed_in
def template(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, EDIT_MILESTONE)
    sent = request.method == "POST"
    form = TemplateForm(request.POST, engagement=within) if sent else TemplateForm.empty(within, timezone.localdate())
    if sent and form.is_valid():
        typed = form.cleaned_data | {"owner": int(form.cleaned_data["owner"] or 0) or None}
        made = _do(form, apply_template, engagement=within.pk, by=request.user, now=timezone.now(), **typed)
        if made is not None:
            messages.success(request, f"The milestones of “{TEMPLATES[typed['template']].name}” are there.")
            return redirect("engagement_milestones", slug)
    return _form(
        request, "engagements/milestones/milestone_template.html", form, {"engagement": within, "templates": TEMPLATES}
    )


@require_POST
@signed_in
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approve, or return with what is missing."""
    milestone_for(request.user, pk, APPROVE_MILESTONE)
    form = ReviewForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        done = _do(
            form,
            log_progress,
            milestone=pk,
            status=typed["status"],
            line=typed["line"],
            by=request.user,
            now=timezone.now(),
            expected_version=typed["version"],
            submission=typed["submission"],
        )
        if done:
            messages.success(request, "Approved." if typed["status"] == "done" else "Returned; the owner is told.")
            return redirect("milestone", pk)
    return _show(request, pk, review=form)


@require_POST
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    milestone_for(request.user, pk, EDIT_MILESTONE)
    form = ArchiveForm(request.POST)
    if form.is_valid():
        done = _do(
            form,
            archive_milestone,
            milestone=pk,
            why=form.cleaned_data["why"],
            by=request.user,
            now=timezone.now(),
            expected_version=form.cleaned_data["version"],
        )
        if done:
            messages.success(request, "Archived. It is out of the lists and can be restored.")
            return redirect("milestone", pk)
    return _show(request, pk, archive=form)


@require_POST
@signed_in
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    restore_milestone(milestone=pk, by=request.user, now=timezone.now())
    messages.success(request, "Restored.")
    return redirect("milestone", pk)


@require_POST
@signed_in
def dependency(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add or take away what it waits for."""
    seen = milestone_for(request.user, pk, EDIT_MILESTONE)
    form = DependencyForm(request.POST, milestone=seen)
    if form.is_valid():
        act = add_dependency if form.cleaned_data["act"] == "add" else remove_dependency
        _do(form, act, milestone=pk, needs=form.cleaned_data["needs"], by=request.user, now=timezone.now())
        if not form.errors:
            return redirect("milestone", pk)
    return _show(request, pk, dependency=form)


def _do(form, action, **arguments):
    """What the action returns; None when it was refused, with the reason at the form's field."""
    try:
        return action(**arguments)
    except ValidationError as refused:
        for field, problems in getattr(refused, "message_dict", {None: refused.messages}).items():
            form.add_error(field if field in form.fields else None, problems)
    return None


def _form(request: SignedInRequest, name: str, form, context: dict) -> HttpResponse:
    return render(request, name, context | {"form": form}, status=422 if form.errors else 200)


def _show(request: SignedInRequest, pk: int, **sent) -> HttpResponse:
    """The page; `sent`: forms that came back with a problem, by name."""
    detail = milestone_page(request.user, pk, today=timezone.localdate())
    may = detail.row.permissions
    found = milestone_for(request.user, pk, VIEW_PUBLISHED)
    brought = {row.pk: row for row in detail.documents}
    forms = {}
    if EDIT_MILESTONE in may:
        forms = {
            "archive": ArchiveForm(initial={"version": found.version}),
            "dependency": DependencyForm(milestone=found),
        }
    if detail.row.status == "awaiting_review" and APPROVE_MILESTONE in may:
        forms["review"] = ReviewForm.of(detail)
    context = {
        "box": comment_box(request.user, found.engagement, detail.comments, back=f"/milestones/{pk}/", milestone=pk),
        "unfinished_before": unfinished_before(request.user, pk),
        "detail": detail,
        "row": detail.row,
        "may": may,
        "forms": forms | sent,
        "may_log": LOG_PROGRESS in may and not detail.row.is_archived,
        "may_edit": EDIT_MILESTONE in may,
        "told": told(
            history(request.user, detail.row.engagement_slug, noun="milestone", object_id=pk, limit=30),
            detail.row.engagement_slug,
        ),
        "is_team": VIEW_TEAM in may,
        "may_upload": UPLOAD_DOCUMENT in may,
        "manages": MANAGE_ROLES in may,
        "progress": [(entry, brought.get(entry.document_id or 0)) for entry in detail.progress],
    }
    return render(request, "engagements/milestones/milestone.html", context, status=422 if sent else 200)
