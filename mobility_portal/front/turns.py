"""Which of several processes takes a new connection: one that is busy looks away for some milliseconds."""

STEP, MOST = 0.005, 0.02  # seconds: for each request in flight, and at most


class Turns:
    """Of one process. `in_flight`: requests that its threads have or wait for. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._until = 0.0

    def looks_away(self, now: float) -> bool:
        """A connection waits: whether to leave it to a process with less to do. Where none took it, it is taken then.

        >>> turns = Turns()
        >>> turns.in_flight = 2
        >>> turns.looks_away(100.0), turns.left(100.004) > 0, turns.looks_away(100.011)
        (True, True, False)
        """
        if not self.in_flight or now < self._until + MOST:
            return False
        self._until = now + min(MOST, STEP * self.in_flight)
        return True

    def left(self, now: float) -> float:
        """Seconds until it looks again; 0 or less when it does."""
        return self._until - now
