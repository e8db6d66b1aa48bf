"""gunicorn's threaded worker with a front of its own: a slow client costs a socket, never a thread.

One thread watches all sockets. It reads requests until they are whole (a body waits on the disk), hands them to a
thread, and sends what a slow reader has not taken of the answer. Heavy pages have threads of their own. Parsing,
headers, keep-alive and the WSGI side are gunicorn's. See docs/decisions/ for what else was measured.
"""

import errno
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from mobility_portal.front import limits, sizes
from mobility_portal.front.arriving import REFUSED, Stage
from mobility_portal.front.client_socket import ClientSocket
from mobility_portal.front.lanes import is_heavy, is_probe
from mobility_portal.front.room import Room
from mobility_portal.front.turns import Turns

_STEP = 65_536  # bytes read of one client before another has its turn
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class At(Enum):
    IDLE = "nothing is asked"
    ARRIVING = "a request comes in"
    IN_LINE = "waits for a thread that reads large bodies"
    WITH_THREAD = "a thread answers"
    LEAVING = "the rest of an answer goes out"
    LINGERING = "all is sent; what still comes is thrown away"


class Connection(TConn):
    """`since`, `until`: monotonic seconds, of its state's beginning and of the latest end."""

    def __init__(self, cfg: Any, raw: socket.socket, client: Any, server: Any, room: Room):
        super().__init__(cfg, raw, client, server)
        self.sock: ClientSocket = ClientSocket(raw, room)
        self.parser = http.get_parser(cfg, self.sock, client)
        self.initialized = self.data_ready = True
        self.at = At.IDLE
        self.since = self.until = 0.0
        self.then: Callable[[], None] = lambda: None  # once the answer is out
        self.watched = 0
        self.reserved = 0  # bytes of the room for its body
        self.lingered = 0
        self.is_streaming = False


