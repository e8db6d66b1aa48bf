"""Advisory locks of Postgres: they end with the session, so a killed worker leaves none behind."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# First of the two keys: what is locked. Arbitrary numbers, apart from any other use of the server.
DATASET, UNIVERSE, OVERLAYS, JOB, RANK_SETS = 41_001, 41_002, 41_003, 41_004, 41_005


def _key(name: str) -> int:
    return zlib.crc32(name.encode()) - 2**31


def lock_until_commit(space: int, name: str) -> None:
    """Waits for the lock; it ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [space, _key(name)])


@contextmanager
def session_lock(space: int, name: str) -> Iterator[None]:
    """Waits for the lock and holds it over several transactions of this session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [space, _key(name)])
    try:
        yield
    finally:
        unlock(space, name)


def try_lock(space: int, name: str) -> bool:
    """Takes the lock for this session if it is free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, _key(name)])
        return cursor.fetchone()[0]


def unlock(space: int, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, _key(name)])
