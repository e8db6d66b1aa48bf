"""A local server that webhooks are sent to, and that behaves as badly as one likes."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """`behaves`: "well", "hangs", "drips", "redirects", "fails", "asks to wait", "refuses", "is gone" or "floods".

    `taken`: (headers in lower case, body) of each message, oldest first.
    """

    address: str
    behaves: str = "well"
    leads_to: str = "http://169.254.169.254/latest/meta-data/"
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    sent: int = 0  # bytes of a flood that were written

    @property
    def last(self) -> dict:
        return json.loads(self.taken[-1][1])


@contextmanager
def receiver():
    known = Receiver("")
    is_over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.close_connection = True
            try:
                getattr(self, "when_" + known.behaves.replace(" ", "_"))()
            except OSError:
                pass  # the other side hung up, as it should

        def answer(self, status, text=b"ok", **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def when_well(self):
            self.answer(200)

        def when_hangs(self):
            is_over.wait(30)

        def when_drips(self):
            self.wfile.write(b"HTTP/1.1 200 ")
            while not is_over.wait(0.1):
                self.wfile.write(b"O")

        def when_redirects(self):
            self.answer(302, b"", Location=known.leads_to)

        def when_fails(self):
            self.answer(500, b"<h1>Oh</h1>\x00no")

        def when_asks_to_wait(self):
            self.answer(429, b"slow", Retry_After="90")

        def when_refuses(self):
            self.answer(400, b"invalid_blocks")

        def when_is_gone(self):
            self.answer(410, b"gone")

        def when_floods(self):
            self.send_response(200)
            self.send_header("Content-Length", str(10**9))
            self.end_headers()
            block = b"x" * 2**16
            until = time.monotonic() + 20
            while not is_over.is_set() and time.monotonic() < until:
                self.wfile.write(block)
                known.sent += len(block)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.address = f"http://127.0.0.1:{server.server_address[1]}/services/T0/B0/secretpart"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        is_over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
