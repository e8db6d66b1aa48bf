"""Counters of sign-in are in Postgres: none goes before its time, whatever happens to Redis."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache, caches
from django.db import IntegrityError, connection
from django.test import Client

from engagements.models import User
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.fail_open_cache import FailOpenRedisCache
from mobility_portal.limits.models import SignInCounter
from mobility_portal.limits.store import SignInLimits
from tests.factories.engagements import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def store() -> SignInLimits:
    return SignInLimits("", {})


def test_what_is_added_once_is_there_until_it_ends(store):
    assert store.add("code", "y", 30) and not store.add("code", "z", 30)
    assert store.get("code") == "y" and store.has_key("code")
    assert store.touch("code", -1) and store.get("code", "gone") == "gone" and not store.touch("code", 30)
    assert store.add("code", "z", 30), "its time is over"
    assert store.delete("code") and not store.delete("code") and not store.has_key("code")


def test_it_keeps_lists_and_counts(store):
    store.set("tries", [3.25, 1.5], 60)
    assert store.get("tries") == [3.25, 1.5]
    store.set("count", 2, 60)
    assert store.incr("count", 5) == 7 == store.get("count")
    with pytest.raises(ValueError):
        store.incr("nothing")
    with pytest.raises(TypeError):
        store.set("tries", (1, 2), 60)


def test_each_call_is_one_statement(store):
    for call in (
        lambda: store.set("a", 1, 9),
        lambda: store.add("a", 1, 9),
        lambda: store.get("a"),
        lambda: store.delete("a"),
    ):
        with recorded_statements() as statements:
            call()
        assert len(statements) == 1


def test_what_is_over_is_removed_by_what_comes_after(store):
    for n in range(30):
        store.set(f"over-{n}", n, -1)
    # Each new one removes the ten that ended first, but for those that are as new.
    for n in range(4):
        store.set(f"new-{n}", n, 60)
    assert SignInCounter.objects.count() == 4


def test_no_address_is_readable_in_the_table(store):
    store.set("allauth:rl:allauth.account:login:30/60/ip:ip:192.0.2.7", [1.0], 60)
    (row,) = SignInCounter.objects.all()
    assert "192" not in row.key and len(row.key) == 64
    with pytest.raises(IntegrityError):
        SignInCounter.objects.create(key="192.0.2.7", value=[], expires_at=row.expires_at)


def test_the_table_is_in_no_log_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = %s", [SignInCounter._meta.db_table])
        assert cursor.fetchone()[0] in ("u", b"u")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_is_the_first(store):
    def add(_: int) -> bool:
        try:
            return store.add("lock", True, 30)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(add, range(20))) == [False] * 19 + [True]


def guess(times: int) -> list[str]:
    client = Client()
    return [
        client.post(LOGIN, {"login": "ann@example.org", "password": f"wrong-{n}"}).content.decode()
        for n in range(times)
    ]


def test_passwords_are_guessed_five_times_even_if_redis_forgets_everything_in_between():
    User.objects.create_user("ann@example.org", PASSWORD, name="Ann")
    pages = guess(3)
    cache.clear()  # as if all of Redis had been thrown out
    pages += guess(3)
    assert ["Too many" in page for page in pages] == [False] * 5 + [True]
    answer = Client().post(LOGIN, {"login": "ann@example.org", "password": PASSWORD})
    assert answer.status_code == 200, "the right one comes too late"
    caches["sign_in_limits"].clear()
    assert Client().post(LOGIN, {"login": "ann@example.org", "password": PASSWORD}).status_code == 302


def test_and_while_redis_is_away(monkeypatch):
    User.objects.create_user("ann@example.org", PASSWORD, name="Ann")
    monkeypatch.setattr(FailOpenRedisCache, "_away_until", float("inf"))
    assert ["Too many" in page for page in guess(6)] == [False] * 5 + [True]


def test_other_entries_stay_in_redis():
    with recorded_statements() as statements:
        cache.set("page:1", b"page", 60)
        assert cache.get("page:1") == b"page" and cache.add("page-lock:1", 1, 5) and cache.delete("page-lock:1")
    assert statements == []
    cache.set("allauth:rl:x", [1.0], 60)
    assert SignInCounter.objects.count() == 1
