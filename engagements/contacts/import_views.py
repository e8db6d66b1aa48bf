"""Contacts as tables: an export, and an import that is tried before it is kept."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.tables.frames import build_frame
from atlas.web.parameters import takes_parameters
from atlas.web.table_files import TableFile, table_response
from engagements.access.engagements import engagement_for
from engagements.access.errors import NotFound
from engagements.access.roles import permissions_in
from engagements.base.table_import import mapped_views
from engagements.base.table_import.mapped_views import MappedImport, counted_rows
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.contacts.actions import import_contacts, preview_contacts
from engagements.contacts.exports import contact_cells, contacts_table
from engagements.contacts.import_rows import CONTACT_TABLE, read_contacts
from engagements.contacts.queries import contacts
from engagements.discussion.views.form_page import breadcrumbs_of
from engagements.models import Engagement
from engagements.permissions import EXPORT, IMPORT, VIEW_TEAM


@require_safe
@signed_in
@takes_parameters()
def export(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """To be mended and brought back."""
    within = engagement_for(request.user, slug, EXPORT)
    if VIEW_TEAM not in permissions_in(request.user, within.pk):
        raise NotFound
    table = contacts_table(slug, request.build_absolute_uri(reverse("contacts", args=[slug])))
    frame = build_frame(table, [contact_cells(row, within.city.name) for row in contacts(request.user, within)])
    return table_response(request, TableFile(table, frame), kind, table.name)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def upload(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.upload(request, IMPORTED, engagement_for(request.user, slug, IMPORT))


@require_POST
@signed_in
def choose_columns(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.choose_columns(request, IMPORTED, engagement_for(request.user, slug, IMPORT))


@require_POST
@signed_in
def confirm(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.confirm(request, IMPORTED, engagement_for(request.user, slug, IMPORT))


@require_POST
@signed_in
def reasons(request: SignedInRequest, slug: str) -> HttpResponse:
    return mapped_views.reasons(request, IMPORTED, engagement_for(request.user, slug, IMPORT))


def _context(within: Engagement) -> dict:
    return {"crumbs": (*breadcrumbs_of(within), (reverse("contacts", args=[within.slug]), "Contacts"))}


IMPORTED = MappedImport(
    of=CONTACT_TABLE,
    read=read_contacts,
    preview=lambda within, sent, **more: preview_contacts(
        engagement=within.pk, rows=sent.read.rows, source_system=sent.source_system, **more
    ),
    commit=lambda within, sent, **more: import_contacts(
        engagement=within.pk, rows=sent.read.rows, source_system=sent.source_system, **more
    ),
    urls={
        "import": "contacts_import",
        "columns": "contacts_import_columns",
        "keep": "contacts_import_keep",
        "reasons": "contacts_import_reasons",
    },
    templates="engagements/contacts",
    done_url=lambda within: reverse("contacts", args=[within.slug]),
    done_words=counted_rows,
    context=_context,
)
