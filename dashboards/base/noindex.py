"""Pages that are found by their link alone: not in search engines, not in a cache between us and the reader."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse


def noindex(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An area that is archived or closed is gone at the next request, so nothing may be kept unasked."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-cache"
        return response

    return wrapped
