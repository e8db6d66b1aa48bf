"""Where the processes of one web server keep their counts, so that whichever of them is asked can add them up.

A folder of this run alone, on the disk for temporary files: each container, and each start, has its own.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from mobility_portal.embedded.processes import is_alive

_PREFIX = "portal-metrics-"
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when it is imported


def new_folder_name() -> str:
    """That nobody can guess and make before us; it names the first process of this web server."""
    return str(Path(tempfile.gettempdir()) / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(8)}")


def make_folder() -> None:
    """The one that the web server named; without one a process counts for itself."""
    if named := os.environ.get(VARIABLE):
        Path(named).mkdir(mode=0o700, exist_ok=True)
        _remove_abandoned(Path(named).parent)


def _remove_abandoned(parent: Path) -> None:
    """What killed web servers of ours left behind."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            is_ours = folder.lstat().st_uid == os.geteuid() and folder.is_dir() and not folder.is_symlink()
        except FileNotFoundError:
            continue  # another start was quicker
        if is_ours and pid.isdigit() and not is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def forget_process(pid: int) -> None:
    """Its gauges: it ended."""
    if os.environ.get(VARIABLE):
        from prometheus_client import multiprocess  # not before the folder is named

        multiprocess.mark_process_dead(pid)


def remove_folder() -> None:
    if named := os.environ.get(VARIABLE):
        shutil.rmtree(named, ignore_errors=True)
