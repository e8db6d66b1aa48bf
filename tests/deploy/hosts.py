"""Hosts of their own on this machine: network namespaces on one bridge, and relays to the servers of the test run."""

import os
import selectors
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import SHUT_RDWR, create_connection, create_server, socket

_NETWORK = "10.77.{net}"
_IP = shutil.which("ip") or "ip"


class Network:
    """Its own addresses for each test process; the bridge is `.1`. Needs root and Linux's `ip`."""

    def __init__(self) -> None:
        self.net = os.getpid() % 250
        self.bridge = f"portal{self.net}"
        self.here = self.address(1)
        self._hosts: list[str] = []
        self._next = 10
        _ip("link", "add", self.bridge, "type", "bridge")
        _ip("addr", "add", f"{self.here}/24", "dev", self.bridge)
        _ip("link", "set", self.bridge, "up")

    def address(self, last: int) -> str:
        return f"{_NETWORK.format(net=self.net)}.{last}"

    def add_host(self) -> "Host":
        self._next += 1
        name, veth = f"{self.bridge}-{self._next}", f"pv{self.net}-{self._next}"
        _ip("netns", "add", name)
        self._hosts.append(name)
        _ip("link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", veth, "master", self.bridge, "up")
        _ip("-n", name, "addr", "add", f"{self.address(self._next)}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            _ip("-n", name, "link", "set", device, "up")
        return Host(name, self.address(self._next))

    def remove(self) -> None:
        for name in self._hosts:
            _ip("netns", "del", name)
        _ip("link", "del", self.bridge)


class Host:
    def __init__(self, name: str, address: str):
        self.name, self.address = name, address

    def start(self, command: list[str], environment: dict[str, str], log: Path, folder: Path) -> subprocess.Popen:
        with log.open("ab") as output:
            return subprocess.Popen(
                [_IP, "netns", "exec", self.name, *command],
                env=environment,
                stdout=output,
                stderr=output,
                cwd=folder,
            )


def can_have_hosts() -> bool:
    """Whether this user may make network namespaces."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"portal-try-{os.getpid()}"
    if subprocess.run([_IP, "netns", "add", name], capture_output=True).returncode != 0:
        return False
    return subprocess.run([_IP, "netns", "del", name], capture_output=True).returncode == 0


def _ip(*arguments: str) -> None:
    subprocess.run([_IP, *arguments], check=True, capture_output=True, text=True)


@contextmanager
def relay(listen: str, port: int) -> Iterator[int]:
    """The port on `listen` that leads to a server of this machine that listens on 127.0.0.1 only."""
    server = create_server((listen, 0))

    carried: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):  # the end of the test closes it
            while True:
                near, _ = server.accept()
                carried.append(threading.Thread(target=_carry, args=(near, port), daemon=True))
                carried[-1].start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(SHUT_RDWR)
        server.close()
        for thread in carried:
            thread.join(5)


def _carry(near: socket, port: int) -> None:
    """Both ways, until one side is done or gone."""
    with near, create_connection(("127.0.0.1", port)) as far, selectors.DefaultSelector() as waiting:
        waiting.register(near, selectors.EVENT_READ, far)
        waiting.register(far, selectors.EVENT_READ, near)
        with suppress(OSError):
            while True:
                for key, _ in waiting.select():
                    data = key.fileobj.recv(65_536)
                    if not data:
                        return
                    key.data.sendall(data)
