"""The pages of an import with a mapping, one for every kind: a file, its columns, what it would do, and keeping it.

A kind declares a `MappedImport`; its views check access and hand over what they fetched.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from celery import current_app
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError

from atlas.ingest import locks
from engagements.base.quotas import QuotaReached
from engagements.base.table_import.forms import PackedForm, pack
from engagements.base.table_import.mapping_forms import (
    MappedTableForm,
    MappedTriedForm,
    MappingForm,
    mapping_text,
)
from engagements.base.table_import.mappings import save_mapping, saved_mappings
from engagements.base.table_import.results import ImportResult
from engagements.base.table_import.views import KEPT_BEFORE, owner_of, table_file, upload_again
from engagements.base.tables.declare import text_table, with_reasons
from engagements.base.tables.mapping import Declaration
from engagements.base.tables.mapping import Mapping as ColumnMapping
from engagements.base.tables.table import MAX_ROWS, Table, TableRefused
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.models import Engagement, TableImport

logger = logging.getLogger(__name__)
MOST_IN_WORKER = 3  # tables of one person
_SHOWN = 200  # rows on the page; the file that goes back has all
_ORDER = {"refused": 0, "ask": 1, "change": 2, "reverse": 2, "add": 3, "unchanged": 4}


@dataclass(frozen=True)
class Sent:
    """A table, how it is read, and what a person ticked."""

    table: Table
    file_kind: str
    mapping: ColumnMapping
    source_system: str
    read: Any
    ticked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class MappedImport:
    """What differs from kind to kind.

    `read(table, mapping)` makes rows and raises TableRefused. `preview(within, sent=, by=, now=)` and `commit(within,
    sent=, by=, now=, fingerprint=, submission=)` are its actions. `urls`: names of its four addresses.
    """

    of: Declaration
    read: Callable[[Table, ColumnMapping], Any]
    preview: Callable[..., ImportResult]
    commit: Callable[..., ImportResult | None]
    urls: dict[str, str]  # import, columns, keep, reasons -> name
    templates: str  # folder with import.html and import_preview.html
    done_url: Callable[[Engagement], str]
    done_words: Callable[[ImportResult], str]
    context: Callable[[Engagement], dict[str, Any]]
    at_once: int = MAX_ROWS  # more rows are the worker's
    reasons: Callable[[Sent, ImportResult], tuple[tuple[str, ...], list[tuple[str, ...]]]] = field(
        default=lambda sent, result: with_reasons(sent.table, result.reasons())
    )

    def owner(self, request: SignedInRequest, within: Engagement) -> str:
        return owner_of(request, self.of.subject, within)

    def url(self, name: str, within: Engagement) -> str:
        return reverse(self.urls[name], args=[within.slug])


def upload(request: SignedInRequest, declared: MappedImport, within: Engagement) -> HttpResponse:
    """A file arrives: with our own columns or a saved mapping it is tried at once, else its columns are asked for."""
    mappings = saved_mappings(within, declared.of.subject)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MappedTableForm(*sent, declared=declared.of, mappings=mappings)
    if not form.is_bound or not form.is_valid():
        return _show_upload(request, declared, within, form, mappings)
    if form.mapping is None:
        asked = MappingForm(declared=declared.of, table=form.table, draft=form.draft)
        return _ask(request, declared, within, form.table, form.kind, asked)
    try:
        read = declared.read(form.table, form.mapping)
    except TableRefused as refused:
        form.add_error("file", str(refused))
        return _show_upload(request, declared, within, form, mappings)
    return _try(request, declared, within, Sent(form.table, form.kind, form.mapping, form.source_system, read))


def choose_columns(request: SignedInRequest, declared: MappedImport, within: Engagement) -> HttpResponse:
    """Its columns are named: the table is tried, and the mapping is saved where it got a name."""
    packed = PackedForm(request.POST, owner=declared.owner(request, within))
    if not packed.is_valid():
        return upload_again(request, packed, declared.urls["import"], within)
    form = MappingForm(request.POST, declared=declared.of, table=packed.brought)
    if not form.is_valid():
        return _ask(request, declared, within, packed.brought, packed.kind, form)
    source_system = form.cleaned_data["source_system"]
    try:
        read = declared.read(packed.brought, form.mapping)
        if form.cleaned_data["name"]:
            save_mapping(
                engagement=within.pk,
                name=form.cleaned_data["name"],
                source_system=source_system,
                mapping=form.mapping,
                by=request.user,
                now=timezone.now(),
            )
    except TableRefused as refused:
        form.add_error(None, str(refused))
        return _ask(request, declared, within, packed.brought, packed.kind, form)
    except ValidationError as refused:
        form.add_error(None, refused.messages)
        return _ask(request, declared, within, packed.brought, packed.kind, form)
    return _try(request, declared, within, Sent(packed.brought, packed.kind, form.mapping, source_system, read))


def confirm(request: SignedInRequest, declared: MappedImport, within: Engagement) -> HttpResponse:
    """All rows, as they were shown, or none."""
    sent = _tried(request, declared, within)
    if isinstance(sent, HttpResponse):
        return sent
    if "look" in request.POST:  # after ticking or answering: what it would do now
        return _try(request, declared, within, sent)
    form = MappedTriedForm(request.POST, owner=declared.owner(request, within), declared=declared.of)
    form.is_valid()
    try:
        result = declared.commit(
            within,
            sent=sent,
            fingerprint=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
            submission=form.cleaned_data["submission"],
        )
    except QuotaReached as full:
        form.add_error(None, full)
        return upload_again(request, form, declared.urls["import"], within)
    if result is not None and not result.is_kept:
        return _show(request, declared, within, sent, result, changed_meanwhile=True)
    messages.success(request, declared.done_words(result) if result else KEPT_BEFORE)
    return redirect(declared.done_url(within))


def reasons(request: SignedInRequest, declared: MappedImport, within: Engagement) -> HttpResponse:
    """The table as it came, with the reason in each row that can't be kept."""
    sent = _tried(request, declared, within)
    if isinstance(sent, HttpResponse):
        return sent
    header, rows = declared.reasons(sent, _result(request, declared, within, sent))
    subject = declared.of.subject
    name = f"{within.slug}-{subject}-reasons"
    table = text_table(name, f"{subject.capitalize()} with reasons", header, declared.of.kind.sheet)
    return table_file(sent.file_kind, table, rows, name)


