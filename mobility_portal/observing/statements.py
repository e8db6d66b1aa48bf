"""How many statements one request or task sends to the database, and how long it waits for them."""

from collections.abc import Callable
from time import perf_counter
from typing import Any


class StatementCount:
    """A wrapper for `connection.execute_wrapper`; two clock readings for each statement."""

    __slots__ = ("number", "seconds")

    def __init__(self) -> None:
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.number += 1
            self.seconds += perf_counter() - began
