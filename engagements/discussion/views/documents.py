"""Documents of an engagement: list, bring, archive."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access.discussion import document_for
from engagements.access.engagements import engagement_for, milestone_for
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import permissions_in
from engagements.base.views.decorators import signed_in
from engagements.base.views.read_input import page_number, slice_of
from engagements.base.views.signed_in_request import SignedInRequest
from engagements.discussion.actions.documents import add_document, archive_document
from engagements.discussion.forms.base import ReasonForm
from engagements.discussion.forms.discussion import DocumentForm
from engagements.discussion.queries.discussion import document_page, documents
from engagements.discussion.views.form_page import FORM_PAGE, FormPage, breadcrumbs_of, handle_form, return_path
from engagements.finding.files.reasons import say_what_is_found
from engagements.models import DocumentText
from engagements.permissions import MANAGE_ROLES, MARK_PUBLIC_RECORD, UPLOAD_DOCUMENT, VIEW_PUBLISHED


@require_safe
@signed_in
def index(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    number = page_number(request)
    rows, more = slice_of(lambda **part: documents(request.user, within.pk, **part), number)
    held = permissions_in(request.user, within.pk)
    context = {
        "engagement": within,
        "crumbs": breadcrumbs_of(within),
        "documents": rows,
        "number": number,
        "more": more,
        "may_upload": UPLOAD_DOCUMENT in held,
        "manages": MANAGE_ROLES in held,
        "may_mark": MARK_PUBLIC_RECORD in held,
    }
    return render(request, "engagements/discussion/documents.html", context)


@require_http_methods(FORM_PAGE)
@signed_in
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    within = engagement_for(request.user, slug, VIEW_PUBLISHED)
    held = permissions_in(request.user, within.pk)
    if UPLOAD_DOCUMENT not in held:
        raise NotAllowed("Your role here reads documents and brings none.")
    about = request.GET.get("milestone", "")
    if about and not about.isdecimal():
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    milestone = milestone_for(request.user, int(about), UPLOAD_DOCUMENT) if about else None
    back = return_path(request, f"/engagements/{within.slug}/documents/")
    form = DocumentForm(request.POST or None, request.FILES or None, held=held)
    lede = f"For the milestone “{milestone.title}”." if milestone else ""
    page = FormPage("Bring a document", "Bring it", "The document is there.", back, breadcrumbs_of(within), lede)

    def act(data: dict) -> None:
        add_document(
            engagement=within.pk,
            file=form.new_file,
            milestone=milestone.pk if milestone else None,
            submission=data["submission"],
            by=request.user,
            now=timezone.now(),
        )

    return handle_form(request, page, form, act)


@require_http_methods(FORM_PAGE)
@signed_in
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = document_for(request.user, pk)
    if found.uploaded_by_id != request.user.pk and MANAGE_ROLES not in permissions_in(
        request.user, found.engagement_id
    ):
        raise NotAllowed("A document is archived by who brought it.")
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    back = f"/engagements/{found.engagement.slug}/documents/"
    page = FormPage(
        f"Archive “{found.title}”",
        "Archive it",
        "The document was archived.",
        back,
        lede="Nobody can open it any more.",
        danger=True,
    )

    def act(data: dict) -> None:
        archive_document(
            document=pk, expected_version=data["version"], by=request.user, now=timezone.now(), why=data["why"]
        )

    return handle_form(request, page, form, act)


@require_safe
@signed_in
def about(request: SignedInRequest, pk: int) -> HttpResponse:
    """One document: its preview, or why there is none; who brought it; to download."""
    found = document_for(request.user, pk)
    (row,) = document_page(request.user, limit=1, pk=pk)
    held = permissions_in(request.user, found.engagement_id)
    text = DocumentText.objects.filter(document=found).first()
    context = {
        "row": row,
        "what_is_found": say_what_is_found(row.media_type, text.problem if text else None, bool(text and text.is_cut)),
        "engagement": found.engagement,
        "crumbs": breadcrumbs_of(found.engagement),
        "may_archive": MANAGE_ROLES in held or row.uploaded_by_id == request.user.pk,
    }
    return render(request, "engagements/discussion/document.html", context)


_NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
@signed_in
def preview(request: SignedInRequest, pk: int, size: str) -> FileResponse:
    """The picture of a document: for whom the document itself is, asked each time, kept by nobody between."""
    shown = getattr(document_for(request.user, pk), "preview", None)
    if shown is None or shown.problem:
        raise Http404("This document has no preview.")
    try:
        content = (shown.small if size == "small" else shown.large).open("rb")
    except FileNotFoundError as lost:
        raise Http404("The bytes of this preview are no longer on the disk.") from lost
    response = FileResponse(content, filename=f"preview-{pk}.webp", content_type="image/webp")
    response["Content-Security-Policy"] = _NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@signed_in
def document(request: SignedInRequest, pk: int) -> FileResponse:
    """Streamed from the disk. Nobody between may keep it."""
    found = document_for(request.user, pk)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as lost:
        raise Http404("The bytes of this document are no longer on the disk.") from lost
    response = FileResponse(content, as_attachment=True, filename=found.original_name, content_type=found.media_type)
    response["Content-Security-Policy"] = _NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
