"""Milestones as tables: template, export, and an import that is tried before it is kept."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.tables.frames import build_frame
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from engagements.access.engagements import engagement_for
from engagements.base.table_import.views import TableImport, keep_table, table_file, table_with_reasons, upload_table
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.milestones.actions.imports import import_milestones, preview_import
from engagements.milestones.exports import milestone_cells, milestones_table, template_table
from engagements.milestones.import_rows import COLUMNS, read_import_rows
from engagements.milestones.queries.exports import export_rows
from engagements.models import Engagement
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
def template(request: SignedInRequest, engagement: str, kind: str) -> HttpResponse:
    """The columns and nothing below them."""
    engagement_for(request.user, engagement, IMPORT)
    return table_file(kind, template_table(), [], "milestones-template")


def _import_page(within: Engagement | None) -> str:
    assert within is not None, "milestones are imported into an engagement"
    return reverse("exchange:import", args=[within.slug])


IMPORTED = TableImport(
    subject="milestones",
    reader=read_import_rows,
    preview=lambda within, **sent: preview_import(engagement=within.pk, **sent),
    commit=lambda within, **sent: import_milestones(engagement=within.pk, **sent),
    columns=COLUMNS,
    templates="engagements/milestones",
    import_url="exchange:import",
    done_url=_import_page,
)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedInRequest, engagement: str) -> HttpResponse:
    """A file that arrives is previewed: nothing is kept here."""
    return upload_table(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))


@require_POST
@signed_in
def confirm(request: SignedInRequest, engagement: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    return keep_table(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))


@require_POST
@signed_in
def reasons(request: SignedInRequest, engagement: str) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    return table_with_reasons(request, IMPORTED, engagement_for(request.user, engagement, IMPORT))
