"""Handing out a document, after a look at the permission, as something to save and never to run."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from engagements.access.discussion import document_for
from engagements.base.views.decorators import signed_in

_NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
@signed_in
def document(request: HttpRequest, pk: int) -> FileResponse:
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
