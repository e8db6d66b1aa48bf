"""A crowd that asks for the same picture at once waits for one maker."""

import time
from threading import Barrier, Thread

import pytest
from django.core.cache import cache

from engagements.base import made_once as module
from engagements.base.made_once import made_once


@pytest.fixture
def made():
    return []


def maker(made, body=b"picture", seconds=0.05):
    def make():
        made.append(body)
        time.sleep(seconds)
        return body

    return make


def test_a_crowd_has_it_made_once(made):
    barrier, found = Barrier(6), []

    def ask():
        barrier.wait()
        found.append(made_once("one", maker(made)))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, found) == ([b"picture"], [b"picture"] * 6)


def test_each_key_has_its_own(made):
    assert [made_once(key, maker(made, key.encode())) for key in ("one", "two", "one")] == [b"one", b"two", b"one"]
    assert made == [b"one", b"two"]


def test_what_failed_is_tried_again(made):
    def fails():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        made_once("one", fails)
    assert made_once("one", maker(made)) == b"picture" and len(made) == 1


@pytest.mark.parametrize("away", ["too large", "no cache"])
def test_what_is_not_kept_is_made_for_each(made, monkeypatch, away):
    if away == "too large":
        monkeypatch.setattr(module, "LARGEST", 3)
    else:
        monkeypatch.setattr(cache, "get", lambda name: None)
        monkeypatch.setattr(cache, "set", lambda *said: None)
    assert [made_once("one", maker(made)) for _ in range(2)] == [b"picture"] * 2
    assert len(made) == 2
