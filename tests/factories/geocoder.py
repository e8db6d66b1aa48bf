"""A Census geocoder on this machine with scripted answers."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

VINTAGE = "Census2010_Current"


class Stub:
    """Answers `body` with `status` after `seconds`; `asked` are the queries it got."""

    def __init__(self, address: str):
        self.address = address
        self.body, self.status, self.seconds = b"{}", 200, 0.0
        self.headers: dict[str, str] = {}
        self.asked: list[dict[str, list[str]]] = []

    def matches(self, *found: tuple[str, str], vintage: str = VINTAGE) -> None:
        """Answers (address, GEOID) pairs in the shape of the real one."""
        rows = [
            {
                "matchedAddress": address,
                "coordinates": {"x": -83.05, "y": 42.33},
                "geographies": {"Census Tracts": [{"GEOID": geoid, "NAME": f"Census Tract {geoid[5:]}"}]},
            }
            for address, geoid in found
        ]
        result = {"input": {"vintage": {"vintageName": vintage}}, "addressMatches": rows}
        self.body = json.dumps({"result": result}).encode()


@contextmanager
def serve() -> Iterator[Stub]:
    """A stub at its address until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments):
            """Silence."""

        def do_GET(self):  # noqa: N802
            stub.asked.append(parse_qs(urlsplit(self.path).query))
            time.sleep(stub.seconds)
            try:
                self.send_response(stub.status)
                for name, value in stub.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(stub.body)
            except (BrokenPipeError, ConnectionResetError):
                return  # who asked has gone away, as it should after its time limit

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub = Stub(f"http://127.0.0.1:{server.server_port}/geocoder/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
