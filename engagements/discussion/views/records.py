"""Decisions, meetings and notes of an engagement."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.discussion import record_for
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.records import add_record, archive_record, change_record
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.forms.discussion import RecordChangeForm, RecordForm
from engagements.discussion.queries.discussion import records
from engagements.discussion.views.form_page import (
    FORM_PAGE,
    FormPage,
    breadcrumbs_of,
    handle_form,
    people_choices,
    today_for,
)
from engagements.models import Record, User
from engagements.permissions import EDIT_RECORD, VIEW_CITY, VIEW_PUBLISHED, VIEW_TEAM


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    number = page_number(request)
    rows, more = slice_of(lambda **part: records(request.user, within.pk, **part), number)
    held = permissions_in(request.user, within.pk)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "records": rows,
        "number": number,
        "more": more,
        "may_edit": EDIT_RECORD in held,
        "shows_hours": VIEW_TEAM in held,
    }
    return render(request, "engagements/discussion/records.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    held = permissions_in(request.user, within.pk)
    if EDIT_RECORD not in held:
        raise NotAllowed("Decisions and meetings are written by advisers and leads.")
    form = RecordForm(
        request.POST or None,
        held=held,
        people=people_choices(within, VIEW_CITY),
        initial={"on": today_for(request.user)},
    )
    page = FormPage(
        "Write down a decision or a meeting",
        "Save",
        "It is written down.",
        f"/engagements/{slug}/records/",
        breadcrumbs_of(within),
        queue=_("Record"),
    )
    return handle_form(
        request, page, form, lambda data: add_record(engagement=within.pk, by=request.user, now=timezone.now(), **data)
    )


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    names = ("title", "on", "body", "visibility", "version")
    held = permissions_in(request.user, found.engagement_id)
    form = RecordChangeForm(request.POST or None, held=held, initial={name: getattr(found, name) for name in names})
    page = FormPage(f"Change “{found.title}”", "Save", "It was changed.", _back(found))

    def act(data: dict) -> None:
        changes = {name: data[name] for name in names if name != "version"}
        change_record(record=pk, changes=changes, expected_version=data["version"], by=request.user, now=timezone.now())

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request.user, pk)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    page = FormPage(f"Archive “{found.title}”", "Archive it", "It was archived.", _back(found), danger=True)
    if found.kind == Record.Kind.QUESTION:
        form.fields["why"].label = _("Answer")
        form.fields["why"].help_text = _("The question leaves the list. The history keeps it with this answer.")
        page = FormPage(found.title, _("Save answer"), _("The question is answered."), _back(found))

    def act(data: dict) -> None:
        archive_record(
            record=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"]
        )

    return handle_form(request, page, form, act)


def _editable(user: User, pk: int) -> Record:
    found = record_for(user, pk)
    if EDIT_RECORD not in permissions_in(user, found.engagement_id):
        raise NotAllowed("Decisions and meetings are changed by advisers and leads.")
    return found


def _back(record: Record) -> str:
    return f"/engagements/{record.engagement.slug}/records/"
