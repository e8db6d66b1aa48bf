"""Quarterly updates: written by advisers and the city, reviewed and published by leads, read by funders."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.discussion import update_for
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.editing import Conflict
from engagements.base.queued import is_queued
from engagements.base.text_differences import compare_words
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.updates import archive_update, change_update, move_update
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.forms.updates import LABELS, UpdateMoveForm, UpdateTextForm
from engagements.discussion.queries.discussion import comments
from engagements.discussion.queries.update_versions import UpdateVersion, update_versions
from engagements.discussion.queries.updates import UpdateRow, updates
from engagements.discussion.views.comments import comment_box
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form
from engagements.models import QuarterlyUpdate, User
from engagements.permissions import APPROVE_UPDATE, EDIT_UPDATE, VIEW_PUBLISHED, VIEW_TEAM
from engagements.workflow import UPDATE_EDITABLE

# From a status to another: the words on the button, and what is said afterward.
MOVES = {
    ("draft", "in_review"): ("Submit for review", "Submitted. The lead was told."),
    ("in_review", "draft"): ("Send back", "Sent back to its author."),
    ("in_review", "approved"): ("Approve", "Approved. It is published when you press “Publish”."),
    ("approved", "in_review"): ("Take the approval back", "It is in review again."),
    ("approved", "published"): ("Publish", "Published. Funders can read it."),
    ("published", "draft"): ("Write a new version", "A new version is begun. Funders keep reading the published one."),
}
# What a reviewer decides on a page of its own, with the checklist.
DECISIONS = {("in_review", "draft"), ("in_review", "approved")}


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    number = page_number(request)
    rows, more = slice_of(lambda **part: updates(request.user, engagements=(within.pk,), **part), number, size=12)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "updates": rows,
        "number": number,
        "more": more,
        "may_edit": EDIT_UPDATE in permissions_in(request.user, within.pk),
    }
    return render(request, "engagements/discussion/updates.html", context)


@require_safe
@signed_in
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    found = update_for(request.user, pk)
    (row,) = updates(request.user, pk=pk)
    held = permissions_in(request.user, found.engagement_id)
    said = comments(request.user, found.engagement_id, update=pk)
    context = {
        "update": row,
        "here": str(found),
        "parts": _parts(row),
        "engagement": found.engagement,
        "crumbs": _crumbs(found),
        "moves": [
            (state.value, MOVES[row.status, state.value][0])
            for state in row.next_states
            if row.status and (row.status, state.value) not in DECISIONS
        ],
        "may_review": row.status in UPDATE_EDITABLE and VIEW_TEAM in held,
        "decides": any((row.status, state.value) in DECISIONS for state in row.next_states),
        "may_edit": EDIT_UPDATE in held and row.status in UPDATE_EDITABLE,
        "may_archive": APPROVE_UPDATE in held,
        "box": comment_box(request.user, found.engagement, said, back=request.path, update=pk),
    }
    return render(request, "engagements/discussion/update.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _of_the_team(request.user, pk, EDIT_UPDATE)
    initial = {name: getattr(found, name) for name in (*LABELS, "version")}
    form = UpdateTextForm(request.POST or None, initial=initial)
    page = FormPage(
        _("Update of %(city)s, %(quarter)s") % {"city": found.engagement.city.name, "quarter": found},
        _("Save"),
        _("Saved."),
        f"/updates/{pk}/",
        _crumbs(found),
        template="engagements/discussion/update_form.html",
    )

    def act(data: dict) -> QuarterlyUpdate:
        return change_update(
            update=pk, texts=form.texts, expected_version=data["version"], by=request.user, now=timezone.now()
        )

    if request.method == "POST" and wants_json(request):
        return _autosave(request, form, act)
    return handle_form(request, page, form, act)


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, which keeps what is typed meanwhile."""
    return request.headers.get("accept") == "application/json"


def answer_autosave(update: QuarterlyUpdate, action: str = "") -> JsonResponse:
    """The version that is kept now, and where the form is sent to from here on."""
    action = action or f"/updates/{update.pk}/edit/"
    return JsonResponse({"version": update.version, "action": action})


def _autosave(request: HttpRequest, form: UpdateTextForm, act: Callable[[dict], QuarterlyUpdate]) -> JsonResponse:
    if form.is_valid():
        try:
            return answer_autosave(act(form.cleaned_data))
        except Conflict:
            if is_queued(request):
                raise  # nobody is at the form: both versions are shown later
            return JsonResponse({}, status=409)
        except ValidationError as refused:
            form.refuse(refused)
    return JsonResponse({"problems": form.errors}, status=422)


@require_POST
@signed_in
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """A button of the page; what it refuses is said there."""
    found = _of_the_team(request.user, pk, VIEW_TEAM)
    form = UpdateMoveForm(request.POST)
    done = MOVES.get((found.status, form.data.get("status", "")), ("", "Nothing changed."))[1]
    page = FormPage(f"Update of {found}", "Try again", done, f"/updates/{pk}/", _crumbs(found))

    def act(data: dict) -> None:
        move_update(
            update=pk,
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
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _of_the_team(request.user, pk, APPROVE_UPDATE)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(
        f"Archive the update of {found}",
        "Archive it",
        "It was archived.",
        f"/engagements/{found.engagement.slug}/updates/",
        _crumbs(found),
        "Nobody reads it any more, nor what was published of it." if found.published_at else "",
        danger=True,
    )

    def act(data: dict) -> None:
        archive_update(
            update=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"]
        )

    return handle_form(request, page, form, act)


@require_safe
@signed_in
def versions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two versions side by side: those asked for, or the two newest."""
    found = update_for(request.user, pk)
    rows = update_versions(request.user, pk)
    by_key = {row.key: row for row in rows}
    newer = by_key.get(request.GET.get("new", ""), rows[0])
    older = by_key.get(request.GET.get("old", ""), rows[min(1, len(rows) - 1)])
    context = {
        "update": found,
        "crumbs": _crumbs(found),
        "versions": rows,
        "older": older,
        "newer": newer,
        "parts": _side_by_side(older, newer),
    }
    return render(request, "engagements/discussion/update_versions.html", context)


def _parts(row: UpdateRow) -> list[tuple[str, str]]:
    return [(label, getattr(row, name)) for name, (label, _) in LABELS.items()]


def _side_by_side(older: UpdateVersion, newer: UpdateVersion) -> list[tuple]:
    labels = [label for label, _ in LABELS.values()]
    return [(label, *compare_words(a, b)) for label, a, b in zip(labels, older.texts, newer.texts, strict=True)]


def _crumbs(update: QuarterlyUpdate) -> tuple[tuple[str, str], ...]:
    slug = update.engagement.slug
    return (*breadcrumbs_of(update.engagement), (f"/engagements/{slug}/updates/", "Quarterly updates"))


def _of_the_team(user: User, pk: int, permission: str) -> QuarterlyUpdate:
    """Raises NotAllowed for a person who reads the update and may not do this."""
    found = update_for(user, pk)
    if permission not in permissions_in(user, found.engagement_id):
        raise NotAllowed("Your role reads updates.")
    return found
