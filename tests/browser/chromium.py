"""One Chromium for all browser tests of a process; each page has a context of its own: no cookie, no storage stays."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# A wait ends when its condition holds; only a failure takes this long. Two busy processors can make a page slow.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)


class _Running:
    """Playwright and its browser, started by the first page. Between pages no event loop counts as running: Django
    refuses the database calls of a thread that has one."""

    def __init__(self):
        self._play = self._browser = self._loop = None

    def __enter__(self) -> Browser:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # all database calls of this thread are the test's
        if self._play is None:
            self._play = sync_playwright().start()
            self._loop = asyncio.get_running_loop()
        asyncio._set_running_loop(self._loop)
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._play.chromium.launch(
                executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
            )
        return self._browser

    def __exit__(self, *failure) -> None:
        asyncio._set_running_loop(None)
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]

    def stop(self) -> None:
        if self._play is None:
            return
        asyncio._set_running_loop(self._loop)
        with suppress(Error):  # a browser that broke down is gone already
            self._browser.close()
        self._play.stop()
        asyncio._set_running_loop(None)


running = _Running()


@contextmanager
def browser_page(portal: str, **options) -> Iterator:
    """A page that collects everything a strict policy or a broken script would say."""
    options.setdefault("service_workers", "block")  # but for the tests of a lost connection: it takes a second a page
    with running as browser:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        try:
            page = context.new_page()
            page.problems = []
            page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.on(
                "request",
                lambda sent: _is_foreign(sent.url, portal) and page.problems.append(f"left the host: {sent.url}"),
            )
            yield page
        finally:
            context.close()


def _is_foreign(address: str, portal: str) -> bool:
    return not address.startswith((portal, "data:", "blob:"))
