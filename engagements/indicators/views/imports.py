"""Values as tables: template, export, and an import that is tried before it is kept."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.tables.frames import build_frame
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.table_import import mapped_views
from engagements.base.table_import.mapped_views import MappedImport, counted_rows
from engagements.base.table_import.results import ImportResult
from engagements.base.table_import.views import table_file
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of, today_for
from engagements.indicators.actions.definition_imports import import_indicators, preview_indicators
from engagements.indicators.actions.imports import import_values, preview_values_import
from engagements.indicators.definition_rows import INDICATOR_TABLE, read_indicators
from engagements.indicators.exports import indicator_cells, indicators_table, template_table, value_cells, values_table
from engagements.indicators.import_rows import COLUMNS, VALUE_TABLE, read_values
from engagements.indicators.queries.exports import exported_indicators
from engagements.indicators.queries.indicators import indicators
from engagements.indicators.queries.values import values
from engagements.indicators.views.indicators import READS
from engagements.models import Engagement
from engagements.permissions import EDIT_INDICATOR, VIEW_PUBLISHED


@require_safe
@signed_in
@takes_parameters()
def export(request: SignedInRequest, slug: str, kind: str = "csv") -> HttpResponse:
    """Every value the viewer may see, with unit, uncertainty, source and as-of time."""
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    rows = {row.pk: row for row in indicators(request.user, today=today_for(request.user), engagements=(within.pk,))}
    found = values(request.user, engagements=(within.pk,))
    table = values_table(slug, request.build_absolute_uri(reverse("indicators", args=[slug])))
    frame = build_frame(table, [value_cells(row, rows[row.indicator_id]) for row in found])
    return table_response(request, TableFile(table, frame), kind, table.name)


@require_safe
@signed_in
@takes_parameters()
def template(request: SignedInRequest, slug: str) -> HttpResponse:
    """The columns, and a row for each indicator to begin with."""
    within = _writable(request, slug)
    rows = indicators(request.user, today=today_for(request.user), engagements=(within.pk,))
    empty = [None] * (len(COLUMNS) - 1)
    return table_file("csv", template_table(), [(row.name, *empty) for row in rows], "indicators-template")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedInRequest, slug: str) -> HttpResponse:
    """A file that arrives is previewed, or its columns are asked for: nothing is kept here."""
    return mapped_views.upload(request, IMPORTED, _writable(request, slug))


@require_POST
@signed_in
def choose_columns(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.choose_columns(request, IMPORTED, _writable(request, slug))


@require_POST
@signed_in
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    return mapped_views.confirm(request, IMPORTED, _writable(request, slug))


@require_POST
@signed_in
def reasons(request: SignedInRequest, slug: str) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    return mapped_views.reasons(request, IMPORTED, _writable(request, slug))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload_indicators(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is counted, not the values: definitions and targets."""
    return mapped_views.upload(request, INDICATORS, _writable(request, slug))


@require_POST
@signed_in
def choose_indicator_columns(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.choose_columns(request, INDICATORS, _writable(request, slug))


@require_POST
@signed_in
def confirm_indicators(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.confirm(request, INDICATORS, _writable(request, slug))


@require_POST
@signed_in
def indicator_reasons(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.reasons(request, INDICATORS, _writable(request, slug))


@require_safe
@signed_in
@takes_parameters()
def export_indicators(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """Definitions and targets, to be mended and brought back."""
    within = _writable(request, slug)
    table = indicators_table(slug, request.build_absolute_uri(reverse("indicators", args=[slug])))
    frame = build_frame(table, [indicator_cells(row) for row in exported_indicators(within)])
    return table_response(request, TableFile(table, frame), kind, table.name)


def _writable(request: SignedInRequest, slug: str) -> Engagement:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_INDICATOR not in permissions_in(request.user, within.pk):
        raise NotAllowed(READS)
    return within


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (f"/engagements/{within.slug}/indicators/", "Indicators"))


def _context(within: Engagement) -> dict[str, object]:
    return {"crumbs": _crumbs(within)}


def _words(result: ImportResult) -> str:
    return _("The table was imported: {added} added, {changed} changed, as drafts.").format(
        added=result.count("add"), changed=result.count("change")
    )


IMPORTED = MappedImport(
    of=VALUE_TABLE,
    read=read_values,
    preview=lambda within, sent, **more: preview_values_import(engagement=within.pk, wishes=sent.read.rows, **more),
    commit=lambda within, sent, **more: import_values(
        engagement=within.pk, wishes=sent.read.rows, source_system=sent.source_system, **more
    ),
    urls={
        "import": "indicators_import",
        "columns": "indicators_import_columns",
        "keep": "indicators_keep",
        "reasons": "indicators_reasons",
    },
    templates="engagements/indicators",
    done_url=lambda within: reverse("indicators", args=[within.slug]),
    done_words=_words,
    context=_context,
)
INDICATORS = MappedImport(
    of=INDICATOR_TABLE,
    read=read_indicators,
    preview=lambda within, sent, **more: preview_indicators(
        engagement=within.pk, rows=sent.read.rows, source_system=sent.source_system, **more
    ),
    commit=lambda within, sent, **more: import_indicators(
        engagement=within.pk, rows=sent.read.rows, source_system=sent.source_system, **more
    ),
    urls={
        "import": "indicator_definitions_import",
        "columns": "indicator_definitions_columns",
        "keep": "indicator_definitions_keep",
        "reasons": "indicator_definitions_reasons",
    },
    templates="engagements/indicators/definitions",
    done_url=lambda within: reverse("indicators", args=[within.slug]),
    done_words=counted_rows,
    context=_context,
)
