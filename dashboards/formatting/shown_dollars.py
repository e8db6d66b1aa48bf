"""In which dollars the incomes of a page are read: those of 2015, as published, or those of the last month of prices.

Like the language of a page it holds for everything that is written while it is set: pages, pictures, documents, tables
and answers of the API. Pure.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")
INCOME_UNIT = "usd_2015"  # what the Opportunity Atlas gives incomes in


@dataclass(frozen=True)
class ShownDollars:
    """`factor`: of these dollars for one of 2015. `words`: "2015 dollars", "August 2026 dollars". `unit`: in files.

    `period`: "2015" or "2026-08". `note`: where the factor comes from, for files; "" for the dollars of the publisher.
    `is_refused`: those of today were asked for and there are no prices; `note` says so.
    """

    factor: float = 1.0
    words: str = "2015 dollars"
    unit: str = INCOME_UNIT
    period: str = "2015"
    note: str = ""
    is_refused: bool = False

    @property
    def sentence(self) -> str:
        """For what leaves the portal: always says whose dollars they are."""
        return self.note or f"Incomes are in {self.words}."


PUBLISHED = ShownDollars()
_shown: ContextVar[ShownDollars] = ContextVar("shown_dollars", default=PUBLISHED)


def shown_dollars() -> ShownDollars:
    return _shown.get()


@contextmanager
def showing(dollars: ShownDollars) -> Iterator[None]:
    """Everything written inside reads incomes in `dollars`."""
    token = _shown.set(dollars)
    try:
        yield
    finally:
        _shown.reset(token)


def is_today() -> bool:
    return _shown.get().unit != INCOME_UNIT


def shown_unit(unit: str) -> str:
    """The unit of a number that `in_shown_dollars` gave: "usd_2026_08" for an income, any other as it is."""
    return _shown.get().unit if unit == INCOME_UNIT else unit


def in_shown_dollars(value: float, unit: str = INCOME_UNIT) -> float:
    """An income of 2015 in the dollars shown; anything in another unit as it is. Worked: 21,013 x 1.41332 = 29,698."""
    return float(value) * _shown.get().factor if unit == INCOME_UNIT else value


class RememberedByDollars(Generic[_P, _T]):
    """As lru_cache, for what holds texts: an entry for each of the dollars shown."""

    def __init__(self, function: Callable[_P, _T], maxsize: int):
        update_wrapper(self, function)
        self._function = function
        self._remembered: Any = lru_cache(maxsize=maxsize)(self._make)

    def _make(self, dollars: ShownDollars, *args: Any, **kwargs: Any) -> _T:
        return self._function(*args, **kwargs)

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        found: _T = self._remembered(_shown.get(), *args, **kwargs)
        return found

    def cache_clear(self) -> None:
        self._remembered.cache_clear()


def cached_by_dollars(maxsize: int) -> Callable[[Callable[_P, _T]], RememberedByDollars[_P, _T]]:
    """A decorator in place of lru_cache."""
    return lambda function: RememberedByDollars(function, maxsize)
