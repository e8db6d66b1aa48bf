"""“Ready” is said for this portal and for no other program that answers on its port."""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import RequestFactory

from mobility_portal.embedded.refusal import Refusal
from mobility_portal.observing.probes import readyz
from mobility_portal.supervisor import start_proof, supervise
from mobility_portal.supervisor.child import Child


@pytest.fixture
def own_start(monkeypatch):
    monkeypatch.setenv(start_proof.VARIABLE, "")
    start_proof.begin()


@pytest.fixture
def somebody_elses_server():
    """Answers 200 to everything, and with whatever it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            said = self.headers.get(start_proof.CHALLENGE, "")
            self.send_header(start_proof.PROOF, said)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_program_that_took_the_port_meanwhile_is_not_taken_for_the_portal(own_start, somebody_elses_server, tmp_path):
    web = Child("web", [sys.executable, "-c", "import time; time.sleep(0.2)"], tmp_path / "web.log", patience=1)
    web.start()
    try:
        with pytest.raises(Refusal, match=f"Port {somebody_elses_server} is in use"):
            supervise.wait_until_ready(somebody_elses_server, web, lambda: None)
    finally:
        web.stop()


@pytest.mark.django_db
def test_the_portal_signs_what_this_start_asks(own_start):
    said = readyz(RequestFactory().get("/healthz", headers={start_proof.CHALLENGE: "abc"}))[start_proof.PROOF]
    assert start_proof.is_proof("abc", said)
    assert not start_proof.is_proof("abd", said)
    assert os.environ[start_proof.VARIABLE] not in said
    start_proof.begin()  # another start
    assert not start_proof.is_proof("abc", said)


@pytest.mark.django_db
@pytest.mark.parametrize("challenge", ["", "x" * 101])
def test_nothing_is_signed_for_who_does_not_ask_or_asks_for_too_much(own_start, challenge):
    asked = {start_proof.CHALLENGE: challenge} if challenge else {}
    assert start_proof.PROOF not in readyz(RequestFactory().get("/healthz", headers=asked))
    assert not start_proof.is_proof(challenge, "")
