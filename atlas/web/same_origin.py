"""Forms that strangers send from pages without a token of their own: only from this portal's own pages.

Public pages are kept for everybody, so they can't carry a token per visitor. Browsers say where a request comes from
in two headers that scripts can't set: Sec-Fetch-Site and Origin. Who says neither is refused.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

SAID = "This form was not sent from a page of this portal. Open the search page and try again."


def same_origin_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that change nothing of anybody's: takes the place of the CSRF token. Raises PermissionDenied."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and not is_same_origin(request):
            raise PermissionDenied(SAID)
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a browser says that one of our own pages sent this; what it says must not contradict itself."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        return False
    own = f"{request.scheme}://{request.get_host()}"
    return site in (None, "same-origin") and origin in (None, own)
