"""How many bytes of bodies and answers one process keeps waiting."""

from threading import Lock


class Room:
    """A number of bytes that several connections share. Every method may be called from any thread."""

    def __init__(self, most: int):
        self._left = most
        self._lock = Lock()

    def take(self, size: int) -> bool:
        """Whether there was so much; then it is taken."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        with self._lock:
            self._left += size
