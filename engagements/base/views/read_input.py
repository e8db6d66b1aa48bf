"""Reading what addresses and forms carry; what can't be read is refused or counts for nothing."""

from collections.abc import Callable

from django.http import HttpRequest

from engagements.access.errors import NotFound

_LONGEST_ID = 15  # digits


def read_number(words: str | None) -> int | None:
    """None for what is no whole number that could be an id."""
    words = words or ""
    return int(words) if words.isascii() and words.isdigit() and len(words) <= _LONGEST_ID else None


def read_page(request: HttpRequest) -> int:
    """From 1. Raises NotFound for what is no page."""
    found = read_number(request.GET.get("page", "1"))
    if not found or found > 10_000:
        raise NotFound("There is no such page.")
    return found


def read_picks(request: HttpRequest) -> dict[int, int]:
    """Version by id of the ticked rows, each “id:version” or several of them; at most 200, others are left out."""
    found: dict[int, int] = {}
    given = (request.POST if request.method == "POST" else request.GET).getlist("pick")[:200]
    for words in [part for each in given for part in each.split()][:200]:
        pk, _, version = words.partition(":")
        if (number := read_number(pk)) is not None and (seen := read_number(version)) is not None:
            found[number] = seen
    return found


SIZE = 50


def page_number(request: HttpRequest) -> int:
    """From 1; nonsense is the first page."""
    given = request.GET.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def slice_of(query: Callable[..., tuple], number: int, size: int = SIZE) -> tuple[tuple, bool]:
    """The rows of that page, and whether more follow."""
    rows = query(limit=size + 1, offset=(number - 1) * size)
    return rows[:size], len(rows) > size
