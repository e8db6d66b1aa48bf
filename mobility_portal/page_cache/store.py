"""Where pages are kept: some in the process, more in Redis, a bounded number in both."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from django.core.cache import cache

from mobility_portal.page_cache.kept_page import KeptPage
from mobility_portal.page_cache.written_page import NotAPage, read_page, write_page

SLOTS = 512  # places in Redis that many addresses share: a page that comes later takes the place of another
LARGEST = 1_000_000  # bytes of one page, compressed both ways
DAY = 86_400
LOCKED = 20  # seconds until a page that somebody began to make may be begun again
_NEAR_PAGES, _NEAR_BYTES = 64, 16_000_000

Address = tuple[str, str, str]  # origin, path and query as they were asked for


class NearPages:
    """The pages this process answered with last, by the address as it was asked for."""

    def __init__(self, most: int = _NEAR_PAGES, most_bytes: int = _NEAR_BYTES):
        self._most, self._most_bytes = most, most_bytes
        self._pages: OrderedDict[Address, KeptPage] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def knows(self, address: Address) -> bool:
        """Whether a page of any version is here."""
        return address in self._pages

    def find(self, address: Address, version: str) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(address)
            if page is None or page.version != version:
                return None
            self._pages.move_to_end(address)
            return page

    def put(self, address: Address, page: KeptPage) -> None:
        with self._lock:
            self._remove(address)
            self._pages[address] = page
            self._size += page.size
            while len(self._pages) > self._most or self._size > self._most_bytes:
                self._remove(next(iter(self._pages)))

    def _remove(self, address: Address) -> None:
        gone = self._pages.pop(address, None)
        if gone is not None:
            self._size -= gone.size

    def __len__(self) -> int:
        return len(self._pages)


def find_page(key: str, version: str, *, is_few: bool) -> KeptPage | None:
    """The page under this key, if it is of this version. None while Redis is away."""
    written = cache.get(_place(key, is_few))
    if written is None:
        return None
    try:
        of, page = read_page(written)
    except NotAPage:  # somebody else's entry at our place
        return None
    return page if of == key and page.version == version else None


def put_page(key: str, page: KeptPage, *, is_few: bool) -> None:
    """Dropped while Redis is away. A version before takes no room: the place is the same."""
    if page.size <= LARGEST:
        cache.set(_place(key, is_few), write_page(key, page), DAY)


@contextmanager
def only_maker(key: str) -> Iterator[bool]:
    """Whether the block may make this page; False while somebody else makes it. Everybody may while Redis is away."""
    lock = f"page-lock:{key}"  # `is_being_made` asks for it
    may = cache.add(lock, 1, LOCKED)
    try:
        yield may
    finally:
        if may:
            cache.delete(lock)


def is_being_made(key: str) -> bool:
    return bool(cache.has_key(f"page-lock:{key}"))


def _place(key: str, is_few: bool) -> str:
    return f"page:{key}" if is_few else f"page-slot:{int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % SLOTS}"
