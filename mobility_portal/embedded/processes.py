"""Operating-system facts the servers need: who to run as, who is alive, how to stop, how to reach a folder."""

import ctypes
import os
import pwd
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mobility_portal.embedded.refusal import Refusal

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Identity:
    """The user a server runs as; None everywhere means "as ourselves"."""

    uid: int | None = None
    gid: int | None = None

    def popen_arguments(self) -> dict:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def choose_identity(folder: Path) -> Identity:
    """As root: the owner of an existing server folder, else `nobody`. Postgres refuses to run as root.

    An existing system user, never a new one: the portal must not change the machine's accounts.
    """
    if os.geteuid() != 0:
        return Identity()
    if folder.exists() and folder.stat().st_uid != 0:
        return Identity(folder.stat().st_uid, folder.stat().st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise Refusal("Postgres cannot run as root and there is no user `nobody`: run as an ordinary user.") from error
    return Identity(nobody.pw_uid, nobody.pw_gid)


@contextmanager
def reach(folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A name for `folder` that works for a user who may not walk the path to it, and the descriptors to pass on.

    The home is private (700) and may lie below another private folder such as /root. The kernel
    checks no parents behind /proc/self/fd/N, so a server that inherits an open descriptor of its own
    folder reaches it there, no mode is loosened, and the data stays in the home.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if os.geteuid() == 0 and Path("/proc/self/fd").is_dir():
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        else:
            yield str(folder), ()
    finally:
        os.close(descriptor)


def clean_environment() -> dict[str, str]:
    """No PGDATA, PGPORT or library paths of the caller may reach our servers."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def die_with_parent(stop_signal: int = signal.SIGTERM):
    """A `preexec_fn`: the child gets `stop_signal` when its parent dies, even by kill -9 (Linux only)."""
    parent = os.getpid()

    def arrange() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(_PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), stop_signal)

    return arrange


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie is dead."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return not Path("/proc/self").exists()


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process runs with `folder` as working folder: both servers change into their own.

    Guards against a recycled pid. Where the system cannot tell (no /proc) a live pid is believed.
    """
    if not is_alive(pid):
        return False
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except PermissionError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def stop(pid: int, folder: Path, gentle: int, patience: float) -> None:
    """Signal the server that works in `folder`, wait, and kill it when patience (seconds) is over."""
    for stop_signal, seconds in ((gentle, patience), (signal.SIGKILL, 3.0)):
        if not works_in(pid, folder):
            return
        try:
            os.kill(pid, stop_signal)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            _reap(pid)
            if not is_alive(pid):
                return
            time.sleep(0.01)


def _reap(pid: int) -> None:
    """Collect the process if it is our own child, so that it does not linger as a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # someone else's child: its parent or init collects it


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_port(preferred: int | None) -> int:
    """The port of last time when it is free, so that clients find a restarted server again; else any."""
    if preferred and port_is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def open_log(path: Path):
    """Append to a log; a log over 5 MB moves aside first (one older generation is kept)."""
    if path.exists() and path.stat().st_size > 5_000_000:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def last_line(path: Path, containing: tuple[str, ...] = ("",)) -> str:
    """The last line of a log that holds one of the words, for a one-sentence error."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    matching = [line.strip() for line in lines if any(word in line for word in containing)]
    return matching[-1] if matching else "no message"
