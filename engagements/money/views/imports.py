"""A finance table into the ledger: say what its columns are, see what each row would do, keep all or none."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access.money import mapping_for
from engagements.base.table_import.forms import PackedForm, pack
from engagements.base.table_import.views import KEPT_BEFORE, owner_of, table_file, upload_again
from engagements.base.tables.declare import text_table
from engagements.base.tables.table import LEDGER, Table
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.models import Engagement
from engagements.money.actions.imports import LedgerImport, import_ledger, preview_ledger_import
from engagements.money.actions.mappings import archive_mapping, save_mapping
from engagements.money.exports import with_reasons
from engagements.money.forms.imports import LedgerTableForm, LedgerTriedForm, MappingForm, mapping_text
from engagements.money.import_rows import ReadRows, read_ledger
from engagements.money.queries.choices import saved_mappings
from engagements.money.rules.mapping import FIELDS, Mapping
from engagements.money.views.entries import editable

_SHOWN = 200  # rows on the page; the file that goes back has all


@dataclass(frozen=True)
class _Tried:
    """A table and how it is read."""

    table: Table
    kind: str
    mapping: Mapping
    source_system: str
    read: ReadRows
    ticked: frozenset[int] = frozenset()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedInRequest, engagement: str) -> HttpResponse:
    """A file arrives: with a saved mapping it is tried at once, else its columns are asked for."""
    within = editable(request, engagement)
    mappings = saved_mappings(within)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LedgerTableForm(*sent, mappings=mappings)
    if not form.is_bound or not form.is_valid():
        context = _about(within) | {
            "form": form,
            "columns": FIELDS.items(),
            "mappings": mappings,
            "max_rows": LEDGER.max_rows,
        }
        return render(request, "engagements/money/import.html", context, status=422 if form.is_bound else 200)
    if form.cleaned_data["saved"]:
        saved = form.known[form.cleaned_data["saved"]]
        read = read_ledger(form.table, form.mapping)
        return _try(request, within, _Tried(form.table, form.kind, form.mapping, saved.source_system, read))
    return _ask(request, within, form.table, form.kind, MappingForm(header=form.table.header))


@require_POST
@signed_in
def choose_columns(request: SignedInRequest, engagement: str) -> HttpResponse:
    """Its columns are named: the table is tried, and the mapping is saved where it got a name."""
    within = editable(request, engagement)
    packed = PackedForm(request.POST, owner=owner_of(request, "ledger", within))
    if not packed.is_valid():
        return upload_again(request, packed, "money_import", within)
    form = MappingForm(request.POST, header=packed.brought.header)
    if not form.is_valid():
        return _ask(request, within, packed.brought, packed.kind, form)
    source_system = form.cleaned_data["source_system"]
    if form.cleaned_data["name"]:
        try:
            save_mapping(
                engagement=within.pk,
                name=form.cleaned_data["name"],
                source_system=source_system,
                mapping=form.mapping,
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as refused:
            form.add_error(None, refused.messages)
            return _ask(request, within, packed.brought, packed.kind, form)
    read = read_ledger(packed.brought, form.mapping)
    return _try(request, within, _Tried(packed.brought, packed.kind, form.mapping, source_system, read))


@require_POST
@signed_in
def confirm(request: SignedInRequest, engagement: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    within = editable(request, engagement)
    form = LedgerTriedForm(request.POST, owner=owner_of(request, "ledger", within))
    if not form.is_valid():
        return upload_again(request, form, "money_import", within)
    tried = _tried(form)
    if "look" in request.POST:  # after ticking: what it would do now
        return _try(request, within, tried)
    result = import_ledger(
        engagement=within.pk,
        read=form.read,
        source_system=tried.source_system,
        ticked=tried.ticked,
        fingerprint=form.cleaned_data["seen"],
        by=request.user,
        now=timezone.now(),
        submission=form.cleaned_data["submission"],
    )
    if result is not None and not result.is_kept:
        return _show(request, within, tried, result, changed_meanwhile=True)
    count = len(result.rows) if result else 0
    words = f"{count:,} row{'' if count == 1 else 's'} of the table are in the ledger." if result else KEPT_BEFORE
    messages.success(request, words)
    return redirect("money", slug=engagement)


@require_POST
@signed_in
def reasons(request: SignedInRequest, engagement: str) -> HttpResponse:
    """The table as it came, with the reason in each row that can't be kept."""
    within = editable(request, engagement)
    form = LedgerTriedForm(request.POST, owner=owner_of(request, "ledger", within))
    if not form.is_valid():
        return upload_again(request, form, "money_import", within)
    tried = _tried(form)
    result = _result(request, within, tried)
    columns = frozenset(tried.mapping.columns.values())
    header, rows = with_reasons(tried.table, result.problems, result.alike, columns)
    name = f"{within.slug}-ledger-reasons"
    return table_file(tried.kind, text_table(name, "Transactions with reasons", header, LEDGER.sheet), rows, name)


