"""One line of the log and one observation of the metrics for each request."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import empty

from mobility_portal.observing import metrics
from mobility_portal.observing.routes import route_of
from mobility_portal.observing.statements import StatementCount

logger = logging.getLogger("portal.request")
# What asks every few seconds whether all is well fills no log while it is.
_PROBES = frozenset({"healthz", "livez", "readyz", "metrics"})


class RequestLogMiddleware:
    """Behind the middleware that gives the id. The time is until the answer begins: files are sent after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        counted, began = StatementCount(), perf_counter()
        metrics.IN_PROGRESS.inc()
        try:
            with connection.execute_wrapper(counted):
                response = self.get_response(request)
        finally:
            metrics.IN_PROGRESS.dec()
        _tell(request, response, perf_counter() - began, counted)
        return response


def _tell(request: HttpRequest, response: HttpResponse, seconds: float, counted: StatementCount) -> None:
    status = response.status_code
    route = route_of(request, status)
    metrics.observe_request(route, status, seconds)
    if route in _PROBES and status < 400:
        return
    level = logging.WARNING if status >= 500 else logging.INFO
    fields = {
        "method": request.method if request.method in _METHODS else "other",
        "route": route,
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "bytes": _size(response),
        "statements": counted.number,
        "statements_ms": round(counted.seconds * 1000, 1),
        "user_id": _user_id(request),
    }
    logger.log(level, "%s %s %s", fields["method"], route, status, extra={"fields": fields})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _size(response: HttpResponseBase) -> int | None:
    """Of the body; None while nobody knows how long it gets."""
    length = response.headers.get("Content-Length")
    if length is not None:
        return int(length)
    return None if response.streaming else len(getattr(response, "content", b""))


def _user_id(request: HttpRequest) -> int | None:
    """Of whoever the view asked for. Nobody is fetched for the log: a page that asks for nobody stays without."""
    user: Any = request.__dict__.get("user")
    if user is None or getattr(user, "_wrapped", None) is empty:
        return None
    return user.pk
