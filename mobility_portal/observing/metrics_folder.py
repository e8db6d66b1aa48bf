"""Where the processes of one web server keep their counts, so that whichever of them is asked can add them up.

A folder of this run alone, on the disk for temporary files: each container, and each start, has its own.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when it is imported


def new_folder_name() -> str:
    """That nobody can guess and make before us."""
    return str(Path(tempfile.gettempdir()) / f"portal-metrics-{secrets.token_hex(8)}")


def make_folder() -> None:
    """The one that the web server named; without one a process counts for itself."""
    if named := os.environ.get(VARIABLE):
        Path(named).mkdir(mode=0o700, exist_ok=True)


def forget_process(pid: int) -> None:
    """Its gauges: it ended."""
    if os.environ.get(VARIABLE):
        from prometheus_client import multiprocess  # not before the folder is named

        multiprocess.mark_process_dead(pid)


def remove_folder() -> None:
    if named := os.environ.get(VARIABLE):
        shutil.rmtree(named, ignore_errors=True)
