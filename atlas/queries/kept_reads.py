"""What everybody reads the same, read once until something public changes."""

from collections.abc import Callable, Hashable
from datetime import UTC
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from atlas.queries.public_version import public_version

P = ParamSpec("P")
T = TypeVar("T")


def kept_until_public_change(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorator for a read of public tables alone that knows no reader; its arguments are hashable.

    `most`: answers kept in this process, by arguments, language and day (UTC); the longest unused goes first. Inside
    a transaction nothing is kept: its own writes may hide behind the version. The answer is shared: nobody changes it.
    """

    def keep(read: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=most)
        def kept(_moment: Hashable, *args: Hashable, **kwargs: Hashable) -> T:
            return read(*args, **kwargs)  # type: ignore[arg-type]

        @wraps(read)
        def read_once(*args: P.args, **kwargs: P.kwargs) -> T:
            if connection.in_atomic_block:
                return read(*args, **kwargs)
            # The version is read before the rows: what changes in between is read again under the next one.
            moment = (public_version(), timezone.localdate(timezone=UTC), get_language())
            return kept(moment, *args, **kwargs)  # type: ignore[arg-type]

        return read_once

    return keep
