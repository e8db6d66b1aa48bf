"""The whole portal while its database is stopped, crashes and comes back: 503 meanwhile, nothing to do afterward."""

import fcntl
import json
import os
import signal
import time

import pytest

from tests.runtime.places import temporary_home, wait_until
from tests.runtime.test_up import Up

PAGE, API = "/data/jobs/", "/api/v1/cities/"


def statuses(portal: Up) -> dict[str, int]:
    return {path: portal.get(path).status for path in (PAGE, API)}


@pytest.mark.slow
def test_after_a_crash_of_the_database_all_is_back_within_five_seconds():
    with temporary_home() as home, Up(home) as portal:
        portal.wait_until_ready()
        assert wait_until(lambda: portal.health("worker") == "ok", 60)
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # stopped, crashed, killed
            before = json.loads((home / "run" / "services.json").read_text())["postgres"]["pid"]
            began, seen = time.monotonic(), set()
            os.kill(before, number)

            def is_back(before=before, seen=seen) -> bool:
                now = statuses(portal)
                seen.update(now.values())
                after = json.loads((home / "run" / "services.json").read_text())["postgres"]["pid"]
                return set(now.values()) == {200} and after != before

            assert wait_until(is_back, 30)
            assert time.monotonic() - began < 5
            assert seen <= {200, 503}
        assert wait_until(lambda: portal.health("worker") == "ok", 10)


@pytest.mark.slow
def test_without_a_database_503_comes_within_a_second():
    with temporary_home() as home, Up(home) as portal:
        portal.wait_until_ready()
        # A start goes on for a while beside its first pages: libraries are read, and the worker begins.
        assert wait_until(lambda: portal.health("worker") == "ok", 60)
        time.sleep(10)
        postgres = json.loads((home / "run" / "services.json").read_text())["postgres"]["pid"]
        starts = os.open(home / "run" / "start.lock", os.O_RDWR)
        fcntl.flock(starts, fcntl.LOCK_EX)  # nobody starts the database again meanwhile
        try:
            os.kill(postgres, signal.SIGINT)
            assert wait_until(lambda: set(statuses(portal).values()) == {503}, 10)
            for path in (PAGE, API):
                took = []
                for _ in range(20):
                    began = time.monotonic()
                    answer = portal.get(path)
                    took.append(time.monotonic() - began)
                    assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0
                assert sorted(took)[10] < 1
        finally:
            os.close(starts)
        assert wait_until(lambda: set(statuses(portal).values()) == {200}, 10)
