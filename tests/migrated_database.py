"""One worker migrates its test database; the databases of the others are copies of it, which takes a tenth of the time.

Only on the private server of a test run: it goes away with everything in it.
"""

import fcntl
import os
from pathlib import Path
from typing import IO

from django.db import connection

_TEMPLATE = "test_migrated"
_held: list[IO[str]] = []


def wait_for_turn() -> None:
    """Before a worker's database is made: one at a time, and from the second on as a copy."""
    if not _is_shared():
        return
    lock = open(Path(os.environ["MOBILITY_HOME"]) / "migrated.lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)
    if _is_there():
        connection.settings_dict["TEST"]["TEMPLATE"] = _TEMPLATE


def keep_copy() -> None:
    """After a worker's database was made: the first one is kept as it is, before any test writes into it."""
    if not _held:
        return
    if not _is_there():
        source = connection.settings_dict["NAME"]
        connection.close()  # nobody may be connected to what is copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{_TEMPLATE}" TEMPLATE "{source}"')
    _held.pop().close()


def _is_shared() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ and os.environ.get("PORTAL_OWN_DATABASE") == "1"


def _is_there() -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE])
        return cursor.fetchone() is not None
