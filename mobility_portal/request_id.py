"""Gives each request an id before anything else looks at it. What a client sends in this header is never read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from atlas.web.request_id import begin_request, current_request_id, end_request, new_request_id

HEADER = "X-Request-ID"
__all__ = ["HEADER", "RequestIdMiddleware", "current_request_id"]


class RequestIdMiddleware:
    """`request.request_id`, the header X-Request-ID of every answer, and `current_request_id()` for all within."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = new_request_id()
        request.request_id = request_id  # type: ignore[attr-defined]
        token = begin_request(request_id)
        try:
            response = self.get_response(request)
        finally:
            end_request(token)
        response.headers[HEADER] = request_id
        return response
