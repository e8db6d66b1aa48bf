"""A finance table into the ledger: say what its columns are, see what each row would do, keep all or none."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from engagements.base.table_import import mapped_views
from engagements.base.table_import.mapped_views import MappedImport, Sent, kept_rows
from engagements.base.table_import.results import ImportResult
from engagements.base.tables.table import LEDGER
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.models import Engagement
from engagements.money.actions.imports import LedgerImport, import_ledger, preview_ledger_import
from engagements.money.exports import with_reasons
from engagements.money.import_rows import read_ledger
from engagements.money.rules.mapping import LEDGER_TABLE
from engagements.money.views.entries import editable


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedInRequest, engagement: str) -> HttpResponse:
    return mapped_views.upload(request, IMPORTED, editable(request, engagement))


@require_POST
@signed_in
def choose_columns(request: SignedInRequest, engagement: str) -> HttpResponse:
    return mapped_views.choose_columns(request, IMPORTED, editable(request, engagement))


@require_POST
@signed_in
def confirm(request: SignedInRequest, engagement: str) -> HttpResponse:
    return mapped_views.confirm(request, IMPORTED, editable(request, engagement))


@require_POST
@signed_in
def reasons(request: SignedInRequest, engagement: str) -> HttpResponse:
    return mapped_views.reasons(request, IMPORTED, editable(request, engagement))


def _with_reasons(sent: Sent, result: ImportResult) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    assert isinstance(result, LedgerImport), "of the ledger's preview"
    return with_reasons(sent.table, result.problems, result.alike, frozenset(sent.mapping.columns.values()))


def _sent(sent: Sent) -> dict:
    return {"read": sent.read, "source_system": sent.source_system, "ticked": sent.ticked}


def _context(within: Engagement) -> dict:
    return {"crumbs": (*breadcrumbs_of(within), (f"/engagements/{within.slug}/money/", "Money"))}


IMPORTED = MappedImport(
    of=LEDGER_TABLE,
    read=read_ledger,
    preview=lambda within, sent, **more: preview_ledger_import(engagement=within.pk, **_sent(sent), **more),
    commit=lambda within, sent, **more: import_ledger(engagement=within.pk, **_sent(sent), **more),
    urls={
        "import": "money_import",
        "columns": "money_import_columns",
        "keep": "money_import_keep",
        "reasons": "money_import_reasons",
    },
    templates="engagements/money",
    at_once=LEDGER.max_rows,  # its rows are written in a few statements
    done_url=lambda within: reverse("money", args=[within.slug]),
    done_words=kept_rows,
    context=_context,
    reasons=_with_reasons,
)
