"""Documents, reports and uploads in a bucket: moto speaks S3 over HTTP here, and a server that misbehaves."""

import http.server
import threading
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import Client
from moto.server import ThreadedMotoServer

from atlas.ingest import jobs, kept_uploads, operations
from atlas.models import IngestJob, Release
from engagements.models import Document, Report
from engagements.permissions import Role
from mobility_portal.object_storage.bucket import BucketAway
from mobility_portal.object_storage.options import bucket_storage
from tests.engagements.discussion.test_downloads import PDF, bring
from tests.factories import files
from tests.factories.engagements import UserFactory, everybody, pair

NAME = "portal-documents"


def named(address: str) -> dict[str, str]:
    return {
        "DOCUMENTS_BUCKET": NAME,
        "DOCUMENTS_BUCKET_ENDPOINT": address,
        "DOCUMENTS_BUCKET_REGION": "us-east-1",
        "DOCUMENTS_BUCKET_KEY_ID": "key",
        "DOCUMENTS_BUCKET_SECRET": "not a secret",
        "DOCUMENTS_BUCKET_FOLDER": "portal",
    }


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client_of_s3(server):
    s3 = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )
    s3.create_bucket(Bucket=NAME)
    yield s3
    for found in s3.list_objects_v2(Bucket=NAME).get("Contents", []):
        s3.delete_object(Bucket=NAME, Key=found["Key"])
    s3.delete_bucket(Bucket=NAME)
    s3.close()


@pytest.fixture
def use(settings, monkeypatch):
    """The portal as it is with a bucket at an address. Fields ask for their storage once, when they are made."""
    made = []

    def at(address: str):
        made.append(_use(settings, monkeypatch, address))
        return made[-1]

    yield at
    for bucket in made:
        bucket.connection.meta.client.close()


def _use(settings, monkeypatch, address: str):
    settings.STORAGES = settings.STORAGES | {"bucket": bucket_storage(named(address))}
    bucket = storages["bucket"]
    for model in (Document, Report):
        monkeypatch.setattr(model._meta.get_field("file"), "storage", bucket)
    return bucket


@pytest.fixture
def bucket(client_of_s3, server, use):
    return use(server)


def keys(s3) -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=NAME).get("Contents", [])]


