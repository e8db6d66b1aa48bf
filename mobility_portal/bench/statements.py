"""Which SQL statements a piece of work runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def recorded_statements() -> Iterator[list[str]]:
    """The statements run inside the block, in their order; the list grows as they run."""
    statements: list[str] = []

    def record(run: Callable[..., object], sql: str, *rest: Any) -> object:
        statements.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(record):
        yield statements
