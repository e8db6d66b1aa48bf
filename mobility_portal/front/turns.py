"""Which of several processes takes a new connection: one that is busy looks away for some milliseconds first."""

# Seconds: for each request in flight, for each connection (its client may ask again), and at most.
STEP, CONNECTION_STEP, MOST = 0.005, 0.002, 0.02
BATCH = 16  # connections that are taken once it looked away, within MOST seconds


class Turns:
    """Of one process. `in_flight`: requests that its threads have or wait for. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._until = 0.0
        self._is_resting = False
        self._left, self._batch_ends = 0, 0.0

    def looks_away(self, now: float, connections: int = 0) -> bool:
        """A connection waits beside those the process has: whether to leave it to another. What nobody took it takes.

        >>> turns = Turns()
        >>> turns.in_flight = 2
        >>> turns.looks_away(100.0), turns.left(100.004) > 0, turns.looks_away(100.5)
        (True, True, False)
        """
        if self._is_resting:
            if now < self._until:
                return True
            self._is_resting, self._left, self._batch_ends = False, BATCH, now + MOST
        pause = min(MOST, STEP * self.in_flight + CONNECTION_STEP * connections)
        if not pause:
            return False
        if self._left and now < self._batch_ends:
            self._left -= 1
            return False
        self._is_resting, self._until = True, now + pause
        return True

    def left(self, now: float) -> float:
        """Seconds until it looks again; 0 or less when it does."""
        return self._until - now