@pytest.mark.django_db
def test_a_document_goes_to_the_bucket_and_comes_back_through_the_view_only(bucket, client_of_s3, client):
    here, _ = pair()
    people = everybody(here)
    made = bring(here, people[Role.LEAD])
    assert keys(client_of_s3) == [f"portal/{made.file.name}"]
    client.force_login(people[Role.LEAD])
    answer = client.get(f"/documents/{made.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(f"/documents/{made.pk}/").status_code == 404
    with pytest.raises(ValueError, match="URL"):
        _ = made.file.url
    bucket.delete(made.file.name)
    assert client.get(f"/documents/{made.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_import_fetches_what_another_host_received_and_leaves_nothing(bucket, client_of_s3, settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "web"
    settings.UPLOAD_DIR.mkdir()
    person = UserFactory(is_staff=True)
    token = uuid4()

    def bring_in():
        arrived = tmp_path / f"{uuid4().hex}.part"
        arrived.write_bytes(files.shown_tract(tmp_path / "made.csv", {"26163500100": 0.4}).read_bytes())
        made = operations.create_import_job(
            path=arrived,
            upload_name="shown.csv",
            upload_folder=settings.UPLOAD_DIR,
            job_id=token,
            make_live=False,
            by=person.pk,
        )
        assert not arrived.exists()
        return made

    job, is_new = bring_in()
    assert is_new and bring_in() == (job, False), "a form sent twice is one job"
    assert len(keys(client_of_s3)) == 1 and not any(settings.UPLOAD_DIR.iterdir())
    settings.UPLOAD_DIR = tmp_path / "worker"  # another host's disk
    jobs.run_job(str(job.pk))
    assert IngestJob.objects.get().status == "staged", IngestJob.objects.get().report
    assert Release.objects.get().file_name == "shown.csv"
    assert keys(client_of_s3) == [] and not list((tmp_path / "worker").rglob("*.csv"))


def test_what_one_worker_fetched_another_finds(bucket, client_of_s3, settings, tmp_path):
    fetched = tmp_path / "downloads" / "tract.csv"
    fetched.parent.mkdir()
    fetched.write_bytes(b"tract,value\n")
    place, is_copy = kept_uploads.share(fetched, "fetched-1")
    assert is_copy and fetched.exists(), "what was fetched stays, so that it need not be fetched again"
    fetched.unlink()
    settings.UPLOAD_DIR = tmp_path / "another host"
    with kept_uploads.local_file(place) as path:
        assert (path.name, path.read_bytes()) == ("tract.csv", b"tract,value\n")
    kept_uploads.forget(place)
    assert keys(client_of_s3) == []


def test_without_a_bucket_a_fetched_file_is_imported_where_it_lies(tmp_path):
    assert kept_uploads.share(tmp_path / "tract.csv", "fetched-1") == (str(tmp_path / "tract.csv"), False)


def test_what_a_killed_worker_fetched_is_gone_a_day_later(bucket, settings, tmp_path):
    import os

    settings.UPLOAD_DIR = tmp_path
    old = tmp_path / "fetched" / "uploads" / "old"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    bucket.save("uploads/new/a.csv", ContentFile(b"a"))
    with kept_uploads.local_file("bucket:uploads/new/a.csv") as path:
        assert path.read_bytes() == b"a" and not old.exists()
    assert not path.exists()


@pytest.mark.django_db
def test_files_of_a_folder_are_copied_once_and_compared(bucket, client_of_s3, settings, tmp_path):
    here, _ = pair()
    lead = everybody(here)[Role.LEAD]
    one, two = bring(here, lead), bring(here, lead)
    settings.DOCUMENTS_DIR = tmp_path
    for made in (one, two):
        path = tmp_path / made.file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF)
    bucket.delete(one.file.name)
    bucket.save(two.file.name, ContentFile(b"something else"))
    said = StringIO()
    call_command("copy_files_to_bucket", stdout=said)
    assert said.getvalue().startswith("2 files copied, 0 ")
    call_command("copy_files_to_bucket", stdout=said)
    assert said.getvalue().splitlines()[1].startswith("0 files copied, 2 ")
    (tmp_path / one.file.name).unlink()
    bucket.delete(one.file.name)
    with pytest.raises(CommandError, match="1 files .* in neither place"):
        call_command("copy_files_to_bucket", stdout=said)


class Broken(http.server.BaseHTTPRequestHandler):
    """Answers as a bucket in trouble does: what the class says."""

    answer: tuple[int, bytes] = (503, b"")
    cut = False

    def do_GET(self):
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + (100 if self.cut else 0)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_PUT = do_DELETE = do_POST = do_GET

    def log_message(self, *said):
        pass


@contextmanager
def broken(status: int, body: bytes = b"", cut: bool = False):
    kind = type("Kind", (Broken,), {"answer": (status, body), "cut": cut})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "cut"),
    [
        pytest.param(503, b"", False, id="busy"),
        pytest.param(403, b"", False, id="key refused"),
        pytest.param(500, b"<html>", False, id="not XML"),
        pytest.param(200, b"half", True, id="broken off"),
    ],
)
def test_a_bucket_in_trouble_is_away_and_never_a_missing_or_a_short_file(use, status, body, cut):
    with broken(status, body, cut) as address:
        bucket = use(address)
        with pytest.raises(BucketAway):
            bucket.open("ab/abc").read()


def test_nobody_listening_is_said_within_seconds(use):
    bucket = use("http://127.0.0.1:9")
    for ask in (
        bucket.open,
        bucket.exists,
        bucket.size,
        bucket.delete,
        lambda name: bucket.save(name, ContentFile(b"a")),
    ):
        with pytest.raises(BucketAway):
            ask("ab/abc")


def test_without_a_bucket_nothing_of_it_is_set_or_loaded():
    assert bucket_storage({}) is None
    assert Path(Document._meta.get_field("file").storage.location).is_absolute()
