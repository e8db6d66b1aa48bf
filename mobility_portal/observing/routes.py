"""The pattern of a request's address: what a log and a metric may name, unlike the address itself."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

NOWHERE = "(no such address)"
STATIC = "(static file)"


def route_of(request: HttpRequest, status: int) -> str:
    """ "cities/<slug:slug>/", "(home)" for "". As many different ones as the portal has addresses, and two more."""
    match = request.resolver_match
    if match is not None:
        return match.route or "(home)"
    if request.path_info.startswith(_static_prefix()):
        return STATIC
    # A kept page is answered before its address is resolved; nothing else is that succeeds.
    return _resolved(request.path_info) if status < 400 else NOWHERE


@lru_cache(maxsize=4096)
def _resolved(path: str) -> str:
    try:
        return resolve(path).route or "(home)"
    except Resolver404:
        return NOWHERE


@lru_cache(maxsize=1)
def _static_prefix() -> str:
    return "/" + settings.STATIC_URL.lstrip("/")
