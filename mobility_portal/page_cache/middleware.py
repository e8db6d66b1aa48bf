"""Answers strangers' requests for public pages from what is kept.

Stands outside everything but Django's SecurityMiddleware: a kept page has been through all of it once, and its headers
are kept with it. Whoever is signed in, or brings anything a page could differ by, passes through.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from atlas.queries.areas import area_stamp
from dashboards.panels.failed_panels import collect_failed_panels
from mobility_portal.front.lanes import is_turned_away
from mobility_portal.page_cache.kept_page import KeptPage, answer_with, keep
from mobility_portal.page_cache.kept_views import KeptAddress, area_token, find_kept_address
from mobility_portal.page_cache.store import NearPages, find_page, is_being_made, only_maker, put_page
from mobility_portal.page_cache.version_watch import watch

SHOWN_WITHOUT_DATABASE = 600.0  # seconds in which kept pages are shown while the database is away
METHODS, READS = ("GET", "HEAD"), ("GET", "HEAD", "OPTIONS")
PATIENCE, STEP = 3.0, 0.03  # seconds to wait for a page that somebody else makes, and between two looks
AREA_PATIENCE = 15.0  # pages of areas are the largest, and have threads of their own
# Settings that templates read and that are no part of CODE_VERSION.
_SHOWN_SETTINGS = ("CONTACT_EMAIL", "PORTAL_URL", "DEMO_ACCOUNTS", "SIGN_ON_SERVERS", "STATIC_FROM_SOURCE", "DEBUG")
# Headers that say who asks or that a part of a page is wanted; what they ask for is made for them alone.
_OF_ONE_VISITOR = ("HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_X_REQUESTED_WITH")
# A prefix that every link of a page begins with. gunicorn takes it from a header, which a visitor may get past a proxy.
_PREFIX = "SCRIPT_NAME"
_CONDITIONAL = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH")


class PageCacheMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.near = NearPages()
        self.origins = known_origins()
        self.known = _KnownVersion()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            try:
                return self.get_response(request)
            finally:
                watch.forget()  # what was written here is seen here at once
        origin = self._origin(request)
        if origin is None:
            return self.get_response(request)
        asked = (origin, request.path_info, request.META.get("QUERY_STRING", ""))
        address = None if self.near.knows(asked) else find_kept_address(request)
        if address is None and not self.near.knows(asked):
            return self.get_response(request)
        try:
            version = self._version(request.path_info)
        except Error:  # the database is away: the page itself says so
            return self.get_response(request)
        if not version:  # an area that strangers may not see
            return self.get_response(request)
        page = self.near.find(asked, version)
        if page is None:
            address = address or find_kept_address(request)
            assert address is not None, "only pages of kept addresses are near"
            key = key_of(origin, address)
            page = find_page(key, version, is_few=address.is_few)
            if page is None:
                return self._make(request, asked, address, key, version)
            self.near.put(asked, page)
        return answer_with(page, request)

    def _version(self, path: str) -> str:
        """Without the database the last one it named, for a while: what was shown a moment ago is still right.

        An area has a version of its own, and may be nobody's to see by now. Raises the database's Error.
        """
        try:
            version = version_of(path)
        except Error:
            if area_token(path) or time.monotonic() - self.known.at > SHOWN_WITHOUT_DATABASE:
                raise
            return self.known.version
        if not area_token(path):
            self.known = _KnownVersion(version, time.monotonic())
        return version

    def _origin(self, request: HttpRequest) -> str | None:
        """Of a stranger's request for a whole page at one of the portal's own names; None for any other."""
        meta = request.META
        if request.method not in METHODS or any(name in meta for name in _OF_ONE_VISITOR) or meta.get(_PREFIX):
            return None
        if "HTTP_COOKIE" in meta and _has_own_cookie(request):
            return None
        origin = f"{request.scheme}://{meta.get('HTTP_HOST', '')}"
        if origin not in self.origins or connection.in_atomic_block:  # what is not committed is nobody's yet
            return None
        return origin

    def _make(
        self, request: HttpRequest, asked: tuple[str, str, str], address: KeptAddress, key: str, version: str
    ) -> HttpResponse:
        """Makes the page and keeps it; waits for whoever makes it already."""
        if not _may_make(request):
            return self.get_response(request)
        with only_maker(key) as may_make:
            if not may_make:
                page = _wait_for(key, version, address)
                return self.get_response(request) if page is None else answer_with(page, request)
            with collect_failed_panels() as failed, _PlainRequest(request):
                response = self.get_response(request)
            if failed or not _may_keep(response, address) or version_of(request.path_info) != version:
                return response
            page = keep(response, version)
            response.close()
            put_page(key, page, is_few=address.is_few)
        self.near.put(asked, page)
        return answer_with(page, request)


@dataclass(frozen=True)
class _KnownVersion:
    """The last one the database named, and when (monotonic seconds)."""

    version: str = ""
    at: float = -float("inf")


class _PlainRequest:
    """Within the block the request asks for the whole page, uncompressed."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.taken: dict[str, str] = {}

    def __enter__(self) -> None:
        self.taken = {name: self.request.META.pop(name) for name in _CONDITIONAL if name in self.request.META}
        self.request.__dict__.pop("headers", None)  # Django's copy of them

    def __exit__(self, *failure: object) -> None:
        self.request.META.update(self.taken)
        self.request.__dict__.pop("headers", None)


