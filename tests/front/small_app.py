"""A WSGI program with which the front is tried, without Django."""

import hashlib
import tempfile
import time

BIG = bytes(range(256)) * 40_000  # 10 MB: more than a socket holds


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if environ["gunicorn.socket"].is_turned_away:
        start_response("503 Service Unavailable", [("Retry-After", "5"), ("Content-Length", "0")])
        return []
    if path in ("/slow.csv", "/hold"):
        time.sleep(0.4)
        return _answer(start_response, b"slow")
    if path == "/echo":
        body = environ["wsgi.input"].read()
        return _answer(start_response, f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode())
    if path == "/big":
        return _answer(start_response, BIG)
    if path == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (BIG[at : at + 100_000] for at in range(0, len(BIG), 100_000))
    if path == "/file":
        file = tempfile.TemporaryFile()
        file.write(BIG)
        file.seek(0)
        start_response("200 OK", [("Content-Length", str(len(BIG)))])
        return environ["wsgi.file_wrapper"](file)
    return _answer(start_response, path.encode())


def _answer(start_response, body: bytes):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
