"""Without database, disk or broker every address answers 503 soon, and what was typed comes back."""

import errno
import re
from contextlib import contextmanager
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from atlas.web.uploads import DiskUploadHandler
from engagements.models import Document, ProgressEntry
from engagements.permissions import Role
from mobility_portal.page_cache import middleware
from tests.factories import portal
from tests.factories.engagements import MilestoneFactory, everybody, pair

HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


@pytest.fixture
def database_goes(monkeypatch):
    """Within the block no statement reaches a database, for whichever layer asks."""

    @contextmanager
    def away():
        def refused(*_asked, **_more):
            raise OperationalError("refused")

        with monkeypatch.context() as patched:
            patched.setattr(BaseDatabaseWrapper, "cursor", refused)
            patched.setattr(middleware.watch, "_read", refused)
            patched.setattr(middleware.watch, "_trusted_until", 0.0)
            yield

    return away


@pytest.fixture
def lead(db):
    here, _ = pair()
    client = Client(raise_request_exception=False)
    client.force_login(everybody(here)[Role.LEAD])
    return client, here


def hidden_fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page, re.S)
    return {name: unescape(value) for name, value in found}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/cities/", "/data/", "/todo/", "/accounts/login/", "/methods/"])
def test_a_page_without_a_database(lead, database_goes, path):
    client, _ = lead
    with database_goes():
        answer = client.get(path)
    if answer.status_code == 200:
        assert path == "/methods/" or path == "/accounts/login/"
        return
    assert answer.status_code == 503 and int(answer["Retry-After"]) > 0
    assert answer["Content-Type"].startswith("text/html") and "no-store" in answer["Cache-Control"]
    assert answer["X-Request-ID"] in answer.content.decode()
    assert client.get(path).status_code in (200, 302)  # nothing has to be done for it to answer again


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/cities/", "/api/v1/milestones/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_api_without_a_database(lead, database_goes, path, method):
    client, _ = lead
    with database_goes():
        answer = getattr(client, method)(path)
    assert answer.status_code == 503 and int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == 503 and said["request_id"] == answer["X-Request-ID"]
    assert "refused" not in answer.content.decode()


def test_what_was_typed_comes_back_and_is_sent_again(lead, database_goes):
    client, here = lead
    milestone = MilestoneFactory(engagement=here, status="in_progress")
    client.get("/log/")  # the browser has the form's token
    typed = {
        "milestone": str(milestone.pk),
        "version_of": str(milestone.pk),
        "version": str(milestone.version),
        "status": "blocked",
        "line": "The lawyer <b>asked</b>",
        "submission": str(uuid4()),
    }
    with database_goes():
        page = client.post("/log/?kind=status", typed, headers=HERE)
    words = page.content.decode()
    assert page.status_code == 503 and "The lawyer &lt;b&gt;asked&lt;/b&gt;" in words
    again = hidden_fields(words)
    assert again | {"csrfmiddlewaretoken": ""} == typed | {"csrfmiddlewaretoken": ""}
    client.handler.enforce_csrf_checks = True
    for _ in range(2):
        assert client.post("/log/?kind=status", again, headers=HERE).status_code == 302
    assert ProgressEntry.objects.filter(line=typed["line"]).count() == 1


@pytest.mark.parametrize(
    ("typed", "headers"),
    [
        ({"login": "ann@example.org", "password": "quiet-Harbour-42"}, HERE),
        ({"line": "Pay me"}, {"origin": "https://evil.example"}),
        ({"line": "Pay me"}, HERE | {"sec-fetch-site": "cross-site"}),
    ],
)
def test_secrets_and_what_another_site_sent_are_not_sent_again(lead, database_goes, typed, headers):
    client, _ = lead
    client.get("/log/")
    with database_goes():
        page = client.post("/log/", typed, headers=headers)
    words = page.content.decode()
    assert page.status_code == 503 and "quiet-Harbour-42" not in words and not hidden_fields(words)


def test_a_file_that_finds_no_room_gives_back_the_other_fields(lead, monkeypatch):
    client, here = lead

    def full(*_asked):
        raise OSError(errno.ENOSPC, "No space left on device")

    at = f"/engagements/{here.slug}/documents/new/"
    sent = {"title": "Lease agreement", "visibility": "team", "submission": str(uuid4())}
    with monkeypatch.context() as patched:
        patched.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
        page = client.post(at, sent | {"file": SimpleUploadedFile("lease.txt", b"words")}, headers=HERE)
    words = page.content.decode()
    assert page.status_code == 503 and "Lease agreement" in words and "lease.txt" in words
    assert not Document.objects.exists()
    kept = client.post(at, sent | {"file": SimpleUploadedFile("lease.txt", b"words")}, headers=HERE)
    assert kept.status_code == 302 and Document.objects.count() == 1


@pytest.mark.parametrize("path", ["/todo/", "/api/v1/milestones/"])
def test_a_fault_has_a_reference(lead, monkeypatch, path, caplog):
    def broken(*_asked, **_more):
        raise ZeroDivisionError("planted")

    client, _ = lead
    monkeypatch.setattr("engagements.home.views.tasks_of", broken, raising=False)
    monkeypatch.setattr("engagements.access.engagements.visible_engagements", broken, raising=False)
    monkeypatch.setattr("engagements.base.views.decorators.cached_permissions", broken)
    monkeypatch.setattr("rest_framework.views.APIView.initial", broken)
    answer = client.get(path)
    assert answer.status_code == 500 and "planted" not in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()
    assert any(record.exc_info for record in caplog.records)
    assert (answer["Content-Type"] == "application/problem+json") == path.startswith("/api/")


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_is_shown_while_the_database_is_away(tmp_path, database_goes, monkeypatch):
    portal.build(tmp_path)
    client = Client(raise_request_exception=False)
    kept = client.get("/cities/springfield/", headers={"host": "testserver"})
    with database_goes():
        assert client.get("/cities/springfield/", headers={"host": "testserver"}).content == kept.content
        assert client.get("/data/", headers={"host": "testserver"}).status_code == 503
        assert "ETag" in client.get("/cities/springfield/", headers={"host": "testserver"})
        monkeypatch.setattr(middleware, "SHOWN_WITHOUT_DATABASE", -1.0)
        assert "ETag" not in client.get("/cities/springfield/", headers={"host": "testserver"})  # no kept page any more


def test_half_a_large_upload_does_not_fill_the_disk(tmp_path):
    class Full:
        def write(self, *_data):
            raise OSError(errno.ENOSPC, "No space left on device")

        close = write

    arriving = DiskUploadHandler(None, tmp_path, 10**6)
    arriving.new_file("upload", "a.csv", "text/csv", None)
    real, arriving.file = arriving.file, Full()
    with pytest.raises(OSError):
        arriving.receive_data_chunk(b"x", 0)
    real.close()
    assert not list(tmp_path.iterdir())
