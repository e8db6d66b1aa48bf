"""How quickly a stranger's kept page is answered, beside a bare Django view that returns the same bytes.

Both run in this process through Django's WSGI handler, in as many threads as a web worker has, and in turns, so that
their ratio holds for any machine. The bare view has no middleware and no database; the kept page has Django's
SecurityMiddleware and the page cache, which has to know whether the page is still true. "asked": by one SQL statement
for each request, as while no connection tells of changes. Without that word: as in a web worker, which is told of them.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from io import BytesIO

from django.conf import settings
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from mobility_portal.bench.results import Results
from mobility_portal.bench.timing import Timing, measure
from mobility_portal.gunicorn_settings import threads
from mobility_portal.page_cache.version_watch import watch

ADDRESS = "/cities/detroit/"
ROUNDS, REQUESTS = 9, 200  # in turns; requests of one round
COLD = 10  # runs
ENOUGH, ENOUGH_304 = 1 / 2, 2 / 3  # of the bare view's rate
COLD_LIMIT = 0.250  # seconds
PATIENCE = 10.0  # seconds until the database tells of changes

_same: list[bytes] = []  # what the bare view answers with


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_same[0], headers={"Content-Encoding": "br"})


urlpatterns = [path("bare/", bare)]


def report(results: Results, forget: Callable[[], None]) -> None:
    """Needs the city of ADDRESS. `forget` empties what queries remember."""
    whole = WSGIHandler()
    warm = partial(_ask, whole, ADDRESS)

    def cold() -> None:
        cache.clear()
        forget()
        connection.close()
        connection.ensure_connection()

    def anew() -> None:
        _ask(WSGIHandler(), ADDRESS)

    taken = measure(anew, COLD, before=cold)
    first = warm()
    results.add_milliseconds("kept_page_cold", taken, f"{len(first.content) / 1000:.1f} kB brotli", limit=COLD_LIMIT)
    tag = first["ETag"]
    assert warm().content == first.content and first.status_code == 200
    not_modified = partial(_ask, whole, ADDRESS, HTTP_IF_NONE_MATCH=tag)
    assert not_modified().status_code == 304
    _same[:] = [first.content]
    with _bare_django():
        single = partial(_ask, WSGIHandler(), "/bare/")
        assert single().content == first.content
    asked: dict[str, Asked] = {
        "bare": (single, _bare_django),
        "warm": (warm, nullcontext),
        "304": (not_modified, nullcontext),
    }
    for prefix, told in (("asked_", nullcontext), ("", _told_of_changes)):
        with told():
            rates = _rates(asked)
        for name, taken in rates.items():
            per_second, said = 1 / taken.median, f"in {len(taken.seconds)} rounds of {REQUESTS}"
            results.add(f"kept_page_{prefix}{name}_per_second", per_second, said)
        for name, enough in (("warm", ENOUGH), ("304", ENOUGH_304)):
            ratio = rates["bare"].median / rates[name].median
            limit = "of a bare view's rate" if prefix else f"of a bare view's rate; at least {enough:.2f}"
            results.add(f"kept_page_{prefix}{name}_ratio", ratio, limit)


@contextmanager
def _told_of_changes() -> Iterator[None]:
    """As in a web worker. Raises TimeoutError where the database's notices do not arrive."""
    thread, until = watch.start(), time.monotonic() + PATIENCE
    try:
        while not watch.is_listening:
            if time.monotonic() > until:
                raise TimeoutError("no notice of the database arrived")
            time.sleep(0.05)
        yield
    finally:
        watch.stop()
        thread.join()


def _bare_django() -> AbstractContextManager:
    return override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__)


Asked = tuple[Callable[[], HttpResponse], Callable[[], AbstractContextManager]]


def _rates(asked: dict[str, Asked]) -> dict[str, Timing]:
    """Seconds of one request, of all threads together, by rounds that take turns; their beginning is not timed."""
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, (ask, with_settings) in asked.items():
            with with_settings(), ThreadPoolExecutor(threads, initializer=ask) as pool:
                list(pool.map(time.sleep, [0.02] * threads))  # every thread has begun, and has its connection
                start = time.perf_counter()
                list(pool.map(lambda count, ask=ask: [ask() and None for _ in range(count)], [REQUESTS] * threads))
                seconds[name].append((time.perf_counter() - start) / (REQUESTS * threads))
                list(pool.map(_close_connection, range(threads)))
    return {name: Timing(tuple(found)) for name, found in seconds.items()}


def _close_connection(_: int) -> None:
    time.sleep(0.02)  # so that each thread gets one of these
    connection.close()


def _ask(handler: WSGIHandler, address: str, **headers: str) -> HttpResponse:
    """One request as a server hands it on, answer closed. An ordinary browser's headers."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(settings.PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": f"127.0.0.1:{settings.PORT}",
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    } | headers
    answer = handler(environ, lambda *_: bytes)
    assert isinstance(answer, HttpResponse)
    answer.close()
    return answer
