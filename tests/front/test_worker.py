"""The front against clients that are slow, too large, too many, or gone: other visitors notice nothing."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from mobility_portal.embedded.processes import choose_port
from tests.front.small_app import BIG
from tests.runtime.places import PROJECT, wait_until

THREADS = 2


class Server:
    def __init__(self):
        self.port = choose_port(None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.front.small_app:app", f"--bind=127.0.0.1:{self.port}"]
            + ["--config=python:tests.front.quick_settings"],
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert wait_until(lambda: self.answers(), 20)

    def answers(self) -> bool:
        try:
            return self.get("/fast")[0] == 200
        except OSError:
            return False

    def get(self, path: str, seconds: float = 10.0) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def send(self, data: bytes, receive_buffer: int = 0) -> socket.socket:
        client = socket.socket()
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(10)
        client.connect(("127.0.0.1", self.port))
        client.sendall(data)
        return client

    def seconds_for_others(self) -> float:
        """The slowest of a few ordinary requests."""
        taken = []
        for _ in range(5):
            began = time.monotonic()
            assert self.get("/fast") == (200, b"/fast")
            taken.append(time.monotonic() - began)
        return max(taken)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


def read_all(client: socket.socket) -> bytes:
    found = b""
    while data := client.recv(1 << 20):
        found += data
    return found


def read_answer(client: socket.socket) -> bytes:
    """Head and body of one answer that names its length."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += client.recv(1)
    length = int(found.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    body = b""
    while len(body) < length:
        body += client.recv(length - len(body))
    return found + body


HALVES = [
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: 1",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
]


@pytest.mark.parametrize("sent", HALVES)
def test_half_a_request_holds_no_thread(server, sent):
    with ExitStack() as stack:
        for _ in range(5 * THREADS):
            stack.enter_context(closing(server.send(sent)))
        time.sleep(0.1)
        assert server.seconds_for_others() < 1.0


def test_who_is_too_slow_is_let_go_with_a_word(server):
    with closing(server.send(b"GET / HTTP/1.1\r\nHost: a\r\nX-")) as client:
        began = time.monotonic()
        client.sendall(b"Slow: ")
        assert read_all(client).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began < 5


def test_heavy_pages_hold_none_of_the_other_threads(server):
    with ThreadPoolExecutor(4) as pool:
        slow = [pool.submit(server.get, "/slow.csv") for _ in range(4)]
        time.sleep(0.1)
        assert server.seconds_for_others() < 0.4
        assert [one.result() for one in slow] == [(200, b"slow")] * 4


def test_a_busy_portal_is_not_taken_for_a_dead_one(server):
    with ThreadPoolExecutor(8) as pool:
        held = [pool.submit(server.get, "/hold") for _ in range(8)]  # 1.6 s for two threads
        time.sleep(0.1)
        assert server.get("/healthz", 0.4) == (200, b"/healthz")
        assert {one.result()[0] for one in held} == {200}


def test_a_long_line_of_heavy_pages_is_told_to_come_back(server):
    clients = [server.send(b"GET /%73low.csv HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") for _ in range(8)]
    answers = [read_all(client) for client in clients]
    for client in clients:
        client.close()
    assert sorted(answer.split(b" ")[1] for answer in answers) == [b"200"] * 4 + [b"503"] * 4
    assert all(b"\r\nRetry-After: " in answer for answer in answers if b" 503 " in answer)


def test_a_heavy_page_nobody_waits_for_any_more_is_not_made(server):
    for _ in range(3):
        server.send(b"GET /slow.csv HTTP/1.1\r\nHost: a\r\n\r\n").close()
    began = time.monotonic()
    assert server.get("/slow.csv") == (200, b"slow")
    assert time.monotonic() - began < 1.3  # of at most one that had begun, and its own


@pytest.mark.parametrize("path", ["/big", "/file", "/stream"])
def test_a_slow_reader_holds_no_thread_and_gets_all_of_it(server, path):
    ask = f"GET {path} HTTP/1.0\r\nHost: a\r\n\r\n".encode()
    clients = [server.send(ask, receive_buffer=65_536) for _ in range(2 * THREADS)]
    time.sleep(0.2)
    assert server.seconds_for_others() < 1.0
    for client in clients[:-1]:
        client.close()
    with closing(clients[-1]) as last:
        head, _, body = read_all(last).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") or head.startswith(b"HTTP/1.0 200")
    assert hashlib.sha256(body).digest() == hashlib.sha256(BIG).digest()


@pytest.mark.parametrize("size", [10, 1_000_000, 5_000_000])  # in memory, on the disk, read by a thread
@pytest.mark.parametrize("expects", [False, True])
def test_a_body_arrives_in_pieces(server, size, expects):
    body = os.urandom(size)
    head = f"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {size}\r\n"
    with closing(server.send((head + ("Expect: 100-continue\r\n" if expects else "") + "\r\n").encode())) as client:
        if expects:
            assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body[: size // 2])
        time.sleep(0.05)
        client.sendall(body[size // 2 :])
        said = read_all(client)
    assert said.endswith(f"{size} {hashlib.sha256(body).hexdigest()}".encode())
    assert b"100 Continue" not in said


def test_a_body_in_chunks_is_read_by_a_thread(server):
    chunks = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    sent = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks
    with closing(server.send(sent)) as client:
        assert read_all(client).endswith(hashlib.sha256(b"hello world").hexdigest().encode())


def test_large_bodies_take_one_thread_at_a_time(server):
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\nhalf"
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            stack.enter_context(closing(server.send(head)))
        time.sleep(0.1)
        assert server.seconds_for_others() < 1.0


def test_several_requests_on_one_connection_are_answered_in_order(server):
    one = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{}"
    sent = b"".join(one.format(body).encode() for body in ("abc", "def")) + b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n"
    with closing(server.send(sent)) as client:
        answers = [read_answer(client) for _ in range(3)]
    assert [answer.rpartition(b"\r\n")[2] for answer in answers] == [
        f"3 {hashlib.sha256(b'abc').hexdigest()}".encode(),
        f"3 {hashlib.sha256(b'def').hexdigest()}".encode(),
        b"/last",
    ]


REFUSED = [
    (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 40_000, b"431"),
    (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n", b"413"),
    (b"nonsense\r\n\r\n", b"400"),
    (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
    (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", b"400"),
]


@pytest.mark.parametrize(("sent", "status"), REFUSED)
def test_what_cannot_be_read_is_refused(server, sent, status):
    with closing(server.send(sent)) as client:
        assert read_all(client).split(b" ")[1] == status
    assert server.answers()


def test_who_gives_up_in_the_line_for_large_bodies_does_not_hold_it_up(server):
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5000000\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(closing(server.send(head)))
        with ExitStack() as crowd:
            for _ in range(50):  # of 40: those in line are let go as well
                crowd.enter_context(closing(server.send(b"")))
    with closing(server.send(head)) as client:
        client.sendall(b"x" * 5_000_000)
        assert read_all(client).endswith(hashlib.sha256(b"x" * 5_000_000).hexdigest().encode())


def test_at_the_limit_who_is_silent_longest_makes_room(server):
    with ExitStack() as stack:
        for _ in range(50):  # of 40
            stack.enter_context(closing(server.send(b"")))
        assert server.seconds_for_others() < 1.0


def test_head_has_no_body(server):
    with closing(server.send(b"HEAD /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) as client:
        head, _, body = read_all(client).partition(b"\r\n\r\n")
    assert f"content-length: {len(BIG)}".encode() in head.lower()
    assert body == b""


def test_a_rolling_restart_and_an_orderly_end_fail_no_request():
    server = Server()
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(lambda: [server.get("/fast")[0] for _ in range(150)]) for _ in range(3)]
        server.process.send_signal(signal.SIGHUP)
        assert all(set(reader.result()) == {200} for reader in readers)
        last = pool.submit(server.get, "/slow.csv")
        time.sleep(0.15)
        server.stop()
        assert last.result() == (200, b"slow")
