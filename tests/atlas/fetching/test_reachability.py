"""Nothing reachable is known within five seconds, however it is not."""

import socket
import threading
import time

import pytest

from atlas.fetching import reachability
from atlas.fetching.fetch import fetch_all
from atlas.fetching.reachability import reachable_origins
from tests.factories.publisher import download
from tests.patience import patience


@pytest.fixture
def silent():
    """Accepts connections in its queue and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/a.csv"


@pytest.fixture
def full():
    """A queue that is full: a connection to it hangs before it is made."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            fillers.append(filler)
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/a.csv"
        for filler in fillers:
            filler.close()


@pytest.fixture
def refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/a.csv"


@patience
def test_refused_silent_full_and_nameless_are_decided_within_five_seconds(silent, full, refused, tmp_path, patience):
    wanted = tuple(
        download(address, name=str(number))
        for number, address in enumerate((silent, full, refused, "https://nowhere.invalid/a.csv", f"{silent}b"))
    )
    began = time.monotonic()
    found = list(fetch_all(wanted, tmp_path / "downloads"))
    assert time.monotonic() - began < 5 * patience
    assert {fetched.reason for fetched in found} == {"no address of it answers"}
    assert not (tmp_path / "downloads").exists()


@patience
def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch, server, patience):
    ended = threading.Event()
    real = socket.getaddrinfo

    def hang(host, *arguments, **options):
        if host == "hangs.example.org":
            ended.wait(20)
            raise socket.gaierror(-3, "Temporary failure in name resolution")
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    found = reachable_origins(["https://hangs.example.org/a.csv", f"{server.address}/a.csv"])
    assert time.monotonic() - began < 5 * patience
    assert [origin[1] for origin in found] == ["127.0.0.1"]
    ended.set()


@patience
def test_a_server_that_answers_anything_is_reachable_at_once(server, patience):
    began = time.monotonic()
    assert len(reachable_origins([f"{server.address}/none.csv", f"{server.address}/other.csv", "no address"])) == 1
    assert time.monotonic() - began < 1 * patience
    assert [method for method, _, _ in server.seen] == ["HEAD"]


def test_the_deadline_leaves_room_below_five_seconds():
    assert reachability.DEADLINE_SECONDS <= 3.5
