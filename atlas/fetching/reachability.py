"""Which hosts answer at all: asked all at once, decided within seconds.

Names are resolved in the threads too, since a name server that does not answer hangs for longer than any timeout
of a socket. The threads are daemons and left behind: nothing waits for them, not even the end of the process.
"""

import queue
import threading
import time
from collections.abc import Iterable

from atlas.fetching.addresses import origin
from atlas.fetching.errors import FetchError
from atlas.fetching.session import CONNECT_SECONDS, new_session, send_request

# A first start says within five seconds that no source answers: what is left is for the job around the question.
DEADLINE_SECONDS = 3.5
Origin = tuple[str, str, int]


def reachable_origins(addresses: Iterable[str], seconds: float = DEADLINE_SECONDS) -> frozenset[Origin]:
    """Origins of `addresses` that gave any answer of HTTP within `seconds`; returns as soon as all are decided."""
    addresses_by_origin: dict[Origin, str] = {}
    for address in addresses:
        try:
            addresses_by_origin.setdefault(origin(address), address)
        except FetchError:
            continue
    answers: queue.SimpleQueue[tuple[Origin, bool]] = queue.SimpleQueue()
    deadline = time.monotonic() + seconds
    for key, address in addresses_by_origin.items():
        threading.Thread(target=_probe, args=(key, address, seconds, answers), daemon=True, name="probe").start()
    found: set[Origin] = set()
    for _ in addresses_by_origin:
        try:
            key, answered = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if answered:
            found.add(key)
    return frozenset(found)


def _probe(key: Origin, address: str, seconds: float, answers: queue.SimpleQueue[tuple[Origin, bool]]) -> None:
    """Any status counts as an answer: whether a file is there is asked per file."""
    answered = False
    session = new_session()
    try:
        with send_request(session, address, method="HEAD", timeouts=(CONNECT_SECONDS, seconds)):
            answered = True
    except (FetchError, OSError, ValueError):
        answered = False
    finally:
        session.close()
        answers.put((key, answered))
