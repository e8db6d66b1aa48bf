"""Find the running servers of a home or start them, and stop them when their last user is gone.

Three locks in run/ (the kernel drops them when a process dies, however it dies):
start.lock   held while looking and starting: two commands at once never both make a cluster
users.lock   shared by every process that uses the servers; whoever gets it alone may stop them
keeper.lock  held by the one keeper process (keeper.py), which waits for users.lock and so stops
             the servers even when their last user was killed
"""

import atexit
import errno
import fcntl
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mobility_portal.embedded import postgres, valkey
from mobility_portal.embedded.home import PROJECT_DIR, Home
from mobility_portal.embedded.processes import is_alive
from mobility_portal.embedded.refusal import Refusal

LOCK_PATIENCE = 90.0  # seconds: another start may be making the cluster


@dataclass
class Services:
    """The addresses of the servers, and our share in them until `release`."""

    home: Home
    needs: frozenset[str]
    servers: dict[str, dict]  # name -> {"pid", "port"}
    _users: int
    _owner: int

    def environment(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL, those of the two that were needed."""
        variables = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
        return {variables[name]: _module(name).url(self.home, self.servers[name]["port"]) for name in self.needs}

    def find_dead(self) -> list[str]:
        """Names of needed servers whose process is gone."""
        return [name for name in sorted(self.needs) if not is_alive(self.servers[name]["pid"])]

    def release(self) -> None:
        """Give up our share; stop the servers when nobody else has one. Safe to call twice.

        A forked child shares the lock of its parent and must not give it up for it.
        """
        if self._users < 0 or os.getpid() != self._owner:
            return
        users, self._users = self._users, -1
        try:
            _leave(self.home, users)
        finally:
            os.close(users)


def ensure(home: Home, needs: frozenset[str] = frozenset({"postgres", "valkey"}), durable: bool = True) -> Services:
    """The servers of this home, started when they do not run. They stop with their last user.

    `durable=False` is for throw-away homes of tests: faster, not safe against a power cut.
    """
    home.prepare()
    users = _open(home.run / "users.lock")
    start_lock = _open(home.run / "start.lock")
    try:
        _lock(start_lock, fcntl.LOCK_EX)
        _lock(users, fcntl.LOCK_SH)  # waits while the last user before us is stopping them
        state = home.read_state()
        down = [name for name in sorted(needs) if not _module(name).answers(home, state.get(name))]
        if down:
            _start_keeper(home)
        for name in down:
            port = state.get(name, {}).get("port")
            _module(name).shut_down(home, state.get(name))  # alive and deaf
            known = postgres.start(home, port, durable) if name == "postgres" else valkey.start(home, port)
            home.write_state({**home.read_state(), name: known})
        state = home.read_state()
    except OSError as error:
        os.close(users)
        if error.errno == errno.ENOSPC:
            raise Refusal(f"The disk of {home.path} is full; free some space.") from error
        raise
    except BaseException:
        os.close(users)
        raise
    finally:
        os.close(start_lock)
    services = Services(home=home, needs=needs, servers=state, _users=users, _owner=os.getpid())
    atexit.register(services.release)
    return services


def stop_servers(home: Home) -> None:
    """The caller holds users.lock alone. Ports stay in the state file for the next start."""
    state = home.read_state()
    valkey.shut_down(home, state.get("valkey"))
    postgres.shut_down(home, state.get("postgres"))


def _module(name: str):
    return {"postgres": postgres, "valkey": valkey}[name]


def _leave(home: Home, users: int) -> None:
    """After this, either the servers are down or somebody else uses them."""
    fcntl.flock(users, fcntl.LOCK_UN)
    deadline = time.monotonic() + 12
    while time.monotonic() < deadline:
        if _try_lock(users, fcntl.LOCK_EX):  # nobody uses them
            stop_servers(home)
            return
        if _try_lock(users, fcntl.LOCK_SH):  # others share them: theirs now
            return
        time.sleep(0.02)  # the keeper has it alone and is stopping them


def _start_keeper(home: Home) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own words, no shell
        [sys.executable, "-m", "mobility_portal.embedded.keeper", str(home.path)],
        cwd=PROJECT_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    process.returncode = 0  # it outlives this object on purpose


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(descriptor: int, kind: int) -> None:
    deadline = time.monotonic() + LOCK_PATIENCE
    while not _try_lock(descriptor, kind):
        if time.monotonic() > deadline:
            raise Refusal("Another command has been starting or stopping the portal's servers for too long.")
        time.sleep(0.02)
