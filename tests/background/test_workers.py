"""The family of workers: one that ends is there again, all end when they are told, and none outlives its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.places import PROJECT, wait_until

FAMILY = """
import os, signal, sys, time
from pathlib import Path
from mobility_portal.background.queues import Group
from mobility_portal.background.workers import Family

def work(group):
    (Path(sys.argv[1]) / f"{group.name}-{os.getpid()}").touch()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        time.sleep(60)
    except SystemExit:
        return 0
    return 1

Family((Group("one", ("a",), 1), Group("two", ("b",), 1)), work).run()
"""


@pytest.fixture
def family(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", FAMILY, str(tmp_path)], cwd=PROJECT, start_new_session=True)
    yield process, tmp_path
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def pids(folder: Path, name: str) -> list[int]:
    found = [int(path.name.partition("-")[2]) for path in folder.glob(f"{name}-*")]
    return [pid for pid in found if Path(f"/proc/{pid}").exists()]


def test_one_that_was_killed_is_forked_again_and_all_end_when_told(family):
    process, folder = family
    assert wait_until(lambda: pids(folder, "one") and pids(folder, "two"))
    (first,), (other,) = pids(folder, "one"), pids(folder, "two")
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: pids(folder, "one") not in ([], [first]))
    assert pids(folder, "two") == [other]
    process.terminate()
    assert process.wait(10) == 0 and not pids(folder, "one") and not pids(folder, "two")


def test_none_outlives_its_parent(family):
    process, folder = family
    assert wait_until(lambda: pids(folder, "one") and pids(folder, "two"))
    process.kill()
    process.wait()
    assert wait_until(lambda: not pids(folder, "one") and not pids(folder, "two"))
