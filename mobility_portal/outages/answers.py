"""What a request gets that met an outage or a fault: a page without database, session or cache, or a problem document.

What was typed into a form is handed back with it.
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from atlas.web.api_problems import MEDIA_TYPE, problem_data
from atlas.web.request_id import current_request_id
from engagements.base.views.typed_text import came_from_here, form_page_of, kept_form
from mobility_portal.outages.causes import RETRY_AFTER, Outage

logger = logging.getLogger(__name__)

SENTENCES = {
    Outage.DATABASE_AWAY: _lazy("The portal’s database does not answer."),
    Outage.READ_ONLY: _lazy("The portal can be read and takes no changes at the moment."),
    Outage.BUSY: _lazy("The portal has too much to do at the moment."),
    Outage.DISK_FULL: _lazy("The portal has no room left to keep anything."),
    Outage.BROKER_AWAY: _lazy("The portal’s queue of background work does not answer."),
}
_NOTHING_TYPED: dict[str, object] = {"typed": [], "again": [], "had_files": False, "file_names": []}


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503 with Retry-After."""
    sentence, seconds = str(SENTENCES[outage]), RETRY_AFTER[outage]
    if is_api(request):
        detail = _("{sentence} Send the request again in {seconds} seconds.").format(sentence=sentence, seconds=seconds)
        answer: HttpResponse = problem("Service unavailable.", 503, detail)
    else:
        answer = _page(request, "503.html", 503, {"sentence": sentence})
    answer.headers["Retry-After"] = str(seconds)
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """500 with the reference under which the log has what happened."""
    if is_api(request):
        detail = _("The portal failed on this request. Administrators find the reason in the log by the request id.")
        return problem("Server error.", 500, detail)
    return _page(request, "500.html", 500, {})


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem(title: str, status: int, detail: str) -> JsonResponse:
    """A problem document; no cache keeps it."""
    answer = JsonResponse(problem_data(title, status, detail), status=status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(request: HttpRequest, template: str, status: int, words: dict[str, object]) -> HttpResponse:
    context = words | {"reference": current_request_id(), "contact_email": settings.CONTACT_EMAIL}
    if request.method == "POST":
        context |= {"was_sent": True, "form_page": form_page_of(request)} | _form_of(request)
    answer = HttpResponse(render_to_string(template, context), status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _form_of(request: HttpRequest) -> dict[str, object]:
    """What was typed; and the form to send again where a page of the portal sent it and its token can be had."""
    try:
        kept = kept_form(request)
    except Exception:
        # It was cut off, or a part of it is damaged: the answer must come nevertheless.
        logger.info("What was sent could not be read.", exc_info=True)
        return _NOTHING_TYPED
    if "CSRF_COOKIE" not in request.META or not came_from_here(request):
        return kept | {"again": []}
    return kept | {"csrf_token": get_token(request)}
