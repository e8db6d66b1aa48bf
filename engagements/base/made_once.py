"""What takes long to make, made once while several ask for it at the same time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.core.cache import cache

SECONDS = 60  # that an answer is kept: for a crowd, not for good
LARGEST = 2_000_000  # bytes
_LOCKS = tuple(Lock() for _ in range(64))


@contextmanager
def one_maker(name: str) -> Iterator[None]:
    """One at a time in this process is inside for `name`; the others wait. Look at the cache again once inside."""
    with _LOCKS[hash(name) % len(_LOCKS)]:
        yield


def made_once(key: str, make: Callable[[], bytes], seconds: int = SECONDS) -> bytes:
    """What was made under `key`, or what `make` makes now. `key` says everything it is made of.

    In one process one at a time makes it, the others wait for it; another process may make it as well. While the cache
    is away everybody makes their own, one after another. Raises what `make` raises, and then nothing is kept.
    """
    name = f"made-once:{key}"
    with one_maker(name):
        held: bytes | None = cache.get(name)
        if held is None:
            held = make()
            if len(held) <= LARGEST:
                cache.set(name, held, seconds)
        return held
