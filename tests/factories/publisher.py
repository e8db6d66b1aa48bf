"""A publisher's server on this machine that can misbehave: every answer of a path may be scripted."""

import gzip
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from atlas.sources.downloads import Download


class Publisher:
    """`files` are served by path with ETag, Range and If-None-Match; `scripted` answers come first, in order.

    A scripted answer is the name of a trick (see `_Handler`) and is used up. `seen` lists (method, path, headers).
    """

    def __init__(self, address: str):
        self.address = address
        self.files: dict[str, bytes] = {}
        self.scripted: dict[str, list[str]] = {}
        self.seen: list[tuple[str, str, dict]] = []
        self.stop = threading.Event()

    def put(self, path: str, body: bytes, *tricks: str) -> str:
        """The address of a file."""
        self.files[path] = body
        self.scripted[path] = list(tricks)
        return f"{self.address}{path}"

    def gets(self, path: str) -> list[dict]:
        """Headers of each GET of a path."""
        return [headers for method, seen, headers in self.seen if method == "GET" and seen == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *arguments):
        """Silence."""

    def do_HEAD(self):  # noqa: N802
        self._note()
        self._answer(200 if self.path in self.publisher.files else 404, b"", {})

    def do_GET(self):  # noqa: N802
        self._note()
        script = self.publisher.scripted.get(self.path, [])
        body = self.publisher.files.get(self.path)
        if script:
            getattr(self, f"_{script.pop(0)}")(body)
        elif body is None:
            self._answer(404, b"no such file", {})
        else:
            self._serve(body)

    @property
    def publisher(self) -> Publisher:
        return self.server.publisher

    def _note(self):
        self.publisher.seen.append((self.command, self.path, dict(self.headers)))

    def _answer(self, status: int, body: bytes, headers: dict, length: int | None = None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _tag(self, body: bytes) -> str:
        return f'"{hashlib.sha256(body).hexdigest()[:12]}"'

    def _serve(self, body: bytes, cut: int | None = None):
        headers = {"ETag": self._tag(body)}
        asked = self.headers.get("Range", "")
        if self.headers.get("If-None-Match") == headers["ETag"]:
            return self._answer(304, b"", headers, 0)
        start, status = 0, 200
        if asked and self.headers.get("If-Range") == headers["ETag"]:
            start, status = int(asked.removeprefix("bytes=").rstrip("-")), 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self._answer(status, body[start : cut or None], headers, len(body) - start)
        if cut:
            self.close_connection = True
        return None

    def _cut(self, body):
        """Half of it, then the connection ends."""
        self._serve(body, cut=len(body) // 2)

    def _error(self, body):
        self._answer(500, b"sorry", {})

    def _busy(self, body):
        self._answer(503, b"sorry", {"Retry-After": "1"})

    def _hang(self, body):
        self.publisher.stop.wait(8)
        self.close_connection = True

    def _page(self, body):
        self._answer(200, b"\n<!DOCTYPE html><html><title>Sign in</title></html>", {"Content-Type": "text/html"})

    def _elsewhere(self, body):
        self._answer(302, b"", {"Location": "http://other.example.org/file.csv"})

    def _private(self, body):
        """To another name of this machine, by https."""
        port = self.server.server_address[1]
        self._answer(302, b"", {"Location": f"https://localhost:{port}/file.csv"})

    def _here(self, body):
        self._answer(302, b"", {"Location": "/moved" + self.path})

    def _round(self, body):
        self.publisher.scripted[self.path].append("round")
        self._answer(302, b"", {"Location": self.path})

    def _short(self, body):
        """Promises more than there is."""
        self._answer(200, body, {"ETag": self._tag(body)}, len(body) + 100)
        self.close_connection = True

    def _huge(self, body):
        self._answer(200, b"x", {}, 10**12)
        self.close_connection = True

    def _endless(self, body):
        """No length, more than anybody wants."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in count():
            try:
                self.wfile.write(b"x" * 65536)
            except OSError:
                break
        self.close_connection = True

    def _drip(self, body):
        self._answer(200, body[:1000], {}, len(body))
        for byte in body[1000:]:
            if self.publisher.stop.wait(0.05):
                break
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                break
        self.close_connection = True

    def _ignores_range(self, body):
        self._answer(200, body, {"ETag": self._tag(body)})

    def _changed(self, body):
        """Other bytes under the tag of the old ones."""
        self._answer(200, body[::-1], {"ETag": self._tag(body)})

    def _wrong_part(self, body):
        self._answer(206, body[5:], {"Content-Range": f"bytes 5-{len(body) - 1}/{len(body)}"})

    def _too_many(self, body):
        self._answer(429, b"later", {"Retry-After": "3600"})

    def _picture(self, body):
        self._answer(200, b"\x89PNG", {"Content-Type": "image/png"})

    def _bomb(self, body):
        """300 MB of zeros in 300 kB."""
        packed = gzip.compress(bytes(300_000_000), 1)
        self._answer(200, packed, {"Content-Encoding": "gzip"})

    def _packed(self, body):
        self._answer(200, gzip.compress(body), {"Content-Encoding": "gzip"})

    def _inner(self, body):
        """To this machine under another name, by http."""
        self._answer(302, b"", {"Location": f"http://127.0.0.2:{self.server.server_address[1]}/file.csv"})

    def _slow_head(self, body):
        """One byte of the head now and then."""
        for byte in b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 4000:
            if self.publisher.stop.wait(0.1):
                break
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                break
        self.close_connection = True

    def _digest(self, body):
        self._answer(200, body, {"Repr-Digest": "sha-256=:AAAA:"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that leaves in the middle is what is being tested."""


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A server on a free port of 127.0.0.1."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.publisher = Publisher(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.publisher
    finally:
        server.publisher.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def download(*addresses: str, name: str = "table", **more) -> Download:
    fields = {"file_name": f"{name}.csv", "kind": "tracts", "expected_bytes": 1000, "max_bytes": 3_000_000}
    return Download(name=name, addresses=addresses, **{**fields, **more})
