"""Logs of a portal that is never restarted: they stay small, and no line is lost while they move aside."""

import re
import sys
import time

from mobility_portal.supervisor.child import Child
from mobility_portal.supervisor.rotating_log import RotatingLog, copy_aside

WRITES = """
import os, sys
for number in range(4000):
    os.write(1 + number % 2, b"line %05d %s\\n" % (number, b"x" * 40))
os.write(2, b"last words")
"""


def test_a_child_that_goes_on_writing_fills_no_disk_and_loses_no_line(tmp_path):
    child = Child("web", [sys.executable, "-c", WRITES], tmp_path / "web.log", 1.0, log_bytes=60_000, logs_kept=9)
    child.start()
    child._process().wait(20)
    child.wait_for_log()
    files = sorted(tmp_path.glob("web.log*"), key=lambda path: -int(path.suffix[1:]) if path.suffix != ".log" else 0)
    assert len(files) >= 4 and files[-1].name == "web.log"
    assert all(path.stat().st_size <= 60_000 and path.stat().st_mode & 0o077 == 0 for path in files)
    said = "".join(path.read_text() for path in files)
    assert re.findall(r"line (\d+)", said) == [f"{number:05}" for number in range(4000)]
    assert said.endswith("last words\n") and all(path.read_text().endswith("\n") for path in files)


def test_only_so_many_older_ones_are_kept(tmp_path):
    log = RotatingLog(tmp_path / "web.log", most_bytes=100, kept=2)
    for number in range(10):
        log.write(f"{number} {'x' * 60}\n".encode())
    assert {path.name: path.read_text()[0] for path in tmp_path.iterdir()} == {
        "web.log": "9",
        "web.log.1": "8",
        "web.log.2": "7",
    }


def test_a_log_that_cannot_be_written_stops_nobody_and_says_so_later(tmp_path):
    folder = tmp_path / "log"
    log = RotatingLog(folder / "web.log")
    log.write(b"lost\n")
    folder.mkdir()
    log.write(b"kept\n")
    log.write(b"more\n")
    assert (folder / "web.log").read_text() == "[5 bytes could not be written here]\nkept\nmore\n"


def test_a_child_that_ends_leaves_its_last_words_before_it_starts_again(tmp_path):
    child = Child("web", [sys.executable, "-c", "print('the reason')"], tmp_path / "web.log", 1.0)
    child.start()
    deadline = time.monotonic() + 20
    while not (line := child.look_after()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "status 0" in line and (tmp_path / "web.log").read_text() == "the reason\n"


def test_the_log_of_a_server_is_copied_and_goes_on_empty(tmp_path):
    path = tmp_path / "postgres.log"
    with path.open("ab", buffering=0) as server:
        server.write(b"before\n" * 10)
        assert not copy_aside(path, most_bytes=100) and copy_aside(path, most_bytes=50)
        server.write(b"after\n")
    assert path.read_text() == "after\n" and (tmp_path / "postgres.log.1").read_text() == "before\n" * 10
    assert not copy_aside(tmp_path / "no such file")
