"""A task of which a second run leaves at once: ticks come while the one before is still at work."""

from collections.abc import Iterator
from contextlib import contextmanager

from atlas.ingest import locks


@contextmanager
def one_at_a_time(name: str) -> Iterator[bool]:
    """Whether the block is the only one of this name. A killed worker leaves no lock: it ends with the session."""
    may = locks.try_lock(locks.JOB, f"one {name}")
    try:
        yield may
    finally:
        if may:
            locks.unlock(locks.JOB, f"one {name}")
