"""After a flip the worker makes the pages readers open first, so that none of them waits for one."""

import time
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from atlas.queries.cities import cities
from mobility_portal.page_cache.middleware import current_version

MOST_SECONDS = 60.0  # then the rest is left to readers
MOST_CITIES = 50
_WARMED = "pages-warmed"
_AT_WORK = "pages-being-warmed"


def warm_addresses() -> list[str]:
    """Home, every city, and the pages one click away; the most read first."""
    slugs = [city.slug for city in cities()[:MOST_CITIES]]
    pages = [reverse("home"), *(reverse("city", args=[slug]) for slug in slugs)]
    pages += [reverse(name) for name in ("cities", "works", "evidence", "methods", "compare")]
    return pages + [reverse("city_analysis", args=[slug]) for slug in slugs]


def warm_pages(clock: Callable[[], float] = time.monotonic) -> int:
    """Makes what is not kept yet in its present version; nothing where that was done. Returns how many were asked for.

    One worker at a time. While Redis is away nothing is made: it would be kept nowhere.
    """
    version = current_version()
    if cache.get(_WARMED) == version or not cache.add(_AT_WORK, 1, int(MOST_SECONDS) + 10):
        return 0
    cache.set(_WARMED, version, None)
    if cache.get(_WARMED) != version:
        return 0
    try:
        return _warm(warm_addresses(), clock() + MOST_SECONDS, clock)
    finally:
        cache.delete(_AT_WORK)


def _warm(addresses: list[str], until: float, clock: Callable[[], float]) -> int:
    handler = WSGIHandler()
    for count, address in enumerate(addresses):
        if clock() > until:
            return count
        ask(handler, address)
    return len(addresses)


def ask(handler: WSGIHandler, address: str) -> int:
    """A stranger's request for a page through all of the middleware, in this process. Returns the status.

    As a server does it, by what WSGI promises: a Sentry library wraps what the handler returns.
    """
    portal = urlsplit(settings.PORTAL_URL)
    statuses: list[str] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], failure: object = None, /
    ) -> Callable[[bytes], object]:
        statuses.append(status)
        return bytes

    answer = handler(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "QUERY_STRING": "",
            "SERVER_NAME": portal.hostname or "",
            "SERVER_PORT": str(portal.port or (443 if portal.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": portal.netloc,
            "HTTP_X_FORWARDED_PROTO": portal.scheme,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": portal.scheme,
            "wsgi.input": BytesIO(),
        },
        start_response,
    )
    answer.close()
    return int(statuses[-1].split()[0])
