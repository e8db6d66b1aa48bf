"""What gunicorn takes for a client's socket: reads come from what has arrived, writes go to what leaves by itself."""

import errno
import select
import socket
import time
from typing import Any

from mobility_portal.front import limits
from mobility_portal.front.arriving import Arriving, Stage
from mobility_portal.front.leaving import Leaving
from mobility_portal.front.room import Room

_LARGEST_STEP = 0.5  # seconds


class ClientSocket:
    """A thread waits in here only for a body too large to wait for it whole, or for the reader of a larger answer."""

    def __init__(self, raw: socket.socket, room: Room):
        raw.setblocking(False)
        self.raw = raw
        self.arriving = Arriving()
        self.leaving = Leaving(raw, room)
        # A heavy page for which the line is too long: Django finds this socket as "gunicorn.socket" and says so.
        self.is_turned_away = False
        self._timeout: float | None = None
        self._streamed = 0
        self._began = 0.0

    def begin(self) -> None:
        """A thread was taken for the request."""
        self._streamed, self._began = 0, time.monotonic()

    def next_request(self, unread: bytes) -> None:
        """After an answer: `unread` is what the parser took of the next request already."""
        rest = unread + self.arriving.surplus
        self.arriving.close()
        self.arriving = Arriving()
        if rest:
            self.arriving.feed(rest)

    def has_left(self) -> bool:
        """Whether the client hung up."""
        try:
            return self.raw.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    # --- what gunicorn calls ------------------------------------------------------------------
    def recv(self, size: int) -> bytes:
        found = self.arriving.read(size)
        if found:
            return found
        if self.arriving.surplus:
            found, self.arriving.surplus = self.arriving.surplus[:size], self.arriving.surplus[size:]
        else:
            found = self._wait_and_read(size)
        self._streamed += len(found)
        return found

    def send(self, data: bytes) -> int:
        """gunicorn's "100 Continue": the front said so when the head was there."""
        return len(data)

    def sendall(self, data: bytes) -> None:
        stalled = time.monotonic() + limits.STALL_SECONDS
        while not self.leaving.add(data):
            if self.leaving.flush():
                stalled = time.monotonic() + limits.STALL_SECONDS
            elif not self._wait_for(select.POLLOUT, stalled):
                raise ConnectionResetError(errno.ECONNRESET, "the reader takes nothing")

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        assert count is not None, "gunicorn names it"
        self.leaving.add_file(file.fileno(), offset, count)
        return count

    def fileno(self) -> int:
        return self.raw.fileno()

    def setblocking(self, flag: bool) -> None:
        """The socket itself never blocks."""

    def gettimeout(self) -> float | None:
        return self._timeout

    def settimeout(self, seconds: float | None) -> None:
        self._timeout = seconds

    def shutdown(self, how: int) -> None:
        self.raw.shutdown(how)

    def close(self) -> None:
        self.arriving.close()
        self.leaving.close()
        self.raw.close()

    def _wait_and_read(self, size: int) -> bytes:
        """More of a body that a thread reads: not slower than a body may come."""
        until = self._began + limits.BODY_SECONDS + self._streamed / limits.BODY_RATE
        if self.arriving.stage is not Stage.STREAMED:
            until = min(until, time.monotonic() + 1.0)  # gunicorn sees another end of the request
        if self._timeout is not None:
            until = min(until, time.monotonic() + self._timeout)
        while True:
            try:
                return self.raw.recv(size)
            except BlockingIOError:
                if not self._wait_for(select.POLLIN, until):
                    raise ConnectionResetError(errno.ECONNRESET, "the body came too slowly") from None

    def _wait_for(self, what: int, until: float) -> bool:
        """Whether it may be there; False when the time is over."""
        left = until - time.monotonic()
        if left <= 0:
            return False
        poll = select.poll()
        poll.register(self.raw, what)
        poll.poll(1000 * min(left, _LARGEST_STEP))
        return True