class BufferingWorker(ThreadWorker):
    """`cfg.threads` for light pages; HEAVY_THREADS more for heavy ones."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.worker_connections = limits.CONNECTIONS
        self.connections: dict[Connection, None] = {}  # those the watching thread looks after, oldest state first
        self.room = Room(limits.ON_DISK)
        self.heavy_pool: ThreadPoolExecutor | None = None
        self.probe_pool: ThreadPoolExecutor | None = None
        self.heavy_waiting = 0
        self.in_line: list[Connection] = []  # for the one thread that reads large bodies
        self.streaming = 0
        self.turns = Turns()

    def init_process(self) -> None:
        self.heavy_pool = ThreadPoolExecutor(sizes.web_heavy_threads(), "heavy")
        self.probe_pool = ThreadPoolExecutor(1, "probe")
        super().init_process()

    def run(self) -> None:
        super().run()
        self._end_pools()

    def _end_pools(self) -> None:
        for pool in (self.heavy_pool, self.probe_pool):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    # --- connections come ----------------------------------------------------------------------
    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled and self.turns.left(time.monotonic()) <= 0)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        pause = self.turns.left(time.monotonic())
        super().wait_for_and_dispatch_events(min(timeout, pause) if pause > 0 else timeout)

    def accept(self, listener: Any) -> None:
        if self.turns.looks_away(time.monotonic(), self.nr_conns):
            self.set_accept_enabled(False)
            return
        if self.nr_conns >= self.worker_connections - 1:
            self._make_room()
        try:
            raw, client = listener.accept()
        except OSError as error:
            if error.errno in _FULL:
                self._make_room()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conn = Connection(self.cfg, raw, client, listener.getsockname(), self.room)
        self._await_request(conn, limits.HEAD_SECONDS)

    def _make_room(self) -> None:
        """The client that let the portal wait longest has to come again; a download goes on as long as one waits."""
        waiting = [one for one in self.connections if one.at in (At.IDLE, At.ARRIVING, At.LINGERING)]
        for conn in (waiting or list(self.connections))[:1]:
            self._drop(conn)

    def _await_request(self, conn: Connection, seconds: float) -> None:
        stage = At.ARRIVING if conn.sock.arriving.has_begun else At.IDLE
        self._set(conn, stage, seconds, EVENT_READ)
        if conn.sock.arriving.has_begun:  # the client sent it before it had the last answer
            self._look_at(conn)

    def _on_readable(self, conn: Connection, _: object) -> None:
        try:
            data = conn.sock.raw.recv(_STEP)
            if not data:
                self._drop(conn)
                return
            began = conn.sock.arriving.has_begun
            conn.sock.arriving.feed(data)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno == errno.ENOSPC:
                self._refuse(conn, "503 Service Unavailable", "The disk is full.")
            else:
                self._drop(conn)
            return
        if not began:
            self._set(conn, At.ARRIVING, limits.HEAD_SECONDS, EVENT_READ)
        self._look_at(conn)

    def _look_at(self, conn: Connection) -> None:
        """Hands a request on that is whole, and refuses one that is too large."""
        arriving = conn.sock.arriving
        if arriving.stage in REFUSED:
            head = arriving.stage is Stage.HEAD_TOO_LARGE
            status = "431 Request Header Fields Too Large" if head else "413 Content Too Large"
            self._refuse(conn, status, "The request is too large.")
            return
        if arriving.expects_word:
            arriving.expects_word = False
            conn.sock.leaving.add(_CONTINUE)
        if arriving.stage is Stage.BODY and not conn.reserved:
            if not self.room.take(arriving.body_length):
                self._refuse(conn, "503 Service Unavailable", "Too many files arrive at once.")
                return
            conn.reserved = arriving.body_length
            seconds = limits.BODY_SECONDS + arriving.body_length / limits.BODY_RATE
            self._set(conn, At.ARRIVING, seconds, EVENT_READ)
        elif arriving.stage is Stage.STREAMED:
            self._set(conn, At.IN_LINE, limits.BODY_SECONDS * 6, 0)
            self.in_line.append(conn)
            self._take_from_line()
        elif arriving.stage is Stage.WHOLE:
            self.enqueue_req(conn)

    def _take_from_line(self) -> None:
        while self.in_line and not self.streaming:
            conn = self.in_line.pop(0)
            conn.is_streaming = True
            self.streaming += 1
            self.enqueue_req(conn)

    # --- threads answer ------------------------------------------------------------------------
    def enqueue_req(self, conn: Connection) -> None:
        path = b"" if conn.is_streaming else conn.sock.arriving.path  # a large body takes a thread like any other
        heavy = is_heavy(path)
        conn.sock.is_turned_away = heavy and self.heavy_waiting >= limits.HEAVY_WAITING
        heavy = heavy and not conn.sock.is_turned_away
        self._set(conn, At.WITH_THREAD, float("inf"), 0)
        del self.connections[conn]
        pool = self.heavy_pool if heavy else self.probe_pool if is_probe(path) else self.tpool
        assert pool is not None, "init_process makes both"
        self.heavy_waiting += heavy
        self.turns.in_flight += 1
        future = pool.submit(self._answer, conn, heavy)
        future.add_done_callback(lambda done: self.method_queue.defer(self._answered, conn, done, heavy))

    def _answer(self, conn: Connection, heavy: bool) -> bool:
        """In a thread. Whether the connection stays."""
        if heavy and conn.sock.has_left():
            return False
        conn.sock.begin()
        return bool(self.handle(conn))

    def _answered(self, conn: Connection, done: Future[bool], heavy: bool) -> None:
        self.heavy_waiting -= heavy
        self.turns.in_flight -= 1
        if conn.is_streaming:
            conn.is_streaming = False
            self.streaming -= 1
        self.room.give_back(conn.reserved)
        conn.reserved = 0
        failure = None if done.cancelled() else done.exception()
        if failure is not None:
            self.log.error("A request ended without an answer.", exc_info=failure)
        stays = not done.cancelled() and failure is None and done.result()
        self._let_leave(conn, partial(self._next_request, conn) if stays else partial(self._linger, conn))
        self._take_from_line()

    def _next_request(self, conn: Connection) -> None:
        try:
            conn.sock.next_request(conn.parser.unreader.take_buffered())
        except OSError:
            self._drop(conn)
            return
        self._await_request(conn, limits.IDLE_SECONDS if self.alive else 2.0)

    # --- answers go out ------------------------------------------------------------------------
    def _let_leave(self, conn: Connection, then: Callable[[], None]) -> None:
        conn.then = then
        self.connections[conn] = None
        if conn.sock.leaving.is_empty:
            then()
        else:
            self._set(conn, At.LEAVING, limits.STALL_SECONDS, EVENT_WRITE)

    def _on_writable(self, conn: Connection, _: object) -> None:
        try:
            sent = conn.sock.leaving.flush()
        except OSError:
            self._drop(conn)
            return
        if conn.sock.leaving.is_empty:
            conn.then()
        elif sent:
            conn.until = time.monotonic() + limits.STALL_SECONDS

    def _refuse(self, conn: Connection, status: str, said: str) -> None:
        body = f"{said}\n".encode()
        again = "Retry-After: 30\r\n" if status.startswith("503") else ""
        head = (
            f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"{again}Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            conn.sock.leaving.add(head.encode() + body)
        except OSError:
            self._drop(conn)
            return
        self._let_leave(conn, partial(self._linger, conn))

    def _linger(self, conn: Connection) -> None:
        """Closed at once, an answer that is under way would be lost where the client still sends (RFC 9112, 9.6)."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
            return
        self._set(conn, At.LINGERING, limits.LINGER_SECONDS, EVENT_READ)

    def _on_rest(self, conn: Connection, _: object) -> None:
        try:
            data = conn.sock.raw.recv(_STEP)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.lingered += len(data)
        if not data or conn.lingered > limits.LINGER_BYTES:
            self._drop(conn)

    # --- all of them ---------------------------------------------------------------------------
    def _set(self, conn: Connection, at: At, seconds: float, watch: int) -> None:
        conn.at, conn.since = at, time.monotonic()
        conn.until = conn.since + seconds
        self.connections.pop(conn, None)
        self.connections[conn] = None
        callbacks = {At.IDLE: self._on_readable, At.ARRIVING: self._on_readable, At.LEAVING: self._on_writable}
        callback = partial(callbacks.get(at, self._on_rest), conn)
        if watch and conn.watched:
            self.poller.modify(conn.sock.raw, watch, callback)
        elif watch:
            self.poller.register(conn.sock.raw, watch, callback)
        elif conn.watched:
            self.poller.unregister(conn.sock.raw)
        conn.watched = watch

    def _drop(self, conn: Connection) -> None:
        if conn.watched:
            self.poller.unregister(conn.sock.raw)
            conn.watched = 0
        self.connections.pop(conn, None)
        if conn in self.in_line:
            self.in_line.remove(conn)
        self.room.give_back(conn.reserved)
        conn.reserved = 0
        self.nr_conns -= 1
        conn.sock.close()

    def murder_pending(self) -> None:
        """gunicorn's name for what is done every second: whoever is too slow is let go."""
        now = time.monotonic()
        for conn in [one for one in self.connections if one.until <= now]:
            if conn.at in (At.ARRIVING, At.IN_LINE):
                if conn in self.in_line:
                    self.in_line.remove(conn)
                self._refuse(conn, "408 Request Timeout", "The request did not arrive in time.")
            else:
                self._drop(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """At the end all are let go whom no thread answers."""
        if force:
            for conn in list(self.connections):
                self._drop(conn)
        elif not self.alive:
            for conn in [one for one in self.connections if one.at is At.IDLE and one.until - time.monotonic() > 2.0]:
                conn.until = time.monotonic() + 2.0

    def handle_quit(self, sig: int, frame: Any) -> None:
        self._end_pools()
        super().handle_quit(sig, frame)