def _tried(request: SignedInRequest, declared: MappedImport, within: Engagement) -> Sent | HttpResponse:
    form = MappedTriedForm(request.POST, owner=declared.owner(request, within), declared=declared.of)
    if form.is_valid():
        try:
            read = declared.read(form.brought, form.reading)
        except TableRefused as refused:
            form.add_error(None, str(refused))
        else:
            source_system = form.cleaned_data["source_system"]
            return Sent(form.brought, form.kind, form.reading, source_system, read, form.lines)
    return upload_again(request, form, declared.urls["import"], within)


def _result(request: SignedInRequest, declared: MappedImport, within: Engagement, sent: Sent) -> ImportResult:
    return declared.preview(within, sent=sent, by=request.user, now=timezone.now())


def _try(request: SignedInRequest, declared: MappedImport, within: Engagement, sent: Sent) -> HttpResponse:
    if len(sent.table.rows) > declared.at_once:
        return _hand_over(request, declared, within, sent)
    return _show(request, declared, within, sent, _result(request, declared, within, sent))


def _hand_over(request: SignedInRequest, declared: MappedImport, within: Engagement, sent: Sent) -> HttpResponse:
    """A long table is checked by the worker; its page says how far it is."""
    with transaction.atomic():
        locks.lock_until_commit(locks.JOB, f"tables of person {request.user.pk}")
        working = TableImport.objects.filter(by=request.user, state__in=("checking", "importing"))
        if working.count() >= MOST_IN_WORKER:
            messages.error(
                request,
                _("{count} tables of yours are being checked or imported. Wait until one is done.").format(
                    count=MOST_IN_WORKER
                ),
            )
            return redirect("imports", slug=within.slug)
        row = _row_for_worker(request, declared, within, sent)
        call_worker(row.pk)
    return redirect("table_import", pk=row.pk)


def _row_for_worker(request: SignedInRequest, declared: MappedImport, within: Engagement, sent: Sent) -> TableImport:
    return TableImport.objects.create(
        engagement=within,
        kind=declared.of.subject,
        state=TableImport.State.CHECKING,
        source_system=sent.source_system,
        packed=pack(sent.table, sent.file_kind, declared.owner(request, within)),
        mapping=sent.mapping.to_json(),
        rows_total=len(sent.table.rows),
        by=request.user,
        at=timezone.now(),
    )


