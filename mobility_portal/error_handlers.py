"""What answers where no page does: no such address, a request that can't be read, a fault, an outage.

A page, or the API's problem document.
"""

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.views import defaults

from atlas.models.areas import MAX_TRACTS
from mobility_portal.outages.answers import failed, is_api, problem, unavailable
from mobility_portal.outages.causes import find_outage

logger = logging.getLogger(__name__)
NO_ADDRESS = "There is nothing at this address; /api/docs/ lists every address of the API."
UNREADABLE = "The request could not be read: it is too large, has too many fields, or a part of it is damaged."


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if is_api(request):
        return problem("Not found.", 404, NO_ADDRESS)
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. The body and the host are what may be wrong, so the page asks for neither."""
    if is_api(request):
        return problem("Bad request.", 400, UNREADABLE)
    return HttpResponseBadRequest(render_to_string("400.html", {"most_tracts": MAX_TRACTS}))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: 503 for an outage, 500 for a fault.

    Django calls it around the view and around each middleware, while the exception is being handled: no order of the
    middleware lets an outage past it.
    """
    outage = find_outage(sys.exception())
    if outage is None:
        return failed(request)
    logger.error("Outage: %s", outage.value)
    return unavailable(request, outage)
