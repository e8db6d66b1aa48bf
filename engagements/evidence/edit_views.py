"""Writing the evidence library: add, change, review, archive, and a table that is tried before it is kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from atlas.web.parameters import takes_parameters
from engagements.access.errors import NotAllowed
from engagements.access.plans import evidence_for
from engagements.base.table_import.views import TableImport, keep_table, table_file, table_with_reasons, upload_table
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, handle_form, today_for
from engagements.evidence.actions import (
    add_evidence,
    add_from_result,
    archive_evidence,
    change_evidence,
)
from engagements.evidence.exports import evidence_table
from engagements.evidence.forms import (
    EvidenceChangeForm,
    EvidenceForm,
)
from engagements.evidence.import_actions import MAY_NOT, import_evidence, preview_evidence_import
from engagements.evidence.import_rows import HELP, read_evidence
from engagements.evidence.queries import evidence_page, may_write
from engagements.evidence.records import COLUMNS
from engagements.people.queries.cities import city_choices
from engagements.permissions import EDIT_EVIDENCE, REVIEW_EVIDENCE

_FORM = "engagements/evidence/form.html"


@require_http_methods(FORM_PAGE)
@signed_in
def add(request: SignedInRequest) -> HttpResponse:
    _check(request)
    form = EvidenceForm(
        request.POST or None,
        cities=city_choices(),
        initial={"verified_on": today_for(request.user), "gaps": request.GET.getlist("gap")[:1]},
    )
    page = FormPage(
        _("Add a finding"),
        _("Save finding"),
        _("Saved. It is public once someone else has reviewed it."),
        "/evidence/",
        _crumbs(),
        _("One outcome of one study. Findings of no difference or a worse outcome belong here too."),
        template=_FORM,
    )

    def act(data: dict) -> str:
        row = add_evidence(fields=form.row(), by=request.user, now=timezone.now(), submission=data["submission"])
        return f"/evidence/{row.key}/"

    return handle_form(request, page, form, act)


@require_POST
@signed_in
def add_result(request: SignedInRequest, pk: int) -> HttpResponse:
    """A published result as a finding that waits for its review."""
    _check(request)
    try:
        row = add_from_result(result=pk, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("result", pk)
    messages.success(request, _("Added. Complete it here; it is public once someone else has reviewed it."))
    return redirect("evidence_edit", row.key)


@require_http_methods(FORM_PAGE)
@signed_in
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    evidence_for(request.user, slug, EDIT_EVIDENCE)
    row = evidence_page(request.user, slug).row
    seen = {name: getattr(row.fields, name) for name in COLUMNS}
    seen |= {"version": row.version, "tried_in_seen": " ".join(row.fields.tried_in)}
    form = EvidenceChangeForm(request.POST or None, cities=city_choices(), initial=seen)
    page = FormPage(
        _("Edit this finding"),
        _("Save finding"),
        _("Saved. It is public once someone else has reviewed it."),
        f"/evidence/{slug}/",
        (*_crumbs(), (f"/evidence/{slug}/", row.fields.intervention)),
        _("Until someone else has reviewed the change, everyone reads the last reviewed wording."),
        template=_FORM,
    )

    def act(data: dict) -> None:
        change_evidence(
            key=slug,
            changes=form.values(),
            expected_version=data["version"],
            by=request.user,
            now=timezone.now(),
            why=data["why"],
            tried_in_seen=form.seen(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, slug: str) -> HttpResponse:
    row = evidence_for(request.user, slug, REVIEW_EVIDENCE)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    page = FormPage(
        _("Archive this finding"),
        _("Archive finding"),
        _("The finding was archived."),
        f"/evidence/{slug}/",
        (*_crumbs(), (f"/evidence/{slug}/", row.intervention)),
        _("It leaves the library. Plans that use it keep what they read. Archive what is wrong, not what disappoints."),
        danger=True,
    )

    def act(data: dict) -> str:
        archive_evidence(
            key=slug, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"]
        )
        return "/evidence/"

    return handle_form(request, page, form, act)


def _crumbs() -> tuple[tuple[str, str], ...]:
    return (("/what-works/", _("What works")), ("/evidence/", _("Study findings")))


IMPORTED = TableImport(
    subject="evidence",
    reader=read_evidence,
    preview=lambda within, **sent: preview_evidence_import(**sent),
    commit=lambda within, **sent: import_evidence(**sent),
    columns=HELP,
    templates="engagements/evidence",
    import_url="evidence_import",
    done_url=lambda within: "/evidence/?waiting=1",
    done_note=". Each needs a review.",
    context=lambda within: {"crumbs": _crumbs()},
    only_csv=True,  # a workbook would turn keys and shares into dates
)


@require_safe
@signed_in
@takes_parameters()
def template(request: SignedInRequest) -> HttpResponse:
    """The columns and nothing below them."""
    _check(request)
    return table_file("csv", evidence_table("evidence-template"), [], "evidence-template")


@require_http_methods(FORM_PAGE)
@signed_in
def upload(request: SignedInRequest) -> HttpResponse:
    """A file that arrives is previewed: nothing is kept here."""
    _check(request)
    return upload_table(request, IMPORTED)


@require_POST
@signed_in
def confirm(request: SignedInRequest) -> HttpResponse:
    """All rows, as they were shown, or none."""
    _check(request)
    return keep_table(request, IMPORTED)


@require_POST
@signed_in
def reasons(request: SignedInRequest) -> HttpResponse:
    """The table as it came, with the reason in each refused row."""
    _check(request)
    return table_with_reasons(request, IMPORTED)


def _check(request: SignedInRequest) -> None:
    if not may_write(request.user):
        raise NotAllowed(MAY_NOT)