def known_origins() -> frozenset[str]:
    """Schemes with hosts at which readers reach the portal: a page holds absolute links, so each has pages of its own.

    Only exact names: a pattern such as ".example.org" would let a visitor choose how many there are.
    """
    scheme = "https" if settings.BEHIND_HTTPS else "http"
    exact = [host for host in settings.ALLOWED_HOSTS if host and host[0] != "." and host != "*"]
    found = {f"{scheme}://{host}{port}" for host in exact for port in ("", f":{settings.PORT}")}
    return frozenset(found | {settings.PORTAL_URL.rstrip("/")})


def current_version() -> str:
    """Of the data, the code, the settings that pages show, the language and the day (UTC)."""
    day = int(time.time() // 86_400)
    shown = repr([getattr(settings, name) for name in _SHOWN_SETTINGS])  # lists among them
    return _digest(watch.version(), settings.CODE_VERSION, shown, get_language(), day)


def version_of(path: str) -> str:
    """Of what the page at this path shows; "" where strangers may not see it. An area costs one statement more."""
    token = area_token(path)
    if not token:
        return current_version()
    stamp = area_stamp(token)
    return "" if stamp is None else _digest(current_version(), stamp)


@lru_cache(maxsize=64)
def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def key_of(origin: str, address: KeptAddress) -> str:
    said = repr((origin, address.view, address.path, address.parameters, get_language()))
    return hashlib.sha256(said.encode()).hexdigest()


def _has_own_cookie(request: HttpRequest) -> bool:
    """Signed in, perhaps, or with a message that waits to be shown."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def _may_make(request: HttpRequest) -> bool:
    """Only an ordinary reader's request makes an entry, or waits for one."""
    meta = request.META
    return (
        not is_turned_away(meta)
        and request.method == "GET"
        and "HTTP_RANGE" not in meta
        and meta.get("SERVER_PROTOCOL", "HTTP/1.1") != "HTTP/1.0"
    )


def _may_keep(response: HttpResponse, address: KeptAddress) -> bool:
    """A whole page, or a part that its script asks for, that sets no cookie and that its view lets anybody keep.

    An area's page is "private" for caches between us and its readers; here its stamp is looked at each time.
    """
    held_by = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith(("text/html", "application/json"))
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and "no-store" not in held_by
        and ("private" not in held_by or bool(area_token(address.path)))
    )


def _wait_for(key: str, version: str, address: KeptAddress) -> KeptPage | None:
    until = time.monotonic() + (AREA_PATIENCE if area_token(address.path) else PATIENCE)
    while time.monotonic() < until:
        time.sleep(STEP)
        goes_on = is_being_made(key)
        page = find_page(key, version, is_few=address.is_few)
        if page is not None or not goes_on:  # what was made was not to be kept: everybody makes their own
            return page
    return None
