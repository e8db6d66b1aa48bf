"""The remembered version of public pages is the present one, whatever happens to what tells of changes."""

import time
from threading import current_thread, main_thread

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpResponse
from django.test import RequestFactory

from atlas.queries.public_version import public_version
from mobility_portal.page_cache import middleware, version_watch
from mobility_portal.page_cache.version_watch import BEAT, TRUSTED, VersionWatch
from tests.factories.engagements import UserFactory

SOON = 15.0  # seconds, on a busy machine


class Counted:
    """Asks the database, and counts it."""

    def __init__(self):
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return public_version()


@pytest.fixture
def asked(transactional_db):
    return Counted()


@pytest.fixture
def watch(asked):
    made = VersionWatch(asked)
    thread = made.start()
    wait_until(lambda: made.is_listening)
    yield made
    made.stop()
    thread.join(SOON)
    assert not thread.is_alive()


def wait_until(holds):
    until = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < until, "it did not come to hold"
        time.sleep(0.01)


def rename(person):
    person.name = f"{person.name} the second"
    person.save()


def forget_changes(_):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM atlas_public_change")


def flip(_):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE atlas_generation SET n = nextval('atlas_generation_seq')")


def end_other_connections():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("change", [rename, forget_changes, flip])
def test_each_change_is_told(watch, change):
    person = UserFactory()
    rename(person)
    wait_until(lambda: watch.version() == public_version())
    before = watch.version()
    change(person)
    assert public_version() != before
    wait_until(lambda: watch.version() == public_version())


def test_without_a_change_nothing_is_asked(watch, asked):
    watch.version()
    first, calls, until = asked.count, 0, time.monotonic() + TRUSTED + BEAT
    while time.monotonic() < until:
        watch.version()
        calls += 1
        time.sleep(0.01)
    assert asked.count - first < calls / 2, "a beat of a busy machine may be late, not each of them"


def test_a_connection_that_was_ended_is_made_anew_and_nothing_is_missed(watch, asked, monkeypatch):
    monkeypatch.setattr(version_watch, "PAUSE", 4.0)
    person = UserFactory()
    before = watch.version()
    assert end_other_connections() >= 1
    wait_until(lambda: not watch.is_listening)
    rename(person)
    assert watch.version() == public_version() != before
    counted = asked.count
    watch.version()
    assert asked.count == counted + 1, "asked each time while nobody tells"
    wait_until(lambda: watch.is_listening)
    rename(person)
    wait_until(lambda: watch.version() == public_version())


def test_a_database_that_cannot_be_reached_is_asked_by_each_request(asked, monkeypatch):
    """As after a restart: the connection is refused, and comes back."""
    is_away, own = [True], DatabaseWrapper.ensure_connection

    def refused(self):
        if is_away[0] and current_thread() is not main_thread():
            raise OperationalError("refused")
        own(self)

    monkeypatch.setattr(DatabaseWrapper, "ensure_connection", refused)
    monkeypatch.setattr(version_watch, "PAUSE", 0.05)
    watch = VersionWatch(asked)
    thread = watch.start()
    for _ in range(3):
        assert watch.version() == public_version()
        time.sleep(0.05)
    assert asked.count == 3 and thread.is_alive()
    is_away[0] = False
    wait_until(lambda: watch.is_listening)
    watch.stop()
    thread.join(SOON)


def test_a_pooler_that_keeps_notices_to_itself_is_noticed(asked, monkeypatch):
    monkeypatch.setattr(version_watch, "PROOF", 0.0)
    watch = VersionWatch(asked)
    thread = watch.start()
    for _ in range(3):
        watch.version()
        time.sleep(0.1)
        assert not watch.is_listening
    assert asked.count == 3
    watch.stop()
    thread.join(SOON)


class Raw:
    """A connection that answers and never has anything to tell."""

    def __init__(self):
        self.notifies = []

    def cursor(self):
        return self

    def execute(self, sql):
        assert sql == "SELECT 1"


@pytest.fixture
def still(monkeypatch):
    """(watch, clock, reads): without a thread; its connection answered at second 0, and its clock stands at BEAT."""
    now, reads = [0.0], []
    watch = VersionWatch(lambda: reads.append(now[0]) or f"read {len(reads)}", clock=lambda: now[0])
    monkeypatch.setattr(watch, "_wait", lambda raw, until: now.__setitem__(0, until))
    watch._beat(Raw())
    assert now == [BEAT]
    return watch, now, reads


def test_a_connection_that_hangs_is_believed_for_two_seconds(still):
    watch, now, reads = still
    assert [watch.version() for _ in range(3)] == ["read 1"] * 3
    now[0] = TRUSTED
    assert [watch.version(), watch.version()] == ["read 2", "read 3"]
    assert len(reads) == 3


def test_what_a_notice_overtook_is_not_remembered(still):
    watch, _now, reads = still
    own = watch._read

    def overtaken():
        found = own()
        if len(reads) == 1:
            watch.forget()  # the commit came after the reading began, its notice before the reading ended
        return found

    watch._read = overtaken
    assert [watch.version() for _ in range(3)] == ["read 1", "read 2", "read 2"]


@pytest.mark.parametrize(("method", "reads_anew"), [("POST", 1), ("PATCH", 1), ("DELETE", 1), ("OPTIONS", 0)])
@pytest.mark.parametrize("fails", [False, True])
def test_what_this_process_writes_it_sees_at_once(still, monkeypatch, method, reads_anew, fails):
    watch, _now, reads = still
    monkeypatch.setattr(middleware, "watch", watch)
    watch.version()

    def view(request):
        if fails:
            raise ZeroDivisionError
        return HttpResponse()

    asked = RequestFactory().generic(method, "/api/v1/notes/", HTTP_HOST="elsewhere.example")
    try:
        middleware.PageCacheMiddleware(view)(asked)
    except ZeroDivisionError:
        assert fails
    watch.version()
    assert len(reads) == 1 + reads_anew
