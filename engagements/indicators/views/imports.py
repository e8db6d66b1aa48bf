"""Values as tables: template, export, and an import that is tried before it is kept."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.table_import.results import ImportResult
from engagements.base.tables.table import MAX_ROWS, Table
from engagements.base.tables.writers import with_reasons, write_csv
from engagements.base.views.decorators import signed_in
from engagements.discussion.views.form_page import breadcrumbs_of, today_for
from engagements.indicators.actions.imports import import_values, preview_values_import
from engagements.indicators.exports import EXPORTED, value_cells
from engagements.indicators.import_forms import ValuesTableForm, ValuesTriedForm
from engagements.indicators.import_rows import COLUMNS
from engagements.indicators.queries.indicators import indicators
from engagements.indicators.queries.values import values
from engagements.indicators.views.indicators import READS
from engagements.milestones.forms.imports import pack
from engagements.models import Engagement
from engagements.permissions import EDIT_INDICATOR, VIEW_PUBLISHED


@require_safe
@signed_in
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """Every value the viewer may see, with unit, uncertainty, source and as-of time."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    rows = {row.pk: row for row in indicators(request.user, today=today_for(request.user), engagements=(within.pk,))}
    found = values(request.user, engagements=(within.pk,))
    return _file(f"{slug}-indicators", EXPORTED, [value_cells(row, rows[row.indicator_id]) for row in found])


@require_safe
@signed_in
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """The columns, and a row for each indicator to begin with."""
    within = _writable(request, slug)
    rows = indicators(request.user, today=today_for(request.user), engagements=(within.pk,))
    empty = [""] * (len(COLUMNS) - 1)
    return _file("indicators-template", tuple(COLUMNS), [(row.name, *empty) for row in rows])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: HttpRequest, slug: str) -> HttpResponse:
    """A file that arrives is tried: nothing is kept here."""
    within = _writable(request, slug)
    form = ValuesTableForm(request.POST, request.FILES) if request.method == "POST" else ValuesTableForm()
    if not form.is_bound or not form.is_valid():
        context = {
            "form": form,
            "engagement": within,
            "crumbs": _crumbs(within),
            "columns": COLUMNS.items(),
            "max_rows": MAX_ROWS,
        }
        return render(request, "engagements/indicators/import.html", context, status=422 if form.is_bound else 200)
    result = preview_values_import(engagement=slug, wishes=form.wishes, by=request.user, now=timezone.now())
    return _show(request, within, form.table, result)


@require_POST
@signed_in
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    within = _writable(request, slug)
    form = ValuesTriedForm(request.POST, owner=_owner(request, within))
    if not form.is_valid():
        return _again(request, within, form)
    table, _, wishes = form.cleaned_data["table"]
    result = import_values(
        engagement=slug,
        wishes=wishes,
        fingerprint=form.cleaned_data["seen"],
        by=request.user,
        now=timezone.now(),
        submission=form.cleaned_data["submission"],
    )
    if result is not None and not result.is_kept:
        return _show(request, within, table, result, changed_meanwhile=True)
    words = f"{result.count('add')} added, {result.count('change')} changed, as drafts." if result else ""
    messages.success(request, f"The table was imported: {words}" if result else "It was kept before.")
    return redirect("indicators", slug=slug)


@require_POST
@signed_in
def reasons(request: HttpRequest, slug: str) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    within = _writable(request, slug)
    form = ValuesTriedForm(request.POST, owner=_owner(request, within))
    if not form.is_valid():
        return _again(request, within, form)
    table, _, wishes = form.cleaned_data["table"]
    result = preview_values_import(engagement=slug, wishes=wishes, by=request.user, now=timezone.now())
    words = {row.line: "; ".join(f"{column}: {reason}" for column, reason in row.problems) for row in result.rows}
    return _file(f"{slug}-indicators-reasons", *with_reasons(table, words))


def _writable(request: HttpRequest, slug: str) -> Engagement:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_INDICATOR not in permissions_in(request.user, within.pk):
        raise NotAllowed(READS)
    return within


def _owner(request: HttpRequest, within: Engagement) -> str:
    return f"values {request.user.pk} {within.pk}"


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (f"/engagements/{within.slug}/indicators/", "Indicators"))


def _again(request: HttpRequest, within: Engagement, form: ValuesTriedForm) -> HttpResponse:
    for problem in form.errors.get("table", ["Bring the file again."]):
        messages.error(request, problem)
    return redirect("indicators_import", slug=within.slug)


def _show(
    request: HttpRequest, within: Engagement, table: Table, result: ImportResult, changed_meanwhile: bool = False
) -> HttpResponse:
    refused = result.count("refused")
    context = {
        "engagement": within,
        "crumbs": _crumbs(within),
        "result": result,
        "refused": refused,
        "added": result.count("add"),
        "changed": result.count("change"),
        "unchanged": result.count("unchanged"),
        "notes": table.notes,
        "packed": pack(table, "csv", _owner(request, within)),
        "submission": uuid4(),
        "changed_meanwhile": changed_meanwhile,
        "shown": [row for row in result.rows if row.outcome != "unchanged"],
    }
    return render(request, "engagements/indicators/import_preview.html", context, status=422 if refused else 200)


def _file(name: str, header, rows) -> HttpResponse:
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
