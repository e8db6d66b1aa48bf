"""A small drill on every run: saved, opened, loaded and compared; refusals leave nothing behind."""

import os
from pathlib import Path

import psycopg2
import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile

from engagements.base.waiting_files import hold_waiting
from engagements.models.documents import document_storage
from mobility_portal.backup import files, make, tables
from mobility_portal.backup.archive import read_archive
from mobility_portal.backup.keys import Identity, make_key, read_identity
from mobility_portal.backup.manifest import DUMP, Manifest
from mobility_portal.backup.servers import Server, find_tools
from mobility_portal.backup.trial import load_dump
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal
from mobility_portal.limits.models import SignInCounter
from tests.factories.engagements import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path, settings) -> Home:
    settings.MOBILITY_HOME = tmp_path / "home"
    settings.DOCUMENTS_DIR = settings.MOBILITY_HOME / "documents"
    settings.MEDIA_ROOT = settings.MOBILITY_HOME / "media"
    home = Home(settings.MOBILITY_HOME)
    home.prepare()
    return home


@pytest.fixture
def identity(home: Home, tmp_path: Path) -> Identity:
    make_key(home, tmp_path / "key", NOW)
    return read_identity(tmp_path / "key")


@pytest.fixture
def other_database():
    """Beside the test's own, as a restore makes one."""
    server = make.portal_server()
    name = f"{server.database}_restored"
    run(server.named("postgres"), f'DROP DATABASE IF EXISTS "{name}"')
    run(server.named("postgres"), f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield server.named(name)
    run(server.named("postgres"), f'DROP DATABASE "{name}" WITH (FORCE)')


def run(server: Server, statement: str) -> list[tuple]:
    connection = server.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchall() if cursor.description else []
    connection.close()
    return found


def left_behind(home: Home, folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "partial" in path.name] + [
        path.name for path in home.path.iterdir() if path.name == make.WORK
    ]


def test_what_is_saved_comes_back_equal_by_checksum_of_every_table_and_file(
    home: Home, identity: Identity, tmp_path: Path, settings, other_database: Server
):
    SignInCounter.objects.create(key="a" * 64, value=1, expires_at=NOW)
    get_user_model().objects.create_user("ann@example.org", "x", name="Ann O’Núñez\n\t\\")
    document = settings.DOCUMENTS_DIR / "ab" / "0123"
    document.parent.mkdir(parents=True)
    document.write_bytes(os.urandom(100_000))
    (settings.DOCUMENTS_DIR / "link").symlink_to("/etc/passwd")
    hold_waiting(b"rows that nobody kept", 7)
    row = make.make_backup(tmp_path / "backup.tar.age", verify=False)
    row.save()
    assert (row.file_count, row.size) == (1, (tmp_path / "backup.tar.age").stat().st_size)
    assert left_behind(home, tmp_path) == []
    assert (tmp_path / "backup.tar.age").stat().st_mode & 0o777 == 0o600

    (tmp_path / "out").mkdir()
    manifest = read_archive(tmp_path / "backup.tar.age", identity, tmp_path / "out")
    assert (tmp_path / "out" / "documents" / "ab" / "0123").read_bytes() == document.read_bytes()
    assert not (tmp_path / "out" / "documents" / "link").exists()
    assert (tmp_path / "out" / "secrets" / "secret_key").read_text() == settings.SECRET_KEY
    assert {table.name: table.rows for table in manifest.tables}["engagements_user"] == 1

    load_dump(other_database, tmp_path / "out" / DUMP, manifest)
    assert run(other_database, "SELECT count(*) FROM mobility_portal_signincounter") == [(0,)]  # unlogged: forgotten
    with pytest.raises(psycopg2.Error):  # its triggers came too
        run(other_database, "DELETE FROM mobility_portal_backup; UPDATE engagements_user SET email = NULL")
    run(other_database, "SET session_replication_role = replica; UPDATE engagements_user SET name = 'Ann'")
    changed = other_database.connect()
    found = {table.name: table for table in tables.checksums(changed)}
    changed.close()
    assert [table.name for table in manifest.tables if found[table.name] != table] == ["engagements_user"]


def test_it_refuses_in_a_sentence_and_leaves_nothing(home: Home, tmp_path: Path, monkeypatch, settings):
    target = tmp_path / "backup.tar.age"
    with pytest.raises(Refusal, match="backup_key"):
        make.make_backup(target)
    make_key(home, tmp_path / "key", NOW)
    with pytest.raises(Refusal, match="no age recipient"):
        make.make_backup(target, recipient="age1nonsense")
    target.touch()
    with pytest.raises(Refusal, match="exists already"):
        make.make_backup(target)
    target.unlink()
    monkeypatch.setattr(make, "_dump", lambda *_: pytest.fail("nothing may be dumped"))
    holder = make.portal_server().connect()
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", make._LOCK)
    with pytest.raises(Refusal, match="Another backup"):
        make.make_backup(target)
    holder.close()
    assert left_behind(home, tmp_path) == [] and not target.exists()


@pytest.mark.parametrize(("number", "words"), [(28, "disk is full"), (13, "cannot be written")])
def test_a_disk_that_fails_while_it_is_written_leaves_nothing(
    home: Home, tmp_path: Path, monkeypatch, number: int, words: str
):
    make_key(home, tmp_path / "key", NOW)

    def half_written(out, *_):
        out.write(b"the first half")
        raise OSError(number, os.strerror(number))

    def no_dump(_server, target):
        target.write_bytes(b"dump")
        return Manifest("2026-11-30T00:00:00+00:00", "b", "18", {}, [], [])

    monkeypatch.setattr(make, "_dump", no_dump)
    monkeypatch.setattr(make, "write_archive", half_written)
    with pytest.raises(Refusal, match=words):
        make.make_backup(tmp_path / "backup.tar.age", verify=False)
    assert left_behind(home, tmp_path) == [] and not (tmp_path / "backup.tar.age").exists()


def test_tools_are_of_the_servers_version_or_it_is_said_which_are_missing():
    assert (find_tools(18) / "pg_restore").exists()
    with pytest.raises(Refusal, match="postgresql-client-93"):
        find_tools(93)


def test_a_password_is_never_an_argument_and_the_webs_limits_are_not_taken():
    named = {"HOST": "h", "PORT": 5, "USER": "u", "PASSWORD": "p w", "NAME": "d"}
    server = Server.of_settings({**named, "OPTIONS": {"sslmode": "require", "options": "-c statement_timeout=5s"}})
    assert dict(server.parameters) == {
        "host": "h",
        "port": "5",
        "user": "u",
        "password": "p w",
        "dbname": "d",
        "sslmode": "require",
    }
    assert Server.of_url("postgres://u:p%20w@h:5/d?sslmode=require") == server


def test_documents_of_a_bucket_are_saved_and_put_back(home: Home, tmp_path: Path, settings, monkeypatch):
    """Any storage of Django's stands for the bucket here; the bucket itself is tried in tests/object_storage."""
    settings.STORAGES = {**settings.STORAGES, "bucket": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    bucket = document_storage()
    for name, content in {"ab/one": b"1" * 70_000, "cd/two": b"2"}.items():
        bucket.save(name, ContentFile(content))
    named = dict(files.list_files())
    assert sorted(named) == ["documents/ab/one", "documents/cd/two"] and "documents" not in files.folders()
    work = tmp_path / "work"
    for name, source in named.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as content:
            (work / name).write_bytes(content.read())
    bucket.delete("ab/one")
    files.Placement(work, home, "stamp").place(with_secrets=False)
    assert bucket.open("ab/one").read() == b"1" * 70_000 and bucket.listdir("cd") == ([], ["two"])
    assert files.full_folders() == []
