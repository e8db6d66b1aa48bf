"""What an address that is not there and a request that can't be read answer: a page, or the API's problem document."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from atlas.models.areas import MAX_TRACTS
from atlas.web.api_problems import MEDIA_TYPE, problem_data

NO_ADDRESS = "There is nothing at this address; /api/docs/ lists every address of the API."
UNREADABLE = "The request could not be read: it is too large, has too many fields, or a part of it is damaged."


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if _is_api(request):
        return _problem("Not found.", 404, NO_ADDRESS)
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. The body and the host are what may be wrong, so the page asks for neither."""
    if _is_api(request):
        return _problem("Bad request.", 400, UNREADABLE)
    return HttpResponseBadRequest(render_to_string("400.html", {"most_tracts": MAX_TRACTS}))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(title: str, status: int, detail: str) -> JsonResponse:
    return JsonResponse(problem_data(title, status, detail), status=status, content_type=MEDIA_TYPE)
