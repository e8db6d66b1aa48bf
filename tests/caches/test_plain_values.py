"""What goes into Redis is JSON or bytes, and what comes out of it runs nothing."""

import pickle
from datetime import date
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils.safestring import mark_safe
from redis import Redis

from engagements.permissions import Role
from mobility_portal.caches.plain_values import NotReadable, PlainSerializer

serializer = PlainSerializer()
PLAIN = [
    0,
    -7,
    2**70,
    1.5,
    True,
    False,
    None,
    "",
    "Ünïcode \0",
    [],
    [1, [2.5, None]],
    {"a": {"b": []}},
    b"",
    b"\xff\0j{}",
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_come_back_as_they_were(value):
    written = serializer.dumps(value)
    back = serializer.loads(str(written).encode() if isinstance(written, int) else written)
    assert back == value and type(back) is type(value)


def test_the_cache_itself_keeps_them_counts_with_integers_and_answers_for_many():
    cache.set_many({str(n): value for n, value in enumerate(PLAIN)}, 60)
    found = cache.get_many([str(n) for n in range(len(PLAIN))])
    assert list(found.values()) == [*PLAIN[:-1], PLAIN[-1]]
    cache.set("count", 4, 60)
    assert cache.incr("count", 3) == 7 == cache.get("count")


@pytest.mark.parametrize(
    "value",
    [
        (1, 2),
        {1: "a"},
        {"a": (1,)},
        [date(2026, 1, 1)],
        {1, 2},
        object(),
        mark_safe("<b>"),
        Role.LEAD,
        float("nan"),
        bytearray(b"x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_come_back_as_something_else_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        serializer.dumps(value)


class _Payload:
    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def raw() -> Redis:
    return Redis.from_url(cache._servers[0])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_planted_in_redis_is_never_loaded(tmp_path, protocol):
    victim = tmp_path / "touched"
    payload = pickle.dumps(_Payload(victim), protocol)
    for disguise in (payload, b"j" + payload, b"b" + payload):
        with raw() as redis:
            redis.set(cache.make_key("planted"), disguise)
        assert cache.get("planted", "missing") == (payload if disguise[:1] == b"b" else "missing")
        assert cache.get_many(["planted"]) in ({}, {"planted": payload})
    assert not victim.exists()
    pickle.loads(payload)  # the payload works
    assert victim.exists()


@pytest.mark.parametrize(
    "data", [b"", b"j", b"j{", b"j\xff", b"jNaN!", b"x1", b"1.5", b"j" + b"[" * 100_000, b"9" * 5000], ids=len
)
def test_rubbish_is_told_apart(data):
    with pytest.raises(NotReadable):
        serializer.loads(data)


def test_entries_of_the_release_before_are_not_looked_at():
    old = cache.make_key("page:1", version=1)
    with raw() as redis:
        redis.set(old, pickle.dumps(("a", "b")))
    assert cache.make_key("page:1") != old
    assert cache.get("page:1") is None