@require_POST
@signed_in
def remove_mapping(request: SignedInRequest, pk: int) -> HttpResponse:
    """A saved mapping that is no longer used."""
    slug = mapping_for(request.user, pk).engagement.slug
    found = archive_mapping(mapping=pk, by=request.user, now=timezone.now())
    messages.success(request, f"“{found.name}” is archived.")
    return redirect("money_import", engagement=slug)


def _tried(form: LedgerTriedForm) -> _Tried:
    return _Tried(form.brought, form.kind, form.reading, form.cleaned_data["source_system"], form.read, form.lines)


def _result(request: SignedInRequest, within: Engagement, tried: _Tried) -> LedgerImport:
    return preview_ledger_import(
        engagement=within.pk,
        read=tried.read,
        source_system=tried.source_system,
        ticked=tried.ticked,
        by=request.user,
        now=timezone.now(),
    )


def _try(request: SignedInRequest, within: Engagement, tried: _Tried) -> HttpResponse:
    return _show(request, within, tried, _result(request, within, tried))


def _ask(request: SignedInRequest, within: Engagement, table: Table, kind: str, form: MappingForm) -> HttpResponse:
    context = _about(within) | {
        "form": form,
        "packed": pack(table, kind, owner_of(request, "ledger", within)),
        "header": table.header,
        "sample": [row.cells for row in table.rows[:3]],
        "count": len(table.rows),
    }
    return render(request, "engagements/money/import_columns.html", context, status=422 if form.errors else 200)


def _show(
    request: SignedInRequest, within: Engagement, tried: _Tried, result: LedgerImport, changed_meanwhile: bool = False
) -> HttpResponse:
    refused, asked = result.count("refused"), result.count("ask")
    order = {"refused": 0, "ask": 1, "reverse": 2, "add": 3}
    ordered = sorted(result.rows, key=lambda row: (order[row.outcome], row.line))
    asking = [row for row in ordered if row.alike and not row.problems]  # all of them: each has its tick
    shown = [row for row in ordered if row.problems][:_SHOWN] + asking
    shown += [row for row in ordered if not row.problems and not row.alike][: max(0, _SHOWN - len(shown))]
    context = _about(within) | {
        "result": result,
        "refused": refused,
        "asked": asked,
        "added": result.count("add"),
        "reversed": result.count("reverse"),
        "notes": tried.table.notes,
        "shown": shown,
        "more": len(result.rows) - len(shown),
        "ticked": tried.ticked,
        "total": len(result.rows),
        "packed": pack(tried.table, tried.kind, owner_of(request, "ledger", within)),
        "mapping": mapping_text(tried.mapping),
        "source_system": tried.source_system,
        "submission": uuid4(),
        "changed_meanwhile": changed_meanwhile,
    }
    status = 200 if result.may_be_kept and not changed_meanwhile else 422
    return render(request, "engagements/money/import_preview.html", context, status=status)


def _about(within: Engagement) -> dict:
    return {"engagement": within, "crumbs": (*breadcrumbs_of(within), (f"/engagements/{within.slug}/money/", "Money"))}
