"""Pages of a list without counting it: one row more than fits says that there is a next page."""

from collections.abc import Callable

from django.http import HttpRequest

SIZE = 50


def page_number(request: HttpRequest) -> int:
    """From 1; nonsense is the first page."""
    given = request.GET.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def slice_of(query: Callable[..., tuple], number: int, size: int = SIZE) -> tuple[tuple, bool]:
    """The rows of that page, and whether more follow."""
    rows = query(limit=size + 1, offset=(number - 1) * size)
    return rows[:size], len(rows) > size
