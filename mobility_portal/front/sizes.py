"""How many processes and threads the portal has, by setting. Needs no Django: no settings exist yet."""

import os

from mobility_portal.embedded.refusal import Refusal

MOST = 64


def web_workers() -> int:
    """Processes that answer. Each has the threads below and holds about 250 MB."""
    return _read("WEB_WORKERS", 2)


def web_threads() -> int:
    """Threads of one process for everything but heavy pages."""
    return _read("WEB_THREADS", 4)


def web_heavy_threads() -> int:
    """Threads of one process for pages and files that are computed for each reader: they only share processors."""
    return _read("WEB_HEAVY_THREADS", 1)


def worker_concurrency() -> int:
    """Imports that are made at a time, and as many files for people beside them."""
    return _read("WORKER_CONCURRENCY", 2)


def check_all() -> None:
    """Raises Refusal for the first of them that is no number from 1 to MOST."""
    for read in (web_workers, web_threads, web_heavy_threads, worker_concurrency):
        read()


def _read(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise Refusal(f"{name} is {text!r}; it must be a number from 1 to {MOST}.")
    return int(text)
