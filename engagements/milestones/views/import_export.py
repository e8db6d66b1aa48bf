"""Milestones as tables: template, export, and an import that is tried before it is kept."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.tables.frames import build_frame
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.access.imports import mapping_for
from engagements.base.table_import import mapped_views
from engagements.base.table_import.mapped_views import MappedImport, counted_rows
from engagements.base.table_import.views import table_file
from engagements.base.tables.mapping import from_json
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.actions.imports import import_milestones, preview_import
from engagements.milestones.exports import milestone_cells, milestones_table, template_table
from engagements.milestones.import_rows import MILESTONE_TABLE, read_milestones
from engagements.milestones.queries.exports import ToolRow, export_rows, tool_rows
from engagements.milestones.tool_exports import tool_cells, tool_table
from engagements.models import TableKind
from engagements.permissions import IMPORT


@require_safe
@signed_in
@takes_parameters()
def export(request: SignedInRequest, engagement: str, kind: str) -> HttpResponse:
    """What the viewer sees of each milestone, to be mended and brought back."""
    rows = export_rows(request.user, engagement, today=timezone.localdate())
    table = milestones_table(
        engagement, request.build_absolute_uri(reverse("engagement_milestones", args=[engagement]))
    )
    frame = build_frame(table, [milestone_cells(row.milestone, row.owner_email) for row in rows])
    return table_response(request, TableFile(table, frame), kind, table.name)


@require_safe
@signed_in
@takes_parameters()
def export_as(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """Milestones in the columns of the tool that a saved mapping reads: to be edited there and brought back."""
    saved = mapping_for(request.user, pk)
    if saved.kind != TableKind.MILESTONES:
        raise NotFound
    rows = tool_rows(request.user, saved)
    mapping = from_json(MILESTONE_TABLE, saved.columns)
    slug = saved.engagement.slug
    address = request.build_absolute_uri(reverse("engagement_milestones", args=[slug]))
    table = tool_table(mapping, f"{slug}-{slugify(saved.name) or 'milestones'}", address)
    frame = build_frame(table, [tool_cells(mapping, _values(row)) for row in rows])
    return table_response(request, TableFile(table, frame), kind, table.name)


def _values(row: ToolRow) -> dict[str, object]:
    one = row.milestone
    return {
        "id": one.pk,
        "version": one.version,
        "external_id": row.key,
        "title": one.title,
        "stage": one.stage,
        "due_on": one.due_on,
        "status": one.status,
        "percent_done": "100%" if one.status == "done" else "",
        "owner": row.email,
        "acceptance_evidence": one.acceptance_evidence,
        "waits_for": "; ".join(row.waits_for),
        "needs_approval": "yes" if one.needs_approval else "no",
        "funder_note": one.funder_note,
    }


@require_safe
@signed_in
@takes_parameters()
def template(request: SignedInRequest, engagement: str, kind: str) -> HttpResponse:
    """The columns and nothing below them."""
    engagement_for(request.user, engagement, IMPORT)
    return table_file(kind, template_table(), [], "milestones-template")


IMPORTED = MappedImport(
    of=MILESTONE_TABLE,
    read=read_milestones,
    preview=lambda within, sent, **more: preview_import(
        engagement=within.pk, wishes=sent.read.rows, source_system=sent.source_system, **more
    ),
    commit=lambda within, sent, **more: import_milestones(
        engagement=within.pk, wishes=sent.read.rows, source_system=sent.source_system, **more
    ),
    urls={
        "import": "exchange:import",
        "columns": "exchange:import-columns",
        "keep": "exchange:import-keep",
        "reasons": "exchange:import-reasons",
    },
    templates="engagements/milestones",
    done_url=lambda within: reverse("exchange:import", args=[within.slug]),
    done_words=counted_rows,
    context=lambda within: {},
)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedInRequest, engagement: str) -> HttpResponse:
    """A file that arrives is previewed, or its columns are asked for: nothing is kept here."""
    return mapped_views.upload(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))


@require_POST
@signed_in
def choose_columns(request: SignedInRequest, engagement: str) -> HttpResponse:
    """Its columns and words are named: the table is previewed."""
    return mapped_views.choose_columns(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))


@require_POST
@signed_in
def confirm(request: SignedInRequest, engagement: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    return mapped_views.confirm(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))


@require_POST
@signed_in
def reasons(request: SignedInRequest, engagement: str) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    return mapped_views.reasons(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))
