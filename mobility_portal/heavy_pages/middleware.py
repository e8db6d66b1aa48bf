"""One reader may not keep the processors busy: beyond a number of heavy pages 429 says when to come again.

Where too many wait for heavy pages already, the front marks a request, and it is answered with 503 at once. A kept page
costs nothing and is not counted. People without an account are counted by address, people with one by account, which
several devices share.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from atlas.web.api_problems import MEDIA_TYPE, problem_data
from atlas.web.rate_limits import Bucket, client_address
from mobility_portal.front.lanes import is_counted, is_turned_away
from mobility_portal.heavy_pages.bucket import take_token
from mobility_portal.outages.answers import unavailable
from mobility_portal.outages.causes import Outage

_READS = ("GET", "HEAD")


class HeavyPagesMiddleware:
    """Behind the middleware that knows who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_turned_away(request.META):
            return unavailable(request, Outage.BUSY)
        if settings.HEAVY_PAGES_PER_MINUTE and request.method in _READS and is_counted(request.path_info.encode()):
            wait = take_token(*_whose(request))
            if wait:
                return too_often(request, wait)
        return self.get_response(request)


def _whose(request: HttpRequest) -> tuple[str, Bucket]:
    """Addresses are kept as keyed hashes until their bucket is full again, and nowhere else."""
    rate = settings.HEAVY_PAGES_PER_MINUTE
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return f"person-{request.user.pk}", Bucket(at_once=2 * rate, per_minute=2 * rate)
    digest = salted_hmac("heavy-pages", client_address(request)).hexdigest()[:32]
    return f"address-{digest}", Bucket(at_once=rate, per_minute=rate)


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """A page, or a problem document for the API and for files, which programs read."""
    said = ngettext(
        "More large pages or files were asked for than one reader opens. Wait {seconds} second, then try again.",
        "More large pages or files were asked for than one reader opens. Wait {seconds} seconds, then try again.",
        seconds,
    ).format(seconds=seconds)
    if request.path_info.startswith("/api/") or not request.path_info.endswith("/"):
        problem = problem_data("Request was throttled.", 429, said)
        response: HttpResponse = JsonResponse(problem, status=429, content_type=MEDIA_TYPE)
    else:
        response = render(request, "429_reading.html", {"said": said}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
