"""What browsers and programs need of public answers: CORS, conditional requests, and how much may still be read.

CORS is open for GET and HEAD and says nothing of credentials, so a browser sends no cookie along and another site reads
what a stranger reads. The three RateLimit-* fields are those of draft-ietf-httpapi-ratelimit-headers-07.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.http import parse_etags

from atlas.queries.live import live_generation
from atlas.web.api_problems import MEDIA_TYPE, problem_data
from atlas.web.public_reads import PublicRead, Validator, find_public_read
from atlas.web.rate_limits import Budget, count_public_read

READS = ("GET", "HEAD")
_DAY = "86400"
_EXPOSED = "Content-Disposition, ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID"
TOO_OFTEN = "More was read from this address within a minute than a program may. Wait the seconds of Retry-After."


class PublicReadsMiddleware:
    """Does what the marks of views say. Inside the middleware that keeps one state of the data for a whole answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        finish = getattr(request, "finish_public_read", None)
        return finish(response) if finish else response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        about = find_public_read(view)
        if about is None:
            return None
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return _preflight()
        if request.method not in READS:
            return None
        budget = count_public_read(request) if about.is_counted else None
        tag = _release_tag(request) if about.validator is Validator.RELEASE else ""
        request.finish_public_read = lambda response: _finish(request, response, about, budget, tag)  # type: ignore[attr-defined]
        if budget is not None and budget.is_spent:
            return _too_often(budget)
        return HttpResponseNotModified() if tag and _has(request, tag) else None


def _finish(
    request: HttpRequest, response: HttpResponse, about: PublicRead, budget: Budget | None, tag: str
) -> HttpResponse:
    held_by = response.headers.get("Cache-Control", "")
    if "no-store" in held_by:  # a panel that failed, or for one person only
        tag = ""
    elif about.validator is Validator.ANSWER and response.status_code == 200 and not response.streaming:
        tag = _quote(response.content)
        response = _not_modified(response) if _has(request, tag) else response
    elif about.validator is Validator.ANSWER and response.status_code == 304:  # the view compared by itself
        tag = response.headers.get("ETag", "")
    if tag and response.status_code in (200, 304):
        response["ETag"] = tag
        if "private" not in held_by:  # asked about each time: after a flip nobody is shown what was live before
            response["Cache-Control"] = f"{_who_may_keep(request)}, no-cache"
    for name, value in _budget_headers(budget).items():
        response[name] = value
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = _EXPOSED
    return response


def _who_may_keep(request: HttpRequest) -> str:
    return (
        "private" if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers else "public"
    )


def _budget_headers(budget: Budget | None) -> dict[str, str]:
    if budget is None:
        return {}
    return {
        "RateLimit-Limit": str(budget.limit),
        "RateLimit-Remaining": str(budget.remaining),
        "RateLimit-Reset": str(budget.reset_seconds),
    }


def _preflight() -> HttpResponse:
    """What a browser asks before it sends a header such as If-None-Match."""
    return HttpResponse(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": ", ".join(READS),
            "Access-Control-Allow-Headers": "Accept, If-None-Match",
            "Access-Control-Max-Age": _DAY,
        },
    )


def _too_often(budget: Budget) -> HttpResponse:
    return JsonResponse(
        problem_data("Request was throttled.", 429, TOO_OFTEN),
        status=429,
        content_type=MEDIA_TYPE,
        headers={"Retry-After": str(budget.reset_seconds)},
    )


def _not_modified(response: HttpResponse) -> HttpResponse:
    """Without the body and what describes it, with the headers that say how it may be kept."""
    kept = {name: response[name] for name in ("Cache-Control", "Vary", "X-Robots-Tag") if name in response.headers}
    return HttpResponseNotModified(headers=kept)


def _release_tag(request: HttpRequest) -> str:
    """Changes with every flip and every release of the portal. The whole address: answers hold links to others."""
    return _quote(repr((settings.CODE_VERSION, live_generation(), request.build_absolute_uri())).encode())


def _quote(said: bytes) -> str:
    return f'"{hashlib.sha256(said).hexdigest()[:32]}"'


def _has(request: HttpRequest, tag: str) -> bool:
    """Whether the asker has this answer; compressed on the way its tag came back weak (RFC 9110, 8.8.3.2)."""
    return tag in (held.removeprefix("W/") for held in parse_etags(request.headers.get("If-None-Match", "")))
