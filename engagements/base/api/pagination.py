"""Pages of lists whose rows are fetched once it is known which page is wanted."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime

from rest_framework.exceptions import ValidationError

from atlas.web.api_pagination import ListPagination


class LazyListPagination(ListPagination):
    """Longer pages than the Atlas lists, of `CountedRows`."""

    page_size = 100
    max_page_size = 1000


class CountedRows:
    """What a paginator slices: `count()` rows, of which `rows(limit, offset)` fetches some."""

    def __init__(self, count: Callable[[], int], rows: Callable[[int, int], tuple]):
        self._count, self._rows = count, rows

    def count(self) -> int:
        return self._count()

    def __getitem__(self, wanted: slice) -> tuple:
        return self._rows(wanted.stop - wanted.start, wanted.start) if wanted.stop > wanted.start else ()


def write_cursor(at: datetime, pk: int) -> str:
    return urlsafe_b64encode(f"{at.isoformat()} {pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Raises ValidationError for anything `write_cursor` didn't make."""
    try:
        words = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii").split(" ")
        at, pk = datetime.fromisoformat(words[0]), int(words[1])
        if len(words) != 2 or at.tzinfo is None or not 0 <= pk < 2**63:
            raise ValueError
    except (ValueError, IndexError, OverflowError) as broken:
        raise ValidationError({"cursor": ["This cursor is not one of ours: begin without one."]}) from broken
    return at, pk
