"""The public version, remembered in a web process while the database promises to tell of each change.

A thread with a connection of its own listens for what triggers send with each commit that changes the version. The
version is remembered only while that connection has answered within TRUSTED seconds; else it is asked for, as in every
process that has no such thread. So a connection that broke costs one statement per request, and one that hangs without
a word lets at most TRUSTED seconds pass. What this process itself writes shows at once: whoever lets a request through
that may write calls `forget`.
"""

import logging
import select
import time
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

import psycopg2
from django.db import Error, connections

from atlas.queries.public_version import public_version

CHANNEL = "atlas_public_change"  # what the triggers of migration 0028 send to
BEAT, TRUSTED, PAUSE = 1.0, 2.0, 1.0  # seconds: between two questions, an answer holds, before connecting again
# Seconds within which a first notice must come by itself, or there is a pooler that keeps notices to itself, and until
# that is tried again.
PROOF, LONG_PAUSE = 5.0, 60.0

logger = logging.getLogger(__name__)


class VersionWatch:
    """`read` asks the database. Every method may be called from any thread."""

    def __init__(self, read: Callable[[], str] = public_version, clock: Callable[[], float] = time.monotonic):
        self._read, self._clock = read, clock
        self._lock = Lock()
        self._version: str | None = None
        self._changes = 0  # notices so far: what was read before the last one is not remembered
        self._trusted_until = 0.0
        self._stop = Event()

    def version(self) -> str:
        """Raises as `read` does."""
        version = self._version
        if version is not None and self._clock() < self._trusted_until:
            return version
        changes = self._changes
        found = self._read()
        with self._lock:
            if changes == self._changes:
                self._version = found
        return found

    def forget(self) -> None:
        """Something may have changed: the next one asks."""
        with self._lock:
            self._changes += 1
            self._version = None

    @property
    def is_listening(self) -> bool:
        return self._clock() < self._trusted_until

    def start(self) -> Thread:
        """Once in a process, after it was forked."""
        thread = Thread(target=self._run, name="public-version", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        is_told = True  # of a loss the log says once
        while not self._stop.is_set():
            own, pause = connections.create_connection("default"), PAUSE
            try:
                own.ensure_connection()
                if self._hears(own):
                    is_told = False
                    while not self._stop.is_set():
                        self._beat(own.connection)
                else:
                    logger.warning("Notices of the database do not arrive: each request asks for the public version.")
                    pause = LONG_PAUSE
            except (Error, psycopg2.Error, OSError) as error:
                if not is_told:
                    logger.warning("The connection that tells of changes was lost: %s", str(error).strip())
                is_told = True
            finally:
                self._trusted_until = 0.0
                self.forget()
                own.close()
            self._stop.wait(pause)

    def _hears(self, own: Any) -> bool:
        """Whether a notice reaches this connection by itself, while nothing is asked on it."""
        own.connection.cursor().execute(f"LISTEN {CHANNEL}")
        other = connections.create_connection("default")
        try:
            other.ensure_connection()
            other.connection.cursor().execute(f"NOTIFY {CHANNEL}")
        finally:
            other.close()
        until = self._clock() + PROOF
        while not own.connection.notifies and self._clock() < until:
            self._wait(own.connection, until)
        return bool(own.connection.notifies)

    def _beat(self, raw: Any) -> None:
        """Hears what there is to hear, then has the database say that there was no more."""
        asked = self._clock()
        raw.cursor().execute("SELECT 1")
        self._note(raw)
        self._trusted_until = asked + TRUSTED
        while self._clock() < asked + BEAT and not self._stop.is_set():
            self._wait(raw, asked + BEAT)
            self._note(raw)

    def _wait(self, raw: Any, until: float) -> None:
        if select.select([raw], [], [], max(until - self._clock(), 0.0))[0]:
            raw.poll()

    def _note(self, raw: Any) -> None:
        if raw.notifies:
            raw.notifies.clear()
            self.forget()


watch = VersionWatch()
