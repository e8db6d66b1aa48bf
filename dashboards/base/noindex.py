"""Pages that are found by their link alone: not in search engines, not in a cache between us and the reader."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import HttpRequest, HttpResponse

from atlas.web.public_reads import Validator, find_public_read


def noindex(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An area that is archived or closed is gone at the next request, so nothing may be kept unasked."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-cache"
        return response

    about = find_public_read(view)
    if about is not None:  # the live data do not say whether the area is still there: its answer does
        wrapped.public_read = replace(about, validator=Validator.ANSWER)  # type: ignore[attr-defined]
    return wrapped
