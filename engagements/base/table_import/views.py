"""The three pages of a table import, one for all subjects: bring a file, keep what was previewed, get the reasons.

A subject declares a `TableImport`; its views check access and hand over what they fetched.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from atlas.tables.declaration import Table as DeclaredTable
from atlas.tables.formats import FORMATS, write_table
from atlas.tables.frames import build_frame
from engagements.base.table_import.forms import PackedForm, TableForm, TriedForm, pack
from engagements.base.table_import.results import ImportResult
from engagements.base.tables.declare import text_table, with_reasons
from engagements.base.tables.table import MAX_ROWS, Table
from engagements.models import Engagement

KEPT_BEFORE = "It was kept before."


@dataclass(frozen=True)
class TableImport:
    """What differs from subject to subject.

    `preview(within, wishes=, by=, now=)` and `commit(within, wishes=, by=, now=, fingerprint=, submission=)` are its
    actions; `within` is the engagement, None for a table of no engagement.
    """

    subject: str  # “milestones”: in the signature of what is packed and in file names
    reader: Callable[[Table], tuple]
    preview: Callable[..., ImportResult]
    commit: Callable[..., ImportResult | None]
    columns: dict[str, str]  # name -> what to write in it
    templates: str  # folder with import.html and import_preview.html
    import_url: str  # name of the page where a file is brought
    done_url: Callable[[Engagement | None], str]
    done_note: str = "."  # ends the sentence with the numbers of rows
    context: Callable[[Engagement | None], dict] = field(default=lambda within: {"engagement": within})
    only_csv: bool = False
    reasons_in_csv: bool = False  # also for a workbook


def upload_table(request: HttpRequest, declared: TableImport, within: Engagement | None = None) -> HttpResponse:
    """A file that arrives is previewed: nothing is kept here."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = TableForm(*sent, reader=declared.reader, only_csv=declared.only_csv)
    if not form.is_bound or not form.is_valid():
        context = declared.context(within) | {"form": form, "columns": declared.columns.items(), "max_rows": MAX_ROWS}
        status = 422 if form.is_bound else 200
        return render(request, f"{declared.templates}/import.html", context, status=status)
    result = declared.preview(within, wishes=form.wishes, by=request.user, now=timezone.now())
    return _show(request, declared, within, form.table, form.kind, result)


def keep_table(request: HttpRequest, declared: TableImport, within: Engagement | None = None) -> HttpResponse:
    """All rows, as they were shown, or none."""
    form = _tried(request, declared, within)
    if not form.is_valid():
        return upload_again(request, form, declared.import_url, within)
    result = declared.commit(
        within,
        wishes=form.wishes,
        fingerprint=form.cleaned_data["seen"],
        by=request.user,
        now=timezone.now(),
        submission=form.cleaned_data["submission"],
    )
    if result is not None and not result.is_kept:
        return _show(request, declared, within, form.brought, form.kind, result, changed_meanwhile=True)
    messages.success(request, _done_words(declared, result) if result else KEPT_BEFORE)
    return redirect(declared.done_url(within))


def table_with_reasons(request: HttpRequest, declared: TableImport, within: Engagement | None = None) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    form = _tried(request, declared, within)
    if not form.is_valid():
        return upload_again(request, form, declared.import_url, within)
    result = declared.preview(within, wishes=form.wishes, by=request.user, now=timezone.now())
    name = f"{within.slug}-{declared.subject}-reasons" if within else f"{declared.subject}-reasons"
    kind = "csv" if declared.reasons_in_csv else form.kind
    header, rows = with_reasons(form.brought, result.reasons())
    table = text_table(name, f"{declared.subject.capitalize()} with reasons", header, declared.subject.capitalize())
    return table_file(kind, table, rows, name)


def table_file(kind: str, table: DeclaredTable, rows: Iterable[Sequence[object]], name: str) -> HttpResponse:
    """A table to save as `name`, csv or xlsx: what answers an import, or is to be filled in."""
    content = write_table(kind, table, build_frame(table, rows))
    response = HttpResponse(content, content_type=FORMATS[kind].media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def upload_again(request: HttpRequest, form: PackedForm, import_url: str, within: Engagement | None) -> HttpResponse:
    """What came back can't be read: the file has to be brought again."""
    for problem in [*form.errors.get("table", ()), *form.non_field_errors()] or ["Bring the file again."]:
        messages.error(request, problem)
    return redirect(import_url, *([within.slug] if within else []))


def owner_of(request: HttpRequest, subject: str, within: Engagement | None) -> str:
    """Whose try it is, of what and into what: nobody else can keep it, and it can't be kept elsewhere."""
    return f"{subject} {request.user.pk} {within.pk if within else ''}"


def _tried(request: HttpRequest, declared: TableImport, within: Engagement | None) -> TriedForm:
    return TriedForm(request.POST, owner=owner_of(request, declared.subject, within), reader=declared.reader)


def _done_words(declared: TableImport, result: ImportResult) -> str:
    return f"The table was imported: {result.count('add')} added, {result.count('change')} changed{declared.done_note}"


def _show(
    request: HttpRequest,
    declared: TableImport,
    within: Engagement | None,
    table: Table,
    kind: str,
    result: ImportResult,
    changed_meanwhile: bool = False,
) -> HttpResponse:
    refused = result.count("refused")
    context = declared.context(within) | {
        "result": result,
        "refused": refused,
        "added": result.count("add"),
        "changed": result.count("change"),
        "unchanged": result.count("unchanged"),
        "notes": table.notes,
        "packed": pack(table, kind, owner_of(request, declared.subject, within)),
        "submission": uuid4(),
        "changed_meanwhile": changed_meanwhile,
        "shown": [row for row in result.rows if row.outcome != "unchanged"],
    }
    return render(request, f"{declared.templates}/import_preview.html", context, status=422 if refused else 200)