def call_worker(pk: int) -> None:
    """Once the row is there for everybody. Tasks are above this package: the worker is called by the task's name.

    With the broker away the row waits: `recover_table_imports` finds it.
    """
    transaction.on_commit(lambda: _send(pk))


def _send(pk: int) -> None:
    try:
        current_app.send_task("engagements.tasks.run_table_import", args=[pk])
    except OperationalError:
        logger.warning("The broker does not answer: table import %s starts when it does.", pk)


def _show_upload(
    request: SignedInRequest, declared: MappedImport, within: Engagement, form: MappedTableForm, mappings: tuple
) -> HttpResponse:
    context = _about(declared, within) | {
        "form": form,
        "mappings": mappings,
        "columns": declared.of.columns.items(),
        "max_rows": declared.of.kind.max_rows,
    }
    status = 422 if form.is_bound else 200
    return render(request, f"{declared.templates}/import.html", context, status=status)


def _ask(
    request: SignedInRequest, declared: MappedImport, within: Engagement, table: Table, kind: str, form: MappingForm
) -> HttpResponse:
    context = _about(declared, within) | {
        "form": form,
        "packed": pack(table, kind, declared.owner(request, within)),
        "header": table.titles or table.header,
        "sample": [row.cells for row in table.rows[:3]],
        "count": len(table.rows),
        "notes": table.notes,
        "columns_address": declared.url("columns", within),
        "import_address": declared.url("import", within),
    }
    return render(request, "engagements/base/import_columns.html", context, status=422 if form.errors else 200)


def _show(
    request: SignedInRequest,
    declared: MappedImport,
    within: Engagement,
    sent: Sent,
    result: ImportResult,
    changed_meanwhile: bool = False,
) -> HttpResponse:
    ordered = sorted(
        (row for row in result.rows if row.outcome != "unchanged" or row.notes),
        key=lambda row: (_ORDER[row.outcome], row.line),
    )
    asking = [row for row in ordered if row.outcome == "ask" or bool(getattr(row, "alike", False))]
    asking = [row for row in asking if not row.problems]  # all of them: each has its tick
    shown = [row for row in ordered if row.problems][:_SHOWN] + asking
    shown += [row for row in ordered if row not in asking and not row.problems][: max(0, _SHOWN - len(shown))]
    context = _about(declared, within) | {
        "result": result,
        "refused": result.count("refused"),
        "asked": result.count("ask"),
        "added": result.count("add"),
        "changed": result.count("change"),
        "reversed": result.count("reverse"),
        "unchanged": result.count("unchanged"),
        "notes": (*sent.table.notes, *getattr(sent.read, "notes", ())),
        "shown": shown,
        "more": len(ordered) - len(shown),
        "ticked": sent.ticked,
        "total": len(result.rows),
        "questions": _questions(declared.of, sent.mapping, result),
        "packed": pack(sent.table, sent.file_kind, declared.owner(request, within)),
        "mapping": mapping_text(sent.mapping),
        "source_system": sent.source_system,
        "submission": uuid4(),
        "changed_meanwhile": changed_meanwhile,
        **{f"{name}_address": declared.url(name, within) for name in ("import", "keep", "reasons")},
    }
    status = 200 if result.may_be_kept and not changed_meanwhile else 422
    return render(request, f"{declared.templates}/import_preview.html", context, status=status)


def _questions(of: Declaration, mapping: ColumnMapping, result: ImportResult) -> list[dict[str, Any]]:
    """What can be answered for all rows at once, where a row is refused for want of it."""
    wanting = {name for row in result.rows for name, _why in row.problems}
    return [
        {
            "name": f"answer_{each.name}",
            "label": each.label,
            "choices": each.choices,
            "value": mapping.constants.get(each.name, ""),
        }
        for each in of.fields
        if each.in_preview and (each.name in wanting or each.name in mapping.constants)
    ]


def _about(declared: MappedImport, within: Engagement) -> dict[str, Any]:
    return {"engagement": within, **declared.context(within)}


def counted_rows(result: ImportResult) -> str:
    """“3 added, 1 changed.”"""
    return _("The table was imported: {added} added, {changed} changed.").format(
        added=result.count("add"), changed=result.count("change")
    )


def kept_rows(result: ImportResult) -> str:
    count = len(result.rows)
    words = ngettext(
        "{count} row of the table is in the ledger.", "{count} rows of the table are in the ledger.", count
    )
    return words.format(count=f"{count:,}")
