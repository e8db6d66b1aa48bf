"""Homes and processes for the tests of the runtime. These tests start real servers."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
SERVER_VARIABLES = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PORTAL_EMBEDDED",
    "PORTAL_OWN_DATABASE",
    "STATIC_FROM_SOURCE",
    "PORT",
)


@contextmanager
def temporary_home(uid: int | None = None) -> Iterator[Path]:
    """A folder for MOBILITY_HOME, owned by `uid`; whatever still runs in it afterward is a failure."""
    folder = Path(tempfile.mkdtemp(prefix="mobility-runtime-"))
    try:
        if uid is not None:
            os.chown(folder, uid, uid)
        yield folder / "home"
        assert wait_until(lambda: not processes_of(folder)), processes_of(folder)
    finally:
        for pid in processes_of(folder):
            os.kill(pid, 9)
        shutil.rmtree(folder, ignore_errors=True)


def environment_for(home: Path, **variables: str) -> dict[str, str]:
    """Our environment without the servers of this test run."""
    kept = {name: value for name, value in os.environ.items() if name not in SERVER_VARIABLES}
    return {**kept, "MOBILITY_HOME": str(home), "FETCH_FIRST_DATA": "0", "STARTER_SET": "0", **variables}


def processes_of(folder: Path) -> list[int]:
    """Every process that works in the folder, names it in its arguments or has it as MOBILITY_HOME."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            texts = [(entry / name).read_bytes().decode(errors="replace") for name in ("cmdline", "environ")]
            texts.append(os.readlink(entry / "cwd"))
        except OSError:
            continue  # ended meanwhile, or another user's
        if int(entry.name) != os.getpid() and any(str(folder) in text for text in texts):
            found.append(int(entry.name))
    return found


def wait_until(condition, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def manage(
    home: Path, *arguments: str, uid: int | None = None, timeout: float = 90, **variables: str
) -> subprocess.CompletedProcess:
    """Run `manage.py` to its end, as `uid` when given."""
    identity = {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment_for(home, **variables),
        capture_output=True,
        text=True,
        timeout=timeout,
        **identity,
    )


def listening_sockets(pids: list[int]) -> set[str]:
    """Local IPv4 and IPv6 addresses on which the processes listen, as the kernel writes them (hex)."""
    inodes = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue  # closed or ended meanwhile
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes}
