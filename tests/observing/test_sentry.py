"""Errors to a Sentry: what arrives at a server that takes them, and that nothing is sent or loaded by default."""

import gzip
import json
import logging
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from atlas.web.request_id import begin_request, end_request
from engagements.models import User
from mobility_portal.observing import sentry
from tests.factories.engagements import UserFactory
from tests.runtime.places import PROJECT, environment_for

MAIL = "ada.quist@example.org"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture
def taken():
    """Bodies of what was sent to a local server that behaves like a Sentry."""
    bodies: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(UNPACK[self.headers.get("Content-Encoding")](body).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *said):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    import sentry_sdk

    sentry.start(f"http://key@127.0.0.1:{server.server_port}/1", "a-release")
    yield bodies
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.init()  # without an address: nothing is sent any more
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.django_db
def test_an_error_arrives_with_its_reference_and_with_nothing_of_anybody(taken):
    import sentry_sdk

    UserFactory(email=MAIL, name="Ada Quist")
    secret = "hunter2"  # a local variable of a frame
    token = begin_request("a" * 16)
    try:
        with transaction.atomic():
            User.objects.create(email=MAIL, name="Ada Quist")
    except IntegrityError:
        logging.getLogger("test").exception("%s could not be added: %s", MAIL, secret[:0])
    finally:
        end_request(token)
    logging.getLogger("test").warning("only a warning")
    sentry_sdk.flush(5)
    (body,) = taken
    event = json.loads(body.splitlines()[2])
    assert event["tags"] == {"place": "test", "request_id": "a" * 16} and event["release"] == "a-release"
    values = event["exception"]["values"]
    assert [value["type"] for value in values] == ["UniqueViolation", "IntegrityError"]
    assert all("SQLSTATE 23505" in value["value"] for value in values)
    assert any(
        frame["function"] == __name__ or "test_sentry" in frame["filename"]
        for frame in values[-1]["stacktrace"]["frames"]
    )
    for never in (MAIL, "Ada", "hunter2", "INSERT", "DETAIL", "server_name", "context_line", "vars"):
        assert never not in body
    assert "user" not in event and "request" not in event and "extra" not in event


def test_by_default_nothing_is_sent_and_nothing_is_loaded(tmp_path):
    assert settings.SENTRY_DSN == ""
    code = "import django, sys; django.setup(); import mobility_portal.urls; sys.exit('sentry_sdk' in sys.modules)"
    named = environment_for(tmp_path, DJANGO_SETTINGS_MODULE="mobility_portal.settings", PORTAL_OFFLINE="1")
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=named).returncode == 0
