"""Milestones as tables: template, export, and an import that is tried before it is kept."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.engagements import engagement_for
from engagements.base.table_import.results import ImportResult
from engagements.base.tables.table import MAX_ROWS, Table
from engagements.base.tables.writers import with_reasons, write_csv, write_xlsx
from engagements.base.views.decorators import signed_in
from engagements.milestones.actions.imports import import_milestones, preview_import
from engagements.milestones.exports import EXPORTED, milestone_cells
from engagements.milestones.forms.imports import TableForm, TriedForm, pack
from engagements.milestones.import_rows import COLUMNS
from engagements.milestones.queries.exports import export_rows
from engagements.models import Engagement
from engagements.permissions import IMPORT

_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_safe
@signed_in
def export(request: HttpRequest, engagement: str, kind: str) -> HttpResponse:
    """What the viewer sees of each milestone, to be mended and brought back."""
    rows = export_rows(request.user, engagement, today=timezone.localdate())
    cells = [milestone_cells(row.milestone, row.owner_email) for row in rows]
    return _file(kind, f"{engagement}-milestones", EXPORTED, cells)


@require_safe
@signed_in
def template(request: HttpRequest, engagement: str, kind: str) -> HttpResponse:
    """The columns and nothing below them."""
    engagement_for(request.user, engagement, IMPORT)
    return _file(kind, "milestones-template", tuple(COLUMNS), [])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: HttpRequest, engagement: str) -> HttpResponse:
    """A file that arrives is tried: nothing is kept here."""
    within = engagement_for(request.user, engagement, IMPORT)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "engagement": within, "columns": COLUMNS.items(), "max_rows": MAX_ROWS}
        return render(request, "engagements/milestones/import.html", context, status=422 if form.is_bound else 200)
    result = preview_import(engagement=engagement, wishes=form.wishes, by=request.user, now=timezone.now())
    return _show(request, within, form.table, form.kind, result)


@require_POST
@signed_in
def keep(request: HttpRequest, engagement: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    within = engagement_for(request.user, engagement, IMPORT)
    form = TriedForm(request.POST, owner=_owner(request, within))
    if not form.is_valid():
        return _again(request, within, form)
    table, kind, wishes = form.cleaned_data["table"]
    result = import_milestones(
        engagement=engagement,
        wishes=wishes,
        fingerprint=form.cleaned_data["seen"],
        by=request.user,
        now=timezone.now(),
        submission=form.cleaned_data["submission"],
    )
    if result is not None and not result.is_kept:
        return _show(request, within, table, kind, result, changed_meanwhile=True)
    words = f"{result.count('add')} added, {result.count('change')} changed." if result else "It was kept before."
    messages.success(request, f"The table was imported: {words}" if result else words)
    return redirect("exchange:import", engagement=engagement)


@require_POST
@signed_in
def reasons(request: HttpRequest, engagement: str) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    within = engagement_for(request.user, engagement, IMPORT)
    form = TriedForm(request.POST, owner=_owner(request, within))
    if not form.is_valid():
        return _again(request, within, form)
    table, kind, wishes = form.cleaned_data["table"]
    result = preview_import(engagement=engagement, wishes=wishes, by=request.user, now=timezone.now())
    words = {row.line: "; ".join(f"{column}: {reason}" for column, reason in row.problems) for row in result.rows}
    return _file(kind, f"{engagement}-milestones-reasons", *with_reasons(table, words))


def _owner(request: HttpRequest, within: Engagement) -> str:
    return f"{request.user.pk} {within.pk}"


def _again(request: HttpRequest, within: Engagement, form: TriedForm) -> HttpResponse:
    for problem in form.errors.get("table", ["Bring the file again."]):
        messages.error(request, problem)
    return redirect("exchange:import", engagement=within.slug)


def _show(
    request: HttpRequest,
    within: Engagement,
    table: Table,
    kind: str,
    result: ImportResult,
    changed_meanwhile: bool = False,
) -> HttpResponse:
    refused = result.count("refused")
    context = {
        "engagement": within,
        "result": result,
        "refused": refused,
        "added": result.count("add"),
        "changed": result.count("change"),
        "unchanged": result.count("unchanged"),
        "notes": table.notes,
        "packed": pack(table, kind, _owner(request, within)),
        "submission": uuid4(),
        "changed_meanwhile": changed_meanwhile,
        "shown": [row for row in result.rows if row.outcome != "unchanged"],
    }
    return render(request, "engagements/milestones/import_preview.html", context, status=422 if refused else 200)


def _file(kind: str, name: str, header, rows) -> HttpResponse:
    content = write_csv(header, rows) if kind == "csv" else write_xlsx(header, rows, COLUMNS)
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
