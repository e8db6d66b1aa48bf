"""Who opens a plan's pages: members as everywhere; strangers what a city made public, and nothing tells more."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from engagements.access.errors import NotFound
from engagements.base.views.decorators import signed_in
from engagements.base.views.signed_in_request import SignedInRequest


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A stranger is asked to sign in where there is nothing public, whether or not there is a plan."""
    members = signed_in(view)

    @wraps(view)
    def guarded(request: SignedInRequest, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated or request.method not in ("GET", "HEAD"):
            return members(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            return redirect_to_login(request.get_full_path())

    return guarded
