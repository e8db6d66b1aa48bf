"""Values as tables: template, export, and an import that is tried before it is kept."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.tables.frames import build_frame
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed
from engagements.access.roles import permissions_in
from engagements.base.table_import.views import TableImport, keep_table, table_file, table_with_reasons, upload_table
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.views.form_page import breadcrumbs_of, today_for
from engagements.indicators.actions.imports import import_values, preview_values_import
from engagements.indicators.exports import template_table, value_cells, values_table
from engagements.indicators.import_rows import COLUMNS, read_value_import_rows
from engagements.indicators.queries.indicators import indicators
from engagements.indicators.queries.values import values
from engagements.indicators.views.indicators import READS
from engagements.models import Engagement
from engagements.permissions import EDIT_INDICATOR, VIEW_PUBLISHED

OF_AN_ENGAGEMENT = "values of indicators are imported into an engagement"


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
    """A file that arrives is previewed: nothing is kept here."""
    return upload_table(request, IMPORTED, _writable(request, slug))


@require_POST
@signed_in
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    """All rows, as they were shown, or none."""
    return keep_table(request, IMPORTED, _writable(request, slug))


@require_POST
@signed_in
def reasons(request: SignedInRequest, slug: str) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    return table_with_reasons(request, IMPORTED, _writable(request, slug))


def _writable(request: SignedInRequest, slug: str) -> Engagement:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    if EDIT_INDICATOR not in permissions_in(request.user, within.pk):
        raise NotAllowed(READS)
    return within


def _crumbs(within: Engagement) -> tuple[tuple[str, str], ...]:
    return (*breadcrumbs_of(within), (f"/engagements/{within.slug}/indicators/", "Indicators"))


def _indicators_page(within: Engagement | None) -> str:
    assert within is not None, OF_AN_ENGAGEMENT
    return reverse("indicators", args=[within.slug])


def _context(within: Engagement | None) -> dict[str, object]:
    assert within is not None, OF_AN_ENGAGEMENT
    return {"engagement": within, "crumbs": _crumbs(within)}


IMPORTED = TableImport(
    subject="indicators",
    reader=read_value_import_rows,
    preview=lambda within, **sent: preview_values_import(engagement=within.pk, **sent),
    commit=lambda within, **sent: import_values(engagement=within.pk, **sent),
    columns=COLUMNS,
    templates="engagements/indicators",
    import_url="indicators_import",
    done_url=_indicators_page,
    done_note=", as drafts.",
    context=_context,
    reasons_in_csv=True,
)
