"""Imports of an engagement, undoing one, and saved mappings of every kind of table."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.access.imports import PERMISSION_OF, import_for
from engagements.access.roles import permissions_in
from engagements.base.table_import.mapped_views import call_worker
from engagements.base.table_import.mappings import archive_mapping
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.imports.actions import UNDO_WITHIN, undo_import
from engagements.imports.kinds import KINDS
from engagements.imports.queries import imports_of
from engagements.imports.worker import rows_done
from engagements.models import TableImport, TableKind
from engagements.permissions import VIEW_PUBLISHED


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was imported when and by whom, and what can be imported."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    held = permissions_in(request.user, within.pk)
    kinds = [TableKind(kind) for kind in KINDS if PERMISSION_OF[TableKind(kind)] in held]
    if not kinds:
        raise NotFound
    now = timezone.now()
    rows = [
        (row, row.state == TableImport.State.KEPT and row.kind != TableKind.LEDGER and now - row.at <= UNDO_WITHIN)
        for row in imports_of(request.user, within)
    ]
    context = {
        "engagement": within,
        "rows": rows,
        "kinds": [(kind.label, KINDS[kind].url("import", within)) for kind in kinds],
        "crumbs": breadcrumbs_of(within),
    }
    return render(request, "engagements/imports/index.html", context)


@require_safe
@signed_in
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    """A long table in the worker: how far it is, then what each row would do."""
    row = import_for(request.user, pk)
    if row.state in (TableImport.State.KEPT, TableImport.State.UNDONE):
        return redirect("imports", slug=row.engagement.slug)
    is_working = row.state in (TableImport.State.CHECKING, TableImport.State.IMPORTING)
    context = {
        "engagement": row.engagement,
        "row": row,
        "is_working": is_working,
        "done": rows_done(pk) if is_working else 0,
        "is_mine": row.by_id == request.user.pk,
        "import_address": KINDS[row.kind].url("import", row.engagement),
        "crumbs": (*breadcrumbs_of(row.engagement), (reverse("imports", args=[row.engagement.slug]), _("Imports"))),
    }
    response = render(request, "engagements/imports/one.html", context)
    if is_working:
        response["Refresh"] = "3"
    return response


@require_POST
@signed_in
def keep(request: SignedInRequest, pk: int) -> HttpResponse:
    """Import what the worker checked: by who brought it, once."""
    row = import_for(request.user, pk)
    if row.by_id != request.user.pk:
        raise NotFound
    ready = TableImport.objects.filter(pk=pk, state=TableImport.State.CHECKED, result__may_be_kept=True)
    if ready.update(state=TableImport.State.IMPORTING):
        call_worker(pk)
    return redirect("table_import", pk=pk)


@require_POST
@signed_in
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """One button within the day; refused with the names of rows that somebody changed since."""
    within = import_for(request.user, pk).engagement
    try:
        undo_import(table_import=pk, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The import was undone. What it added is archived."))
    return redirect("imports", slug=within.slug)


@require_POST
@signed_in
def remove_mapping(request: SignedInRequest, pk: int) -> HttpResponse:
    """A saved mapping that is no longer used."""
    found = archive_mapping(mapping=pk, by=request.user, now=timezone.now())
    messages.success(request, _("“{name}” is archived.").format(name=found.name))
    return redirect(KINDS[found.kind].url("import", found.engagement))
