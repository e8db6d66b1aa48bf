"""The audit asks an advisory database, and never says "clean" of what it could not ask."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.supply import audit

LOCK = """\
django==5.2.19 \\
    --hash=sha256:{0}
    # via -r requirements.in
idna==3.10 \\
    --hash=sha256:{0}
    # via requests
""".format("a" * 64)
OLD = {"id": "PYSEC-2021-98", "affected": []}


def advisory(name: str) -> dict:
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}]
    affected = [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges}]
    return {"id": "TEST-2026-1", "summary": "Reads what it should not", "affected": affected, "schema_version": "1.6.0"}


class Database:
    """Answers as OSV does; `known` by package, `breaks_at` a package with whose question it breaks."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], list[dict]] = {audit.KNOWN_BAD: [OLD]}
        self.asked: list[str] = []
        self.breaks_at = ""
        self.status, self.body = 200, ""

    def answer(self, asked: dict) -> tuple[int, str]:
        name, version = asked["package"]["name"], asked["version"]
        self.asked.append(name)
        if self.breaks_at and (name, version) != audit.KNOWN_BAD and self.breaks_at == name:
            return self.status, self.body
        known = self.known.get((name, version), [])
        return 200, json.dumps({"vulns": known} if known else {})


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            status, body = made.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/v1/query"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text(LOCK)
    return path


def run(url: str, lock) -> tuple[int, str]:
    lines: list[str] = []
    return audit.audit(url, lock, lines.append), "\n".join(lines)


def test_clean_is_what_was_asked_about_every_package(database, lock):
    code, said = run(database.url, lock)
    assert code == audit.CLEAN and "2 packages" in said
    assert set(database.asked) == {"django", "idna"}


def test_a_known_vulnerability_fails(database, lock):
    database.known["idna", "3.10"] = [advisory("idna")]
    code, said = run(database.url, lock)
    assert code == audit.FOUND
    assert "idna 3.10" in said and "TEST-2026-1" in said and "99.1" in said and "Clean" not in said


@pytest.mark.parametrize(
    ("status", "body"),
    [(503, ""), (200, "<html>Sign in to the network</html>"), (200, '{"vulns": 7}'), (200, "[1]"), (404, "{}")],
)
def test_a_database_that_breaks_is_told_apart(database, lock, status, body):
    database.breaks_at, database.status, database.body = "idna", status, body
    code, said = run(database.url, lock)
    assert code == audit.NOT_RUN and said.startswith("Audit not run") and "lean" not in said


def test_one_that_knows_nothing_is_not_believed(database, lock):
    database.known.clear()
    code, said = run(database.url, lock)
    assert code == audit.NOT_RUN and "knows nothing" in said


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/v1/query", "no address", "ftp://127.0.0.1/"])
def test_none_is_none(lock, url):
    code, said = run(url, lock)
    assert code == audit.NOT_RUN and said.startswith("Audit not run")


def test_a_package_that_was_left_out_is_no_clean_run(lock):
    lines: list[str] = []
    one = json.dumps({"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]})
    assert audit._tell(one, 0, "", lock, lines.append) == audit.NOT_RUN
