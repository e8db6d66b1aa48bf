"""The TLS proxy's file: valid, and what it lets through, tried with Caddy in front of a program that echoes."""

import gzip
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import brotli
import pytest

from mobility_portal.embedded.processes import choose_port
from tests.runtime.places import PROJECT, wait_until

CADDY = shutil.which("caddy")
FILE = PROJECT / "deploy" / "Caddyfile"
pytestmark = pytest.mark.skipif(CADDY is None, reason="needs Caddy: apt-get install caddy")
HASHED = "site.0123456789ab.css"
TEXT = b"body { color: black; }"


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it got, and how many bytes came."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        said = json.dumps({"size": size, **{name.lower(): value for name, value in self.headers.items()}}).encode()
        self.send_response(200)
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Strict-Transport-Security", "max-age=31536000")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        pass


class Proxy:
    def __init__(self, folder: Path, upstream: int):
        static = folder / "static"
        static.mkdir()
        for name in (HASHED, "plain.css"):
            (static / name).write_bytes(TEXT)
        (static / f"{HASHED}.br").write_bytes(brotli.compress(TEXT))
        (static / f"{HASHED}.gz").write_bytes(gzip.compress(TEXT))
        self.https, self.http = choose_port(None), choose_port(None)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
            "UPSTREAM": f"127.0.0.1:{upstream}",
            "STATIC_DIR": str(static),
            "UPLOAD_MAX_SIZE": "1MB",
        }
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(CADDY), "run", "--config", str(FILE)], env=self.environment, stdout=log, stderr=log
            )
        self.root = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        if not wait_until(self.answers, 15):
            raise AssertionError(self.log.read_text())

    def answers(self) -> bool:
        try:
            return self.ask("/static/plain.css")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        """Its certificate is looked at: the CA is Caddy's own."""
        trusting = ssl.create_default_context(cafile=str(self.root))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPSConnection("localhost", self.https, timeout=10, context=trusting)) as connection:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return response.status, response.headers, response.read()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory) -> Iterator[Proxy]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = Thread(target=upstream.serve_forever)
    thread.start()
    running = Proxy(tmp_path_factory.mktemp("caddy"), upstream.server_port)
    yield running
    running.stop()
    upstream.shutdown()
    upstream.server_close()
    thread.join()


def test_the_file_is_valid_and_formatted():
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    valid = subprocess.run([str(CADDY), "validate", "--config", str(FILE)], env=environment, capture_output=True)
    assert valid.returncode == 0, valid.stderr.decode()
    formatted = subprocess.run([str(CADDY), "fmt", str(FILE)], env=environment, capture_output=True, check=False)
    assert formatted.stdout == FILE.read_bytes()


def test_the_reader_cannot_say_who_it_is(proxy):
    said = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "http"}
    seen = json.loads(proxy.ask("/", **said)[2])
    assert seen["x-forwarded-for"] in ("127.0.0.1", "::1")
    assert seen["x-forwarded-proto"] == "https"


def test_headers_of_the_portal_come_through_once(proxy):
    headers = proxy.ask("/")[1]
    for name in ("X-Frame-Options", "Strict-Transport-Security"):
        assert len(headers.get_all(name)) == 1
    assert "Server" not in headers


@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)])
def test_static_files_are_served_compressed_and_kept(proxy, accepted, encoding):
    status, headers, body = proxy.ask(f"/static/{HASHED}", Accept_Encoding=accepted)
    assert (status, headers["Content-Encoding"]) == (200, encoding)
    assert {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](body) == TEXT
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/css")


def test_a_file_without_a_hash_is_not_kept_for_good(proxy):
    status, headers, _ = proxy.ask("/static/plain.css")
    assert (status, headers["Cache-Control"]) == (200, None)
    assert proxy.ask("/static/absent.css")[0] == 404
    assert b"root:" not in proxy.ask("/static/../../../../etc/passwd")[2]
    assert b"root:" not in proxy.ask("/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd")[2]


def test_what_is_too_large_is_refused(proxy):
    assert json.loads(proxy.ask("/", "POST", b"x" * 900_000)[2])["size"] == 900_000
    try:
        assert proxy.ask("/", "POST", b"x" * 3_000_000)[0] in (413, 502)
    except (ssl.SSLError, ConnectionError):
        pass  # the connection was closed while the body was sent
    try:
        assert proxy.ask("/", X_Long="x" * 60_000)[0] == 431
    except ConnectionError:
        pass


def test_half_open_clients_do_not_keep_others_waiting(proxy):
    with ExitStack() as stack:
        for _ in range(50):
            client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", proxy.https))))
            client.sendall(b"\x16\x03\x01")
        began = time.monotonic()
        assert proxy.ask("/")[0] == 200
        assert time.monotonic() - began < 2


def test_plain_http_is_sent_to_https(proxy):
    with closing(HTTPConnection("localhost", proxy.http, timeout=10)) as connection:
        connection.request("GET", "/cities/")
        response = connection.getresponse()
    assert response.status == 308
    assert response.headers["Location"].startswith("https://localhost")


def test_a_portal_that_is_away_is_said_with_a_time(tmp_path):
    running = Proxy(tmp_path, choose_port(None))
    try:
        status, headers, _ = running.ask("/")
    finally:
        running.stop()
    assert status in (502, 503)
    assert headers["Retry-After"]
