"""Whether a panel failed while an answer was made: such an answer is shown once and kept nowhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_failed: ContextVar[list[str] | None] = ContextVar("failed_panels", default=None)


@contextmanager
def collect_failed_panels() -> Iterator[list[str]]:
    """Slugs of the panels that fail within the block."""
    found: list[str] = []
    mark = _failed.set(found)
    try:
        yield found
    finally:
        _failed.reset(mark)


def note_failed_panel(slug: str) -> None:
    """For whoever collects; nothing where nobody does."""
    found = _failed.get()
    if found is not None:
        found.append(slug)
